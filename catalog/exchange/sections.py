"""Cuts a page into sections: a heading, its Category and Permalink, and the lines below.

Line by line and not with a Markdown parser: the facts hang on lines (a `>Category:` may stand in a quotation, in a
paragraph or beside a `<br>`), faults are told with their line, and broken markup must not swallow what follows it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from catalog.exchange.text import LONGEST_HEADING, LONGEST_LINE, key_of, plain
from catalog.exchange.values import Fault, Line, Page, Section

HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+|(?<=##)(?=[^\s#]))(.*)")
BOLD = re.compile(r" {0,3}\*\*([^*]{1,200})\*\*[ \t]*")
BULLET = re.compile(r" {0,3}[-*+][ \t]{1,4}\*\*[ \t]?\\?#[ \t]?([A-Z][A-Z0-9 /&_-]{2,80})\*\*")
FIELD = re.compile(r"[\s>*_+-]{0,40}(category|permalink)[\s*_]{0,10}:(.*)", re.IGNORECASE)
NUMBER = re.compile(r"(\d{1,3}(?:\.\d{1,3}){0,4})(?:\.(?=\D)|(?=\s)|$)[ \t]*(.*)")
TITLE = re.compile(r"title[ \t]{0,20}:(.*)")
BREAK = re.compile(r"<br ?/?>", re.IGNORECASE)
FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
INTRODUCTION = re.compile(r"[ \t]-{1,2}[ \t]{0,5}introduction$", re.IGNORECASE)


def read_page(page: Page) -> tuple[list[Section], list[Fault]]:
    """The sections of a page in their order. The title of the page is the first, if it has one."""
    reader = _Reader(page.file)
    for line in reader.lines_of(page.text):
        reader.take(line)
    return reader.finished(), reader.faults


@dataclass
class _Draft:
    """A section that is being read."""

    section: Section
    body: list[Line] = field(default_factory=list)


@dataclass
class _Reader:
    file: str
    faults: list[Fault] = field(default_factory=list)
    drafts: list[_Draft] = field(default_factory=list)
    unclosed: set[tuple[str, str]] = field(default_factory=set)
    bold: Line | None = None  # the last line if it was in bold: a heading, should a Category or Permalink follow

    def fault(self, line: int, what: str) -> None:
        self.faults.append(Fault(self.file, line, what))

    def lines_of(self, text: str) -> list[Line]:
        """The lines below the front matter, those in code and comments empty."""
        lines = []
        for number, line in enumerate(text.split("\n"), start=1):
            if len(line) > LONGEST_LINE:
                self.fault(number, f"This line is longer than {LONGEST_LINE} characters and was left out.")
            lines.append(Line(number, line.rstrip() if len(line) <= LONGEST_LINE else ""))
        return self._without_code(self._without_front_matter(lines))

    def _without_front_matter(self, lines: list[Line]) -> list[Line]:
        mark = lines[0].text
        if mark not in ("---", "+++"):
            return lines
        end = next((place for place, line in enumerate(lines[1:], start=1) if line.text == mark), None)
        if end is None:
            self.fault(1, "The block of settings that begins here has no end.")
            return lines[1:]
        for line in lines[1:end]:
            if found := TITLE.match(line.text):
                self._open(line.number, 0, found.group(1).strip().strip("\"'"))
                break
        return lines[end + 1 :]

    def _without_code(self, lines: list[Line]) -> list[Line]:
        """A block of code or a comment that is never closed hides nothing: it is a slip, and a page may follow it."""
        shown, place = list(lines), 0
        while place < len(lines):
            end = place
            if fence := FENCE.match(lines[place].text):
                end = self._end(lines, place, fence.group(1)[:3], "block of code", at_start=True)
            elif lines[place].text.lstrip().startswith("<!--") and "-->" not in lines[place].text:
                end = self._end(lines, place, "-->", "comment", at_start=False)
            for hidden in range(place, end + 1 if end > place else place):
                shown[hidden] = Line(lines[hidden].number, "")
            place = end + 1
        return shown

    def _end(self, lines: list[Line], place: int, mark: str, called: str, *, at_start: bool) -> int:
        if (called, mark) in self.unclosed:
            return place
        for end in range(place + 1, len(lines)):
            text = lines[end].text
            if text.lstrip().startswith(mark) if at_start else mark in text:
                return end
        self.unclosed.add((called, mark))  # so that a page full of them is not searched to its end each time
        self.fault(lines[place].number, f"The {called} that begins here has no end.")
        return place

    def take(self, line: Line) -> None:
        """Read the next line."""
        bold, self.bold = self.bold, None
        if found := HEADING.fullmatch(line.text):
            self._open(line.number, len(found.group(1)), found.group(2))
        elif bullet := BULLET.match(line.text):
            # Until early 2024 a control was a bullet: - **#NAME** (whose craft).
            self._keep(line)
            self._open(line.number, 7, "#" + bullet.group(1))
        elif fields := list(_fields(line.text)):
            if bold:
                self._open(bold.number, 7, bold.text)
            for name, value in fields:
                self._attach(line.number, name, value)
        else:
            self._keep(line)
            if found := BOLD.fullmatch(line.text):
                self.bold = Line(line.number, found.group(1))
            elif not line.text:
                self.bold = bold

    def _keep(self, line: Line) -> None:
        if self.drafts:
            self.drafts[-1].body.append(line)

    def _open(self, line: int, level: int, heading: str) -> None:
        title = plain(heading.rstrip().rstrip("#") if not heading.strip().startswith("#") else heading)
        is_marked = title.startswith("#")
        title = title.lstrip("#").strip()
        number = ""
        if found := NUMBER.fullmatch(title):
            number, title = found.groups()
        if number.endswith(".0"):  # 2.0 introduces chapter 2
            number, title = number.removesuffix(".0"), INTRODUCTION.sub("", title)
        if len(title) > LONGEST_HEADING:
            self.fault(line, f"This heading is longer than {LONGEST_HEADING} characters.")
            title = title[:LONGEST_HEADING].strip()
        self.drafts.append(_Draft(Section(self.file, line, level, title, number, is_marked)))

    def _attach(self, line: int, name: str, value: str) -> None:
        if not self.drafts:
            self.fault(line, f"There is no heading before this {name.capitalize()}.")
            return
        draft = self.drafts[-1]
        if getattr(draft.section, name) is not None:
            self.fault(line, f"This is a second {name.capitalize()} below one heading.")
        elif name == "category":
            draft.section = replace(draft.section, category=plain(value))
        else:
            key = next(filter(None, map(key_of, _addresses(value))), None)
            if key is None:
                self.fault(line, "This Permalink is no address of the form https://owaspai.org/go/name/.")
            draft.section = replace(draft.section, permalink=key or "")

    def finished(self) -> list[Section]:
        return [
            replace(draft.section, permalink=draft.section.permalink or None, body=tuple(draft.body))
            for draft in self.drafts
        ]


def _fields(text: str) -> Iterator[tuple[str, str]]:
    """Category and Permalink, which may share a line."""
    for part in BREAK.split(text):
        if found := FIELD.fullmatch(part):
            yield found.group(1).lower(), found.group(2)


def _addresses(value: str) -> list[str]:
    """What may be the address in a Permalink: bare, between < and >, or as a link."""
    return [part.strip("<>*_`") for part in re.split(r"[\s()\[\]]", value)]
