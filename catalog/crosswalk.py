"""Frameworks beside the catalog: their items under their parents, with what each leads to and what that rests on."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.urls import reverse

from catalog.facts import FrameworkFacts, ItemFacts, ItemLinkFacts, LeftOut
from catalog.indexing import words_of
from catalog.reading import Catalog
from catalog.vocabulary import Basis, Target

KINDS = {Target.THREAT: "threat", Target.CONTROL: "control", Target.GROUP: "control group", Target.SECTION: "section"}
CLASSES = {"gpai": "General-purpose AI", "gpai_systemic": "General-purpose AI with systemic risk"}
DAYS_OF_A_MONTH = 30.44


@dataclass(frozen=True)
class Counts:
    """How many links there are by what they rest on; `weak` are among the editorial ones."""

    exchange: int
    framework: int
    editorial: int
    weak: int

    @property
    def total(self) -> int:
        return self.exchange + self.framework + self.editorial

    def __str__(self) -> str:
        """In words: "12 stated by the Exchange, 21 our judgement, 2 of them weak"."""
        parts = [
            f"{number} {words}"
            for number, words in (
                (self.exchange, "stated by the Exchange"),
                (self.framework, "stated by the framework"),
                (self.editorial, "our judgement"),
                (self.weak, "of them weak"),
            )
            if number
        ]
        return ", ".join(parts) or "no links"


@dataclass(frozen=True)
class Overview:
    """A framework in the list of all."""

    framework: FrameworkFacts
    items: int
    counts: Counts


@dataclass(frozen=True)
class Lead:
    """A link of an item with the name and the address of the entry it leads to."""

    link: ItemLinkFacts
    title: str
    kind: str
    address: str

    @property
    def leaves(self) -> bool:
        """Whether it leads out of the register, to a section of the Exchange."""
        return self.link.target is Target.SECTION


@dataclass(frozen=True)
class Row:
    """An item with its links. `depth` is 0 for an item without a parent; `successor` is what replaced it.

    A row that is `around` is not asked for, it only says where those below it stand.
    """

    item: ItemFacts
    depth: int
    leads: tuple[Lead, ...]
    successor: "Successor | None" = None
    around: bool = False

    @property
    def anchor(self) -> str:
        return anchor_of(self.item.id)

    @property
    def shared_note(self) -> str | None:
        """The remark that all of several links have, to be said once."""
        notes = {lead.link.note for lead in self.leads}
        return next(iter(notes)) if len(notes) == 1 < len(self.leads) else None

    @property
    def bases(self) -> set[str]:
        return {lead.link.basis.value for lead in self.leads}


@dataclass(frozen=True)
class Successor:
    """The item of a later edition that took the place of one."""

    item: ItemFacts
    framework: FrameworkFacts
    address: str


@dataclass(frozen=True)
class Chapter:
    """An item with those below it, or items that stand under none."""

    head: Row | None
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Omission:
    """A link that was looked at and is not carried: from which item to which entry, and why not."""

    framework: str
    id: str
    title: str
    entry: str
    why: str


@dataclass(frozen=True)
class Applying:
    """From when a part of a law applies, as seen from a day."""

    scope: str
    date: date
    is_past: bool
    words: str


def families(catalog: Catalog) -> list[tuple[Overview, ...]]:
    """All frameworks, the editions of a family together and the newest of them first."""
    found: dict[str, list[FrameworkFacts]] = {}
    for framework in catalog.frameworks.values():
        found.setdefault(framework.family, []).append(framework)
    return [
        tuple(
            Overview(each, len(catalog.items_of(each.key)), counts_of(catalog.links_of(each.key)))
            for each in newest_first(editions)
        )
        for editions in found.values()
    ]


def newest_first(editions: Iterable[FrameworkFacts]) -> list[FrameworkFacts]:
    """Editions by the numbers in their version: 2026.07 before 2025, and 10 before 9."""
    return sorted(editions, key=lambda each: [int(number) for number in re.findall(r"\d+", each.version)], reverse=True)


def relatives_of(catalog: Catalog, framework: FrameworkFacts) -> list[FrameworkFacts]:
    """The other editions of a framework's family, the newest first."""
    family = (each for each in catalog.frameworks.values() if each.family == framework.family)
    return [each for each in newest_first(family) if each.key != framework.key]


def counts_of(links: Iterable[ItemLinkFacts]) -> Counts:
    links = list(links)
    by_basis = {basis: sum(link.basis is basis for link in links) for basis in Basis}
    weak = sum(link.is_weak for link in links)
    return Counts(by_basis[Basis.EXCHANGE], by_basis[Basis.FRAMEWORK], by_basis[Basis.EDITORIAL], weak)


def rows_of(catalog: Catalog, framework: FrameworkFacts) -> list[Row]:
    """The items of a framework in its order, those of a parent right below it."""
    leads: dict[str, list[Lead]] = {}
    for link in catalog.links_of(framework.key):
        leads.setdefault(link.item.id, []).append(lead_of(catalog, link))
    below: dict[str | None, list[ItemFacts]] = {}
    for item in catalog.items_of(framework.key):
        below.setdefault(item.parent, []).append(item)

    def walk(parent: str | None, depth: int) -> Iterator[Row]:
        for item in below.get(parent, ()):
            order = sorted(leads.get(item.id, ()), key=lambda lead: list(Target).index(lead.link.target))
            yield Row(item, depth, tuple(order), successor_of(catalog, item))
            yield from walk(item.id, depth + 1)

    return list(walk(None, 0))


def chapters_of(rows: Iterable[Row]) -> list[Chapter]:
    """Rows under the items that hold them. Where most of the widest items hold none, all stand in one chapter."""
    rows = list(rows)
    parents = {row.item.parent for row in rows}
    widest = [row for row in rows if not row.depth]
    if sum(row.item.id in parents for row in widest) * 2 <= len(widest):
        return [Chapter(None, tuple(rows))] if rows else []
    starts: list[list[Row]] = []
    for row in rows:
        if not row.depth:
            starts.append([])
        starts[-1].append(row)
    return [Chapter(head, tuple(replace(row, depth=row.depth - 1) for row in rest)) for head, *rest in starts]


def with_parents(wanted: Iterable[Row], rows: Iterable[Row]) -> list[Row]:
    """The wanted rows, and around them the items that they stand under, without their links."""
    kept = {row.item.id: row for row in wanted}
    parent_of = {row.item.id: row.item.parent for row in rows}
    above = set[str]()
    for identity in kept:
        parent = parent_of[identity]
        while parent is not None and parent not in above:
            above.add(parent)
            parent = parent_of[parent]
    return [
        kept.get(row.item.id) or replace(row, leads=(), around=True)
        for row in rows
        if row.item.id in kept or row.item.id in above
    ]


def lead_of(catalog: Catalog, link: ItemLinkFacts) -> Lead:
    return Lead(link, title_of(catalog, link.target, link.key), KINDS[link.target], address_of(catalog, link))


def title_of(catalog: Catalog, target: Target, key: str) -> str:
    """The name of an entry of the catalog. KeyError when there is none."""
    match target:
        case Target.THREAT:
            return catalog.threats[key].title
        case Target.CONTROL:
            return catalog.controls[key].name
        case Target.GROUP:
            return catalog.control_groups[key].title
        case Target.SECTION:
            return catalog.sections[key].title


def address_of(catalog: Catalog, link: ItemLinkFacts) -> str:
    """The page of an entry; a section has its page at the Exchange."""
    if link.target is Target.SECTION:
        return catalog.sections[link.key].url
    return reverse(f"catalog:{link.target.value}", args=[link.key])


def name_of(catalog: Catalog, key: str) -> str:
    """The name behind a key of whichever kind, or the key itself where nothing has it."""
    shelves: tuple[Mapping[str, object], ...] = (
        catalog.threats,
        catalog.controls,
        catalog.control_groups,
        catalog.sections,
    )
    found = next((shelf[key] for shelf in shelves if key in shelf), None)
    return str(getattr(found, "title", None) or getattr(found, "name", key))


def successor_of(catalog: Catalog, item: ItemFacts) -> Successor | None:
    """What took the place of an item in a later edition: "owasp-llm-2026/LLM01:2026" says where."""
    if item.replaced_by is None:
        return None
    key, _, identity = item.replaced_by.partition("/")
    address = f"{reverse('catalog:framework', args=[key])}#{anchor_of(identity)}"
    return Successor(catalog.items[key, identity], catalog.frameworks[key], address)


def left_out_of(catalog: Catalog, framework: FrameworkFacts) -> list[Omission]:
    """What of a framework was looked at and is not carried."""
    return [_omission(catalog, each) for each in catalog.left_out if each.framework == framework.key]


def left_out_elsewhere(catalog: Catalog) -> list[Omission]:
    """What was looked at and is not carried, of lists that are no frameworks here."""
    return [_omission(catalog, each) for each in catalog.left_out if each.framework not in catalog.frameworks]


def _omission(catalog: Catalog, each: LeftOut) -> Omission:
    item = catalog.items.get((each.framework, each.item))
    return Omission(each.framework, each.item, item.title if item else "", name_of(catalog, each.key), each.why)


def applying(framework: FrameworkFacts, *, today: date) -> list[Applying]:
    """From when the parts of a law apply, in their order in time."""
    dates = sorted(framework.dates, key=lambda dated: dated.date)
    return [Applying(each.scope, each.date, each.date <= today, from_here(each.date, today=today)) for each in dates]


def classes_of(framework: FrameworkFacts) -> list[tuple[str, str, tuple[str, ...]]]:
    """The risk classes of a law: name, the article they rest on, and its annexes."""
    return [
        (
            CLASSES.get(each["code"]) or each["code"].replace("_", " ").capitalize(),
            each["basis"],
            tuple(each["annexes"]),
        )
        for each in framework.classes
    ]


def from_here(day: date, *, today: date) -> str:
    """How a day lies to today: "Applies, for 21 months", "Applies from today", "Not yet, in 12 months"."""
    if day == today:
        return "Applies from today"
    length = span_in_words(abs((day - today).days))
    return f"Applies, for {length}" if day < today else f"Not yet, in {length}"


def span_in_words(days: int) -> str:
    """Days up to two months, months up to two years, then years."""
    months = round(days / DAYS_OF_A_MONTH)
    number, unit = (days, "day") if months < 2 else (months, "month") if months < 24 else (months // 12, "year")
    return f"{number} {unit}{'' if number == 1 else 's'}"


def anchor_of(item: str) -> str:
    """The id under which an item stands on its framework's page: "AML.T0051" is "item-aml-t0051"."""
    return f"item-{'-'.join(words_of(item))}"
