"""Which fields a file of risks has: those of the register as somebody sees it, or every field there is."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.models import User
from catalog.reading import Catalog
from risks.register.choices import RatingKind
from risks.register.columns import Column
from risks.register.filters import RiskFilter
from risks.register.layout import Layout, read_layout
from risks.register.listing import risks_for_list, rows_of
from risks.register.orders import ordering
from risks.register.querysets import RiskQuerySet
from risks.register.rules import Scale
from risks.reports.rows import HEADER, row_of
from risks.reports.spreadsheet import Cell

type Filters = Mapping[str, Collection[str]]


@dataclass(frozen=True)
class Sheet:
    """What a file holds: its header, the risks in their order, and the rows of some of them."""

    header: list[str]
    risks: RiskQuerySet
    rows: Callable[[Iterable[Any]], Iterable[list[Cell]]]


def layout_of(filters: Filters) -> dict[str, list[str]]:
    """The order and the columns that a file is asked for with; without columns it has every field."""
    layout, found = read_layout(filters), {}
    if layout.sort != Layout().sort:
        found["sort"] = [layout.sort]
    if any(filters.get("columns", ())):
        found["columns"] = [",".join(layout.columns)]
    return found


def sheet_for(filters: Filters, wanted: RiskFilter, *, reader: User, catalog: Catalog, scale: Scale, at: date) -> Sheet:
    """The sheet of the risks that pass the filter, for what may be seen by the reader."""
    layout, kind = read_layout(filters), RatingKind(wanted.kind)
    is_as_shown = "columns" in filters
    risks = risks_for_list(reader, kind, layout.needs if is_as_shown else ())
    order = ordering(layout.sort if is_as_shown or "sort" in filters else "reference", scale)
    risks = wanted.narrow(risks, at=at).order_by(*order)
    columns = layout.shown

    def full(found: Iterable[Any]) -> Iterable[list[Cell]]:
        return (row_of(risk, catalog, scale) for risk in found)

    def shown(found: Iterable[Any]) -> Iterable[list[Cell]]:
        return ([column.text(row) for column in columns] for row in rows_of(found, catalog, scale, at=at))

    if not is_as_shown:
        return Sheet(list(HEADER), risks.with_parts(), full)
    return Sheet([heading(column, kind, scale) for column in columns], risks, shown)


def heading(column: Column, kind: RatingKind, scale: Scale) -> str:
    """The heading of a column where there is room; of money with its currency, and that it is an estimate."""
    if column.key == "expected_loss":
        return f"{column.full_name}, estimate in {scale.currency}"
    return column.full_name or kind.label
