"""Which controls apply to a system, and why: the rule of the statement of applicability. Pure.

What calls for a control are the threats that apply, through the links of the catalog (own, named, inherited). A general
control helps against every threat, so it applies to every system (Exchange, "general controls").
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import TextChoices

from catalog.facts import ControlFacts, LinkFacts
from risks.register.threat_states import Status, ThreatState


class Use(TextChoices):
    """Whether a control applies. Optional: it may be used in addition to what is asked for."""

    APPLICABLE = "applicable", "Applies"
    OPTIONAL = "optional", "Optional"
    UNDETERMINED = "undetermined", "Not known yet"
    NOT_APPLICABLE = "not_applicable", "Does not apply"


@dataclass(frozen=True)
class ControlState:
    """One control for one system: whether it applies, the sentences that say why, and the links that make it so."""

    control: ControlFacts
    use: Use
    reasons: tuple[str, ...]
    called_by: tuple[LinkFacts, ...]

    @property
    def applies(self) -> bool:
        return self.use in (Use.APPLICABLE, Use.OPTIONAL)


GENERAL = "General: it helps against every threat."
UNCALLED = "No threat that applies calls for it."


def control_state(
    control: ControlFacts,
    links: Iterable[LinkFacts],
    states: Mapping[str, ThreatState],
    *,
    is_general: bool,
    options: Collection[str] = (),
) -> ControlState:
    """Whether a control applies. `links` are those of the catalog without what it excludes.

    `options` are sentences of modifiers that make it optional. In this order: general controls apply; an option is
    optional, whatever else calls for it; one that a threat calls for applies; one that only a threat calls for of which
    it is not known yet whether it applies is not known either; the others do not apply.
    """
    linked = [(link, states[link.threat.key]) for link in links if not link.is_general and link.threat.key in states]
    called_by = _closest(linked, Status.APPLICABLE)
    if is_general:
        return ControlState(control, Use.APPLICABLE, (GENERAL, *_called(called_by)), called_by)
    if options:
        return ControlState(control, Use.OPTIONAL, (*options, *_called(called_by)), called_by)
    if called_by:
        return ControlState(control, Use.APPLICABLE, _called(called_by), called_by)
    if open_ones := _closest(linked, Status.UNDETERMINED):
        return ControlState(control, Use.UNDETERMINED, (f"Would be called for by {_named(open_ones)}.",), ())
    dismissed = _closest(linked, Status.DISMISSED)
    why = (f"Only dismissed threats call for it: {_named(dismissed)}.",) if dismissed else (UNCALLED,)
    return ControlState(control, Use.NOT_APPLICABLE, why, ())


def _closest(linked: Iterable[tuple[LinkFacts, ThreatState]], status: Status) -> tuple[LinkFacts, ...]:
    """The links to threats of a status; a variant is named only where its own threat is not linked."""
    found = [(link, state) for link, state in linked if state.status is status]
    keys = {link.threat.key for link, _ in found}
    return tuple(link for link, state in found if not state.judged_with or state.judged_with.key not in keys)


def _called(links: tuple[LinkFacts, ...]) -> tuple[str, ...]:
    return (f"Called for by {_named(links)}.",) if links else ()


def _named(links: Iterable[LinkFacts]) -> str:
    """The threats by their titles, each with the condition that the catalog sets."""
    return ", ".join(f"{link.threat.title}{f' ({link.condition})' if link.condition else ''}" for link in links)
