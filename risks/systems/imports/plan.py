"""What a file says, as planned rows, and what becomes of them beside what is registered already. Pure."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from risks.systems.choices import SupplierKind

MOST_BYTES = 5_000_000  # of a file as it is sent
MOST_SYSTEMS = 2_000
MOST_REMARKS = 200  # errors, or warnings, that are told one by one

# One sentence for what is not there and what is not theirs, so that a name tells nothing.
NO_SUCH_TEAM = "You edit no team called “{}”."
NO_TEAM = "Say which team it belongs to."
NO_SUCH_OWNER = "Nobody with this e-mail may own a system of this team. It would come in without an owner."
NAME_TAKEN = "This team has a system of this name already."
NAME_TWICE = "Row {} has a system of this name for the same team."


class UnreadableError(ValueError):
    """The file cannot be read at all. The message is one sentence, or two."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to say about a place of a file: a row and column of a sheet, or a path of a BOM. Row 1 is the header.

    Without a row and a place it is about the whole file.
    """

    text: str
    row: int | None = None
    place: str = ""

    @property
    def where(self) -> str:
        """ "Row 3, owner_email"."""
        return ", ".join(part for part in (f"Row {self.row}" if self.row else "", self.place) if part)

    def __str__(self) -> str:
        return f"{self.where}: {self.text}" if self.where else self.text


@dataclass(frozen=True, slots=True)
class PlannedComponent:
    """A part of a system. `supplier` is a name; empty means that the file does not say."""

    name: str
    kind: str
    supplier: str = ""
    hosted_by: str = ""
    version: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class PlannedAnswer:
    """An answer to a question of the profile, and which place of a BOM it follows from; a sheet says it itself."""

    question: str
    value: str | tuple[str, ...]
    source: str = ""

    @property
    def plain(self) -> Any:
        """As a profile holds it."""
        return list(self.value) if isinstance(self.value, tuple) else self.value


@dataclass(frozen=True, slots=True)
class PlannedSystem:
    """A system as a file has it: the team by name, the owner by e-mail. What is empty is not said.

    `fields` are the further fields of a system as the services take them.
    """

    name: str
    purpose: str
    team: str = ""
    owner: str = ""
    row: int | None = None
    fields: tuple[tuple[str, Any], ...] = ()
    answers: tuple[PlannedAnswer, ...] = ()
    components: tuple[PlannedComponent, ...] = ()

    @property
    def profile(self) -> dict[str, Any]:
        return {answer.question: answer.plain for answer in self.answers}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says, before anybody asked whose teams and people it names. `format` as people call it."""

    format: str
    systems: tuple[PlannedSystem, ...] = ()
    errors: tuple[Remark, ...] = ()
    warnings: tuple[Remark, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Team:
    """A team the actor edits, with the ids and names of those who may own its systems by e-mail, and its systems."""

    id: int
    name: str
    owners: Mapping[str, tuple[int, str]]
    systems: frozenset[str]


@dataclass(frozen=True, slots=True)
class Known:
    """What is registered already, as far as the actor may know it. Teams and suppliers by name in small letters."""

    teams: Mapping[str, Team]
    suppliers: Mapping[str, int]
    default_team: str = ""


@dataclass(frozen=True, slots=True)
class SettledSystem:
    """A system with its team and owner found; without a team it cannot be imported."""

    said: PlannedSystem
    team_id: int | None
    team_name: str
    owner_id: int | None = None
    owner_name: str = ""


@dataclass(frozen=True, slots=True)
class NewSupplier:
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do, and what keeps it from being done."""

    format: str
    systems: tuple[SettledSystem, ...]
    new_suppliers: tuple[NewSupplier, ...]
    errors: tuple[Remark, ...]
    warnings: tuple[Remark, ...]
    notes: tuple[str, ...]
    suppliers: Mapping[str, int] = field(repr=False)

    @property
    def may_be_imported(self) -> bool:
        return bool(self.systems) and not self.errors

    @property
    def components(self) -> int:
        return sum(len(system.said.components) for system in self.systems)

    @property
    def answers(self) -> int:
        return sum(len(system.said.answers) for system in self.systems)

    @property
    def wrong_rows(self) -> int:
        return len({remark.row for remark in self.errors if remark.row})

    @property
    def digest(self) -> str:
        """The same for two plans that would write the same. What a person saw is told from what would be done now."""
        used = {part.supplier.casefold() for system in self.systems for part in system.said.components}
        suppliers = sorted((name, key) for name, key in self.suppliers.items() if name in used)
        return hashlib.sha256(repr((self.systems, self.new_suppliers, self.errors, suppliers)).encode()).hexdigest()


def settled(reading: Reading, known: Known) -> Plan:
    """The plan for what a file says: teams, owners and suppliers found, and names that are taken refused."""
    systems, errors, warnings = [], list(reading.errors), list(reading.warnings)
    taken: dict[tuple[int, str], int | None] = {}
    for said in reading.systems:
        name = said.team or known.default_team
        team = known.teams.get(name.casefold())
        if team is None:
            errors.append(Remark(NO_SUCH_TEAM.format(name) if name else NO_TEAM, said.row, "team"))
            systems.append(SettledSystem(said, None, name))
            continue
        if (team.id, said.name) in taken:
            errors.append(Remark(NAME_TWICE.format(taken[team.id, said.name]), said.row, "name"))
        elif said.name in team.systems:
            errors.append(Remark(NAME_TAKEN, said.row, "name"))
        taken.setdefault((team.id, said.name), said.row)
        owner = team.owners.get(said.owner.casefold())
        if said.owner and owner is None:
            warnings.append(Remark(NO_SUCH_OWNER, said.row, "owner_email"))
        systems.append(SettledSystem(said, team.id, team.name, *(owner or ())))
    return Plan(
        format=reading.format,
        systems=tuple(systems),
        new_suppliers=tuple(_new_suppliers(reading.systems, known.suppliers)),
        errors=tuple(sorted(errors, key=_in_order)),
        warnings=tuple(sorted(warnings, key=_in_order)),
        notes=reading.notes,
        suppliers=known.suppliers,
    )


def with_errors(plan: Plan, errors: Iterable[Remark]) -> Plan:
    """The plan with what came out when it was carried out."""
    return replace(plan, errors=(*plan.errors, *errors))


def _in_order(remark: Remark) -> int:
    return remark.row or 0


def _new_suppliers(systems: Iterable[PlannedSystem], known: Mapping[str, int]) -> Iterator[NewSupplier]:
    """Each name once, as it is written first. What a supplier does for us is read off its first component."""
    seen = set(known)
    for system in systems:
        for part in system.components:
            name = part.supplier.casefold()
            if name and name not in seen:
                seen.add(name)
                yield NewSupplier(part.supplier, _does(part))


def _does(part: PlannedComponent) -> str:
    if part.hosted_by == "supplier":
        return SupplierKind.CLOUD
    kinds = {
        "model": SupplierKind.MODEL,
        "extension": SupplierKind.MODEL,
        "data_set": SupplierKind.DATA,
        "data_store": SupplierKind.CLOUD,
        "infrastructure": SupplierKind.CLOUD,
    }
    return kinds.get(part.kind, SupplierKind.SOFTWARE)
