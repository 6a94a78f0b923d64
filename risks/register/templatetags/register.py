"""What pages of the rooms below tell about the register, which their own code does not know."""

from django import template

from catalog.reading import Catalog
from risks.register.models import Dismissal, Risk
from risks.register.reviews import ReviewState, review_state
from risks.systems.models import AISystem, Profile
from risks.systems.results import ThreatLine

register = template.Library()


@register.simple_tag
def review_of(system: AISystem, catalog: Catalog, profile: Profile | None) -> ReviewState:
    """Where the review of a system stands, with its dismissals; four queries where there is a profile."""
    return review_state(system, catalog, profile)


@register.filter
def risk_in(state: ReviewState, line: ThreatLine) -> Risk | None:
    """The risk that stands for a threat, dismissed or not, if it is in the register."""
    risks = state.risks.get(line.threat.key, ())
    return next((risk for risk in risks if risk.dismissed_at is None), risks[0] if risks else None)


@register.filter
def dismissal_in(state: ReviewState, line: ThreatLine) -> Dismissal | None:
    """The dismissal of a threat, if it is dismissed and no open risk stands for it."""
    risk = risk_in(state, line)
    return state.dismissals.get(line.threat.key) if risk is None or risk.dismissed_at else None
