"""Reading in a BOM that nobody has checked against its schema: what has another shape than expected is not said."""

from collections.abc import Mapping
from typing import Any

type Entry = Mapping[str, Any]


def object_in(entry: Entry, key: str) -> Entry:
    found = entry.get(key)
    return found if isinstance(found, dict) else {}


def objects_in(entry: Entry, key: str) -> list[Entry]:
    found = entry.get(key)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def texts_in(entry: Entry, key: str) -> list[str]:
    """The texts of a list, or the one text that stands in its place."""
    found = entry.get(key)
    listed = found if isinstance(found, list) else [found]
    return [one_line(each) for each in listed if isinstance(each, str)]


def text_in(entry: Entry, key: str) -> str:
    found = entry.get(key)
    return one_line(found) if isinstance(found, str) else ""


def one_line(text: str) -> str:
    """The text without line breaks, other signs that nobody can read, and space around."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
