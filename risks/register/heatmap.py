"""The heatmap: how many risks lie in each cell of the scale, and how many in none because nobody rated them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.urls import reverse

from risks.register.choices import RatingKind
from risks.register.filters import RiskFilter
from risks.register.models import Rating
from risks.register.querysets import RiskQuerySet
from risks.register.rules import Scale, Step

type Place = tuple[int | None, int | None]  # likelihood and impact; both None for what is not rated


@dataclass(frozen=True)
class Cell:
    """One place on the scale. `edge` is where the appetite line runs: start, end (below), both, or nowhere.

    `query` opens the risks behind the count, as the query string of the register.
    """

    likelihood: int
    impact: int
    level: int
    word: str
    edge: str
    count: int = 0
    query: str = ""
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """One step of likelihood, from the least impact to the greatest."""

    step: Step
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Heatmap:
    """Counts per cell, the likeliest row first. Cells and not rated together are all risks asked for, always.

    `of_team` says that the line is the one of the only team asked for.
    """

    kind: RatingKind
    scale: Scale
    rows: tuple[Row, ...]
    rated: int
    unrated: int
    unrated_query: str
    total_query: str
    page: str = ""  # where the queries lead: to the register, or for a day in the past to the heatmap's own list
    of_team: bool = False

    @property
    def total(self) -> int:
        return self.rated + self.unrated


def heatmap(risks: RiskQuerySet, kind: str, scale: Scale, *, wanted: RiskFilter | None = None) -> Heatmap:
    """Count risks by their rating of a kind; one query.

    `risks` are narrowed already; `wanted` is what they were narrowed by, so that each count links to its own rows.
    """
    return heatmap_of(counts_by_place(risks.with_rating(kind)), kind, scale, wanted=wanted or RiskFilter())


def counts_by_place(rated: Any) -> dict[Place, int]:
    """How many risks that carry a rating, today's or that of a day in the past, lie where; one query."""
    by_place = rated.order_by().values_list("rated_likelihood", "rated_impact")
    return {(likelihood, impact): n for likelihood, impact, n in by_place.annotate(n=Count("*"))}


@dataclass(frozen=True)
class Links:
    """Where counts lead: a page, and the query string of a cell, of what is not rated, and of all."""

    page: str
    cell: Callable[[int, int], str]
    unrated: str
    total: str


def heatmap_of(
    places: Mapping[Place, int], kind: str, scale: Scale, *, wanted: RiskFilter, links: Links | None = None
) -> Heatmap:
    """The heatmap of risks that are counted by their place already; counts lead to the register, or to `links`."""
    counts, links = dict(places), links or _register_links(wanted, kind)
    of_team = len(wanted.team) == 1 and wanted.team[0] in scale.team_appetite
    scale = scale.for_team(wanted.team[0]) if of_team else scale
    unrated = counts.pop((None, None), 0)

    def cell(likelihood: int, impact: int) -> Cell:
        level = scale.level(likelihood, impact)
        return Cell(
            likelihood,
            impact,
            level,
            scale.word(level),
            _edge(scale, likelihood, impact),
            count=counts.get((likelihood, impact), 0),
            query=links.cell(likelihood, impact),
        )

    return Heatmap(
        kind=RatingKind(kind),
        scale=scale,
        rows=_rows(scale, cell),
        rated=sum(counts.values()),
        unrated=unrated,
        unrated_query=links.unrated,
        total_query=links.total,
        page=links.page,
        of_team=of_team,
    )


def _register_links(wanted: RiskFilter, kind: str) -> Links:
    def cell(likelihood: int, impact: int) -> str:
        place = {"level": (), "unrated": None, "likelihood": (likelihood,), "impact": (impact,)}
        return wanted.register_query(kind=kind, **place)

    return Links(
        reverse("register:risks"),
        cell,
        wanted.register_query(kind=kind, level=(), likelihood=(), impact=(), unrated=True),
        wanted.register_query(kind=kind),
    )


def place_of(ratings: Mapping[str, Rating], scale: Scale) -> tuple[Row, ...]:
    """The scale with one risk on it: each cell carries the kinds of rating that lie there."""

    def cell(likelihood: int, impact: int) -> Cell:
        level = scale.level(likelihood, impact)
        marks = tuple(kind for kind, each in ratings.items() if (each.likelihood, each.impact) == (likelihood, impact))
        edge = _edge(scale, likelihood, impact)
        return Cell(likelihood, impact, level, scale.word(level), edge, marks=marks)

    return _rows(scale, cell)


def _rows(scale: Scale, cell: Callable[[int, int], Cell]) -> tuple[Row, ...]:
    return tuple(
        Row(step, tuple(cell(step.number, across.number) for across in scale.impact))
        for step in reversed(scale.likelihood)
    )


def _edge(scale: Scale, likelihood: int, impact: int) -> str:
    """Where the appetite line runs along a cell outside appetite: on the sides beyond which it is inside."""
    if not scale.is_outside_appetite(likelihood, impact):
        return ""
    start = impact > 1 and not scale.is_outside_appetite(likelihood, impact - 1)
    end = likelihood > 1 and not scale.is_outside_appetite(likelihood - 1, impact)
    return {(True, True): "both", (True, False): "start", (False, True): "end"}.get((start, end), "")
