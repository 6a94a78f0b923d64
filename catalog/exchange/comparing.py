"""Holds the source against the content of an edition: what is new, gone, renamed or moved, and which links differ."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from catalog.exchange.linking import link
from catalog.exchange.text import fold
from catalog.exchange.values import Entry, Exchange, Fault, Kind, Link

type Content = Mapping[str, Any]
type Known = Mapping[str, Any]  # an entry of the edition
type Pairs = dict[tuple[Kind, str], str]  # kind and key in the source: the key in the edition

SECTIONS: dict[Kind, str] = {"threat": "threats", "control": "controls", "group": "control_groups"}
# Ways to come by a link that no list of controls shows: the table of the overview page and the text of a control.
UNSEEN = {"matrix", "control-text"}


@dataclass(frozen=True)
class Difference:
    """A threat, a control or a group of controls that is not as the edition has it.

    `key` is what the source calls it; what is gone has the key of the edition. `field` is what was renamed or moved.
    """

    kind: Kind
    key: str
    title: str
    field: str = ""
    was: Any = None
    now: Any = None
    file: str = ""
    line: int = 0


@dataclass(frozen=True)
class LinkDifference:
    """A control that the source newly offers against a threat, or no longer does."""

    threat: str
    control: str
    change: str  # new, gone


@dataclass(frozen=True)
class Comparison:
    """All differences; and, for whoever writes the next edition, the source as it was understood."""

    new: tuple[Difference, ...]
    gone: tuple[Difference, ...]
    renamed: tuple[Difference, ...]
    moved: tuple[Difference, ...]
    links: tuple[LinkDifference, ...]
    faults: tuple[Fault, ...]
    entries: tuple[Entry, ...]  # without those that only keep an old address alive
    pairs: Pairs
    all_links: tuple[Link, ...]

    def __bool__(self) -> bool:
        return any((self.new, self.gone, self.renamed, self.moved, self.links))


def compare(exchange: Exchange, content: Content) -> Comparison:
    """The differences between the source and the content of an edition. Both may be incomplete; neither is changed."""
    editions = {kind: _known(content, kind) for kind in SECTIONS}
    aliases = {old: key for known in editions.values() for key, entry in known.items() for old in _old_keys(entry)}
    linked = link(exchange, aliases)
    leftover = _leftovers(linked.entries, editions)
    entries = tuple(entry for entry in linked.entries if (entry.kind, entry.key) not in leftover)
    pairs = _Pairing(exchange, editions).pairs(entries)
    entries, links, pairs = _with_known_keys(entries, linked.links, pairs)
    here = {entry.key: pairs.get((entry.kind, entry.key), entry.key) for entry in entries}
    called = {known: key for key, known in here.items()}
    here.update({key: known for (_, key), known in leftover.items()})
    paired = [(entry, editions[entry.kind][pairs[entry.kind, entry.key]]) for entry in entries if _is(entry, pairs)]
    return Comparison(
        new=tuple(_new(entry) for entry in entries if not _is(entry, pairs)),
        gone=tuple(_gone(editions, pairs)),
        renamed=tuple(found for entry, known in paired for found in _renamed(entry, known)),
        moved=tuple(found for entry, known in paired for found in _moved(entry, known, here)),
        links=tuple(_link_differences(links, content, here, called)),
        faults=tuple(sorted([*exchange.faults, *linked.faults], key=lambda fault: (fault.file, fault.line))),
        entries=entries,
        pairs=pairs,
        all_links=links,
    )


def _known(content: Content, kind: Kind) -> dict[str, Known]:
    """The entries of a kind in the edition by key. The headings of threats over controls are the threats' business."""
    entries = content.get(SECTIONS[kind])
    return {
        entry["key"]: entry
        for entry in (entries if isinstance(entries, list) else [])
        if isinstance(entry, dict) and isinstance(entry.get("key"), str) and entry.get("is_threat_group") is not True
    }


def _old_keys(entry: Known) -> list[str]:
    found = entry.get("aliases")
    return [old for old in found if isinstance(old, str)] if isinstance(found, list) else []


def _is(entry: Entry, pairs: Pairs) -> bool:
    return (entry.kind, entry.key) in pairs


def _leftovers(entries: Sequence[Entry], editions: Mapping[Kind, Mapping[str, Known]]) -> dict[tuple[Kind, str], str]:
    """Sections under an old key beside the one under the new: they only say where their content went."""
    keys = {(entry.kind, entry.key) for entry in entries}
    return {
        (kind, old): key
        for kind, known in editions.items()
        for key, entry in known.items()
        for old in _old_keys(entry)
        if (kind, old) in keys and (kind, key) in keys
    }


class _Pairing:
    """Finds for entries of the source those of the edition that they are, the surest way first."""

    def __init__(self, exchange: Exchange, editions: Mapping[Kind, Mapping[str, Known]]) -> None:
        self.editions = editions
        self.called_now = exchange.redirects
        self.aliases = {
            (kind, old): key
            for kind, known in editions.items()
            for key, entry in known.items()
            for old in _old_keys(entry)
        }

    def pairs(self, entries: Sequence[Entry]) -> Pairs:
        found: Pairs = {}
        free = {kind: dict(known) for kind, known in self.editions.items()}
        for way in (self._by_key, self._by_alias, self._by_redirect, self._by_title, self._by_chapter):
            for entry in entries:
                place = (entry.kind, entry.key)
                if place not in found and (key := way(entry, free[entry.kind])):
                    found[place] = key
                    del free[entry.kind][key]
        return found

    @staticmethod
    def _by_key(entry: Entry, free: Mapping[str, Known]) -> str | None:
        return entry.key if entry.key in free else None

    def _by_alias(self, entry: Entry, free: Mapping[str, Known]) -> str | None:
        key = self.aliases.get((entry.kind, entry.key))
        return key if key in free else None

    def _by_redirect(self, entry: Entry, free: Mapping[str, Known]) -> str | None:
        return next((key for key in free if self.called_now.get(key) == entry.key), None)

    @staticmethod
    def _by_title(entry: Entry, free: Mapping[str, Known]) -> str | None:
        title = fold(entry.title)
        return next((key for key, known in free.items() if title in map(fold, _titles(known))), None)

    @staticmethod
    def _by_chapter(entry: Entry, free: Mapping[str, Known]) -> str | None:
        """For years in which a chapter had no permanent address, and another title since."""
        if not entry.is_guessed or not entry.number or "." in entry.number:
            return None
        return next((key for key, known in free.items() if known.get("number") == entry.number), None)


def _with_known_keys(
    entries: Sequence[Entry], links: Sequence[Link], pairs: Pairs
) -> tuple[tuple[Entry, ...], tuple[Link, ...], Pairs]:
    """Where the source gives no key and the entry is one we know, it goes by ours."""
    taken = {entry.key for entry in entries}
    ours = {
        entry.key: pairs[entry.kind, entry.key]
        for entry in entries
        if entry.is_guessed and _is(entry, pairs) and pairs[entry.kind, entry.key] not in taken
    }

    def name(key: str) -> str:
        return ours.get(key, key)

    return (
        tuple(replace(each, key=name(each.key), parent=each.parent and name(each.parent)) for each in entries),
        tuple(
            Link(name(each.threat), name(each.control), tuple(_way(way, ours) for way in each.via), each.is_named)
            for each in links
        ),
        {(kind, name(key)): known for (kind, key), known in pairs.items()},
    )


def _way(way: str, ours: Mapping[str, str]) -> str:
    kind, colon, key = way.partition(":")
    return f"{kind}{colon}{ours.get(key, key)}"


def _titles(known: Known) -> list[str]:
    return [known[name] for name in ("title", "name", "source_name") if isinstance(known.get(name), str)]


def _new(entry: Entry) -> Difference:
    return Difference(entry.kind, entry.key, entry.title, file=entry.file, line=entry.line)


def _gone(editions: Mapping[Kind, Mapping[str, Known]], pairs: Pairs) -> Iterator[Difference]:
    there = {(kind, known) for (kind, _), known in pairs.items()}
    for kind, entries in editions.items():
        for key, known in entries.items():
            if (kind, key) not in there:
                yield Difference(kind, key, next(iter(_titles(known)), key))


def _renamed(entry: Entry, known: Known) -> Iterator[Difference]:
    if entry.key != known["key"] and not entry.is_guessed:
        yield _change(entry, "key", known["key"], entry.key)
    titles = _titles(known)
    if titles and fold(entry.title) not in map(fold, titles):
        yield _change(entry, "title" if "title" in known else "name", titles[0], entry.title)


def _moved(entry: Entry, known: Known, here: Mapping[str, str]) -> Iterator[Difference]:
    """Another place, or another Category. `here` says what the edition calls an entry of the source."""
    if "number" in known and entry.number and known["number"] != entry.number:
        yield _change(entry, "number", known["number"], entry.number)
    name = "parent_key" if entry.kind == "control" else "parent"
    parent = here.get(entry.parent, entry.parent) if entry.parent else None
    if name in known and known[name] != parent:
        yield _change(entry, "parent", known[name], entry.parent)
    for name, value in categories(entry):
        if name in known and _sorted(known[name]) != _sorted(value):
            yield _change(entry, name, known[name], value)


def _sorted(value: Any) -> Any:
    """Types and parts of the lifecycle come in no order."""
    return sorted(map(str, value)) if isinstance(value, list) else value


def categories(entry: Entry) -> Iterator[tuple[str, Any]]:
    """What the Category says, under the names of the catalog."""
    if entry.traits is None:
        return
    if entry.kind == "threat":
        yield "kind", "group" if entry.traits.is_group else "threat"
        if entry.traits.surface:
            yield "surface", entry.traits.surface
    elif entry.kind == "control":
        yield "types", list(entry.traits.types)
        yield "lifecycle", list(entry.traits.lifecycle)
        yield "qualifier", entry.traits.qualifier


def _change(entry: Entry, field: str, was: Any, now: Any) -> Difference:
    return Difference(entry.kind, entry.key, entry.title, field, was, now, entry.file, entry.line)


def _link_differences(
    links: Sequence[Link], content: Content, here: Mapping[str, str], called: Mapping[str, str]
) -> Iterator[LinkDifference]:
    """`here` says what the edition calls an entry of the source, `called` the other way round."""
    found = {(here[link.threat], here[link.control]) for link in links}
    known = dict(_known_links(content))
    for threat, control in sorted(found - set(known)):
        yield LinkDifference(called[threat], called[control], "new")
    for pair, ways in known.items():
        is_shown = not ways or not ways <= UNSEEN
        if pair not in found and (is_shown or not all(end in called for end in pair)):
            threat, control = pair
            yield LinkDifference(called.get(threat, threat), called.get(control, control), "gone")


def _known_links(content: Content) -> Iterator[tuple[tuple[str, str], set[str]]]:
    links = content.get("links")
    for each in links if isinstance(links, list) else []:
        if isinstance(each, dict) and isinstance(each.get("threat"), str) and isinstance(each.get("control"), str):
            via = each.get("via")
            yield (each["threat"], each["control"]), set(map(str, via)) if isinstance(via, list) else set()
