"""The fields of an object in the data of the profile. Raises ValueError that names the place of anything malformed."""

from collections.abc import Mapping
from typing import Any


def objects_in(
    entry: Mapping[str, Any], key: str, place: str = "", *, absent: bool = False
) -> list[tuple[str, Mapping[str, Any]]]:
    """The objects of a list with the place of each."""
    where = f"{place}.{key}" if place else key
    found = entry.get(key, [] if absent else None)
    if not isinstance(found, list):
        raise ValueError(f"{where}: a list is missing.")
    for number, each in enumerate(found):
        if not isinstance(each, Mapping):
            raise ValueError(f"{where}[{number}]: this is not an object.")
    return [(f"{where}[{number}]", each) for number, each in enumerate(found)]


def object_in(entry: Mapping[str, Any], key: str, place: str) -> Mapping[str, Any]:
    """An object that must be there."""
    found = entry.get(key)
    if not isinstance(found, Mapping):
        raise ValueError(f"{place}: the object “{key}” is missing.")
    return found


def text_in(entry: Mapping[str, Any], key: str, place: str, *, empty: bool = False) -> str:
    """A text that must be there and, unless `empty`, say something."""
    found = entry.get(key, "" if empty else None)
    if not isinstance(found, str) or not (found or empty):
        raise ValueError(f"{place}: the text “{key}” is missing.")
    return found


def texts_in(entry: Mapping[str, Any], key: str, place: str) -> tuple[str, ...]:
    """At least one text, none of them twice."""
    found = entry.get(key)
    if not isinstance(found, list) or not found or not all(isinstance(each, str) and each for each in found):
        raise ValueError(f"{place}: the list of texts “{key}” is missing.")
    if len(set(found)) != len(found):
        raise ValueError(f"{place}: “{key}” lists something twice.")
    return tuple(found)
