"""What profiles leave to do, for all systems at once: threats not known yet, and threats that apply without a risk."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg

from accounts.models import User
from catalog.reading import Catalog
from risks.register.differing import Ground, Held, difference
from risks.register.models import Dismissal, Review, Risk
from risks.register.reviews import ground_of
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
    waits: str = ""  # what has changed since its last review, as a sentence


@dataclass(frozen=True)
class Unknowns:
    """The systems of one reader; `rows` have threats not known yet, `unregistered` neither risk nor dismissal."""

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
    def behind(self) -> list[Unknown]:
        """Those reviewed before something changed."""
        return [row for row in self.systems if row.waits]

    @property
    def unregistered_count(self) -> int:
        return sum(row.unregistered for row in self.systems)


def unknowns_of(reader: User, catalog: Catalog) -> Unknowns:
    """Five queries: the systems a reader may see, and what is in force of answers, risks, dismissals and reviews."""
    systems = AISystem.objects.visible_to(reader).active().order_by("name", "pk").values_list("pk", "name")
    answers = dict(Profile.objects.visible_to(reader).in_force().values_list("system_id", "answers"))
    reviews = Review.objects.visible_to(reader).in_force().values_list("system_id", "edition", "profile__answers")
    seen = {pk: ground_of(catalog, edition, then or {}) for pk, edition, then in reviews}
    open_ones = _threats(Risk.objects.visible_to(reader).filter(dismissed_at=None), catalog)
    dismissed = _threats(Dismissal.objects.visible_to(reader).in_force(), catalog)
    return Unknowns(
        tuple(
            _unknown(
                name,
                pk,
                Ground(catalog, answers.get(pk, {})),
                seen.get(pk),
                Held(open_ones.get(pk, frozenset()), dismissed.get(pk, frozenset())),
                is_described=pk in answers,
            )
            for pk, name in systems
        )
    )


def _threats(rows: Any, catalog: Catalog) -> dict[int, frozenset[str]]:
    """The threats that rows of a system are about, by their keys of today."""
    found = rows.order_by().values("system_id").annotate(threats=ArrayAgg("threat_key"))
    return {
        pk: frozenset(key_of(catalog, key) for key in keys) for pk, keys in found.values_list("system_id", "threats")
    }


def _unknown(name: str, pk: int, now: Ground, seen: Ground | None, held: Held, *, is_described: bool) -> Unknown:
    waits = difference(seen, now, held)
    return Unknown(
        system_id=pk,
        name=name,
        count=identify(now.catalog.rule_set, now.answers).counts["undetermined"],
        unregistered=waits.unregistered if is_described else 0,
        is_described=is_described,
        waits=waits.sentence if is_described and seen and waits.is_behind else "",
    )
