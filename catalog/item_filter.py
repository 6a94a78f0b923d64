"""Which items of a framework are wanted, as the address says."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.http import QueryDict

from catalog.crosswalk import Row
from catalog.filters import EntryFilter, Facet, read_filter
from catalog.vocabulary import Basis

LINKS = {"with": "With links", "without": "Without links"}
LONGEST_SEARCH = 200


@dataclass(frozen=True)
class Choice:
    """A value that can be asked for."""

    name: str
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Chip:
    """A value that is asked for, with the query string without it."""

    label: str
    query: str


@dataclass(frozen=True)
class ItemFilter:
    """What is asked for. `problems` are sentences; with any, nothing is filtered at all."""

    wanted: EntryFilter[Row]
    q: str
    menus: list[tuple[str, list[Choice]]]
    problems: list[str]

    @property
    def is_empty(self) -> bool:
        return not self.wanted.chosen and not self.q

    @property
    def chips(self) -> list[Chip]:
        pairs = [("q", self.q)] if self.q else []
        pairs += [(name, value) for name, values in self.wanted.chosen.items() for value in values]
        labels = {facet.name: facet.values for facet in self.wanted.facets}

        def without(gone: tuple[str, str]) -> str:
            query = QueryDict(mutable=True)
            for name, value in pairs:
                if (name, value) != gone:
                    query.appendlist(name, value)
            return f"?{query.urlencode()}"

        return [
            Chip(f"“{value}”" if name == "q" else labels[name][value], without((name, value))) for name, value in pairs
        ]

    def narrow(self, rows: Iterable[Row]) -> list[Row]:
        """The rows that are asked for. Where a basis is, other links of a row are left out."""
        bases = self.wanted.chosen.get("basis")
        found = [row for row in self.wanted.narrow(rows) if self._has_words(row)]
        if bases is None:
            return found
        return [replace(row, leads=tuple(lead for lead in row.leads if lead.link.basis in bases)) for row in found]

    def _has_words(self, row: Row) -> bool:
        text = f"{row.item.id} {row.item.title} {row.item.text or ''}".casefold()
        return all(word in text for word in self.q.casefold().split())


def item_filter(params: QueryDict, rows: list[Row]) -> ItemFilter:
    """Read the filter from an address. What is not understood is said, and then nothing is filtered."""
    facets, problems = facets_of(rows), []
    q = params.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH]
    try:
        wanted = read_filter(params, facets, beside=("q",))
    except ValidationError as error:
        problems = [text for texts in error.message_dict.values() for text in texts]
        wanted, q = EntryFilter(facets, {}), ""
    menus = [(facet.label, menu) for facet in facets if len(menu := _menu(facet, wanted, rows)) > 1]
    return ItemFilter(wanted, q, menus, problems)


def facets_of(rows: list[Row]) -> tuple[Facet[Row], ...]:
    """What the items of a framework can be filtered by: by kind only where they are of several."""
    kinds = {row.item.kind: row.item.kind.capitalize() for row in rows if row.item.kind}
    basis = Facet[Row]("basis", "Basis", dict(Basis.choices), lambda row, value: value in row.bases)
    links = Facet[Row]("links", "Links", LINKS, lambda row, value: bool(row.leads) == (value == "with"))
    kind = Facet[Row]("kind", "Kind", kinds, lambda row, value: row.item.kind == value)
    return (basis, links, kind) if len(kinds) > 1 else (basis, links)


def _menu(facet: Facet[Row], wanted: EntryFilter[Row], rows: list[Row]) -> list[Choice]:
    """The values that some row has, and those that are asked for anyway."""
    chosen = wanted.chosen.get(facet.name, ())
    return [
        Choice(facet.name, value, label, value in chosen)
        for value, label in facet.values.items()
        if value in chosen or any(facet.has(row, value) for row in rows)
    ]
