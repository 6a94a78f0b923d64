"""What people have said about a system, as it holds now: answers, parties, dismissals, the last review. One query.

Every tab of a system shows something of it, so it must not cost a query for each.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from catalog.reading import Catalog
from risks.register.models import Dismissal, Responsibility, Review
from risks.register.threats import key_of
from risks.systems.models import AISystem, Profile


@dataclass(frozen=True)
class Answered:
    """The profile in force."""

    pk: int
    number: int
    at: datetime
    answers: Mapping[str, Any]


@dataclass(frozen=True)
class Assigned:
    """The party that a person set for a threat, with the reason."""

    threat_key: str
    party: str
    reason: str
    set_by_name: str


@dataclass(frozen=True)
class Dismissed:
    """A person's word that a threat needs no risk here."""

    threat_key: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Reviewed:
    """What the person had before them who confirmed the threats last."""

    profile_id: int | None
    answers: Mapping[str, Any] | None
    edition: str
    at: datetime


@dataclass(frozen=True)
class InForce:
    """What holds about a system now. Keys are those of today's catalog; None is what nobody has said yet."""

    profile: Answered | None
    parties: Mapping[str, Assigned]
    dismissals: Mapping[str, Dismissed]
    review: Reviewed | None

    @property
    def answers(self) -> Mapping[str, Any]:
        return self.profile.answers if self.profile else {}


def in_force_of(system: AISystem, catalog: Catalog) -> InForce:
    """One query."""
    found = (
        AISystem.objects.filter(pk=system.pk)
        .values_list(
            _one(Profile, pk="pk", number="number", at="at", answers="answers"),
            _all(Responsibility, threat_key="threat_key", party="party", reason="reason", by="set_by_name"),
            _all(Dismissal, threat_key="threat_key", reason="reason", by="dismissed_by_name", at="at"),
            _one(Review, profile_id="profile_id", answers="profile__answers", edition="edition", at="at"),
        )
        .get()
    )
    profile, parties, dismissals, review = found
    return InForce(
        profile=Answered(**_dated(profile)) if profile else None,
        parties=_by_threat(catalog, (Assigned(set_by_name=row.pop("by"), **row) for row in parties)),
        dismissals=_by_threat(catalog, (Dismissed(**_dated(row)) for row in dismissals)),
        review=Reviewed(**_dated(review)) if review else None,
    )


def in_force_for(request: Any, system: AISystem, catalog: Catalog) -> InForce:
    """The same, read once for all that one request shows of a system."""
    read: dict[int, InForce] = request.__dict__.setdefault("in_force", {})
    if system.pk not in read:
        read[system.pk] = in_force_of(system, catalog)
    return read[system.pk]


def _rows(model: Any, fields: Mapping[str, str]) -> QuerySet[Any]:
    """The rows in force of the system, the newest first, as objects with these fields."""
    rows = model.objects.in_force().filter(system=OuterRef("pk")).order_by("-at", "-pk")
    return rows.values_list(JSONObject(**fields), flat=True)  # type: ignore[no-any-return]


def _one(model: Any, **fields: str) -> Subquery:
    return Subquery(_rows(model, fields)[:1])


def _all(model: Any, **fields: str) -> ArraySubquery:
    return ArraySubquery(_rows(model, fields))


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    """The database writes a moment into an object as text."""
    return row | {"at": datetime.fromisoformat(row["at"])}


def _by_threat(catalog: Catalog, rows: Any) -> dict[str, Any]:
    """By the keys of today. Where two threats have become one, the newest row counts."""
    found: dict[str, Any] = {}
    for row in rows:
        found.setdefault(key_of(catalog, row.threat_key), row)
    return found
