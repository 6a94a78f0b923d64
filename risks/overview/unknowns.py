"""Threats of which it is not known yet whether they apply, for all systems at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from catalog.profile import RuleSet
from risks.systems.models import AISystem, Profile
from risks.systems.rules import identify


@dataclass(frozen=True)
class Unknown:
    """A system with threats not known yet; `is_described` is False while no question is answered at all."""

    system_id: int
    name: str
    count: int
    is_described: bool


@dataclass(frozen=True)
class Unknowns:
    systems: int
    rows: tuple[Unknown, ...]

    @property
    def count(self) -> int:
        return sum(row.count for row in self.rows)


def unknowns_of(reader: User, rule_set: RuleSet) -> Unknowns:
    """Two queries: the systems a reader may see, and the answers in force."""
    systems = list(AISystem.objects.visible_to(reader).order_by("name", "pk").values_list("pk", "name"))
    answers = dict(Profile.objects.visible_to(reader).in_force().values_list("system_id", "answers"))
    return Unknowns(len(systems), tuple(_unknowns(rule_set, systems, answers)))


def _unknowns(
    rule_set: RuleSet, systems: Iterable[tuple[int, str]], answers: Mapping[int, Mapping[str, Any]]
) -> list[Unknown]:
    """The most unknown first."""
    found = [
        Unknown(pk, name, identify(rule_set, answers.get(pk, {})).counts["undetermined"], pk in answers)
        for pk, name in systems
    ]
    return sorted((row for row in found if row.count), key=lambda row: -row.count)
