"""The shape of what the demo's people said about a risk: how bad it is, why, and what is done about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from risks.register.choices import TreatmentOption, TreatmentStatus

type Cell = tuple[int, int]  # likelihood and impact, as level numbers of the default scale


@dataclass(frozen=True)
class Step:
    """A measure: the key of the control it puts in place; `owner` and `due` as those of a plan."""

    control: str
    text: str
    owner: str
    due: int
    status: str = TreatmentStatus.OPEN
    note: str = ""


@dataclass(frozen=True)
class Plan:
    """A treatment: `owner` by key, `due` in days from today (negative is overdue when it is not done).

    `details` are what its option asks for beside the text.
    """

    option: str
    text: str
    owner: str
    due: int
    status: str = TreatmentStatus.OPEN
    note: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Judgement:
    """One risk of one system. Without `current` it was rated before controls only; without `plan` nothing is done."""

    threat: str
    inherent: Cell
    before: str
    current: Cell | None = None
    now: str = ""
    target: Cell | None = None
    plan: Plan | None = None


def mitigate(
    text: str,
    owner: str,
    due: int,
    status: str = TreatmentStatus.OPEN,
    note: str = "",
    *,
    steps: tuple[Step, ...] = (),
) -> Plan:
    return Plan(TreatmentOption.MITIGATE, text, owner, due, status, note, steps=steps)


def transfer(
    text: str,
    owner: str,
    due: int,
    status: str = TreatmentStatus.OPEN,
    note: str = "",
    *,
    to: str,
    by: str,
    remains: str,
) -> Plan:
    details = {"to_whom": to, "by_what": by, "remains": remains}
    return Plan(TreatmentOption.TRANSFER, text, owner, due, status, note, details)


def avoid(text: str, owner: str, due: int, status: str = TreatmentStatus.OPEN, note: str = "", *, by: str) -> Plan:
    return Plan(TreatmentOption.AVOID, text, owner, due, status, note, {"decided_by": by})


def accept(text: str, owner: str, due: int, status: str = TreatmentStatus.DONE, note: str = "") -> Plan:
    return Plan(TreatmentOption.ACCEPT, text, owner, due, status, note)
