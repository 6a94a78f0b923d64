"""Builds the entries of an edition (catalog.facts) from its content. The content is valid; nothing is checked here."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from catalog import facts
from catalog.content import Content
from catalog.facts import ControlFacts, FrameworkFacts, ItemFacts, ItemLinkFacts, LinkFacts, ThreatFacts
from catalog.vocabulary import (
    Basis,
    ControlArea,
    ControlType,
    Coverage,
    Doer,
    Effort,
    Fit,
    Lifecycle,
    Party,
    Property,
    Reading,
    Relation,
    Strength,
    Surface,
    Target,
    ThreatKind,
)

type Convert = Callable[[Any], Any]


def maybe(convert: Convert) -> Convert:
    """For what may be null."""
    return lambda value: None if value is None else convert(value)


def each(convert: Convert) -> Convert:
    """For a list."""
    return lambda values: tuple(convert(value) for value in values)


def made(kind: Callable[..., Any], entry: Content, /, **converts: Convert) -> Any:
    """A value of `kind` from an object of the data file: lists become tuples, some fields are converted."""
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()}
    return kind(**values | {name: convert(entry[name]) for name, convert in converts.items()})


def impact(entry: Content) -> facts.ImpactFacts:
    sign = entry["letter"] or str(entry["number"])
    return facts.ImpactFacts(**{**entry, "property": Property(entry["property"])}, sign=sign)


def threat(entry: Content, *, is_variant: bool) -> ThreatFacts:
    return made(
        lambda **values: ThreatFacts(**values, is_variant=is_variant),
        entry,
        kind=ThreatKind,
        surface=Surface,
        lifecycle=Lifecycle,
        variants=each(lambda variant: facts.Variant(**variant)),
        fits=lambda fits: {kind: None if fit is None else Fit(fit) for kind, fit in fits.items()},
    )


def control_group(entry: Content) -> facts.ControlGroupFacts:
    return facts.ControlGroupFacts(**entry)


def control(entry: Content) -> ControlFacts:
    return made(
        ControlFacts,
        entry,
        group=ControlArea,
        types=each(ControlType),
        lifecycle=each(Lifecycle),
        effort=Effort,
        done_by=each(Doer),
    )


def link(entry: Content, threats: Mapping[str, ThreatFacts], controls: Mapping[str, ControlFacts]) -> LinkFacts:
    strength = Strength(entry["strength"])
    values = {**entry, "threat": threats[entry["threat"]], "control": controls[entry["control"]], "strength": strength}
    return made(
        lambda **found: LinkFacts(
            **found,
            origin=origin(strength, entry["via"], threats),
            distance=distance(strength, entry["via"], threats),
        ),
        values,
    )


def origin(strength: Strength, via: Iterable[str], threats: Mapping[str, ThreatFacts]) -> str:
    """Where a link comes from, in words: "From Input threats, named here"."""
    titles = [threats[key].title for _, _, key in (each.partition(":") for each in via) if key]
    place = f"From {', '.join(titles)}" if titles else "General"
    return {
        Strength.SPECIFIC: "Own to this threat",
        Strength.NAMED: f"{place}, named here",
        Strength.LISTED_IN_MATRIX: f"{place}, in the periodic table",
        Strength.INHERITED: place,
        Strength.RELATED: place if titles else "Named by the control itself",
        Strength.EMPHASISED_GENERAL: "General, stressed here",
        Strength.GENERAL: "General",
        Strength.EXCLUDED: "No protection here",
    }[strength]


def distance(strength: Strength, via: Iterable[str], threats: Mapping[str, ThreatFacts]) -> tuple[int, ...]:
    """How far a control is from a threat: by strength, then particular before general, then the nearest group first."""
    depth = max(
        (threats[key].number.count(".") for _, _, key in (each.partition(":") for each in via) if key), default=0
    )
    return strength.rank, "general" in via, -depth


def framework(entry: Content) -> FrameworkFacts:
    return made(
        FrameworkFacts, entry, dates=each(lambda one: facts.Dated(one["scope"], date.fromisoformat(one["date"])))
    )


def item_link(
    entry: Content, frameworks: Mapping[str, FrameworkFacts], items: Mapping[tuple[str, str], ItemFacts]
) -> ItemLinkFacts:
    item = items[entry["framework"], entry["item"]]
    return made(
        ItemLinkFacts,
        {**entry, "framework": frameworks[entry["framework"]], "item": item},
        target=Target,
        basis=Basis,
        relation=maybe(Relation),
        reading=maybe(Reading),
    )


def standard(entry: Content) -> facts.StandardFacts:
    return made(facts.StandardFacts, entry, coverage=Coverage)


def concern(entry: Content) -> facts.ConcernFacts:
    return made(facts.ConcernFacts, entry, parts=each(lambda part: made(facts.Part, part)))


def matrix_row(entry: Content) -> facts.MatrixRow:
    return made(facts.MatrixRow, entry, property=Property, lifecycle=Lifecycle)


def periodic_row(entry: Content) -> facts.PeriodicRow:
    def cell(one: Content) -> facts.Cell:
        return made(facts.Cell, one, target=Target, party=maybe(Party))

    return made(facts.PeriodicRow, entry, property=Property, lifecycle=Lifecycle, cells=each(cell))


def keyed[T](entries: Iterable[T], key: str = "key") -> Mapping[Any, T]:
    """Entries by their key, in their order; nobody can change the mapping."""
    return MappingProxyType({getattr(entry, key): entry for entry in entries})


def grouped[T](pairs: Iterable[tuple[Any, T]]) -> Mapping[Any, tuple[T, ...]]:
    """Entries by what they belong to."""
    groups: dict[Any, list[T]] = {}
    for key, entry in pairs:
        groups.setdefault(key, []).append(entry)
    return MappingProxyType({key: tuple(entries) for key, entries in groups.items()})
