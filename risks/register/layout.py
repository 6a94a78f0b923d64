"""How a list of risks is laid out: its order, its columns, how tight it is. In the address beside the filter.

As with the filter, what is not known is said and never ignored in silence. What is left out is as it comes.
"""

from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError

from risks.register.columns import ALL, COLUMNS, DEFAULT, NEEDED, Column
from risks.register.filters import Params, values_of
from risks.register.orders import DEFAULT_ORDER, SORTS

DENSITIES = {"tight": "Tight", "comfortable": "Comfortable"}
LAYOUT = ("sort", "columns", "density")  # parameters of an address that are about the layout
BESIDE = (*LAYOUT, "page")  # what stands beside the filter in the address of the register


@dataclass(frozen=True)
class Layout:
    """What is asked for; `columns` are keys in the order in which they are shown."""

    sort: str = DEFAULT_ORDER
    columns: tuple[str, ...] = tuple(column.key for column in DEFAULT)
    density: str = "tight"

    @property
    def shown(self) -> tuple[Column, ...]:
        return tuple(COLUMNS[key] for key in self.columns)

    @property
    def needs(self) -> frozenset[str]:
        """What has to be loaded for the columns."""
        return frozenset(column.needs for column in self.shown)

    @property
    def is_by_priority(self) -> bool:
        return self.sort.removeprefix("-") == "priority"

    @property
    def is_tight(self) -> bool:
        return self.density == "tight"

    @property
    def has_own_columns(self) -> bool:
        return self.columns != Layout().columns

    def params(self, **changes: Any) -> dict[str, str]:
        """As parameters of an address, with some of them changed; what is as it comes is left out."""
        wanted, found = replace(self, **changes), {}
        for each in fields(self):
            value = getattr(wanted, each.name)
            if value != each.default:
                found[each.name] = value if isinstance(value, str) else ",".join(value)
        return found

    def added_to(self, query: str, **changes: Any) -> str:
        """A query string of the filter with the layout added to it."""
        mine = urlencode(self.params(**changes), safe=",")
        if not mine:
            return query
        return f"{query}{'' if query == '?' else '&'}{mine}"


def read_layout(params: Params) -> Layout:
    """The layout in the parameters of an address. Raises ValidationError with a sentence per parameter."""
    found: dict[str, Any] = {}
    errors: dict[str, list[str]] = {}
    for name, read in (("sort", _sort), ("columns", _columns), ("density", _density)):
        values = [value for value in values_of(params, name) if value] if name in params else []
        try:
            if values:
                found[name] = read(values)
        except ValueError as error:
            errors[name] = [str(error)]
    if errors:
        raise ValidationError(errors)
    return Layout(**found)


def _sort(values: list[str]) -> str:
    if len(values) > 1 or values[0] not in SORTS:
        raise ValueError(f"The list cannot be sorted by “{values[-1][:40]}”.")
    return values[0]


def _columns(values: list[str]) -> tuple[str, ...]:
    """Given more than once or with commas between; the one that names the risk is always among them."""
    asked = {key for value in values for key in value.split(",")}
    if asked == {ALL}:
        return tuple(COLUMNS)
    unknown = sorted(asked - COLUMNS.keys())
    if unknown:
        raise ValueError(f"There is no column “{unknown[0][:40]}”.")
    return tuple(key for key in COLUMNS if key in asked or key == NEEDED)


def _density(values: list[str]) -> str:
    if len(values) > 1 or values[0] not in DENSITIES:
        raise ValueError(f"“{values[-1][:40]}” is none of {', '.join(DENSITIES)}.")
    return values[0]
