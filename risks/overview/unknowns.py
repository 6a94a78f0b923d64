"""What profiles leave to do, for all systems at once: threats not known yet, and threats that apply without a risk."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg

from accounts.models import User
from catalog.reading import Catalog
from risks.register.models import Risk
from risks.register.threats import key_of
from risks.systems.models import AISystem, Profile
from risks.systems.rules import identify


@dataclass(frozen=True)
class Unknown:
    """A system and how many of its threats are not known yet, or apply and are not in the register.

    `is_described` is False while no question is answered at all; nothing of such a system waits for the register.
    """

    system_id: int
    name: str
    count: int
    unregistered: int
    is_described: bool


@dataclass(frozen=True)
class Unknowns:
    """The systems of one reader; `rows` have threats not known yet, `unregistered` threats without a risk."""

    systems: tuple[Unknown, ...]

    @property
    def rows(self) -> list[Unknown]:
        """The most unknown first."""
        return sorted((row for row in self.systems if row.count), key=lambda row: -row.count)

    @property
    def count(self) -> int:
        return sum(row.count for row in self.systems)

    @property
    def unregistered(self) -> list[Unknown]:
        """The most to confirm first."""
        return sorted((row for row in self.systems if row.unregistered), key=lambda row: -row.unregistered)

    @property
    def unregistered_count(self) -> int:
        return sum(row.unregistered for row in self.systems)


def unknowns_of(reader: User, catalog: Catalog) -> Unknowns:
    """Three queries: the systems a reader may see, the answers in force, and the threats in the register."""
    systems = AISystem.objects.visible_to(reader).order_by("name", "pk").values_list("pk", "name")
    answers = dict(Profile.objects.visible_to(reader).in_force().values_list("system_id", "answers"))
    risks = Risk.objects.visible_to(reader).order_by().values("system_id").annotate(threats=ArrayAgg("threat_key"))
    registered = dict(risks.values_list("system_id", "threats"))
    return Unknowns(tuple(_unknown(catalog, pk, name, answers.get(pk), registered.get(pk, ())) for pk, name in systems))


def _unknown(
    catalog: Catalog, pk: int, name: str, answers: Mapping[str, Any] | None, registered: Iterable[str]
) -> Unknown:
    identification = identify(catalog.rule_set, answers or {})
    known = {key_of(catalog, key) for key in registered}
    applicable = {verdict.threat for verdict in identification.verdicts.values() if verdict.status == "applicable"}
    return Unknown(
        system_id=pk,
        name=name,
        count=identification.counts["undetermined"],
        unregistered=len(applicable.difference(known)) if answers is not None else 0,
        is_described=answers is not None,
    )
