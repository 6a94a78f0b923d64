"""What a new scale would move, before it is put in force: ratings by cell, and the risks that change band."""

from dataclasses import dataclass

from django.db.models import Count, Q

from accounts.models import User
from catalog.reading import Catalog
from risks.register.choices import RatingKind
from risks.register.models import Rating, Risk
from risks.register.rules import Scale
from risks.register.scale_moving import LevelMap, Place, changes_band, have_same_levels, places_to_move
from risks.register.threats import title_of

LONGEST = 200  # risks on the page; all are counted


@dataclass(frozen=True)
class MovingCell:
    """The ratings of one cell, and where they go."""

    before: str
    after: str
    ratings: int
    changes_band: bool


@dataclass(frozen=True)
class ChangingRisk:
    """A risk whose current rating would be in another band."""

    risk: Risk
    title: str
    old_level: int
    old_word: str
    new_level: int
    new_word: str


@dataclass(frozen=True)
class Preview:
    """`ratings` are all that move, of any kind; `total` counts the risks that change band, `risks` are the first."""

    before: Scale
    after: Scale
    level_map: LevelMap
    cells: tuple[MovingCell, ...]
    risks: tuple[ChangingRisk, ...]
    total: int
    lines_that_end: int

    @property
    def ratings(self) -> int:
        return sum(cell.ratings for cell in self.cells)


def preview_of(before: Scale, after: Scale, level_map: LevelMap, reader: User, catalog: Catalog) -> Preview:
    """What put_scale_in_force would do; two queries. The map must hold (LevelMap.check)."""
    places = places_to_move(before, after, level_map)
    by_cell = Rating.objects.in_force().order_by().values_list("likelihood", "impact")
    counted = by_cell.annotate(n=Count("pk"), now=Count("pk", filter=Q(kind=RatingKind.CURRENT)))
    counts = {(likelihood, impact): (n, now) for likelihood, impact, n, now in counted}
    other_band = {old: new for old, new in places.items() if changes_band(before, after, before.level(*old), new.level)}
    cells = [
        MovingCell(before.in_words(*old), after.in_words(new.likelihood, new.impact), counts[old][0], old in other_band)
        for old, new in places.items()
        if old in counts
    ]
    return Preview(
        before=before,
        after=after,
        level_map=level_map,
        cells=tuple(sorted(cells, key=lambda cell: (not cell.changes_band, -cell.ratings))),
        risks=_changing(before, after, other_band, reader, catalog),
        total=sum(counts[old][1] for old in other_band if old in counts),
        lines_that_end=0 if have_same_levels(before, after) else len(before.team_appetite),
    )


def _changing(
    before: Scale, after: Scale, places: dict[tuple[int, int], Place], reader: User, catalog: Catalog
) -> tuple[ChangingRisk, ...]:
    if not places:
        return ()
    condition = Q()
    for likelihood, impact in places:
        condition |= Q(current_likelihood=likelihood, current_impact=impact)
    risks = Risk.objects.visible_to(reader).filter(condition).select_related("system").order_by("number")[:LONGEST]
    found = []
    for risk in risks:
        old = risk.current_likelihood or 0, risk.current_impact or 0
        levels = before.level(*old), places[old].level
        words = before.word(levels[0]), after.word(levels[1])
        title = title_of(catalog, risk.threat_key)
        found.append(ChangingRisk(risk, title, levels[0], words[0], levels[1], words[1]))
    return tuple(found)
