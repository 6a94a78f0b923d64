"""Where the register stands: every figure of the home page, each with the filter that opens its rows.

A figure and its link are the same filter, so that they cannot disagree.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Count, Min

from accounts.models import User
from catalog.reading import Catalog
from risks.overview.decisions import waits
from risks.register.another_look import needs_look
from risks.register.choices import TreatmentOption, TreatmentStatus
from risks.register.filter_values import ANY_STATE, NO_TREATMENT, REVIEW_OVERDUE
from risks.register.filters import RiskFilter
from risks.register.heatmap import Place
from risks.register.models import Risk
from risks.register.rules import Scale
from risks.register.scales import outside_appetite

PARTS = ("untreated", "accepted", "overdue", "review", "blocked", "look")  # counted in each place on the scale
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
    places: Mapping[Place, int]  # how many have each current rating; (None, None) for not rated

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
    """The figures of what a reader may see, on the day `at`; one query, which counts by place on the scale.

    Which places are outside appetite the scale itself says; test_standing compares it with the filter's condition.
    """
    filters = {**filters_of(scale), "look": RiskFilter(look=True, looks=needs_look(catalog))}
    # Open is said once for all, and no place needs to be asked about.
    parts = {name: replace(filters[name], outside=None, beyond=None, state=ANY_STATE) for name in PARTS}
    rows = _by_place(reader, scale, parts, at=at)
    outside = [row for row in rows if _is_outside(row, scale)]
    counts = {name: _sum(name, outside if name == "accepted" else rows) for name in PARTS}
    beyond, undecided = _sum("all", outside), _sum("untreated", outside)
    counts |= {
        "total": _sum("all", rows),
        "outside": beyond,
        "undecided": undecided,
        "in_treatment": beyond - undecided - counts["accepted"],  # every other option; counting them takes the longest
        "unrated": _sum("all", (row for row in rows if row["rated_likelihood"] is None)),
    }
    places: Counter[Place] = Counter()
    for row in rows:
        places[row["rated_likelihood"], row["rated_impact"]] += row["all"]
    return Standing(
        **{name: Figure(counts[name], each.query()) for name, each in filters.items()},
        earliest_due=min((row["earliest_due"] for row in rows if row["earliest_due"]), default=None),
        awaiting_decision=_sum("awaiting", outside),
        places=places,
    )


def _by_place(reader: User, scale: Scale, parts: Mapping[str, RiskFilter], *, at: date) -> list[dict[str, Any]]:
    """Counts of each part per likelihood and impact, and per team where teams have lines of their own."""
    place = ("rated_likelihood", "rated_impact", *(("team_id",) if scale.team_appetite else ()))
    risks = Risk.objects.visible_to(reader).open().with_rating().order_by().values(*place)
    found = risks.annotate(
        **{name: each.count(at=at) for name, each in parts.items()},
        all=Count("*"),
        awaiting=Count("team_id", filter=waits(at=at)),
        earliest_due=Min("treatment_due", filter=parts["overdue"].condition(at=at)),
    )
    return list(found)


def _is_outside(row: Mapping[str, Any], scale: Scale) -> bool:
    likelihood, impact = row["rated_likelihood"], row["rated_impact"]
    return likelihood is not None and scale.is_outside_appetite(likelihood, impact, team_id=row.get("team_id"))


def _sum(name: str, rows: Iterable[Mapping[str, Any]]) -> int:
    return sum(row[name] for row in rows)
