"""What profiles leave to do, for all systems at once: threats not known yet, and threats that apply without a risk.

What is said of one system follows from its profile, its review and which threats are held and dismissed. Its stamp is
another one whenever any of these has changed (ADR 12), so what was found for a stamp is remembered: only systems with a
new stamp are thought about.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from django.contrib.postgres.aggregates import ArrayAgg

from accounts.models import User
from catalog.reading import Catalog
from risks.register.differing import Ground, Held, difference
from risks.register.models import Dismissal, Review, Risk
from risks.register.reviews import ground_of
from risks.register.threats import key_of
from risks.systems.models import AISystem, Profile
from risks.systems.rules import identify

REMEMBERED = 50_000  # systems, per edition with the organisation's own entries

type Stamp = int


class Finding(NamedTuple):
    """What is said of a system while it has one stamp."""

    unknown: int
    unregistered: int
    waits: str
    is_described: bool


_findings: WeakKeyDictionary[Catalog, dict[Stamp, Finding]] = WeakKeyDictionary()


class Unknown(NamedTuple):
    """A system and how many of its threats are not known yet, or apply and are not in the register.

    `is_described` is False while no question is answered at all; nothing of such a system waits for the register.
    """

    system_id: int
    name: str
    unknown: int
    unregistered: int
    waits: str  # what has changed since its last review, as a sentence
    is_described: bool


@dataclass(frozen=True)
class Unknowns:
    """What is left to do for the systems of one reader, of which there are `total`.

    `rows` have threats not known yet, `unregistered` neither risk nor dismissal.
    """

    systems: tuple[Unknown, ...]  # those of which there is something to say
    total: int

    @cached_property
    def rows(self) -> list[Unknown]:
        """The most unknown first."""
        return sorted((row for row in self.systems if row.unknown), key=attrgetter("unknown"), reverse=True)

    @cached_property
    def count(self) -> int:
        return sum(row.unknown for row in self.rows)

    @cached_property
    def unregistered(self) -> list[Unknown]:
        """The most to confirm first."""
        return sorted((row for row in self.systems if row.unregistered), key=attrgetter("unregistered"), reverse=True)

    @cached_property
    def behind(self) -> list[Unknown]:
        """Those reviewed before something changed."""
        return [row for row in self.systems if row.waits]

    @cached_property
    def unregistered_count(self) -> int:
        return sum(row.unregistered for row in self.unregistered)


def unknowns_of(reader: User, catalog: Catalog) -> Unknowns:
    """The active systems a reader may see, by name; one query, and four more where a system has a new stamp."""
    found = _findings.setdefault(catalog, {})
    systems: Any = AISystem.objects.visible_to(reader).active().order_by("name", "pk")
    stamped = list(systems.values_list("pk", "name", "stamp"))
    unseen = {pk: stamp for pk, _, stamp in stamped if stamp not in found}
    if unseen:
        if len(found) + len(unseen) > REMEMBERED:
            found = _findings[catalog] = {}
            unseen = {pk: stamp for pk, _, stamp in stamped}
        found |= _found(unseen, catalog)
    rows = [
        Unknown(pk, name, *finding)
        for pk, name, stamp in stamped
        if any((finding := found[stamp])[:3])  # all but whether it is described
    ]
    return Unknowns(tuple(rows), total=len(stamped))


def _found(stamps: Mapping[int, Stamp], catalog: Catalog) -> dict[Stamp, Finding]:
    """What is to be said for the stamps of these systems, which the reader may see; four queries."""
    of_these = {"system_id__in": list(stamps)}
    answers = dict(Profile.objects.in_force().filter(**of_these).values_list("system_id", "answers"))
    reviews = Review.objects.in_force().filter(**of_these).values_list("system_id", "edition", "profile__answers")
    seen = {pk: ground_of(catalog, edition, then or {}) for pk, edition, then in reviews}
    open_ones = _threats(Risk.objects.filter(dismissed_at=None, **of_these), catalog)
    dismissed = _threats(Dismissal.objects.in_force().filter(**of_these), catalog)
    return {
        stamp: _finding(
            Ground(catalog, answers.get(pk, {})),
            seen.get(pk),
            Held(open_ones.get(pk, frozenset()), dismissed.get(pk, frozenset())),
            is_described=pk in answers,
        )
        for pk, stamp in stamps.items()
    }


def _threats(rows: Any, catalog: Catalog) -> dict[int, frozenset[str]]:
    """The threats that rows of a system are about, by their keys of today."""
    found = rows.order_by().values("system_id").annotate(threats=ArrayAgg("threat_key"))
    return {
        pk: frozenset(key_of(catalog, key) for key in keys) for pk, keys in found.values_list("system_id", "threats")
    }


def _finding(now: Ground, seen: Ground | None, held: Held, *, is_described: bool) -> Finding:
    waits = difference(seen, now, held)
    return Finding(
        unknown=identify(now.catalog.rule_set, now.answers).counts["undetermined"],
        unregistered=waits.unregistered if is_described else 0,
        waits=waits.sentence if is_described and seen and waits.is_behind else "",
        is_described=is_described,
    )
