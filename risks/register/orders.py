"""The orders that a list of risks can have. Each has an index, so that a page costs the same in a long register."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db.models import F, FloatField, Func

from risks.register.rules import Scale, Step

if TYPE_CHECKING:
    from risks.register.listing import Row

DEFAULT_ORDER = "level"


@dataclass(frozen=True)
class Order:
    """One order and the same turned around: `fields` in the order that comes first, in words both.

    What has no value comes last either way. `is_descending` is the direction that comes first.
    """

    fields: Callable[[Scale], tuple[Any, ...]]
    words: str
    turned_words: str
    is_descending: bool = False


def typical_loss(scale: Scale) -> Any:
    """Scale.expected_loss as an expression on risks that carry a rating; null where an anchor is missing."""
    return _typical(scale.likelihood, "rated_likelihood") * _typical(scale.impact, "rated_impact")


def _typical(steps: Iterable[Step], name: str) -> Func:
    figures = ",".join(repr(float(step.typical)) if step.has_anchor else "NULL" for step in steps)
    return Func(F(name), template=f"(ARRAY[{figures}]::float8[])[%(expressions)s]", output_field=FloatField())


def _by(*names: str) -> Callable[[Scale], tuple[Any, ...]]:
    return lambda _: tuple(F(name) for name in names)


ORDERS: dict[str, Order] = {
    "priority": Order(
        lambda scale: (F("rated_level"), typical_loss(scale)),
        "the highest band first, in it the greatest expected loss; not rated last",
        "the lowest band first, in it the least expected loss; not rated last",
        is_descending=True,
    ),
    "level": Order(
        _by("rated_level"), "worst first, not rated last", "least first, not rated last", is_descending=True
    ),
    "reference": Order(_by(), "in the order of their registration", "the latest registered first"),
    "inherent": Order(
        _by("inherent_level"),
        "the worst inherent level first, not rated last",
        "the least inherent level first, not rated last",
        is_descending=True,
    ),
    "target": Order(
        _by("target_level"),
        "the worst target first, those without one last",
        "the least target first, those without one last",
        is_descending=True,
    ),
    "due": Order(_by("treatment_due"), "the earliest due date first", "the latest due date first"),
    "reviewed": Order(_by("reviewed_at"), "the longest without a review first", "the latest reviewed first"),
    "updated": Order(_by("updated_at"), "the latest change first", "the earliest change first", is_descending=True),
}
SORTS = tuple(sign + key for key in ORDERS for sign in ("", "-"))


def order_of(sort: str) -> Order:
    """The order behind a value of the parameter "sort"; a minus turns it around."""
    order = ORDERS[sort.removeprefix("-")]
    if not sort.startswith("-"):
        return order
    return replace(order, words=order.turned_words, turned_words=order.words, is_descending=not order.is_descending)


def ordering(sort: str, scale: Scale) -> tuple[Any, ...]:
    """What order_by takes, for risks that carry a rating. Among equals the one that was registered first comes first.

    Turned around, the registration itself is turned too; what changed last is told apart by it as the index has it.
    """
    order = order_of(sort)
    if sort.endswith(("reference", "updated")):
        names = [*order.fields(scale), F("number")]
        return tuple(_directed(each, order) for each in names)
    return (*(_directed(each, order) for each in order.fields(scale)), "number")


def with_ties(rows: Iterable["Row"], before: "Row | None") -> list["Row"]:
    """The rows of a list by priority; tied are those of the same band and expected loss as the row above."""
    found = []
    for row in rows:
        tied = before is not None and row.level is not None and before.level == row.level
        tied = tied and before is not None and before.expected_loss == row.expected_loss
        found.append(replace(row, is_tied=tied))
        before = row
    return found


def _directed(field: Any, order: Order) -> Any:
    if getattr(field, "name", "") in ("number", "updated_at"):  # never null: nulls last would keep its index away
        return field.desc() if order.is_descending else field.asc()
    return field.desc(nulls_last=True) if order.is_descending else field.asc(nulls_last=True)
