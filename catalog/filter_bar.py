"""The filters of the catalog's lists as their pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict

from catalog.filters import EntryFilter, Facet, read_filter
from pages.picks import Chip, Choice, Pick


@dataclass(frozen=True)
class FilterBar[E]:
    """The filter of a page as it was asked for. `problems` are sentences; with any, nothing is filtered at all."""

    wanted: EntryFilter[E]
    picks: tuple[Pick, ...]
    more: tuple[Pick, ...]
    chips: tuple[Chip, ...]
    problems: tuple[str, ...]

    @property
    def status(self) -> int:
        """400 where something about the filter is wrong, else 0: the page's own."""
        return 400 if self.problems else 0


def filter_bar(params: QueryDict, facets: Sequence[Facet[Any]], *, rest: int = 0) -> FilterBar[Any]:
    """Read the filter from an address; the last `rest` facets share one menu, since they are wanted less.

    Where something about it is wrong nothing is applied: the part that is understood would show rows that nobody asked
    for, or hide some in silence.
    """
    problems: tuple[str, ...] = ()
    try:
        wanted = read_filter(params, facets)
    except ValidationError as error:
        wanted, problems = EntryFilter(tuple(facets), {}), tuple(error.messages)
    picks = tuple(_pick(wanted, facet) for facet in facets)
    chips = tuple(
        Chip(f"{pick.label}: {choice.label}", choice.query)
        for pick in picks
        for choice in pick.choices
        if choice.is_chosen
    )
    filled = [pick for pick in picks if pick.choices]
    first = len(filled) - rest
    return FilterBar(wanted, tuple(filled[:first]), tuple(filled[first:]), chips, problems)


def _pick(wanted: EntryFilter[Any], facet: Facet[Any]) -> Pick:
    chosen = wanted.chosen.get(facet.name, ())
    return Pick(
        facet.label,
        tuple(
            Choice(facet.name, value, label, value in chosen, wanted.query(without=(facet.name, value)))
            for value, label in facet.values.items()
        ),
    )
