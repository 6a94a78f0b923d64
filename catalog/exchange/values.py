"""The plain values that are handed from one step of the reading to the next."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

type Kind = Literal["threat", "control", "group"]  # a group is a group of controls; a group of threats is a threat
type Keys = Mapping[str, str]  # one way of naming an entry, and the key it stands for


class Unreadable(Exception):
    """The source as a whole cannot be read. The message is a sentence for a person."""


@dataclass(frozen=True)
class Fault:
    """Something in the source that is not as it should be; reading went on."""

    file: str
    line: int  # from 1; 0 for the file as a whole
    what: str
    key: str = ""


@dataclass(frozen=True)
class Page:
    """A file of the source as text."""

    file: str
    text: str


@dataclass(frozen=True)
class Source:
    """What was found at a path: pages in Markdown, and the site's settings that redirect old addresses."""

    pages: tuple[Page, ...]
    settings: tuple[Page, ...] = ()
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Line:
    """A line of a page; empty where the page shows no text (in a block of code, in a comment)."""

    number: int
    text: str


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it, up to the next heading."""

    file: str
    line: int
    level: int  # 0 for the title of the page, 1 to 6 for a heading, 7 for one that is only in bold or in a bullet
    heading: str  # without its number and its mark
    number: str = ""
    is_marked: bool = False  # with the # that says: this is a control
    category: str | None = None
    permalink: str | None = None  # the last part of the permanent address
    body: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Traits:
    """What a Category line says, in the words of the catalog; None or empty where it says nothing."""

    is_group: bool = False
    surface: str | None = None
    lifecycle: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    qualifier: str | None = None


@dataclass(frozen=True)
class Entry:
    """A threat, a control or a group of controls as the source has it."""

    kind: Kind
    key: str
    title: str
    number: str
    parent: str | None
    file: str
    line: int
    traits: Traits | None  # None without a Category
    is_guessed: bool = False  # the source gives no key; this one is made from the heading


@dataclass(frozen=True)
class Link:
    """A control that the source offers against a threat; `via` as in the catalog: own, general, parent:…, related:…"""

    threat: str
    control: str
    via: tuple[str, ...]
    is_named: bool  # the section of the threat names it


@dataclass(frozen=True)
class Exchange:
    """The source, read."""

    entries: tuple[Entry, ...]
    sections: Mapping[str, tuple[Section, ...]] = field(default_factory=dict)  # of each threat, by its key
    mentions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # controls with a second heading elsewhere
    redirects: Keys = field(default_factory=dict)  # old keys
    headings: Keys = field(default_factory=dict)  # folded headings and numbers
    known: frozenset[str] = frozenset()  # what else may be linked to: sections that are neither threat nor control
    faults: tuple[Fault, ...] = ()
