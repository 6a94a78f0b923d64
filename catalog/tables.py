"""The tables of the Exchange, laid out for reading: rows that share an asset or a surface stand together."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from catalog.facts import (
    Cell,
    ControlFacts,
    ControlGroupFacts,
    EssentialFacts,
    MatrixRow,
    PeriodicRow,
    RiskArea,
    ThreatFacts,
)
from catalog.reading import Catalog
from catalog.vocabulary import Lifecycle, Party, Property, Target

CONTEXTS = {"rag": "Retrieval (RAG)", "agentic": "Agents"}
MATRIX = "matrix"  # in the origin of a link: the periodic table names the control


@dataclass(frozen=True)
class Line[R]:
    """A row with the number of rows that its surface spans; 0 where an earlier row has that cell."""

    row: R
    surface: str
    span: int


@dataclass(frozen=True)
class Band[R]:
    """The rows of one property of an asset, in the order of the source."""

    asset: str
    property: Property
    lines: tuple[Line[R], ...]


@dataclass(frozen=True)
class Tile:
    """A cell of the periodic table: a control, or a group with the controls in it."""

    title: str
    key: str
    party: Party | None
    control: ControlFacts | None
    group: ControlGroupFacts | None
    members: tuple[ControlFacts, ...] = ()


@dataclass(frozen=True)
class Category:
    """An essential category: its own controls, and the categories below it."""

    essential: EssentialFacts
    controls: tuple[ControlFacts, ...]
    below: "tuple[Category, ...]"

    @property
    def all_controls(self) -> dict[str, ControlFacts]:
        """Its controls and those below it, each once."""
        found = {control.key: control for control in self.controls}
        for category in self.below:
            found |= category.all_controls
        return found


@dataclass(frozen=True)
class Aspect:
    """A side of a context with what to look at first."""

    title: str
    threats: tuple[ThreatFacts, ...]
    controls: tuple[ControlFacts, ...]


def bands[R: MatrixRow | PeriodicRow](rows: Iterable[R]) -> list[Band[R]]:
    """Rows in their order, joined where neighbours share asset and property, and there where they share a surface."""
    return [
        Band(asset, hurt, tuple(_lines(list(together))))
        for (asset, hurt), together in groupby(rows, key=lambda row: (row.asset, row.property))
    ]


def _lines[R: MatrixRow | PeriodicRow](rows: list[R]) -> Iterable[Line[R]]:
    def place(row: R) -> tuple[Lifecycle, str]:
        return row.lifecycle, row.surface

    for _, together in groupby(rows, key=place):
        first, *rest = together
        yield Line(first, surface_in_words(first.surface), len(rest) + 1)
        for row in rest:
            yield Line(row, surface_in_words(row.surface), 0)


def surface_in_words(surface: str) -> str:
    """Without the lifecycle, which has a place of its own: "Runtime - All IT" is "All IT"."""
    return surface.rpartition(" - ")[2].replace("/ ", ", ")


def tiles_of(catalog: Catalog, row: PeriodicRow) -> tuple[Tile, ...]:
    """What answers the threat of a row, in the order of the source."""
    return tuple(_tile(catalog, row, cell) for cell in row.cells)


def _tile(catalog: Catalog, row: PeriodicRow, cell: Cell) -> Tile:
    if cell.target is Target.CONTROL:
        control = catalog.controls[cell.key]
        return Tile(control.name, cell.key, cell.party, control, None)
    group = catalog.control_groups[cell.key]
    # The source's cell may name part of a group only: what it names is linked by way of this table.
    named = {link.control.key for link in catalog.controls_for(row.threat or "") if MATRIX in link.via}
    controls = tuple(control for control in controls_under(catalog, cell.key) if control.key in named)
    return Tile(group.title, cell.key, cell.party, None, group, controls)


def controls_under(catalog: Catalog, key: str) -> tuple[ControlFacts, ...]:
    """The controls under a heading, and under the headings within it."""
    below = [group.key for group in catalog.control_groups.values() if group.parent == key]
    own = [control for control in catalog.controls.values() if control.parent_key == key]
    return (*own, *(control for each in below for control in controls_under(catalog, each)))


def categories_of(catalog: Catalog, parent: str | None = None) -> tuple[Category, ...]:
    """The essential categories with their controls; a control may stand in several."""
    return tuple(
        Category(
            essential,
            tuple(control for control in catalog.controls.values() if essential.key in control.essentials),
            categories_of(catalog, essential.key),
        )
        for essential in catalog.essentials.values()
        if essential.parent == parent
    )


def without_category(catalog: Catalog) -> list[ControlFacts]:
    """The controls that the source puts in no essential category, those of the organisation among them."""
    return [control for control in catalog.controls.values() if not control.essentials]


def controls_of(catalog: Catalog, area: RiskArea) -> tuple[ControlFacts, ...]:
    return tuple(catalog.controls[key] for key in area.controls)


def contexts_of(catalog: Catalog) -> list[tuple[str, list[Aspect]]]:
    """Per context its sides, each with threats and controls in the order of the source."""
    found: dict[str, list[Aspect]] = {}
    for each in catalog.contexts:
        threats = tuple(catalog.threats[key] for key in each.threats)
        controls = tuple(catalog.controls[key] for key in each.controls)
        found.setdefault(each.context, []).append(Aspect((each.aspect or "").capitalize(), threats, controls))
    return [(CONTEXTS.get(context, context), aspects) for context, aspects in found.items()]
