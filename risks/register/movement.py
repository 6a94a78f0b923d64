"""Which risks moved, from where to where and why: between two kinds of rating, or from a day in the past to today.

One query counts the pairs of places, of which there are few however many risks there are; a second one fetches the
risks that moved most, with the rating that moved each.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log10
from typing import Any

from django.db.models import BooleanField, Case, Count, ExpressionWrapper, F, FilteredRelation, Q, Value, When

from catalog.reading import Catalog
from risks.register.arrows import Arrow, arrows_of
from risks.register.choices import RatingKind
from risks.register.map_filter import Move
from risks.register.models import Risk
from risks.register.past import Past, in_force_then
from risks.register.querysets import in_state
from risks.register.rules import Scale
from risks.register.scale_moving import changes_band, have_same_levels
from risks.register.threats import title_of

MOST_DRAWN = 15  # arrows that people can still follow
MOST_LISTED = 30

type Place = tuple[int, int]
type Pair = tuple[Place, Place]


@dataclass(frozen=True)
class End:
    """One end of a movement: a kind of rating, today or as a day in the past ended, on the scale of that time."""

    kind: str
    scale: Scale
    past: Past | None = None

    def level(self, place: Place) -> int:
        return self.scale.level(*place)

    def in_words(self, place: Place) -> str:
        return self.scale.in_words(*place)

    def magnitude(self, place: Place) -> float:
        """The order of magnitude of the expected loss a year; the same for all places where anchors are missing."""
        return log10(max(self.scale.expected_loss(*place) or 0, 1e-9))


@dataclass(frozen=True)
class Moved:
    """A risk that moved; `number` is that of its arrow. `cause` is the reason of the rating that moved it."""

    number: int
    risk: Risk
    title: str
    start: str
    start_level: int
    end: str
    end_level: int
    cause: str
    by: str
    at: Any
    moved_from: str


@dataclass(frozen=True)
class Movement:
    """What moved among the risks asked for. All of these together are the risks: moved, still, unrated, gone."""

    move: Move
    moved: int
    still: int
    unrated_start: int  # at the first end only
    unrated_end: int  # at the second end only
    unrated: int  # at both
    gone: int  # dismissed, or archived with their system, since
    rows: tuple[Moved, ...]
    arrows: tuple[Arrow, ...]
    other_scale: bool  # the scale has changed between the ends

    @property
    def is_cut(self) -> bool:
        return self.moved > len(self.rows)

    @property
    def total(self) -> int:
        return self.moved + self.still + self.unrated_start + self.unrated_end + self.unrated + self.gone


def ends_of(move: str, kind: str, *, past: Past | None, scale: Scale) -> tuple[End, End]:
    """The two ends; `scale` is today's. Between two kinds both are of the day asked for."""
    then = past.scale if past else scale
    if move == Move.TODAY:
        return End(kind, then, past), End(kind, scale)
    first, second = {
        Move.INHERENT: (RatingKind.INHERENT, RatingKind.CURRENT),
        Move.TARGET: (RatingKind.CURRENT, RatingKind.TARGET),
    }[Move(move)]
    return End(first.value, then, past), End(second.value, then, past)


def movement(risks: Any, move: str, ends: tuple[End, End], catalog: Catalog) -> Movement:
    """Two queries. `risks` are narrowed already, by the day of the first end."""
    start, end = ends
    placed = _placed(_placed(risks.order_by(), "start", start), "end", end)
    counts = _counts(placed, is_today=move == Move.TODAY)
    pairs = {pair: n for pair, n in counts["rated"].items() if _moves(pair, start, end)}
    ranked = sorted(pairs, key=lambda pair: _rank(pair, start, end))
    moved = sum(pairs.values())
    rows = _rows(placed, ranked, ends, catalog, is_today=move == Move.TODAY)
    drawn = rows if moved <= MOST_DRAWN and have_same_levels(start.scale, end.scale) else []
    return Movement(
        move=Move(move),
        moved=moved,
        still=sum(counts["rated"].values()) - moved,
        unrated_start=counts["unrated_start"],
        unrated_end=counts["unrated_end"],
        unrated=counts["unrated"],
        gone=counts["gone"],
        rows=tuple(row for row, _ in rows),
        arrows=arrows_of([(row.number, pair) for row, pair in drawn], end.scale),
        other_scale=start.scale.key != end.scale.key,
    )


def _placed(risks: Any, name: str, end: End) -> Any:
    """With the place of each risk at one end as `…_likelihood` and `…_impact`."""
    if end.past is None:
        return risks.annotate(
            **{f"{name}_likelihood": F(f"{end.kind}_likelihood"), f"{name}_impact": F(f"{end.kind}_impact")}
        )
    joined = FilteredRelation("ratings", condition=Q(ratings__kind=end.kind) & in_force_then("ratings__", end.past))
    return risks.alias(**{f"{name}_rating": joined}).annotate(
        **{f"{name}_likelihood": F(f"{name}_rating__likelihood"), f"{name}_impact": F(f"{name}_rating__impact")}
    )


def _counts(placed: Any, *, is_today: bool) -> dict[str, Any]:
    open_now = ExpressionWrapper(in_state("open"), output_field=BooleanField()) if is_today else Value(value=True)
    columns = ("start_likelihood", "start_impact", "end_likelihood", "end_impact", "is_open")
    found: dict[str, Any] = {"rated": {}, "unrated": 0, "unrated_start": 0, "unrated_end": 0, "gone": 0}
    for *place, is_open, n in placed.annotate(is_open=open_now).values_list(*columns).annotate(n=Count("*")):
        start, end = tuple(place[:2]), tuple(place[2:])
        if not is_open:
            found["gone"] += n
        elif None in start or None in end:
            name = "unrated" if None in start and None in end else "unrated_start" if None in start else "unrated_end"
            found[name] += n
        else:
            found["rated"][start, end] = found["rated"].get((start, end), 0) + n
    return found


def _moves(pair: Pair, start: End, end: End) -> bool:
    """To another place, or to another band where the scale is another one."""
    before, after = pair
    return before != after or changes_band(start.scale, end.scale, start.level(before), end.level(after))


def _rank(pair: Pair, start: End, end: End) -> tuple[float, float, Pair]:
    """The largest change of band first, then the largest change of expected loss in orders of magnitude."""
    before, after = pair
    bands = end.level(after) / len(end.scale.bands) - start.level(before) / len(start.scale.bands)
    return -abs(bands), -abs(end.magnitude(after) - start.magnitude(before)), pair


def _rows(
    placed: Any, ranked: list[Pair], ends: tuple[End, End], catalog: Catalog, *, is_today: bool
) -> list[tuple[Moved, Pair]]:
    """The risks that moved most, numbered in this order."""
    if not ranked:
        return []
    start, end = ends
    when = {pair: _at(pair) for pair in ranked[:MOST_LISTED]}  # each pair has a risk at least
    asked = Case(*(When(condition, then=Value(rank)) for rank, condition in enumerate(when.values())))
    found = placed.annotate(rank=asked).filter(rank__isnull=False)
    found = found.filter(in_state("open")) if is_today else found
    condition = in_force_then("ratings__", end.past) if end.past else Q(ratings__superseded_at=None)
    found = found.alias(cause=FilteredRelation("ratings", condition=Q(ratings__kind=end.kind) & condition)).annotate(
        **{f"cause_{name}": F(f"cause__{name}") for name in ("reason", "rated_by_name", "at", "moved_from")}
    )
    rows = found.select_related("system").order_by("rank", "number")[:MOST_LISTED]
    return [_row(number, risk, start, end, catalog) for number, risk in enumerate(rows, 1)]


def _at(pair: Pair) -> Q:
    (likelihood, impact), (then_likelihood, then_impact) = pair
    return Q(start_likelihood=likelihood, start_impact=impact, end_likelihood=then_likelihood, end_impact=then_impact)


def _row(number: int, risk: Any, start: End, end: End, catalog: Catalog) -> tuple[Moved, Pair]:
    before, after = (risk.start_likelihood, risk.start_impact), (risk.end_likelihood, risk.end_impact)
    moved = Moved(
        number=number,
        risk=risk,
        title=title_of(catalog, risk.threat_key),
        start=start.in_words(before),
        start_level=start.level(before),
        end=end.in_words(after),
        end_level=end.level(after),
        cause=risk.cause_reason,
        by=risk.cause_rated_by_name,
        at=risk.cause_at,
        moved_from=risk.cause_moved_from,
    )
    return moved, (before, after)


def summary(found: Movement) -> Mapping[str, int]:
    """What did not move, by its words, without what is not there."""
    first, second = {
        Move.INHERENT: ("no inherent rating", "no current rating"),
        Move.TARGET: ("no current rating", "no target"),
        Move.TODAY: ("not rated then", "not rated today"),
    }[found.move]
    words = {
        "where they were": found.still,
        first: found.unrated_start,
        second: found.unrated_end,
        "rated at neither end": found.unrated,
        "dismissed or archived since": found.gone,
    }
    return {said: n for said, n in words.items() if n}
