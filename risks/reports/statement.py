"""The statement of applicability of a system: every threat and every control of the catalog, applied or not, and why.

It lives with the reports: it looks at systems and the register at once, changes nothing, and leaves the house on paper
and as a file, which are made here. Page, file and API show these rows, so they cannot disagree.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from catalog.facts import ControlGroupFacts
from catalog.profile import Modifier
from catalog.reading import Catalog
from risks.register.choices import RatingKind
from risks.register.rules import Scale
from risks.register.threat_states import Status, SystemThreats, ThreatState, states_of
from risks.reports.applicability import ControlState, Use, control_state
from risks.reports.spreadsheet import Cell
from risks.systems.models import AISystem
from risks.systems.results import Progress, progress

OPTIONAL_CONTROL = "optional_control"  # the effect of a modifier that makes controls optional
HEADER: tuple[str, ...] = (
    "Kind",
    "Key",
    "Number",
    "Title",
    "Applies",
    "Why",
    "Party",
    "Risk",
    "Current level",
    "Current level in words",
    "Dismissed because",
    "Attack variant of",
)


@dataclass(frozen=True)
class ThreatEntry:
    """A threat of the statement. `level` is that of the current rating; None while not rated or not in the register."""

    state: ThreatState
    why: tuple[str, ...]
    level: int | None
    level_word: str

    @property
    def risk_reference(self) -> str:
        return self.state.risk.reference if self.state.risk else ""

    @property
    def dismissed_because(self) -> str:
        """The reason of a dismissal that counts."""
        is_dismissed = self.state.status is Status.DISMISSED
        return self.state.dismissal.reason if is_dismissed and self.state.dismissal else ""


@dataclass(frozen=True)
class Statement:
    """What applies to a system at a moment. `controls` stand under the headings of the source."""

    system: AISystem
    at: datetime
    edition: str
    profile_number: int  # 0 without a profile
    profile_at: datetime | None
    progress: Progress
    threats: tuple[ThreatEntry, ...]
    controls: tuple[tuple[ControlGroupFacts, tuple[ControlState, ...]], ...]

    @property
    def threat_counts(self) -> dict[Status, int]:
        """A variant is counted with its threat."""
        alone = [line.state.status for line in self.threats if not line.state.judged_with]
        return {status: alone.count(status) for status in Status}

    @property
    def all_controls(self) -> list[ControlState]:
        return [state for _, states in self.controls for state in states]

    @property
    def control_counts(self) -> dict[Use, int]:
        uses = [state.use for state in self.all_controls]
        return {use: uses.count(use) for use in Use}

    @property
    def sentence(self) -> str:
        """ "14 of 22 threats apply, 1 is not known yet; 40 of 55 controls apply, 1 is optional"."""
        threats, controls = self.threat_counts, self.control_counts
        return "; ".join(
            [
                _counted(threats, "threats", Status.APPLICABLE, Status.UNDETERMINED, Status.DISMISSED),
                _counted(controls, "controls", Use.APPLICABLE, Use.OPTIONAL, Use.UNDETERMINED),
            ]
        )


def statement_of(system: AISystem, catalog: Catalog, scale: Scale, *, at: datetime) -> Statement:
    """As it stands at a moment; two queries, however many risks there are."""
    found = states_of(system, catalog, at=timezone.localdate(at))
    profile = found.in_force.profile
    return Statement(
        system=system,
        at=at,
        edition=catalog.edition,
        profile_number=profile.number if profile else 0,
        profile_at=profile.at if profile else None,
        progress=progress(catalog.rule_set, found.in_force.answers),
        threats=tuple(_threat_line(state, scale) for state in found.states.values()),
        controls=_controls(found),
    )


def file_rows(statement: Statement) -> list[list[Cell]]:
    """The rows of the file: a head, then threats, then controls, in the order of the page."""
    rows: list[list[Cell]] = [list(HEADER)]
    rows += (_threat_row(line) for line in statement.threats)
    rows += (_control_row(state) for state in statement.all_controls)
    return rows


def why_of(state: ThreatState) -> tuple[str, ...]:
    """Why a threat applies or not: the rules' sentences about it, then what people decided."""
    sentences = list(state.verdict.sentences("status")) if state.verdict else []
    if state.judged_with:
        judged = "it has a risk of its own" if state.open_risk else "judged with it"
        sentences.append(f"Attack variant of {state.judged_with.title}, {judged}.")
    elif state.is_beyond_rules:
        sentences.append("Put into the register by hand." if state.is_by_hand else "In the register from earlier on.")
    elif not state.verdict and not state.risk:
        sentences.append("No rule says that it applies, and nobody put it into the register.")
    if state.setting and state.applies:
        party = state.party.label.lower() if state.party else ""
        sentences.append(f"{state.setting.set_by_name} set the responsibility to {party}: {state.setting.reason}")
    return tuple(sentences)


def _counted(counts: Mapping[Any, int], what: str, applies: Any, *others: Any) -> str:
    """ "14 of 22 threats apply, 1 is not known yet"; what there is none of goes unsaid."""
    first = f"{counts[applies]} of {sum(counts.values())} {what} {'applies' if counts[applies] == 1 else 'apply'}"
    rest = [f"{n} {'is' if n == 1 else 'are'} {each.label.lower()}" for each in others if (n := counts[each])]
    return ", ".join([first, *rest])


def _threat_line(state: ThreatState, scale: Scale) -> ThreatEntry:
    level = state.level(RatingKind.CURRENT)
    return ThreatEntry(state, why_of(state), level, scale.word(level) if level else "")


def _controls(found: SystemThreats) -> tuple[tuple[ControlGroupFacts, tuple[ControlState, ...]], ...]:
    catalog = found.catalog
    general = _general_headings(catalog)
    options = _options(found.identification.modifiers)
    headings = []
    for heading in catalog.control_groups.values():
        states = tuple(
            control_state(
                control,
                catalog.threats_for(control.key),
                found.states,
                is_general=control.parent_key in general,
                options=options.get(control.key, ()),
            )
            for control in catalog.controls.values()
            if control.parent_key == heading.key
        )
        if states:
            headings.append((heading, states))
    return tuple(headings)


def _general_headings(catalog: Catalog) -> set[str]:
    """The headings under which controls help against every threat; a control of our own there does so too."""
    return {link.control.parent_key for link in catalog.links if link.is_general}


def _options(modifiers: tuple[Modifier, ...]) -> dict[str, tuple[str, ...]]:
    """By control, the sentences of the modifiers in force that make it optional."""
    found: dict[str, tuple[str, ...]] = {}
    for modifier in modifiers:
        if modifier.effect == OPTIONAL_CONTROL:
            for key in modifier.controls:
                found[key] = (*found.get(key, ()), modifier.sentence)
    return found


def _threat_row(line: ThreatEntry) -> list[Cell]:
    state = line.state
    return [
        "Threat",
        state.threat.key,
        state.threat.number,
        state.threat.title,
        state.status.label,
        " ".join(line.why),
        state.party.label if state.party else None,
        line.risk_reference or None,
        line.level,
        line.level_word or None,
        line.dismissed_because or None,
        state.judged_with.title if state.judged_with else None,
    ]


def _control_row(state: ControlState) -> list[Cell]:
    control = state.control
    why = " ".join(state.reasons)
    return ["Control", control.key, None, control.name, state.use.label, why, *[None] * (len(HEADER) - 6)]
