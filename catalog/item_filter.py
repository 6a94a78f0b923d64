"""Which items of a framework are wanted."""

from collections.abc import Iterable
from dataclasses import replace

from catalog.crosswalk import Row
from catalog.filters import EntryFilter, Facet
from catalog.vocabulary import Basis

LINKS = {"with": "With links", "without": "Without links"}


def item_facets(rows: list[Row]) -> tuple[Facet[Row], ...]:
    """What the items of a framework can be filtered by: by kind only where they are of several."""
    kinds = {row.item.kind: row.item.kind.capitalize() for row in rows if row.item.kind}
    basis = Facet[Row]("basis", "Rests on", dict(Basis.choices), lambda row, value: value in row.bases)
    links = Facet[Row]("links", "Links", LINKS, lambda row, value: bool(row.leads) == (value == "with"))
    kind = Facet[Row]("kind", "Kind", kinds, lambda row, value: row.item.kind == value)
    return (basis, links, kind) if len(kinds) > 1 else (basis, links)


def narrow(wanted: EntryFilter[Row], rows: Iterable[Row]) -> list[Row]:
    """The rows that are asked for. Where it is asked what links rest on, the other links of a row are left out."""
    found = wanted.narrow(rows)
    bases = wanted.chosen.get("basis")
    if bases is None:
        return found
    return [replace(row, leads=tuple(lead for lead in row.leads if lead.link.basis in bases)) for row in found]
