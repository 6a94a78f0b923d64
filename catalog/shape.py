"""The shape of an edition's data file: its sections, their fields, and what each field may hold.

A check takes a value and returns what is wrong with it ("is not a text"), or nothing.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Set
from datetime import date
from typing import Any

from catalog.vocabulary import (
    LONGEST_ITEM,
    LONGEST_KEY,
    LONGEST_LINE,
    LONGEST_TEXT,
    OWN,
    Basis,
    ControlArea,
    ControlType,
    Coverage,
    Doer,
    Effect,
    Effort,
    Fit,
    Lifecycle,
    ModelType,
    Party,
    PointContext,
    Property,
    QuestionKind,
    Reading,
    Relation,
    Strength,
    Surface,
    Target,
    ThreatKind,
)

type Check = Callable[[Any], str | None]
type Placed = tuple[str, dict[str, Any]]  # an entry and its place: ("threats[3]", {…})

KEY = re.compile(r"[a-z0-9]+(?:[_-][a-z0-9]+)*")
NUMBER = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){0,4}")
VIA = re.compile(r"own|general|matrix|control-text|(?:parent|child|related):[a-z0-9_-]+")


def key(value: Any) -> str | None:
    if not isinstance(value, str) or len(value) > LONGEST_KEY or not KEY.fullmatch(value):
        return f"is not a key (small letters and digits, at most {LONGEST_KEY} characters)"
    return f"begins with “{OWN}”, which is kept for an organisation's own entries" if value.startswith(OWN) else None


def number(value: Any) -> str | None:
    return None if isinstance(value, str) and NUMBER.fullmatch(value) else 'is not a number such as "2.1.3"'


def whole_number(value: Any) -> str | None:
    fits = isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 99
    return None if fits else "is not a whole number from 1 to 99"


def letter(value: Any) -> str | None:
    return None if isinstance(value, str) and re.fullmatch("[A-Z]", value) else "is not a capital letter"


def text(longest: int) -> Check:
    def check(value: Any) -> str | None:
        if not isinstance(value, str) or not value.strip():
            return "is not a text, or an empty one"
        return f"is longer than {longest} characters" if len(value) > longest else None

    return check


def address(value: Any) -> str | None:
    fits = (
        isinstance(value, str)
        and len(value) <= LONGEST_LINE
        and re.fullmatch(r"https://[\w.-]+(?:/[^\s\"<>]*)?", value)
    )
    return None if fits else "is not an address that begins with https://"


def day(value: Any) -> str | None:
    try:
        fits = isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        fits = False
    return None if fits else "is not a date such as 2026-08-22"


def yes_no(value: Any) -> str | None:
    return None if isinstance(value, bool) else "is neither true nor false"


def anything(value: Any) -> str | None:
    """For what catalog.profile checks."""
    return None


def one_of(words: Any) -> Check:
    allowed = [word.value for word in words]
    return lambda value: None if value in allowed else f"is none of {', '.join(allowed)}"


def maybe(check: Check) -> Check:
    return lambda value: None if value is None else check(value)


def many(check: Check, *, at_least: int = 0) -> Check:
    def check_all(value: Any) -> str | None:
        if not isinstance(value, list) or len(value) < at_least:
            return "is not a list" if not at_least else "is not a list, or an empty one"
        if any(each in value[:place] for place, each in enumerate(value)):
            return "lists something twice"
        return next((f"holds something that {wrong}" for wrong in map(check, value) if wrong), None)

    return check_all


def via(value: Any) -> str | None:
    return None if isinstance(value, str) and VIA.fullmatch(value) else "is no origin of a link"


def shaped(fields: Mapping[str, Check]) -> Check:
    """For an object within an entry: the first thing that is wrong with it."""

    def check(value: Any) -> str | None:
        wrong = next(object_faults(value, fields, ""), None)
        return None if wrong is None else f"is not as it should be: {wrong.lstrip('.: ')}"

    return check


line, prose, item = text(LONGEST_LINE), text(LONGEST_TEXT), text(LONGEST_ITEM)

SOURCE: dict[str, Check] = {"name": line, "url": address, "licence": line, "commit": line, "date": day}

FIELDS: dict[str, dict[str, Check]] = {
    "impacts": {
        "code": key,
        "number": whole_number,
        "letter": maybe(letter),
        "title": line,
        "property": one_of(Property),
    },
    "threats": {
        "key": key,
        "number": number,
        "title": line,
        "kind": one_of(ThreatKind),
        "parent": maybe(key),
        "surface": one_of(Surface),
        "lifecycle": one_of(Lifecycle),
        "impacts": many(key),
        "aliases": many(key),
        "url": address,
        "other_names": many(line),
        "summary": prose,
        "how": prose,
        "hurts": prose,
        "applies": prose,
        "likelihood": prose,
        "impact": prose,
        "variants": many(shaped({"title": line, "text": prose})),
        "in_rag": maybe(prose),
        "in_agents": maybe(prose),
        "fits": shaped({kind.value: maybe(one_of(Fit)) for kind in ModelType}),
        "is_restricted": yes_no,
        "assets_hurt": many(key),
        "assets_attacked": many(key),
    },
    "control_groups": {
        "key": key,
        "number": maybe(number),
        "title": line,
        "parent": maybe(key),
        "url": address,
        "is_threat_group": yes_no,
        "purpose": prose,
        "start": prose,
    },
    "controls": {
        "key": key,
        "name": line,
        "source_name": line,
        "group": one_of(ControlArea),
        "parent_key": key,
        "types": many(one_of(ControlType)),
        "lifecycle": many(one_of(Lifecycle)),
        "url": address,
        "aliases": many(key),
        "is_delegable": yes_no,
        "qualifier": maybe(line),
        "essentials": many(key),
        "purpose": prose,
        "practice": prose,
        "effort": one_of(Effort),
        "effort_reason": prose,
        "trade_off": prose,
        "evidence": many(prose, at_least=1),
        "done_by": many(one_of(Doer), at_least=1),
        "done_by_note": prose,
    },
    "links": {
        "threat": key,
        "control": key,
        "via": many(via, at_least=1),
        "strength": one_of(Strength),
        "party": many(one_of(Party)),
        "condition": maybe(line),
        "excluded": yes_no,
        "note": maybe(prose),
    },
    "standards": {
        "control": maybe(key),
        "threat": maybe(key),
        "standard": line,
        "clause": maybe(line),
        "title": maybe(line),
        "coverage": one_of(Coverage),
        "qualifier": maybe(line),
        "particularity": yes_no,
        "scope": maybe(line),
        "url": maybe(address),
    },
    "opencre": {"control": maybe(key), "threat": maybe(key), "id": item, "title": line, "url": address},
    "sections": {"key": key, "title": line, "url": address},
    "frameworks": {
        "key": key,
        "title": line,
        "version": line,
        "family": key,
        "publisher": line,
        "url": address,
        "licence": maybe(line),
        "about": prose,
        "notes": many(prose),
        "roles": many(shaped({"code": line, "title": line})),
        "dates": many(shaped({"scope": line, "date": day})),
        "classes": many(shaped({"code": line, "basis": line, "annexes": many(line)})),
    },
    "items": {
        "framework": key,
        "id": item,
        "title": line,
        "is_own_title": yes_no,
        "url": address,
        "parent": maybe(item),
        "kind": maybe(line),
        "text": maybe(prose),
        "replaced_by": maybe(line),
    },
    "item_links": {
        "framework": key,
        "item": item,
        "target": one_of(Target),
        "key": key,
        "basis": one_of(Basis),
        "relation": maybe(one_of(Relation)),
        "reading": maybe(one_of(Reading)),
        "added_late": yes_no,
        "note": maybe(line),
    },
    "left_out": {"framework": line, "item": item, "key": line, "why": prose},
    "concerns": {
        "key": key,
        "title": line,
        "url": address,
        "lead": prose,
        "parts": many(shaped({"title": line, "text": prose, "checklist": many(prose)}), at_least=1),
        "threats": many(key),
        "controls": many(key),
    },
    "assets": {"code": key, "title": line},
    "essentials": {"key": key, "title": line, "parent": maybe(key)},
    "matrix": {
        "id": line,
        "title": line,
        "qualifier": maybe(line),
        "threat": maybe(key),
        "asset": line,
        "property": one_of(Property),
        "surface": line,
        "lifecycle": one_of(Lifecycle),
    },
    "periodic": {
        "id": line,
        "title": line,
        "threat": maybe(key),
        "asset": line,
        "property": one_of(Property),
        "surface": line,
        "lifecycle": one_of(Lifecycle),
        "cells": many(shaped({"target": one_of(Target), "key": key, "party": maybe(one_of(Party))})),
        "label": maybe(line),
    },
    "risk_areas": {"title": line, "controls": many(key, at_least=1)},
    "contexts": {"context": key, "aspect": maybe(line), "threats": many(key), "controls": many(key)},
    "layers": {"threat": key, "number": whole_number, "title": line, "control": key},
    "ready_made": {
        "deployment": key,
        "title": line,
        "threats": many(key),
        "own_controls": many(line),
        "supplier_controls": many(line),
    },
    "question_groups": {"key": key, "title": line},
    "questions": {
        "key": key,
        "kind": one_of(QuestionKind),
        "values": many(key, at_least=2),
        "asked_if": anything,
        "group": key,
        "text": line,
        "hint": prose,
        "labels": anything,
        "sentences": anything,
    },
    "rules": {
        "threat": key,
        "applicable_when": anything,
        "responsibility": anything,
        "remarks": anything,
        "note": prose,
    },
    "modifiers": {
        "id": key,
        "when": anything,
        "effect": one_of(Effect),
        "threats": many(key, at_least=1),
        "controls": many(key, at_least=1),
        "source": line,
        "sentence": prose,
    },
    "attention": {
        "id": text(LONGEST_KEY),
        "context": one_of(PointContext),
        "when": anything,
        "question": line,
        "why": prose,
        "settled_by": anything,
        "threats": many(key, at_least=1),
        "controls": many(key, at_least=1),
        "url": address,
    },
}
NOTHING: frozenset[str] = frozenset()
OPTIONAL = {
    "rules": {"remarks", "note"},
    "modifiers": {"threats", "controls"},
    "attention": {"settled_by", "threats", "controls"},
}
TOP = {"edition", "source", *FIELDS, "not_derived"}


def object_faults(value: Any, fields: Mapping[str, Check], place: str, optional: Set[str] = NOTHING) -> Iterator[str]:
    """What is wrong with an object: fields that are missing, unknown or hold something unfit."""
    if not isinstance(value, dict):
        yield f"{place}: is not an object"
        return
    for name in sorted(set(value) - set(fields)):
        yield f"{place}.{name}: unknown key"
    for name, check in fields.items():
        if name not in value:
            if name not in optional:
                yield f"{place}.{name}: missing"
        elif wrong := check(value[name]):
            yield f"{place}.{name}: {wrong}"


def entries(data: Mapping[str, Any], section: str) -> list[Placed]:
    """The objects of a section with their places; whatever is no object is left out."""
    found = data.get(section)
    if not isinstance(found, list):
        return []
    return [(f"{section}[{place}]", entry) for place, entry in enumerate(found) if isinstance(entry, dict)]


def keys_of(data: Mapping[str, Any], section: str) -> set[str]:
    """The keys of a section, under whatever name it has them."""
    name = {"impacts": "code", "assets": "code", "rules": "threat"}.get(section, "key")
    return {text_in(entry, name) for _, entry in entries(data, section)} - {""}


def text_in(entry: Mapping[str, Any], name: str) -> str:
    """The text of a field; an empty one for anything else."""
    found = entry.get(name)
    return found if isinstance(found, str) else ""


def texts_in(entry: Mapping[str, Any], name: str) -> list[str]:
    """The texts of a list; nothing for anything else."""
    return [each for each in list_in(entry, name) if isinstance(each, str)]


def list_in(entry: Mapping[str, Any], name: str) -> list[Any]:
    """A list, whatever it holds; an empty one for anything else."""
    found = entry.get(name)
    return found if isinstance(found, list) else []


def shape_faults(data: Mapping[str, Any]) -> Iterator[str]:
    """Everything that does not look as it should, section by section."""
    for name in sorted(set(data) - TOP):
        yield f"{name}: unknown key"
    yield from object_faults(data.get("source"), SOURCE, "source")
    if wrong := day(data.get("edition")):
        yield f"edition: {wrong}"
    for section, fields in FIELDS.items():
        if not isinstance(data.get(section), list):
            yield f"{section}: is not a list"
            continue
        for place, entry in enumerate(data[section]):
            yield from object_faults(entry, fields, f"{section}[{place}]", OPTIONAL.get(section, NOTHING))
    if wrong := many(key)(data.get("not_derived")):
        yield f"not_derived: {wrong}"
