"""What other frameworks and standards say about an entry, grouped as its page shows it."""

from collections.abc import Iterable
from dataclasses import dataclass

from catalog.facts import CreFacts, FrameworkFacts, ItemLinkFacts, StandardFacts
from catalog.reading import Catalog
from catalog.vocabulary import Target


@dataclass(frozen=True)
class Crossing:
    """The items of one framework that have to do with an entry; those that the source states first."""

    framework: FrameworkFacts
    links: tuple[ItemLinkFacts, ...]


def crossings_of(catalog: Catalog, target: Target, key: str) -> list[Crossing]:
    """Every framework that leads to an entry, in the order of the edition."""
    groups: dict[FrameworkFacts, list[ItemLinkFacts]] = {}
    for link in catalog.links_to(target, key):
        groups.setdefault(link.framework, []).append(link)
    return [
        Crossing(framework, tuple(sorted(groups[framework], key=lambda link: (link.is_editorial, link.is_weak))))
        for framework in catalog.frameworks.values()
        if framework in groups
    ]


def standards_of(catalog: Catalog, target: Target, key: str) -> list[StandardFacts]:
    """The standards that the source names for a threat or a control, in its order."""
    return list(_about(catalog.standards, target, key))


def cre_of(catalog: Catalog, target: Target, key: str) -> list[CreFacts]:
    """The entries of OpenCRE that the source names for a threat or a control."""
    return list(_about(catalog.opencre, target, key))


def _about[R: (StandardFacts, CreFacts)](rows: Iterable[R], target: Target, key: str) -> Iterable[R]:
    return (row for row in rows if (row.threat if target is Target.THREAT else row.control) == key)
