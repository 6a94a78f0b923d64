"""Says which controls the source offers against which threats.

What counts, as in the catalog: the general controls for every threat; the controls below the heading of a threat or
of a group above it; those its list of controls names; and, where that list points to another threat ("see the
controls for …"), the controls of that one.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from catalog.exchange.text import anchor_of, fold, key_of, links_of, plain
from catalog.exchange.values import Entry, Exchange, Fault, Keys, Line, Link, Section

LIST_BEGINS = re.compile(
    r"[ \t]{0,3}\*\*[ \t]?controls\b[^*]{0,200}\*\*:?(.*)|[ \t]{0,3}controls\b(?:[^.:]{0,200}:)?", re.IGNORECASE
)
IN_BOLD = re.compile(r"\*\*[^*]{1,200}\*\*:?\s*")
LIST_ENDS = re.compile(r"(references|useful standards|links? to standards|mappings)\b", re.IGNORECASE)
RULE = re.compile(r"[ \t]*(?:-[ \t]*){3,100}|[ \t]*(?:\*[ \t]*){3,100}|[ \t]*(?:_[ \t]*){3,100}")
BULLET = re.compile(r"([ \t]*)(?:[-*+]|\d{1,3}[.)])[ \t]+(\S.*)|([ \t]*)-(?=[A-Z])(.*)")

MOST_REDIRECTS = 5  # one after the other; they may go round in a circle

type Resolve = Callable[[str, str], tuple[str | None, bool]]


@dataclass(frozen=True)
class Statement:
    """A line of a list of controls. Lines that are indented deeper stand below it."""

    line: int
    file: str
    depth: int
    text: str


@dataclass(frozen=True)
class Named:
    """What the lists of controls of a threat say."""

    controls: tuple[str, ...]
    threats: tuple[str, ...]  # whose controls apply too
    listed_for: Mapping[str, str]  # control to the threat that the list says it is for
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class Linked:
    """The links, and the entries with the parents that the lists put right."""

    entries: tuple[Entry, ...]
    links: tuple[Link, ...]
    faults: tuple[Fault, ...]


def link(exchange: Exchange, aliases: Keys) -> Linked:
    """All links of the source. `aliases` are old keys and what they are called now, beside those of the source."""
    entries = {entry.key: entry for entry in exchange.entries}
    resolve = _resolver(exchange, entries, aliases)
    named = {
        entry.key: _named(entry.key, exchange, entries, resolve) for entry in exchange.entries if entry.kind == "threat"
    }
    entries = _with_parents_put_right(entries, named)
    return Linked(
        tuple(entries.values()),
        tuple(_Links(entries, named).all()),
        tuple(fault for found in named.values() for fault in found.faults),
    )


def _resolver(exchange: Exchange, entries: Mapping[str, Entry], aliases: Keys) -> Resolve:
    """Finds the entry that a link means; and whether its address is any good."""

    def current(key: str) -> str | None:
        for _ in range(MOST_REDIRECTS):
            if not key or key in entries:
                break
            key = exchange.redirects.get(key) or aliases.get(key, "")
        return key if key in entries else None

    def resolve(address: str, words: str) -> tuple[str | None, bool]:
        key, anchor = key_of(address), anchor_of(address)
        if key:
            found = current(key)
            is_good = found is not None or key in exchange.known or key in exchange.redirects or key in aliases
            return found or (None if is_good else current(fold(words))), is_good
        if anchor:
            bare = anchor.lstrip("0123456789")
            return exchange.headings.get(anchor) or exchange.headings.get(bare) or current(bare), True
        return None, True

    return resolve


# Lists of controls


def statements(sections: Sequence[Section]) -> Iterator[Statement]:
    """The lines of the lists of controls in the sections of a threat."""
    for place, section in enumerate(sections):
        is_within = place > 0 and section.heading.casefold().startswith("controls")
        for line in section.body:
            if begins := LIST_BEGINS.fullmatch(line.text):
                is_within = True
                if rest := (begins.group(1) or "").strip():
                    yield Statement(line.number, section.file, 0, rest)
            elif _ends(line.text):
                is_within = False
            elif is_within and line.text.strip():
                yield _statement(line, section.file)


def _ends(text: str) -> bool:
    return bool(IN_BOLD.fullmatch(text) or LIST_ENDS.match(text) or RULE.fullmatch(text))


def _statement(line: Line, file: str) -> Statement:
    if bullet := BULLET.fullmatch(line.text):
        indent, said, slipped, said_too = bullet.groups()
        return Statement(line.number, file, 1 + len((indent or slipped or "").expandtabs(4)), said or said_too)
    return Statement(line.number, file, 0, line.text)


def _named(key: str, exchange: Exchange, entries: Mapping[str, Entry], resolve: Resolve) -> Named:
    controls: list[str] = list(exchange.mentions.get(key, ()))
    threats: list[str] = []
    listed_for: dict[str, str] = {}
    faults: list[Fault] = []
    said = [_read(statement, entries, resolve, faults) for statement in statements(exchange.sections.get(key, ()))]
    above: list[tuple[int, tuple[str, ...], bool]] = []  # depth, threats and whether it speaks of controls
    for place, (statement, its_controls, its_threats) in enumerate(said):
        while above and above[-1][0] >= statement.depth:
            above.pop()
        speaks = "control" in statement.text.casefold() or any(spoke for _, _, spoke in above)
        for control in its_controls:
            context = [*(each for _, found, _ in above for each in found), *its_threats]
            listed_for.update({control: context[-1]} if context else {})
        controls.extend(its_controls)
        if speaks and not its_controls and not _has_controls_below(said, place):
            threats.extend(threat for threat in its_threats if threat != key)
        above.append((statement.depth, its_threats, speaks))
    return Named(tuple(dict.fromkeys(controls)), tuple(dict.fromkeys(threats)), listed_for, tuple(faults))


type Said = tuple[Statement, tuple[str, ...], tuple[str, ...]]  # a line with the controls and threats it links to


def _read(statement: Statement, entries: Mapping[str, Entry], resolve: Resolve, faults: list[Fault]) -> Said:
    found: dict[str, list[str]] = {"control": [], "threat": [], "group": []}
    for words, address in links_of(statement.text):
        key, is_good = resolve(address, words)
        if not is_good:
            what = f"The link to “{plain(address)[:100]}” leads to no section."
            faults.append(Fault(statement.file, statement.line, what, key or ""))
        if key:
            found[entries[key].kind].append(key)
    return statement, tuple(found["control"]), tuple(found["threat"])


def _has_controls_below(said: Sequence[Said], place: int) -> bool:
    """A line that is followed by particular controls means those, and not all that the threat has."""
    depth = said[place][0].depth
    for statement, controls, _ in said[place + 1 :]:
        if depth == 0 or statement.depth <= depth:
            return False
        if controls:
            return True
    return False


def _with_parents_put_right(entries: dict[str, Entry], named: Mapping[str, Named]) -> dict[str, Entry]:
    """A control may stand below a threat and be listed there as one for the whole group; then it is the group's."""
    changed = dict(entries)
    for entry in entries.values():
        if entry.kind == "control" and entry.parent and entry.parent in named and not entry.number:
            group = named[entry.parent].listed_for.get(entry.key)
            if group and group in _ancestors(entry.parent, entries):
                changed[entry.key] = replace(entry, parent=group)
    return changed


def _ancestors(key: str, entries: Mapping[str, Entry]) -> list[str]:
    found: list[str] = []
    above = entries[key].parent
    while above and above in entries and above not in found:
        found.append(above)
        above = entries[above].parent
    return found


class _Links:
    """Works out the links of all threats from what their sections say."""

    def __init__(self, entries: Mapping[str, Entry], named: Mapping[str, Named]) -> None:
        self.entries, self.named = entries, named
        self.below: dict[str, list[str]] = defaultdict(list)
        self.general: list[str] = []
        for entry in entries.values():
            if entry.kind == "control" and entry.parent and entry.parent in entries and not entry.number:
                # A control with a number is a section of its own among the threats, not one of the group around it.
                is_general = entries[entry.parent].kind == "group"
                (self.general if is_general else self.below[entry.parent]).append(entry.key)
        self.ancestors = {key: _ancestors(key, entries) for key in named}

    def all(self) -> Iterator[Link]:
        for threat, named in self.named.items():
            via = self._near(threat)
            for control in self.general:
                via.setdefault(control, []).append("general")
            for other in named.threats:
                for control in self._near(other):
                    if all(way.startswith("related:") for way in via.setdefault(control, [])):
                        via[control].append(f"related:{other}")
            for control, ways in via.items():
                yield Link(threat, control, tuple(ways), control in named.controls)

    def _near(self, threat: str) -> dict[str, list[str]]:
        """The controls that are not general, and how the threat comes by them; without those of related threats."""
        via: dict[str, list[str]] = {control: ["own"] for control in self.below[threat]}
        for ancestor in self.ancestors[threat]:
            for control in self.below[ancestor]:
                via.setdefault(control, []).append(f"parent:{ancestor}")
        for control in self.named[threat].controls:
            if control not in via and control not in self.general:
                parent = self.entries[control].parent
                is_child = parent in self.ancestors and threat in self.ancestors[parent]
                via[control] = [f"child:{parent}" if is_child else "own"]
        return via
