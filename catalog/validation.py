"""Says everything that is wrong with the data of an edition, each complaint with its place. Changes nothing."""

from collections.abc import Iterator
from typing import Any

from catalog.framework_validation import framework_faults
from catalog.profile import parse_rule_set
from catalog.shape import entries, keys_of, list_in, shape_faults, text_in, texts_in
from catalog.vocabulary import Strength, ThreatKind

type Data = dict[str, Any]


def faults(data: Any) -> list[str]:
    """All complaints, in reading order: "links[12].control: no such control 'x'". Empty for a sound edition."""
    if not isinstance(data, dict):
        return ["The edition is not an object."]
    shape = list(shape_faults(data))
    return [
        *shape,
        *_doubled(data),
        *_dangling(data),
        *_circles(data),
        *_contradictions(data),
        *framework_faults(data),
        *_profile_faults(data),
    ]


UNIQUE = {
    "impacts": ("code", "letter"),
    "threats": ("key", "number"),
    "control_groups": ("key",),
    "controls": ("key",),
    "sections": ("key",),
    "frameworks": ("key",),
    "concerns": ("key",),
    "assets": ("code",),
    "essentials": ("key",),
    "matrix": ("id",),
    "periodic": ("id",),
    "ready_made": ("deployment",),
    "question_groups": ("key",),
    "questions": ("key",),
    "rules": ("threat",),
    "modifiers": ("id",),
    "attention": ("id",),
}


def _doubled(data: Data) -> Iterator[str]:
    """A key names one thing, an old key too, and no pair is linked twice."""
    for section, names in UNIQUE.items():
        for name in names:
            yield from _repeated(section, name, [(place, entry.get(name)) for place, entry in entries(data, section)])
    for section in ("threats", "controls"):
        keys = keys_of(data, section)
        old = [(place, alias) for place, entry in entries(data, section) for alias in texts_in(entry, "aliases")]
        yield from _repeated(section, "aliases", old)
        yield from (f"{place}.aliases: '{alias}' is a key" for place, alias in old if alias in keys)
    pairs = [(place, f"{link.get('threat')} and {link.get('control')}") for place, link in entries(data, "links")]
    yield from _repeated("links", "control", pairs)


def _repeated(section: str, name: str, values: list[tuple[str, Any]]) -> Iterator[str]:
    seen: dict[str, str] = {}
    for place, value in values:
        if not isinstance(value, str):
            continue
        if value in seen:
            yield f"{place}.{name}: '{value}' stands at {seen[value]} already"
        seen.setdefault(value, place)


# Section, field, the section it refers to and how its entries are called.
REFERENCES = (
    ("threats", "parent", "threats", "threat"),
    ("threats", "impacts", "impacts", "impact"),
    ("control_groups", "parent", "control_groups", "control group"),
    ("controls", "parent_key", "control_groups", "control group"),
    ("links", "threat", "threats", "threat"),
    ("links", "control", "controls", "control"),
    ("threats", "assets_hurt", "assets", "asset"),
    ("threats", "assets_attacked", "assets", "asset"),
    ("controls", "essentials", "essentials", "essential category"),
    ("standards", "threat", "threats", "threat"),
    ("standards", "control", "controls", "control"),
    ("opencre", "threat", "threats", "threat"),
    ("opencre", "control", "controls", "control"),
    ("concerns", "threats", "threats", "threat"),
    ("concerns", "controls", "controls", "control"),
    ("essentials", "parent", "essentials", "essential category"),
    ("matrix", "threat", "threats", "threat"),
    ("periodic", "threat", "threats", "threat"),
    ("risk_areas", "controls", "controls", "control"),
    ("contexts", "threats", "threats", "threat"),
    ("contexts", "controls", "controls", "control"),
    ("layers", "threat", "threats", "threat"),
    ("layers", "control", "controls", "control"),
    ("ready_made", "threats", "threats", "threat"),
    ("questions", "group", "question_groups", "question group"),
    ("rules", "threat", "threats", "threat"),
    ("modifiers", "threats", "threats", "threat"),
    ("modifiers", "controls", "controls", "control"),
    ("attention", "threats", "threats", "threat"),
    ("attention", "controls", "controls", "control"),
)


def _dangling(data: Data) -> Iterator[str]:
    """References to what does not exist."""
    for section, name, target, called in REFERENCES:
        known = keys_of(data, target)
        for place, entry in entries(data, section):
            for value in texts_in(entry, name) or filter(None, [text_in(entry, name)]):
                if value not in known:
                    yield f"{place}.{name}: no such {called} '{value}'"
    threats = keys_of(data, "threats")
    for place, link in entries(data, "links"):
        for origin in texts_in(link, "via"):
            if (referred := origin.partition(":")[2]) and referred not in threats:
                yield f"{place}.via: no such threat '{referred}'"
    for place, row in entries(data, "periodic"):
        for number, cell in enumerate(each for each in list_in(row, "cells") if isinstance(each, dict)):
            section = {"control": "controls", "group": "control_groups"}.get(str(cell.get("target")), "")
            if isinstance(cell.get("key"), str) and cell["key"] not in keys_of(data, section):
                yield f"{place}.cells[{number}].key: no such {cell.get('target')} '{cell['key']}'"
    for number, value in enumerate(texts_in(data, "not_derived")):
        if value not in threats:
            yield f"not_derived[{number}]: no such threat '{value}'"


def _circles(data: Data) -> Iterator[str]:
    """Entries that are among their own ancestors."""
    for section in ("threats", "control_groups", "essentials"):
        parents = {text_in(entry, "key"): text_in(entry, "parent") for _, entry in entries(data, section)}
        for place, entry in entries(data, section):
            if _is_own_ancestor(text_in(entry, "key"), parents):
                yield f"{place}.parent: '{entry.get('key')}' is among its own ancestors"


def _is_own_ancestor(key: str, parents: dict[str, str]) -> bool:
    seen: set[str] = set()
    above = parents.get(key, "")
    while above and above not in seen:
        if above == key:
            return True
        seen.add(above)
        above = parents.get(above, "")
    return False


def _contradictions(data: Data) -> Iterator[str]:
    """Fields that each look well and do not fit together."""
    kinds = {text_in(entry, "key"): entry.get("kind") for _, entry in entries(data, "threats")}
    for place, entry in entries(data, "threats"):
        if (parent := text_in(entry, "parent")) and kinds.get(parent, ThreatKind.GROUP) != ThreatKind.GROUP:
            yield f"{place}.parent: '{parent}' is not a group"
    for place, group in entries(data, "control_groups"):
        if group.get("is_threat_group") is True and text_in(group, "key") not in kinds:
            yield f"{place}.key: no such threat '{group.get('key')}'"
    for place, link in entries(data, "links"):
        if (link.get("strength") == Strength.EXCLUDED) != (link.get("excluded") is True):
            yield f"{place}.excluded: contradicts the strength"
    for section in ("standards", "opencre"):
        for place, entry in entries(data, section):
            if (entry.get("control") is None) == (entry.get("threat") is None):
                yield f"{place}: names neither or both of a control and a threat"
    ruled = keys_of(data, "rules")
    for number, key in enumerate(texts_in(data, "not_derived")):
        if key in ruled:
            yield f"not_derived[{number}]: '{key}' has a rule"


def _profile_faults(data: Data) -> Iterator[str]:
    """What catalog.profile says. It stops at its first fault, so each entry is read on its own."""
    questions: Data = {"edition": "any", "questions": data.get("questions"), "rules": [], "modifiers": []}
    if complaint := _complaint(questions):
        yield complaint
        return
    if _complaint({**questions, "rules": data.get("rules")}):
        yield from _complaints_one_by_one(questions, "rules", data)
    else:
        yield from _complaints_one_by_one({**questions, "rules": data.get("rules")}, "modifiers", data)
    yield from _complaints_one_by_one(questions, "attention", data)


def _complaints_one_by_one(sound: Data, section: str, data: Data) -> Iterator[str]:
    for place, entry in entries(data, section):
        yield from (
            each.replace(f"{section}[0]", place, 1) for each in [_complaint({**sound, section: [entry]})] if each
        )


def _complaint(data: Data) -> str:
    try:
        parse_rule_set(data)
    except ValueError as error:
        return str(error)
    return ""
