"""The pieces of a filter as pages show it: menus of values, and the way out of each choice."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Choice:
    """One value of a filter; `query` is the filter without it."""

    name: str
    value: str
    label: str
    is_chosen: bool
    query: str
    level: int | str = ""


@dataclass(frozen=True)
class Pick:
    """A menu of values; of a single one only one can be chosen. `hint` says how to reach what it has no room for."""

    label: str
    choices: tuple[Choice, ...]
    is_single: bool = False
    hint: str = ""


@dataclass(frozen=True)
class Chip:
    """One thing that is filtered by; `query` is the filter without it."""

    label: str
    query: str
