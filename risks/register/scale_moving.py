"""Where a rating goes when the scale changes. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import Self

from django.core.exceptions import ValidationError

from risks.register.rules import Scale, Step

AXES = ("likelihood", "impact")


class Basis(Enum):
    """Why an old level is offered the new level that it is."""

    NUMBER = "number"
    ANCHOR = "anchor"
    PLACE = "place"


@dataclass(frozen=True)
class LevelMap:
    """Where the old levels go: `likelihood[n - 1]` is the new level of the old level n, likewise for impact."""

    likelihood: tuple[int, ...]
    impact: tuple[int, ...]

    @classmethod
    def offered(cls, before: Scale, after: Scale) -> Self:
        """The map to begin with, by `basis_of` each axis; a person looks at it and decides."""
        return cls(*(_offered(axis, before, after) for axis in AXES))

    def check(self, before: Scale, after: Scale) -> None:
        """Raises ValidationError unless every old level has a new one and their order is kept."""
        errors = {}
        for axis in AXES:
            given, old, new = getattr(self, axis), _levels(axis, before), _levels(axis, after)
            if len(given) != len(old) or not all(1 <= number <= len(new) for number in given):
                errors[f"{axis}_map"] = f"Give each old level of {axis} a new one from 1 to {len(new)}."
            elif any(later < earlier for earlier, later in pairwise(given)):
                errors[f"{axis}_map"] = f"A higher old level of {axis} cannot go below a lower one."
        if errors:
            raise ValidationError(errors)


@dataclass(frozen=True)
class Place:
    """A cell of a scale and its level."""

    likelihood: int
    impact: int
    level: int


def moved_place(before: Scale, after: Scale, level_map: LevelMap, likelihood: int, impact: int) -> Place:
    """Where a rating of the scale before lies on the one after."""
    new = level_map.likelihood[likelihood - 1], level_map.impact[impact - 1]
    return Place(*new, after.level(*new))


def changes_band(before: Scale, after: Scale, old: int, new: int) -> bool:
    """Whether a level of the one scale is another band on the other.

    Bands of as many are told apart by their order, whatever they are called; of more or fewer by their words.
    """
    if len(before.bands) == len(after.bands):
        return old != new
    return before.word(old).casefold() != after.word(new).casefold()


def have_same_levels(before: Scale, after: Scale) -> bool:
    """Whether both axes have as many levels as before, so that a place and a line mean something on either scale."""
    return all(len(_levels(axis, before)) == len(_levels(axis, after)) for axis in AXES)


def places_to_move(before: Scale, after: Scale, level_map: LevelMap) -> dict[tuple[int, int], Place]:
    """Each cell of the scale before that lies elsewhere, or in another band, on the one after, and where."""
    found = {}
    for likelihood in before.likelihood:
        for impact in before.impact:
            old = Place(likelihood.number, impact.number, before.level(likelihood.number, impact.number))
            new = moved_place(before, after, level_map, old.likelihood, old.impact)
            if new != old or changes_band(before, after, old.level, new.level):
                found[old.likelihood, old.impact] = new
    return found


def basis_of(axis: str, before: Scale, after: Scale) -> Basis:
    """What the map that is offered for an axis goes by.

    As many levels keep their numbers. Otherwise a level goes to the one whose anchor holds its typical value; where a
    level has no anchor, or the currency is another, only its place between the least and the greatest is left.
    """
    old, new = _levels(axis, before), _levels(axis, after)
    if len(old) == len(new):
        return Basis.NUMBER
    is_one_unit = axis == "likelihood" or before.currency == after.currency
    return Basis.ANCHOR if is_one_unit and all(step.has_anchor for step in (*old, *new)) else Basis.PLACE


def _levels(axis: str, scale: Scale) -> Sequence[Step]:
    return scale.likelihood if axis == "likelihood" else scale.impact


def _offered(axis: str, before: Scale, after: Scale) -> tuple[int, ...]:
    old, new, basis = _levels(axis, before), _levels(axis, after), basis_of(axis, before, after)
    if basis == Basis.NUMBER:
        return tuple(step.number for step in old)
    if basis == Basis.ANCHOR:
        return tuple(max((each.number for each in new if each.low <= step.typical), default=1) for step in old)
    stretch = (len(new) - 1) / (len(old) - 1)
    return tuple(1 + int((step.number - 1) * stretch + 0.5) for step in old)
