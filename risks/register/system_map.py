"""The threat map of one system: its threats lit by level and state, its assets with whose they are. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from catalog.drawing import Drawing, Holder, Light, Place
from catalog.threat_map import draw
from risks.register.choices import RatingKind
from risks.register.rules import Scale
from risks.register.threat_states import Status, SystemThreats, ThreatState
from risks.systems.choices import Party
from risks.systems.results import progress

NOT_RATED, NOT_KNOWN = "–", "?"  # as marks


@dataclass(frozen=True)
class SystemMap:
    """The drawing, and which rating lights it."""

    drawing: Drawing
    kind: RatingKind
    levels: tuple[tuple[int, str], ...]  # of the scale, with their words
    count: int

    @property
    def kinds(self) -> list[RatingKind]:
        """The ratings it can be lit by, the usual one first."""
        return [RatingKind.CURRENT, RatingKind.INHERENT, RatingKind.TARGET]


def map_of(found: SystemThreats, kind: RatingKind, scale: Scale, *, at: date) -> SystemMap:
    """The map as it stands on the day `at`. The threats that the rules judge, and the register's."""
    threats = [state.threat for state in found.shown]
    lit = {state.threat.key: light_of(state, kind, scale) for state in found.shown}
    drawing = draw(
        threats,
        found.catalog.impacts_of,
        lit=lit,
        holders=holders(found.in_force.answers, found.system.supplier_names),
        block=_block(found, kind, at),
    )
    return SystemMap(drawing, kind, tuple(enumerate(scale.words, 1)), len(threats))


def light_of(state: ThreatState, kind: RatingKind, scale: Scale) -> Light:
    """How a threat shows on the map. What a frame or a mark says, the words of the title say too."""
    level = state.level(kind)
    is_unknown = state.status is Status.UNDETERMINED
    return Light(
        state=_state(state, level),
        said=_said(state, kind, scale),
        mark=_mark(state, level),
        level=level,
        bands=len(scale.bands),
        is_double=state.applies and state.party is Party.SUPPLIER,
        is_dashed=is_unknown or (state.applies and level is None),
        is_faint=state.status in (Status.NOT_APPLICABLE, Status.DISMISSED),
        url=_url(state),
    )


def holders(answers: Mapping[str, Any], suppliers: list[str]) -> dict[Place, Holder]:
    """Whose the assets are, as far as the profile says: who trained the model, who runs it, what is added to a prompt.

    Several suppliers are all named: the profile does not say which of them it means.
    """
    theirs = " and ".join(suppliers) or "the supplier’s"
    made, used = _holder(answers.get("trained_by"), theirs), _holder(answers.get("run_by"), theirs)
    found = {Place.TRAINING: made, Place.DEVELOPMENT: made}
    if used.words == theirs:
        used = Holder(f"run by {theirs if suppliers else 'the supplier'}", is_ours=False)
    elif used.words == "ours":
        used = Holder("run by us")
    found[Place.MODEL] = used
    if answers.get("augmentation") == ["none"]:
        found[Place.AUGMENTATION] = Holder("none is used")
    return found


def _holder(answer: Any, theirs: str) -> Holder:
    parties = set(answer if isinstance(answer, list) else [answer]) & {"own", "supplier"}
    if parties == {"supplier"}:
        return Holder(theirs, is_ours=False)
    if parties == {"own"}:
        return Holder("ours")
    return Holder(f"ours and {theirs}" if parties else "whose is not known yet")


def _mark(state: ThreatState, level: int | None) -> str:
    if state.status is Status.UNDETERMINED:
        return NOT_KNOWN
    if not state.applies:
        return ""
    return str(level) if level else NOT_RATED


def _state(state: ThreatState, level: int | None) -> str:
    """The one thing most worth knowing in the room of a tag: late before not rated before how far it is."""
    if not state.applies:
        return state.status.label.lower()
    if state.days_late:
        words = state.late_words
    elif not state.open_risk:
        words = "no risk yet"
    elif level is None:
        words = "not rated"
    else:
        words = (state.treatment_word or "no treatment").lower()
    if state.party is Party.SUPPLIER:
        return f"supplier’s, {words}" if state.days_late else "supplier’s"
    return words


def _said(state: ThreatState, kind: RatingKind, scale: Scale) -> str:
    """All that the tag shows, in words."""
    if not state.applies:
        because = f": {state.dismissal.reason}" if state.status is Status.DISMISSED and state.dismissal else ""
        return f"{state.status.label}{because}"
    level = state.level(kind)
    if risk := state.open_risk:
        judged = f"{kind.label} level {level}, {scale.word(level)}" if level else f"{kind.label} not rated"
        treated = ", ".join(filter(None, [state.treatment_word, state.late_words])) or "No treatment"
        parts = [risk.reference, judged, treated]
    else:
        parts = ["Not in the register yet"]
    if state.party:
        parts.append(f"Duty: {state.party.label.lower()}")
    return ". ".join(parts)


def _url(state: ThreatState) -> str:
    """Where a tag leads: to its risk, or else to its line in the list."""
    return state.risk.get_absolute_url() if state.risk else f"#threat-{state.threat.key}"


def _block(found: SystemThreats, kind: RatingKind, at: date) -> list[tuple[str, str]]:
    system, profile = found.system, found.in_force.profile
    how_far = progress(found.catalog.rule_set, found.in_force.answers)
    answered = f", {how_far.answered} of {how_far.asked} answered"
    return [
        ("System", f"{system.reference} {system.name}"),
        ("Shows", f"{kind.label.lower()} rating, duty"),
        ("As of", f"{at.day} {at:%B %Y}"),
        ("Catalog edition", found.catalog.edition),
        ("Drawn from", f"profile {profile.number}{answered}" if profile else "no answers"),
    ]
