"""What profiles leave to do, for all systems at once: threats not known yet, and threats that apply without a risk.

What is said of one system follows from rows that never change (a profile, a review) and from which threats are held.
So each system has a mark of these, made by the database, and what was found for a mark is remembered: only systems
whose mark is new are thought about.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from django.contrib.postgres.aggregates import ArrayAgg
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BigIntegerField, BitXor, Count, F, Func, Value

from accounts.models import User
from catalog.reading import Catalog
from risks.register.differing import Ground, Held, difference
from risks.register.models import Dismissal, Review, Risk
from risks.register.reviews import ground_of
from risks.register.threats import key_of
from risks.systems.models import AISystem, Profile
from risks.systems.rules import identify

REMEMBERED = 50_000  # systems, per edition with the organisation's own entries
MARKED = """
    WITH seen AS ({systems})
    SELECT seen.pk, seen.name, concat_ws(' ', coalesce(profile.pk, 0), coalesce(review.pk, 0),
        coalesce(held.count, 0), held.mark, coalesce(dismissed.count, 0), dismissed.mark)
    FROM seen
        LEFT JOIN ({profiles}) AS profile ON profile.system_id = seen.pk
        LEFT JOIN ({reviews}) AS review ON review.system_id = seen.pk
        LEFT JOIN ({risks}) AS held ON held.system_id = seen.pk
        LEFT JOIN ({dismissals}) AS dismissed ON dismissed.system_id = seen.pk
    ORDER BY seen.name, seen.pk
"""

type Mark = str  # profile, review, threats held, and dismissed


class Finding(NamedTuple):
    """What is said of every system with one mark."""

    unknown: int
    unregistered: int
    waits: str
    is_described: bool

    @property
    def is_nothing(self) -> bool:
        return not (self.unknown or self.unregistered or self.waits)


_findings: WeakKeyDictionary[Catalog, dict[Mark, Finding]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
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
    """What is left to do for the systems of one reader, of which there are `total`.

    `rows` have threats not known yet, `unregistered` neither risk nor dismissal.
    """

    systems: tuple[Unknown, ...]  # those of which there is something to say
    total: int

    @cached_property
    def rows(self) -> list[Unknown]:
        """The most unknown first."""
        return sorted((row for row in self.systems if row.count), key=lambda row: -row.count)

    @cached_property
    def count(self) -> int:
        return sum(row.count for row in self.rows)

    @cached_property
    def unregistered(self) -> list[Unknown]:
        """The most to confirm first."""
        return sorted((row for row in self.systems if row.unregistered), key=lambda row: -row.unregistered)

    @cached_property
    def behind(self) -> list[Unknown]:
        """Those reviewed before something changed."""
        return [row for row in self.systems if row.waits]

    @cached_property
    def unregistered_count(self) -> int:
        return sum(row.unregistered for row in self.unregistered)


def unknowns_of(reader: User, catalog: Catalog) -> Unknowns:
    """The active systems a reader may see, by name; one query, and five more where a system's mark is new."""
    found = _findings.setdefault(catalog, {})
    marked = _marked(reader)
    unseen = {pk: mark for pk, _, mark in marked if mark not in found}
    if unseen:
        if len(found) + len(unseen) > REMEMBERED:
            found = _findings[catalog] = {}
            unseen = {pk: mark for pk, _, mark in marked}
        found |= _found(unseen, catalog)
    rows = [
        Unknown(pk, name, finding.unknown, finding.unregistered, finding.is_described, finding.waits)
        for pk, name, mark in marked
        if not (finding := found[mark]).is_nothing
    ]
    return Unknowns(tuple(rows), total=len(marked))


def _marked(reader: User) -> list[tuple[int, str, Mark]]:
    """Key, name and mark of each system."""
    systems: Any = AISystem.objects.visible_to(reader).active().order_by()
    parts: dict[str, Any] = {
        "systems": systems.values("pk", "name"),
        "profiles": Profile.objects.visible_to(reader).in_force().order_by().values("pk", "system_id"),
        "reviews": Review.objects.visible_to(reader).in_force().order_by().values("pk", "system_id"),
        "risks": _threat_marks(Risk.objects.visible_to(reader).filter(dismissed_at=None)),
        "dismissals": _threat_marks(Dismissal.objects.visible_to(reader).in_force()),
    }
    sql, params = {}, []
    for name, rows in parts.items():
        try:
            sql[name], values = rows.query.sql_with_params()
        except EmptyResultSet:  # a reader in no team
            return []
        params += values
    with connection.cursor() as cursor:
        cursor.execute(MARKED.format(**sql), params)
        found: list[tuple[int, str, Mark]] = cursor.fetchall()
    return found


def _threat_marks(rows: Any) -> Any:
    """Per system how many threats there are and what their 64-bit hashes come to: other threats, another mark."""
    hashed = Func(F("threat_key"), Value(0), function="hashtextextended", output_field=BigIntegerField())
    by_system = rows.order_by().values("system_id")
    return by_system.annotate(count=Count("*"), mark=BitXor(hashed)).values("system_id", "count", "mark")


def _found(marks: Mapping[int, Mark], catalog: Catalog) -> dict[Mark, Finding]:
    """What is to be said for the marks of these systems, which the reader may see; four queries."""
    of_these = {"system_id__in": list(marks)}
    answers = dict(Profile.objects.in_force().filter(**of_these).values_list("system_id", "answers"))
    reviews = Review.objects.in_force().filter(**of_these).values_list("system_id", "edition", "profile__answers")
    seen = {pk: ground_of(catalog, edition, then or {}) for pk, edition, then in reviews}
    open_ones = _threats(Risk.objects.filter(dismissed_at=None, **of_these), catalog)
    dismissed = _threats(Dismissal.objects.in_force().filter(**of_these), catalog)
    return {
        mark: _finding(
            Ground(catalog, answers.get(pk, {})),
            seen.get(pk),
            Held(open_ones.get(pk, frozenset()), dismissed.get(pk, frozenset())),
            is_described=pk in answers,
        )
        for pk, mark in marks.items()
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
