"""The columns that a list of risks can have, and the table that is drawn from them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from risks.register import cells
from risks.register.choices import RatingKind
from risks.register.listing import Row


@dataclass(frozen=True)
class Column:
    """One column: its heading, what it is sorted by (nothing where it cannot be), how a cell is drawn.

    `classes` say how a cell behaves where there is less room, `head_classes` the same of the heading; `note` is what a
    heading that is short stands for.
    """

    key: str
    head: str
    cell: Callable[[Row], str]
    sort: str = ""
    is_descending: bool = False
    classes: str = ""
    head_classes: str = ""
    note: str = ""
    is_row_head: bool = False

    @property
    def ends(self) -> tuple[str, str]:
        """What stands before and after the inside of a cell."""
        tag, scope = ("th", ' scope="row"') if self.is_row_head else ("td", "")
        classes = f' class="{self.classes}"' if self.classes else ""
        return f"<{tag}{scope}{classes}>", f"</{tag}>"


@dataclass(frozen=True)
class Head:
    """The heading of a column; `query` sorts by it, `direction` is how it is sorted now, as aria-sort says it."""

    column: Column
    label: str
    query: str
    direction: str


@dataclass(frozen=True)
class Table:
    """A list of risks as a table: a caption, the headings, and one `<tr>` for each risk."""

    caption: str
    heads: tuple[Head, ...]
    rows: tuple[SafeString, ...]


COLUMNS: dict[str, Column] = {
    column.key: column
    for column in (
        Column("level", "", cells.level, sort="level", is_descending=True),
        Column(
            "reference",
            "Ref",
            cells.reference,
            sort="reference",
            classes="fold-out drop-2",
            head_classes="drop-2",
        ),
        Column("threat", "Threat", cells.title, classes="fold-first", is_row_head=True),
        Column("system", "System", cells.system, classes="fold-first"),
        Column(
            "moves",
            "Inh → now → tgt",
            cells.moves,
            classes="fold-out drop-1",
            head_classes="drop-1",
            note="inherent, current, target",
        ),
        Column("option", "Treatment", cells.option, classes="fold-out drop-2", head_classes="drop-2"),
        Column("status", "Status", cells.status, classes="fold-end"),
        Column("owner", "Owner", cells.owner, classes="fold-late person quiet"),
        Column("due", "Due", cells.due, sort="due", classes="fold-late fold-end nowrap"),
    )
}
DEFAULT = tuple(COLUMNS.values())
OF_ONE_SYSTEM = tuple(column for column in DEFAULT if column.key != "system")


def table_of(
    rows: Iterable[Row],
    columns: Sequence[Column] = DEFAULT,
    *,
    kind: RatingKind,
    caption: str,
    sort: str,
    base: str = "",
) -> Table:
    """The table of rows. `base` is a query string that an order can be added to; without it the headings are no links.

    `kind` is the rating that the column of the level is about.
    """
    heads = tuple(
        Head(
            column,
            column.head or kind.label,
            query=f"{base}sort={column.sort}" if base and column.sort else "",
            direction=_direction(column) if column.sort == sort else "",
        )
        for column in columns
    )
    return Table(caption, heads, tuple(drawn(rows, columns)))


def drawn(rows: Iterable[Row], columns: Sequence[Column]) -> Iterable[SafeString]:
    """Each row as a `<tr>` that says which risk it is, in which version."""
    plan = [(column.cell, *column.ends) for column in columns]
    for row in rows:
        inside = "".join(f"{before}{cell(row)}{after}" for cell, before, after in plan)
        begin = f'<tr data-risk="{row.risk.pk}" data-version="{row.risk.version}">'
        yield mark_safe(f"{begin}{inside}</tr>")  # noqa: S308  # cells.py escapes what is text


def _direction(column: Column) -> str:
    return "descending" if column.is_descending else "ascending"
