"""What pages of the rooms below tell about the register, which their own code does not know."""

from typing import Any

from django import template
from django.utils import timezone

from catalog.reading import Catalog
from risks.register.choices import RatingKind
from risks.register.in_force import in_force_for
from risks.register.reviews import ReviewStanding, review_standing
from risks.register.rules import Scale
from risks.register.scales import scale_for
from risks.register.system_map import SystemMap, map_of
from risks.register.threat_states import SystemThreats, ThreatState, states_of
from risks.systems.models import AISystem
from risks.systems.results import ThreatLine

register = template.Library()


@register.simple_tag(takes_context=True)
def threats_of(context: Any, system: AISystem, catalog: Catalog) -> SystemThreats:
    """How each threat stands with a system today; two queries, one of them shared with the head of the page."""
    in_force = in_force_for(context.request, system, catalog)
    return states_of(system, catalog, at=timezone.localdate(), in_force=in_force)


@register.simple_tag
def review_of(found: SystemThreats) -> ReviewStanding:
    """Where the review of a system stands."""
    open_keys = [key for key, state in found.states.items() if state.open_risk]
    return review_standing(found.in_force, found.catalog, open_keys)


@register.simple_tag(takes_context=True)
def threat_map(context: Any, found: SystemThreats) -> SystemMap:
    """The map of a system, lit by the rating that the address names; by the current one when it names none of ours."""
    asked = context["request"].GET.get("rating", "")
    kind = RatingKind(asked) if asked in RatingKind.values else RatingKind.CURRENT
    return map_of(found, kind, scale_for(context.request), at=timezone.localdate())


@register.filter
def state_in(line: ThreatLine, found: SystemThreats) -> ThreatState:
    """How the threat of a line stands."""
    return found.states[line.threat.key]


@register.filter
def current_level(state: ThreatState) -> int | None:
    """The level of its current rating."""
    return state.level(RatingKind.CURRENT)


@register.simple_tag(takes_context=True)
def scale_in_force(context: Any) -> Scale:
    """The organisation's scale; read once for a page."""
    return scale_for(context.request)


@register.filter
def level_word(level: int | None, scale: Scale) -> str:
    """A level as the scale says it."""
    return scale.word(level) if level else ""
