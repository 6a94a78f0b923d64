"""The columns that a list of risks can have, and the table that is drawn from them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.safestring import SafeString, mark_safe

from risks.register import cells, texts
from risks.register.choices import RatingKind
from risks.register.orders import order_of

if TYPE_CHECKING:
    from risks.register.layout import Layout
    from risks.register.listing import Row
    from risks.register.row_tools import Tools

ALL = "all"  # as a value of the parameter "columns"
NEEDED = "threat"  # the column that names the risk and leads to it
FOLDED = "fold-all fold-late"  # where the list folds, a line of its own at the end
CHANGED_IN_PLACE = ("status", "owner", "due")  # keys of columns, and names of the fields of the form


@dataclass(frozen=True)
class Column:
    """One column: its heading, how a cell is drawn, what a cell says in a file, and the order that its heading gives.

    `classes` say how a cell behaves where lists fold, `drop` when it goes as room gets less, unless it was asked for.
    `name` is what a short heading stands for, `note` what there is to know of it, `needs` what has to be loaded for it
    (listing.risks_for_list).
    """

    key: str
    head: str
    cell: Callable[["Row"], str]
    text: Callable[["Row"], Any]
    sort: str = ""
    classes: str = ""
    drop: str = ""
    note: str = ""
    name: str = ""
    needs: str = ""
    is_row_head: bool = False
    says_itself: bool = True  # folded, it needs no label

    @property
    def full_name(self) -> str:
        """What it is called where there is room."""
        return self.name or self.head

    def ends(self, *, drops: bool) -> tuple[str, str]:
        """What stands before and after the inside of a cell."""
        tag, scope = ("th", ' scope="row"') if self.is_row_head else ("td", "")
        classes = f"{self.classes} {self.drop}".strip() if drops else self.classes.replace("fold-out", "fold-late")
        label = "" if self.says_itself else f' data-label="{self.head}"'
        field = f' data-field="{self.key}"' if self.key in CHANGED_IN_PLACE else ""
        more = f"{label}{field}"
        return f'<{tag}{scope} class="{classes}"{more}>' if classes else f"<{tag}{scope}{more}>", f"</{tag}>"


def _extra(key: str, head: str, cell: Any, text: Any, **more: Any) -> Column:
    """A column that is there when it is asked for."""
    return Column(key, head, cell, text, says_itself=False, **{"classes": f"{FOLDED} nowrap", **more})


COLUMNS: dict[str, Column] = {
    column.key: column
    for column in (
        Column("level", "", cells.level, texts.level, sort="level"),
        _extra(
            "expected_loss", "Expected loss", cells.expected_loss, texts.expected_loss, sort="priority",
            name="Expected loss a year",
            note="An estimate, from the scale's anchors: typical events a year times the typical loss of one",
        ),
        Column(
            "reference", "Ref", cells.reference, texts.reference, sort="reference",
            name="Reference", classes="fold-out", drop="drop-2",
        ),
        Column("threat", "Threat", cells.title, texts.title, classes="fold-first", is_row_head=True),
        Column("system", "System", cells.system, texts.system, classes="fold-first is-name"),
        _extra("team", "Team", cells.team, texts.team, needs="team", classes=f"{FOLDED} is-name"),
        _extra("description", "What it means here", cells.description, texts.description, classes=f"{FOLDED} is-long"),
        _extra("inherent", "Inherent", cells.inherent, texts.inherent, sort="inherent"),
        _extra("target", "Target", cells.target, texts.target, sort="target"),
        _extra("place", "L × I", cells.place, texts.place, name="Likelihood × impact"),
        Column(
            "moves", "Inh → now → tgt", cells.moves, texts.moves,
            classes="fold-out", drop="drop-1", name="Inherent → current → target",
        ),
        Column("option", "Treatment", cells.option, texts.option, classes="fold-out", drop="drop-2"),
        Column("status", "Status", cells.status, texts.status, classes="fold-end"),
        Column("owner", "Owner", cells.owner, texts.owner, classes="fold-late person quiet"),
        Column("due", "Due", cells.due, texts.due, sort="due", classes="fold-late fold-end nowrap"),
        _extra("accepted", "Accepted until", cells.accepted, texts.accepted, needs="acceptance"),
        _extra("party", "Duty", cells.party, texts.party, needs="party"),
        _extra("next_review", "Next review", cells.next_review, texts.next_review),
        _extra("reviewed", "Reviewed", cells.reviewed, texts.reviewed, sort="reviewed"),
        _extra("state", "State", cells.state, texts.state),
        _extra("origin", "Origin", cells.origin, texts.origin),
        _extra("edition", "Edition", cells.edition, texts.edition),
        _extra("created", "Registered", cells.created, texts.created),
        _extra("updated", "Changed", cells.updated, texts.updated, sort="updated"),
    )
}  # fmt: skip
DEFAULT = tuple(
    COLUMNS[key] for key in ("level", "reference", "threat", "system", "moves", "option", "status", "owner", "due")
)
OF_ONE_SYSTEM = tuple(column for column in DEFAULT if column.key != "system")


@dataclass(frozen=True)
class Head:
    """The heading of a column; `query` sorts by it, `direction` is how it is sorted now, as aria-sort says it."""

    column: Column
    label: str
    query: str
    direction: str
    drop: str

    @property
    def title(self) -> str:
        return self.column.note or self.column.name


@dataclass(frozen=True)
class Table:
    """A list of risks as a table: a caption, the headings, and one `<tr>` for each risk.

    With `is_wide` its columns were chosen, so that none is dropped and the table may be wider than its place.
    """

    caption: str
    heads: tuple[Head, ...]
    rows: tuple[SafeString, ...]
    is_wide: bool = False
    is_tight: bool = True
    has_tools: bool = False


def table_of(
    rows: Iterable["Row"],
    columns: Sequence[Column] = DEFAULT,
    *,
    kind: RatingKind,
    caption: str,
    sort: str,
    query: Callable[[str], str] | None = None,
    is_wide: bool = False,
    is_tight: bool = True,
    tools: "Tools | None" = None,
) -> Table:
    """The table of rows. `query` gives the query string of an order; without it the headings are no links.

    `kind` is the rating that the column of the level is about, `tools` what the reader can do with a row.
    """
    heads = tuple(
        Head(
            column,
            column.head or kind.label,
            query=query(_next(column, sort)) if query and column.sort else "",
            direction=_direction(sort) if column.sort and column.sort == sort.removeprefix("-") else "",
            drop="" if is_wide else column.drop,
        )
        for column in columns
    )
    lines = tuple(drawn(rows, columns, drops=not is_wide, tools=tools))
    return Table(caption, heads, lines, is_wide, is_tight, has_tools=tools is not None)


def drawn(
    rows: Iterable["Row"],
    columns: Sequence[Column],
    *,
    drops: bool = True,
    tools: "Tools | None" = None,
    note: str = "",
) -> Iterable[SafeString]:
    """Each row as a `<tr>` that says which risk it is, in which version; with a `note`, what just happened to it."""
    plan = [(column.cell, *column.ends(drops=drops)) for column in columns]
    for row in rows:
        inside = "".join(f"{before}{cell(row)}{after}" for cell, before, after in plan)
        inside = f"{tools.first(row)}{inside}{tools.last(row)}" if tools else inside
        said = f' data-saved="{row.risk.reference} {note}"' if note else ""
        begin = f'<tr data-risk="{row.risk.pk}" data-version="{row.risk.version}"{said}>'
        yield mark_safe(f"{begin}{inside}</tr>")  # noqa: S308  # cells.py escapes what is text


def laid_out(
    rows: Iterable["Row"],
    layout: "Layout",
    *,
    kind: RatingKind,
    caption: str,
    query: Any,
    tools: "Tools | None" = None,
) -> Table:
    """The table as a layout asks for it."""
    return table_of(
        rows,
        layout.shown,
        kind=kind,
        caption=caption,
        sort=layout.sort,
        query=query,
        is_wide=layout.has_own_columns,
        is_tight=layout.is_tight,
        tools=tools,
    )


def _next(column: Column, sort: str) -> str:
    """What the heading of a column asks for: its order, or the same turned around."""
    return f"-{column.sort}" if sort == column.sort else column.sort


def _direction(sort: str) -> str:
    return "descending" if order_of(sort).is_descending else "ascending"
