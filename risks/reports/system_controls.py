"""The controls that a system's threats call for, in the order in which they help most. Pure.

Order of the Exchange's control selection (risk analysis): the highest risk first, then the lowest cost. Cost is the
edition's estimate of effort. Whether a control is in place is not kept yet, so nothing here says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from catalog.facts import ControlFacts
from catalog.vocabulary import Effort
from risks.reports.applicability import ControlState, Use
from risks.reports.statement import Statement, ThreatEntry


@dataclass(frozen=True)
class Bearing:
    """A control that threats of the system call for, and those threats, the worst first."""

    control: ControlFacts
    is_optional: bool
    threats: tuple[ThreatEntry, ...]

    @property
    def worst(self) -> int:
        """The level of the worst risk it bears on; 0 while none of them is rated."""
        return max((entry.level or 0 for entry in self.threats), default=0)


@dataclass(frozen=True)
class SystemControls:
    """`called` bear on threats by name, the most needed first; `general` help against every threat of every system."""

    called: tuple[Bearing, ...]
    general: tuple[ControlFacts, ...]

    @property
    def threats(self) -> int:
        """How many threats are named."""
        return len({entry.state.threat.key for bearing in self.called for entry in bearing.threats})


def system_controls(statement: Statement) -> SystemControls:
    """The controls of a statement that apply or are optional."""
    entries = {entry.state.threat.key: entry for entry in statement.threats}
    applying = [state for state in statement.all_controls if state.applies]
    called = [_bearing(state, entries) for state in applying if state.called_by or state.use is Use.OPTIONAL]
    return SystemControls(
        called=tuple(sorted(called, key=_need)),
        general=tuple(state.control for state in applying if not state.called_by and state.use is Use.APPLICABLE),
    )


def _bearing(state: ControlState, entries: dict[str, ThreatEntry]) -> Bearing:
    threats = (entries[link.threat.key] for link in state.called_by if link.threat.key in entries)
    return Bearing(state.control, state.use is Use.OPTIONAL, tuple(_worst_first(threats)))


def _worst_first(threats: Iterable[ThreatEntry]) -> list[ThreatEntry]:
    return sorted(threats, key=lambda entry: -(entry.level or 0))


def _need(bearing: Bearing) -> tuple[bool, int, int, int]:
    """Asked for before optional, the worst risk first, then the least effort, then the most threats."""
    efforts = list(Effort)
    return bearing.is_optional, -bearing.worst, efforts.index(bearing.control.effort), -len(bearing.threats)
