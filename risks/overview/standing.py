"""Where the register stands: every figure of the home page, each with the filter that opens its rows.

A figure and its link are the same filter, so that they cannot disagree.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Count, Min

from accounts.models import User
from catalog.reading import Catalog
from risks.overview.decisions import awaits_decision
from risks.register.another_look import needs_look
from risks.register.choices import TreatmentOption, TreatmentStatus
from risks.register.filter_values import ANY_STATE, NO_TREATMENT, REVIEW_OVERDUE
from risks.register.filters import RiskFilter
from risks.register.models import Risk
from risks.register.rules import Scale
from risks.register.scales import outside_appetite

TREATING = (TreatmentOption.MITIGATE.value, TreatmentOption.TRANSFER.value, TreatmentOption.AVOID.value)


@dataclass(frozen=True)
class Figure:
    """A count, and the register's query string that shows what is counted."""

    count: int
    query: str


@dataclass(frozen=True)
class Standing:
    """The figures of one reader. Undecided, in treatment and accepted are parts of outside; they add up to it."""

    total: Figure
    outside: Figure
    undecided: Figure
    in_treatment: Figure
    accepted: Figure
    unrated: Figure
    untreated: Figure
    overdue: Figure
    review: Figure  # reviews overdue
    blocked: Figure
    look: Figure  # need another look, since the catalog has changed
    earliest_due: date | None  # of what is overdue
    awaiting_decision: int  # more than the page has room for, perhaps

    @property
    def is_empty(self) -> bool:
        return self.total.count == 0

    @property
    def is_unrated(self) -> bool:
        """Whether nobody has rated anything, so that nothing can be said about appetite."""
        return self.total.count == self.unrated.count


def filters_of(scale: Scale) -> Mapping[str, RiskFilter]:
    outside: dict[str, Any] = {"outside": True, "beyond": outside_appetite(scale)}
    return {
        "total": RiskFilter(),
        "outside": RiskFilter(**outside),
        "undecided": RiskFilter(**outside, option=(NO_TREATMENT,)),
        "in_treatment": RiskFilter(**outside, option=TREATING),
        "accepted": RiskFilter(**outside, option=(TreatmentOption.ACCEPT.value,)),
        "unrated": RiskFilter(unrated=True),
        "untreated": RiskFilter(option=(NO_TREATMENT,)),
        "overdue": RiskFilter(overdue=True),
        "review": RiskFilter(review=REVIEW_OVERDUE, review_days=scale.review_days),
        "blocked": RiskFilter(status=(TreatmentStatus.BLOCKED.value,)),
    }


def standing_of(reader: User, catalog: Catalog, scale: Scale, *, at: date) -> Standing:
    """The figures of what a reader may see, on the day `at`; one query."""
    filters = {**filters_of(scale), "look": RiskFilter(look=True, looks=needs_look(catalog))}
    risks = Risk.objects.visible_to(reader).open().with_rating().order_by()
    beside = {name: replace(each, state=ANY_STATE) for name, each in filters.items()}  # open is said once, for all
    found = risks.aggregate(
        **{name: each.count(at=at) for name, each in beside.items()},
        awaiting_decision=Count("team_id", filter=awaits_decision(scale, at=at)),
        earliest_due=Min("treatment_due", filter=beside["overdue"].condition(at=at)),
    )
    figures = {name: Figure(found[name], each.query()) for name, each in filters.items()}
    return Standing(**figures, earliest_due=found["earliest_due"], awaiting_decision=found["awaiting_decision"])
