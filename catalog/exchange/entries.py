"""Makes threats, controls and groups of controls of the sections: what each is, its key, its number and its parent."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from catalog.exchange.redirects import read_redirects
from catalog.exchange.sections import read_page
from catalog.exchange.text import fold, key_from
from catalog.exchange.values import Entry, Exchange, Fault, Kind, Section, Source, Traits, Unreadable

MOST_ENTRIES = 400  # the Exchange has about 120; the work on links grows with the cube
NAME_IN_CAPITALS = re.compile(r"[A-Z][A-Z0-9 /&-]{3,80}")
# Chapters of the Exchange, for years and pages without a Category: what is below them.
CHAPTERS: dict[str, Kind] = {"1": "group", "2": "threat", "3": "threat", "4": "threat"}
# Categories of sections that are neither threat nor control.
OTHER = {"discussion", "control details", "threat details", "details", "appendix", "overview", "introduction"}
AGAINST = re.compile(r"\s(?:for|against|through|to)\s|\s[-–—]\s|[(,;]")
REMARK = re.compile(r"\s[-–—]\s(\S.*)|\(([^()]{1,100})\)$")
CRAFTS = {
    "governance": re.compile(r"governance|management"),
    "information security": re.compile(r"(?:information|conventional|application) security|infosec|appsec"),
    "AI engineer": re.compile(r"ai[ -]?engineer|data ?scie|datasci"),
}
STAGES = {"development-time": re.compile(r"development|dev-?time"), "runtime": re.compile(r"run-?time")}


def read_exchange(source: Source) -> Exchange:
    """Everything the pages say. Raises Unreadable when they hold no threat and no control."""
    builder = _Builder(faults=list(source.faults))
    for page in source.pages:
        sections, faults = read_page(page)
        builder.faults.extend(faults)
        builder.add_page(sections)
    if not builder.entries:
        raise Unreadable("None of the pages holds a threat or a control of the OWASP AI Exchange.")
    builder.place()
    headings = builder.headings()
    chapters = {fold(entry.file.rpartition("/")[2].rpartition(".")[0]): entry.key for entry in builder.chapters()}
    redirects, faults = read_redirects(source.settings, headings, chapters)
    return Exchange(
        entries=tuple(builder.entries),
        sections={key: tuple(found) for key, found in builder.sections.items()},
        mentions={key: tuple(found) for key, found in builder.mentions.items()},
        redirects={old: key for old, key in redirects.items() if old not in builder.by_key},
        headings=headings,
        known=frozenset(builder.known),
        faults=(*builder.faults, *faults),
    )


def traits_of(category: str) -> tuple[Kind, Traits] | None:
    """What a Category says; None when it speaks of no threat and no control. Raises ValueError for an unknown one."""
    said = " ".join(category.casefold().rstrip(".").split())
    if said in OTHER or said.startswith("discussion"):
        return None
    head = AGAINST.split(said)[0].strip()
    is_group = head.startswith("group")
    if re.search(r"\bcontrols?$", head):
        return ("group" if is_group else "control"), _traits_of_control(said, head)
    if re.search(r"\bthreats?$", head):
        return "threat", Traits(is_group=is_group, surface=_surface(said))
    raise ValueError(f"The Category “{category[:100]}” is unknown.")


def _traits_of_control(said: str, head: str) -> Traits:
    crafts = tuple(craft for craft, pattern in CRAFTS.items() if pattern.search(head))
    stages = tuple(stage for stage, pattern in STAGES.items() if pattern.search(head))
    remark = REMARK.search(said)
    return Traits(types=crafts, lifecycle=stages, qualifier=next(filter(None, remark.groups())) if remark else None)


def _surface(said: str) -> str | None:
    if "input" in said or "through use" in said:
        return "input"
    return next((stage for stage, pattern in STAGES.items() if pattern.search(said)), None)


@dataclass
class _Builder:
    """Gathers the entries of all pages."""

    faults: list[Fault] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    by_key: dict[str, int] = field(default_factory=dict)  # place in entries
    sections: dict[str, list[Section]] = field(default_factory=lambda: defaultdict(list))
    mentions: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    known: set[str] = field(default_factory=set)
    titles: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # key of each folded heading
    above: dict[str, str | None] = field(default_factory=dict)  # the entry under whose heading another stands
    marks: list[tuple[Section, str | None]] = field(default_factory=list)  # headings of controls without any field

    def fault(self, section: Section, what: str, key: str = "") -> None:
        self.faults.append(Fault(section.file, section.line, what, key))

    def add_page(self, sections: Sequence[Section]) -> None:
        """The sections of a page. Controls belong to the threat or group whose heading came last."""
        numbers = {section.number for section in sections if section.level}
        chapters = {number.partition(".")[0] for number in numbers if "." in number}
        open_sections: list[tuple[int, str]] = []  # level and key of threats and groups, outermost first
        for section in sections:
            if section.level == 0 and section.number in numbers and not section.permalink:
                continue  # a heading below says the same and more
            found = self._what_it_is(section, chapters)
            if found is None:
                self._add_other(section, open_sections[-1][1] if open_sections else None)
                continue
            kind, traits = found
            if kind != "control" or section.number:
                while open_sections and open_sections[-1][0] >= max(section.level, 1):
                    open_sections.pop()
            above = open_sections[-1][1] if open_sections else None
            if kind == "control" and not section.permalink and not section.category:
                self.marks.append((section, above))
                continue
            key = self._add(section, kind, traits, self._title_of(section, sections), above)
            if key and kind != "control":
                open_sections.append((section.level, key))

    @staticmethod
    def _title_of(section: Section, sections: Sequence[Section]) -> str:
        """Chapters are named after their page: the heading of 2.0 often says no more than Introduction."""
        first = sections[0]
        return (
            first.heading if first.level == 0 and first.number and first.number == section.number else section.heading
        )

    def _what_it_is(self, section: Section, chapters: set[str]) -> tuple[Kind, Traits | None] | None:
        if section.category is not None:
            try:
                return traits_of(section.category)
            except ValueError as error:
                self.fault(section, str(error), section.permalink or "")
        if section.is_marked:
            return "control", None
        chapter = section.number.partition(".")[0]
        # A lone number may count anything; it is that of a chapter when the page goes on with 2.1.
        if (section.permalink or chapter in chapters) and (kind := CHAPTERS.get(chapter)):
            return kind, None
        if not section.number and section.level >= 3 and NAME_IN_CAPITALS.fullmatch(section.heading):
            return "control", None
        return None

    def _add_other(self, section: Section, last: str | None) -> None:
        """A section that is no entry. Its text may still be that of the threat above: a list of controls, say."""
        if section.permalink:
            self.known.add(section.permalink)
        self.titles[fold(section.heading)].add("")
        if last:
            self.sections[last].append(section)

    def _add(self, section: Section, kind: Kind, traits: Traits | None, title: str, above: str | None) -> str | None:
        """Take an entry in, unless its key is taken. Returns the key."""
        key = section.permalink or key_from(title)
        if not key:
            self.fault(section, "There is neither a Permalink nor a heading to tell what this section is about.")
            return None
        if not section.permalink:
            self.fault(section, f"There is no Permalink; the key “{key}” is made from the heading.", key)
        if key in self.by_key:
            first = self.entries[self.by_key[key]]
            self.fault(section, f"The key “{key}” is that of {first.file}, line {first.line} already.", key)
            return None
        if len(self.entries) >= MOST_ENTRIES:
            raise Unreadable(f"There are more than {MOST_ENTRIES} threats and controls; this is not the Exchange.")
        self.by_key[key] = len(self.entries)
        self.entries.append(
            Entry(kind, key, title, section.number, above, section.file, section.line, traits, not section.permalink)
        )
        self.above[key] = above
        for name in (section.heading, section.number + section.heading, *_numbers(section.number)):
            self.titles[fold(name)].add(key)
        if kind != "control":
            self.sections[key].insert(0, section)
        return key

    def place(self) -> None:
        """Give headings without any field their entry, and every numbered entry the parent that its number says."""
        self._place_marks()
        numbered: dict[str, Entry] = {}
        for entry in self.entries:
            if entry.number and entry.number in numbered:
                other = numbered[entry.number]
                what = f"The number {entry.number} is that of “{other.title}” already."
                self.faults.append(Fault(entry.file, entry.line, what, entry.key))
            elif entry.number:
                numbered[entry.number] = entry
        for entry in list(self.entries):
            if entry.number:
                self._place_by_number(entry, numbered)

    def _place_marks(self) -> None:
        """A control may have a second heading where it matters again: there it is named, not defined."""
        for section, above in self.marks:
            key = key_from(section.heading)
            if key not in self.by_key:
                self._add(section, "control", None, section.heading, above)
            elif self.above.get(key) != above and above:
                self.mentions[above].append(key)
            else:
                self.fault(section, f"The key “{key}” stands under the same heading already.", key)

    def _place_by_number(self, entry: Entry, numbered: dict[str, Entry]) -> None:
        number = entry.number.rpartition(".")[0]
        above = self.above.get(entry.key)
        if above and not _is_below(entry.number, self.entries[self.by_key[above]].number):
            what = f"The number {entry.number} does not fit below “{self.entries[self.by_key[above]].title}”."
            self.faults.append(Fault(entry.file, entry.line, what, entry.key))
        parent = numbered.get(number)
        if number and parent is None:
            what = f"There is no {number} that {entry.number} could belong to."
            self.faults.append(Fault(entry.file, entry.line, what, entry.key))
        if parent is not None or not number:
            place = self.by_key[entry.key]
            self.entries[place] = replace(entry, parent=parent.key if parent else None)

    def headings(self) -> dict[str, str]:
        """The key of each folded heading and number that only one entry has; empty for headings of other sections."""
        return {title: next(iter(keys)) for title, keys in self.titles.items() if len(keys) == 1 and title}

    def chapters(self) -> Iterable[Entry]:
        return (entry for entry in self.entries if entry.number and "." not in entry.number)


def _numbers(number: str) -> tuple[str, ...]:
    """How anchors begin: 2.1 with 21, chapter 2 with 20."""
    return () if not number else (number,) if "." in number else (number, f"{number}0")


def _is_below(number: str, above: str) -> bool:
    return not above or number.startswith(f"{above}.")
