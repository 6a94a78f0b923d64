"""What the lists of risks show: rows, the orders they can have, and tabs with counts."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import F
from django.utils.functional import cached_property

from accounts.models import User
from catalog.reading import Catalog
from risks.register.another_look import reasons_to_look
from risks.register.choices import RiskState, TreatmentOption, TreatmentStatus
from risks.register.filters import RiskFilter
from risks.register.models import Risk
from risks.register.querysets import RiskQuerySet
from risks.register.rules import Scale
from risks.register.threats import title_of

PER_PAGE = 50
SORTS: dict[str, tuple[Any, ...]] = {
    "level": (F("rated_level").desc(nulls_last=True), "number"),
    "due": (F("treatment_due").asc(nulls_last=True), "number"),
    "reference": ("number",),
}

SORT_WORDS = {
    "level": "worst first, not rated last",
    "due": "the earliest due date first",
    "reference": "in the order of their registration",
}


@dataclass(frozen=True)
class Row:
    """A risk in a list."""

    risk: Risk
    title: str
    level: int | None
    word: str
    moves: tuple[int | None, int | None, int | None]
    option: str
    status: str
    status_word: str
    owner: str
    due: date | None
    is_late: bool
    needs_look: bool
    state_word: str  # empty for an open risk


@dataclass(frozen=True)
class Tab:
    """A view that people open often, with how many risks it holds."""

    key: str
    label: str
    query: str
    count: int
    is_open: bool


def risks_for_list(reader: User, kind: str) -> RiskQuerySet:
    """Every risk the reader may see, in whatever state, with what a row shows."""
    risks: RiskQuerySet = Risk.objects.visible_to(reader)
    return risks.with_rating(kind).with_levels().with_treatment().select_related("system")


def rows_of(risks: Iterable[Any], catalog: Catalog, scale: Scale, *, at: date) -> list[Row]:
    """Rows of risks from `risks_for_list`, on the day `at`."""
    return [_row(risk, catalog, scale, at) for risk in risks]


def _row(risk: Any, catalog: Catalog, scale: Scale, at: date) -> Row:
    status, due = risk.treatment_status, risk.treatment_due
    return Row(
        risk=risk,
        title=title_of(catalog, risk.threat_key),
        level=risk.rated_level,
        word=scale.word(risk.rated_level) if risk.rated_level else "",
        moves=(risk.inherent_level, risk.current_level, risk.target_level),
        option=TreatmentOption(risk.treatment_option).label if risk.treatment_option else "",
        status=status or "",
        status_word=TreatmentStatus(status).label if status else "",
        owner=risk.treatment_owner_name or "",
        due=due,
        is_late=due is not None and due < at and status != TreatmentStatus.DONE,
        needs_look=bool(reasons_to_look(catalog, edition=risk.edition, threat_key=risk.threat_key)),
        state_word="" if risk.state == RiskState.OPEN else risk.state.label.lower(),
    )


class CountedPaginator(Paginator):  # type: ignore[type-arg]
    """A paginator that was told how many rows there are."""

    def __init__(self, risks: Any, per_page: int, *, count: int) -> None:
        super().__init__(risks, per_page)
        self._count = count

    @cached_property
    def count(self) -> int:
        return self._count


def tabs_and_count(reader: User, wanted: RiskFilter, scale: Scale, *, at: date) -> tuple[list[Tab], int]:
    """The tabs with their counts, and how many risks the whole filter lets through; one query.

    A tab keeps the filters it does not ask about itself, so its count is what a click on it shows.
    """
    rest = wanted.without_rating_and_treatment()
    filters = {
        "all": ("All", rest),
        "outside": ("Outside appetite", replace(rest, level=scale.outside)),
        "unrated": ("Not rated", replace(rest, unrated=True)),
        "overdue": ("Overdue", replace(rest, overdue=True)),
        "mine": ("Mine", replace(rest, owner=(reader.pk,))),
        "look": ("Another look", replace(rest, look=True)),
    }
    risks = rest.narrow(Risk.objects.visible_to(reader).with_rating(rest.kind).with_treatment(), at=at)
    beyond = {key: tab.only_rating_and_treatment() for key, (_, tab) in filters.items()}
    beyond["wanted"] = wanted.only_rating_and_treatment()
    counts = risks.order_by().aggregate(**{key: each.count(at=at) for key, each in beyond.items()})
    tabs = [Tab(key, label, tab.query(), counts[key], is_open=tab == wanted) for key, (label, tab) in filters.items()]
    # Another look is only ever needed after a new edition; the tab would be in the way before.
    return [tab for tab in tabs if tab.key != "look" or tab.count or tab.is_open], counts["wanted"]
