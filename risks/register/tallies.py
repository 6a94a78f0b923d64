"""Counts that stop at a number: what a list says of its size costs the same however many risks there are.

Up to MOST a count is exact. Beyond, "1 000+" is all that is said, and all that is looked at.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.core.paginator import Page, Paginator
from django.db import connection
from django.utils.functional import cached_property

MOST = 1_000


@dataclass(frozen=True)
class Tally:
    """How many there are; with `is_more`, more than `number`."""

    number: int
    is_more: bool = False

    def __str__(self) -> str:
        return f"{self.number:,}+".replace(",", "\N{NARROW NO-BREAK SPACE}") if self.is_more else str(self.number)

    @property
    def words(self) -> str:
        """As a sentence says it: "more than 1000"."""
        return f"more than {self.number}" if self.is_more else str(self.number)


def tallies_of(wanted: Mapping[str, Any]) -> dict[str, Tally]:
    """How many rows each queryset has, up to MOST; one query."""
    parts, params = [], []
    for rows in wanted.values():
        try:
            sql, values = rows.order_by().values("pk")[: MOST + 1].query.sql_with_params()
        except EmptyResultSet:
            parts.append("(SELECT 0)")
        else:
            parts.append(f"(SELECT count(*) FROM ({sql}) AS counted)")  # noqa: S608  # compiled by Django, values apart
            params += values
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", params)
        counts = cursor.fetchone()
    return {name: Tally(min(n, MOST), is_more=n > MOST) for name, n in zip(wanted, counts, strict=True)}


class TalliedPage(Page):  # type: ignore[type-arg]
    """A page of a list that is longer than what was counted; it knows whether there is a next one."""

    def __init__(self, rows: Any, number: int, paginator: "TalliedPaginator", *, has_next: bool) -> None:
        super().__init__(rows, number, paginator)
        self._has_next = has_next

    def has_next(self) -> bool:
        return self._has_next

    def next_page_number(self) -> int:
        return self.number + 1

    def previous_page_number(self) -> int:
        return self.number - 1

    def end_index(self) -> int:
        return self.start_index() + len(self.object_list) - 1


class TalliedPaginator(Paginator):  # type: ignore[type-arg]
    """A paginator that was told how many rows there are, as far as they were counted."""

    def __init__(self, rows: Any, per_page: int, *, tally: Tally) -> None:
        super().__init__(rows, per_page)
        self.tally = tally

    @cached_property
    def count(self) -> int:
        return self.tally.number

    def get_page(self, number: Any) -> Page[Any]:
        """The page of that number; the first for what is no number, the last for one that is too high."""
        if not self.tally.is_more:
            return super().get_page(number)
        wanted = int(number) if str(number).isascii() and str(number).isdigit() and len(str(number)) <= 6 else 1
        start = (max(wanted, 1) - 1) * self.per_page
        listed: Any = self.object_list
        rows = list(listed[start : start + self.per_page + 1])
        if rows:
            has_next = len(rows) > self.per_page
            return TalliedPage(rows[: self.per_page], start // self.per_page + 1, self, has_next=has_next)
        last = max(0, listed.order_by().count() - 1) // self.per_page + 1  # beyond the end: count after all
        return self.get_page(last)
