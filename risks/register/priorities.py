"""The list by priority: by band, and within a band by expected loss. Both hang on the cell of the scale alone.

So the cells have an order, and a long register need not be sorted: of each cell the first few are read from an index,
until the page is full. A shorter list, or one of another kind of rating, is sorted as it is.
"""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL

from accounts.models import User
from risks.register.choices import RatingKind, RiskState
from risks.register.filters import RiskFilter
from risks.register.orders import ordering
from risks.register.querysets import RiskQuerySet
from risks.register.rules import Scale
from risks.register.tallies import Tally

OF_CELLS = """
    SELECT number FROM (
        (SELECT cell.rank, found.number FROM (VALUES {cells}) AS cell (rank, likelihood, impact)
            CROSS JOIN LATERAL ({rated}) AS found)
        UNION ALL (SELECT {last}, found.number FROM ({unrated}) AS found)
    ) AS listed ORDER BY rank, number LIMIT %s OFFSET %s
"""


@dataclass
class ByPriority:
    """Risks in the order of their priority, to be sliced like a queryset. `above` is the one before the last slice."""

    risks: RiskQuerySet
    scale: Scale
    sort: str
    is_long: bool
    above: Any = None

    def __getitem__(self, part: slice) -> list[Any]:
        start = max(part.start - 1, 0)
        rows = self._of_cells(start, part.stop) if self.is_long else list(self._sorted()[start : part.stop])
        self.above = rows[0] if part.start and rows else None
        return rows[part.start - start :]

    def order_by(self) -> RiskQuerySet:
        """All of them in no order, to be counted."""
        return self.risks.order_by()

    def _sorted(self) -> RiskQuerySet:
        return self.risks.order_by(*ordering(self.sort, self.scale))

    def _of_cells(self, start: int, stop: int) -> list[Any]:
        numbers = self._numbers(start, stop)
        found = {risk.number: risk for risk in self.risks.filter(number__in=numbers)}
        return [found[number] for number in numbers if number in found]

    def _numbers(self, start: int, stop: int) -> list[int]:
        """Which risks these are; one query, which reads `stop` entries of an index for each cell at most."""
        cells = ranks(self.scale, is_turned=self.sort.startswith("-"))
        here = {"current_likelihood": RawSQL("cell.likelihood", ()), "current_impact": RawSQL("cell.impact", ())}
        rated, of_rated = _first(self.risks.filter(**here), stop)
        unrated, of_unrated = _first(self.risks.filter(current_likelihood=None, current_impact=None), stop)
        sql = OF_CELLS.format(
            cells=", ".join(f"({rank}, {likelihood}, {impact})" for rank, likelihood, impact in cells),
            rated=rated,
            unrated=unrated,
            last=len(cells) + 1,
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, [*of_rated, *of_unrated, stop - start, start])
            return [number for (number,) in cursor.fetchall()]


def by_priority(
    risks: RiskQuerySet, wanted: RiskFilter, scale: Scale, sort: str, *, reader: User, tally: Tally
) -> ByPriority:
    """The risks that a filter lets through.

    The index of cells knows the current rating of what is not dismissed, and serves those who see every team: for the
    risks of one team it would be read for nothing, where there is one of teams and levels.
    """
    has_index = wanted.state == RiskState.OPEN and wanted.kind == RatingKind.CURRENT
    sees_most = reader.sees_all_teams and not wanted.team
    return ByPriority(risks, scale, sort, is_long=tally.is_more and has_index and sees_most)


def ranks(scale: Scale, *, is_turned: bool = False) -> list[tuple[int, int, int]]:
    """Each cell as rank, likelihood and impact; those of one band and one expected loss share a rank."""

    def key(cell: tuple[int, int]) -> tuple[int, bool, float]:
        loss, sign = scale.expected_loss(*cell), 1 if is_turned else -1
        return sign * scale.level(*cell), loss is None, sign * (loss or 0)

    cells = sorted(((up.number, across.number) for up in scale.likelihood for across in scale.impact), key=key)
    groups = enumerate((list(group) for _, group in groupby(cells, key)), 1)
    return [(rank, *cell) for rank, group in groups for cell in group]


def _first(risks: RiskQuerySet, most: int) -> tuple[str, tuple[Any, ...]]:
    """The SQL of the first numbers, and its values."""
    sql, params = risks.order_by("number").values("number")[:most].query.sql_with_params()
    return sql, params
