"""How the register stood at the end of each of the last twelve months, by band; read from the dated rows.

Every rating and every risk lasts from one moment to another. The database counts how many begin and end between which
months, in one query; adding up is left. Spans in which a risk did not count (dismissed, its system archived) are taken
off, and what is both was taken off twice, so it is given back. No counter is kept that could drift.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.core.exceptions import EmptyResultSet
from django.db import connection

from accounts.models import User
from risks.register.models import Risk
from risks.register.past import end_of
from risks.register.rules import Scale
from risks.register.scales import scales_at
from risks.systems.life_cycle import RESTORED

MONTHS = 12

# `seen` is the risks that the reader may see. A span without a level is a risk's own.
COUNTED = """
    WITH seen AS ({seen}),
    spans AS (
        SELECT id AS risk, system_id AS system, NULL::smallint AS level, created_at AS a, 'infinity'::timestamptz AS z
        FROM seen
        UNION ALL
        SELECT seen.id, seen.system_id, level, greatest(at, created_at), coalesce(superseded_at, 'infinity')
        FROM seen JOIN register_rating AS rating ON rating.risk_id = seen.id AND kind = 'current'
    ),
    dismissed AS (
        SELECT risk_id AS risk, at AS a, coalesce(superseded_at, 'infinity') AS z
        FROM register_dismissal WHERE risk_id IS NOT NULL
    ),
    archived AS (
        SELECT id AS system, archived_at AS a, 'infinity'::timestamptz AS z
        FROM systems_aisystem WHERE archived_at IS NOT NULL
        UNION ALL
        SELECT object_id::bigint, (changes->'archived_at'->>0)::timestamptz, at
        FROM journal_event WHERE object_type = 'aisystem' AND verb = %s
    ),
    lasting AS (
        SELECT level, a, z, 1 AS n FROM spans
        UNION ALL
        SELECT level, greatest(spans.a, dismissed.a), least(spans.z, dismissed.z), -1
        FROM spans JOIN dismissed USING (risk)
        UNION ALL
        SELECT level, greatest(spans.a, archived.a), least(spans.z, archived.z), -1
        FROM spans JOIN archived USING (system)
        UNION ALL
        SELECT level, greatest(spans.a, dismissed.a, archived.a), least(spans.z, dismissed.z, archived.z), 1
        FROM spans JOIN dismissed USING (risk) JOIN archived USING (system)
    )
    SELECT level, width_bucket(a, %s::timestamptz[]), width_bucket(z, %s::timestamptz[]), sum(n)
    FROM lasting WHERE a < z GROUP BY 1, 2, 3
"""


@dataclass(frozen=True)
class Month:
    """The end of a month, or today: how many risks counted in each band, the least first, and how many not rated."""

    day: date
    scale: Scale
    bands: tuple[int, ...]
    unrated: int
    is_today: bool = False

    @property
    def worst_first(self) -> tuple[int, ...]:
        return self.bands[::-1]

    @property
    def total(self) -> int:
        return sum(self.bands) + self.unrated


@dataclass(frozen=True)
class Period:
    """Months in a row of which the bands have the same words."""

    words: tuple[str, ...]
    months: tuple[Month, ...]


@dataclass(frozen=True)
class Trend:
    periods: tuple[Period, ...]

    @property
    def months(self) -> tuple[Month, ...]:
        return tuple(month for period in self.periods for month in period.months)

    @property
    def is_empty(self) -> bool:
        """No risk counted in any of the months."""
        return not any(month.total for month in self.months)


def trend_of(reader: User, *, at: date, scale: Scale) -> Trend:
    """The last twelve month ends and today, which is the day `at`; `scale` is the one in force."""
    days = [*month_ends(at), at]
    moments = [end_of(day) for day in days]
    counts = counts_at(reader, moments)
    scales = [*scales_at(moments[:-1]), scale]
    months = [
        Month(
            day=day,
            scale=then,
            bands=tuple(count.get(level, 0) for level in range(1, len(then.bands) + 1)),
            unrated=count.get(None, 0) - sum(n for level, n in count.items() if level),
            is_today=day == at,
        )
        for day, then, count in zip(days, scales, counts, strict=True)
    ]
    periods = (Period(words, tuple(rows)) for words, rows in groupby(months, key=lambda month: month.scale.words))
    return Trend(tuple(periods))


def month_ends(at: date) -> list[date]:
    """The last days of the twelve months before the one of `at`, the earliest first."""
    found: list[date] = []
    first = at.replace(day=1)
    for _ in range(MONTHS):
        last = first - timedelta(days=1)
        found.append(last)
        first = last.replace(day=1)
    return found[::-1]


def counts_at(reader: User, moments: Sequence[datetime]) -> list[dict[int | None, int]]:
    """For each moment how many risks counted, by the level of their current rating; None is all of them. One query."""
    seen = Risk.objects.visible_to(reader).order_by().values("id", "system_id", "created_at")
    found: list[dict[int | None, int]] = [{} for _ in moments]
    try:
        sql, values = seen.query.sql_with_params()
    except EmptyResultSet:  # a reader without teams
        return found
    with connection.cursor() as cursor:
        cursor.execute(COUNTED.format(seen=sql), [*values, RESTORED, list(moments), list(moments)])
        rows = cursor.fetchall()
    for level, begins, ends, n in rows:
        for count in found[begins:ends]:
            count[level] = count.get(level, 0) + int(n)
    return found
