"""Which threats and controls are wanted: one definition for pages and the API.

A facet is one thing to filter by. Values of one facet are joined by or, facets by and. What is not known is never
ignored in silence: rows that someone believes to be filtered are worse than none.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.http import QueryDict

from catalog.facts import ControlFacts, ThreatFacts
from catalog.reading import Catalog
from catalog.vocabulary import (
    ControlArea,
    ControlType,
    Doer,
    Effort,
    Lifecycle,
    ModelType,
    Surface,
    Target,
    ThreatKind,
)

ORIGINS = {"exchange": "The Exchange", "own": "Our own"}


@dataclass(frozen=True)
class Facet[E]:
    """One thing to filter by: its values with their words, and whether an entry has one of them."""

    name: str
    label: str
    values: Mapping[str, str]
    has: Callable[[E, str], bool]


@dataclass(frozen=True)
class EntryFilter[E]:
    """What is asked for, by facet; without anything it lets every entry through."""

    facets: tuple[Facet[E], ...]
    chosen: Mapping[str, tuple[str, ...]]

    def passes(self, entry: E) -> bool:
        """Whether an entry has, of each facet that is asked about, one of the values."""
        return all(
            any(facet.has(entry, value) for value in self.chosen[facet.name])
            for facet in self.facets
            if facet.name in self.chosen
        )

    def narrow(self, entries: Iterable[E]) -> list[E]:
        """The entries that pass, in their order."""
        return [entry for entry in entries if self.passes(entry)]

    def query(self, *, without: tuple[str, str] | None = None) -> str:
        """The filter as a query string with its question mark, perhaps without one value of a facet."""
        pairs = [(name, value) for name, values in self.chosen.items() for value in values]
        return "?" + urlencode([pair for pair in pairs if pair != without])


def read_filter[E](params: QueryDict, facets: Iterable[Facet[E]], beside: Collection[str] = ()) -> EntryFilter[E]:
    """The filter in the parameters of an address. Raises ValidationError with what is wrong by parameter.

    `beside` names parameters that are none of ours. An empty value is as good as none, as forms send them.
    """
    known = {facet.name: facet for facet in facets}
    chosen: dict[str, tuple[str, ...]] = {}
    errors: dict[str, list[str]] = {}
    for name in params:
        values = tuple(dict.fromkeys(value for value in params.getlist(name) if value))
        if name in beside or not values:
            continue
        if name not in known:
            errors[name] = [f"There is no filter “{name[:40]}”. Known are: {', '.join(sorted(known))}."]
        elif strange := [value for value in values if value not in known[name].values]:
            errors[name] = [f"“{value[:40]}” is not a value of “{name}”." for value in strange]
        else:
            chosen[name] = values
    if errors:
        raise ValidationError(errors)
    return EntryFilter(tuple(known.values()), {name: chosen[name] for name in known if name in chosen})


def threat_facets(catalog: Catalog) -> tuple[Facet[ThreatFacts], ...]:
    """What threats can be filtered by."""
    groups = {key: threat.title for key, threat in catalog.threats.items() if threat.is_group}
    assets = {code for threat in catalog.threats.values() for code in (*threat.assets_hurt, *threat.assets_attacked)}
    return (
        Facet("surface", "Surface", _words(Surface), lambda threat, value: threat.surface == value),
        Facet("lifecycle", "Lifecycle", _words(Lifecycle), lambda threat, value: threat.lifecycle == value),
        Facet(
            "impact",
            "Hurts",
            {code: impact.title for code, impact in catalog.impacts.items()},
            lambda threat, value: value in threat.impacts,
        ),
        Facet(
            "asset",
            "Asset",
            {code: title for code, title in catalog.assets.items() if code in assets},
            lambda threat, value: value in threat.assets_hurt or value in threat.assets_attacked,
        ),
        Facet("model", "Model type", _words(ModelType), lambda threat, value: threat.concerns(ModelType(value))),
        _framework_facet(catalog, Target.THREAT),
        Facet("kind", "Kind", _words(ThreatKind), lambda threat, value: threat.kind == value),
        Facet("parent", "Group", groups, lambda threat, value: threat.parent == value),
        _origin_facet(),
    )


def control_facets(catalog: Catalog) -> tuple[Facet[ControlFacts], ...]:
    """What controls can be filtered by. A category holds what its subcategories hold."""
    standards = {each.standard: each.standard for each in catalog.standards if each.control}
    named = {(each.standard, each.control) for each in catalog.standards}
    return (
        Facet("type", "Type", _words(ControlType), lambda control, value: value in control.types),
        Facet("lifecycle", "Lifecycle", _words(Lifecycle), lambda control, value: value in control.lifecycle),
        Facet(
            "essential",
            "Essential category",
            {key: each.title for key, each in catalog.essentials.items()},
            lambda control, value: any(
                value == above.key for key in control.essentials for above in catalog.essential_path(key)
            ),
        ),
        Facet("effort", "Effort", _words(Effort), lambda control, value: control.effort == value),
        Facet("done_by", "Done by", _words(Doer), lambda control, value: value in control.done_by),
        _framework_facet(catalog, Target.CONTROL),
        Facet("group", "Part", _words(ControlArea), lambda control, value: control.group == value),
        Facet("standard", "Standard", standards, lambda control, value: (value, control.key) in named),
        _origin_facet(),
    )


def _framework_facet(catalog: Catalog, target: Target) -> Facet[Any]:
    linked = {(link.framework.key, link.key) for link in catalog.item_links if link.target is target}
    frameworks = {framework for framework, _ in linked}
    return Facet(
        "framework",
        "Framework",
        {key: f"{each.title} {each.version}" for key, each in catalog.frameworks.items() if key in frameworks},
        lambda entry, value: (value, entry.key) in linked,
    )


def _origin_facet() -> Facet[Any]:
    return Facet("origin", "From", ORIGINS, lambda entry, value: entry.is_ours == (value == "own"))


def _words(choices: type[TextChoices]) -> dict[str, str]:
    return {choice.value: str(choice.label) for choice in choices}
