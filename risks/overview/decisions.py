"""Risks outside appetite that wait for somebody: without a treatment, blocked, or overdue."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q

from accounts.models import User
from catalog.reading import Catalog
from risks.register.choices import RatingKind, TreatmentStatus
from risks.register.filter_values import ANY_STATE, NO_TREATMENT
from risks.register.filters import RiskFilter
from risks.register.listing import Row, risks_for_list, rows_of
from risks.register.models import Risk
from risks.register.rules import Scale
from risks.register.scales import outside_appetite

MOST = 8  # rows on the home page


@dataclass(frozen=True)
class Decision:
    """A row of the register, and why it waits."""

    row: Row
    why: str
    is_untreated: bool
    may_treat: bool


def waits(*, at: date) -> Q:
    """The condition on risks without a treatment, or whose treatment is blocked or overdue on the day `at`."""
    return (
        RiskFilter(state=ANY_STATE, option=(NO_TREATMENT,)).condition(at=at)
        | RiskFilter(state=ANY_STATE, status=(TreatmentStatus.BLOCKED.value,)).condition(at=at)
        | RiskFilter(state=ANY_STATE, overdue=True).condition(at=at)
    )


def decisions_for(reader: User, catalog: Catalog, scale: Scale, *, at: date) -> list[Decision]:
    """The worst first; of these those without a treatment, then the longest overdue. One query, MOST rows at most."""
    risks = Risk.objects.visible_to(reader).open().with_rating().filter(outside_appetite(scale), waits(at=at))
    order = (F("rated_level").desc(nulls_last=True), F("treatment_due").asc(nulls_first=True), "number")
    # First which ones, by themselves: the order is made of many rows, and only these need what a row shows.
    worst = risks.order_by(*order).values("pk")[:MOST]
    shown: Any = risks_for_list(reader, RatingKind.CURRENT).filter(pk__in=worst).order_by(*order)
    rows = rows_of(shown, catalog, scale, at=at)
    return [_decision(row, reader) for row in rows]


def _decision(row: Row, reader: User) -> Decision:
    return Decision(
        row=row,
        why=_why(row),
        is_untreated=not row.option,
        may_treat=reader.may_edit(row.risk.team_id),
    )


def _why(row: Row) -> str:
    if not row.option:
        return "No treatment chosen"
    return "Blocked" if row.status == TreatmentStatus.BLOCKED else row.status_word
