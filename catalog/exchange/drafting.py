"""Writes the draft of the next edition: facts from the source, texts from the edition before.

A draft is finished by hand. What must still be written is left empty, and the loader refuses it with its place.
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import date
from typing import Any

from catalog.exchange.comparing import SECTIONS, Comparison, categories
from catalog.exchange.text import fold
from catalog.exchange.values import Entry, Exchange, Keys, Kind, Link
from catalog.shape import FIELDS, Check

ADDRESS = "https://owaspai.org/go/{}/"
CONTROL_AREA = "threat_specific"  # of a control below a threat that has no other control yet
# Lists and fields of the data file that hold keys of threats, and of controls, wherever in an entry they are.
THREAT_FIELDS, CONTROL_FIELDS = {"threat", "threats"}, {"control", "controls"}

type Data = dict[str, Any]


def draft(content: Mapping[str, Any], exchange: Exchange, comparison: Comparison, *, at: date) -> Data:
    """The content of the next edition as far as it can be known. `at` is its date. The arguments stay as they are."""
    data: Data = deepcopy(dict(content))
    data["edition"] = at.isoformat()
    if isinstance(data.get("source"), dict):
        data["source"] |= {"commit": "", "date": at.isoformat()}  # which revision it is, only a person knows
    pairs = {(kind, known): key for (kind, key), known in comparison.pairs.items()}
    _drop(data, comparison)
    _rename(data, {kind: _renames(pairs, kind) for kind in SECTIONS})
    for entry in comparison.entries:
        _write(data, entry, comparison, exchange)
    _add_headings_over_controls(data, comparison.entries)
    _write_links(data, comparison)
    return data


def _renames(pairs: Mapping[tuple[Kind, str], str], kind: Kind) -> Keys:
    return {known: key for (of, known), key in pairs.items() if of == kind and key != known}


def _drop(data: Data, comparison: Comparison) -> None:
    """Take out what is gone, with its links. Rules and texts that speak of it stay: the loader will point at them."""
    for each in comparison.gone:
        section = SECTIONS[each.kind]
        data[section] = [entry for entry in _list(data, section) if entry.get("key") != each.key]
        if each.kind != "group":
            data["links"] = [link for link in _list(data, "links") if link.get(each.kind) != each.key]
    gone = {each.key for each in comparison.gone if each.kind == "threat"}
    data["control_groups"] = [
        group
        for group in _list(data, "control_groups")
        if not (group.get("is_threat_group") is True and group.get("key") in gone)
    ]


def _list(data: Data, section: str) -> list[Data]:
    found = data.get(section)
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


# New keys


def _rename(data: Data, renames: Mapping[Kind, Keys]) -> None:
    """Give everything its new key wherever the edition speaks of it; the old one becomes an alias."""
    if not any(renames.values()):
        return
    for kind, section in SECTIONS.items():
        for entry in _list(data, section):
            keys = renames["threat" if entry.get("is_threat_group") is True else kind]
            old = entry.get("key")
            if isinstance(old, str) and old in keys:
                entry["key"] = keys[old]
                if isinstance(entry.get("aliases"), list):
                    entry["aliases"] = [*(each for each in entry["aliases"] if each != keys[old]), old]
            for name in ("parent", "parent_key"):
                above = renames["threat"] if kind == "threat" else {**renames["threat"], **renames["group"]}
                if isinstance(entry.get(name), str):
                    entry[name] = above.get(entry[name], entry[name])
    for value in data.values():
        _rename_within(value, renames)
    for link in _list(data, "links"):
        if isinstance(link.get("via"), list):
            link["via"] = [_renamed_way(way, renames["threat"]) for way in link["via"]]
    if isinstance(data.get("not_derived"), list):
        data["not_derived"] = _renamed(data["not_derived"], renames["threat"])


def _rename_within(value: Any, renames: Mapping[Kind, Keys]) -> None:
    if isinstance(value, list):
        for each in value:
            _rename_within(each, renames)
    elif isinstance(value, dict):
        for name, held in value.items():
            if name in THREAT_FIELDS:
                value[name] = _renamed(held, renames["threat"])
            elif name in CONTROL_FIELDS:
                value[name] = _renamed(held, renames["control"])
            elif name == "key" and value.get("target") in list(SECTIONS):
                value[name] = _renamed(held, renames[value["target"]])
            else:
                _rename_within(held, renames)


def _renamed(held: Any, keys: Keys) -> Any:
    if isinstance(held, list):
        return [_renamed(each, keys) for each in held]
    return keys.get(held, held) if isinstance(held, str) else held


def _renamed_way(way: Any, keys: Keys) -> Any:
    kind, colon, key = str(way).partition(":")
    return f"{kind}:{keys.get(key, key)}" if colon else way


# Entries


def _write(data: Data, entry: Entry, comparison: Comparison, exchange: Exchange) -> None:
    """Bring the entry up to the source, or add it."""
    section = SECTIONS[entry.kind]
    known = comparison.pairs.get((entry.kind, entry.key))
    there = next((each for each in _list(data, section) if each.get("key") == entry.key), None)
    facts = _facts(data, entry, is_new=there is None)
    if there is None:
        data[section] = [*_list(data, section), _empty(section) | facts]
        return
    titles = [there.get(name) for name in ("title", "source_name", "name")]
    if fold(entry.title) in (fold(title) for title in titles if isinstance(title, str)):
        for name in ("title", "source_name", "name"):
            facts.pop(name, None)  # the same name, in our spelling
    if known == entry.key:
        del facts["url"]
    if "aliases" in facts:
        facts["aliases"] = _aliases(there, entry.key, exchange)
    there.update({name: value for name, value in facts.items() if name in there})


def _facts(data: Data, entry: Entry, *, is_new: bool) -> dict[str, Any]:
    """What the source says of an entry, under the names of the data file."""
    facts: dict[str, Any] = {"key": entry.key, "url": ADDRESS.format(entry.key), "aliases": []}
    if entry.kind == "control":
        facts |= {"name": _in_lower_case(entry.title), "source_name": entry.title, "parent_key": entry.parent or ""}
        if is_new:
            facts["group"] = _area(data, entry.parent)
    else:
        facts |= {"title": entry.title, "parent": entry.parent}
        if entry.number:
            facts["number"] = entry.number
    if entry.kind == "group":
        del facts["aliases"]
        facts["is_threat_group"] = False
    facts.update(categories(entry))
    if entry.kind == "threat" and is_new and entry.traits and entry.traits.surface:
        # What works through the input works while the system runs.
        facts["lifecycle"] = {"input": "runtime"}.get(entry.traits.surface, entry.traits.surface)
    return facts


def _in_lower_case(name: str) -> str:
    return name.capitalize() if name.isupper() else name


def _area(data: Data, parent: str | None) -> str:
    """The area of the catalog that the control's neighbours are in."""
    areas = [each.get("group") for each in _list(data, "controls") if each.get("parent_key") == parent]
    is_threat = any(each.get("key") == parent for each in _list(data, "threats"))
    return str(areas[0]) if areas else CONTROL_AREA if is_threat else ""


def _aliases(there: Data, key: str, exchange: Exchange) -> list[str]:
    """The old keys that we have, and those that the source redirects here."""
    aliases = there.get("aliases")
    ours = [old for old in aliases if isinstance(old, str)] if isinstance(aliases, list) else []
    theirs = sorted(old for old, now in exchange.redirects.items() if now == key)
    taken = {entry.key for entry in exchange.entries} | exchange.known
    return [old for old in dict.fromkeys([*ours, *theirs]) if old != key and (old in ours or old not in taken)]


def _empty(section: str) -> Data:
    """An entry with every field of its section and nothing in any: null or a list where that will do, else a text."""
    return {name: _nothing(check) for name, check in FIELDS[section].items()}


def _nothing(check: Check) -> Any:
    if check(None) is None:
        return None
    return [] if check([]) is None else ""


def _add_headings_over_controls(data: Data, entries: Sequence[Entry]) -> None:
    """A threat with controls of its own needs its heading among the groups of controls."""
    there = {group.get("key") for group in _list(data, "control_groups")}
    threats = {entry.key: entry for entry in entries if entry.kind == "threat"}
    for control in _list(data, "controls"):
        parent = control.get("parent_key")
        if parent in threats and parent not in there:
            there.add(parent)
            facts = {
                "key": parent,
                "number": None,
                "title": threats[parent].title,
                "parent": None,
                "url": ADDRESS.format(parent),
                "is_threat_group": True,
            }
            data["control_groups"].append(_empty("control_groups") | facts)


# Links


def _write_links(data: Data, comparison: Comparison) -> None:
    """Add the links that are new and take out those that are gone; the others keep what we know of them."""
    changes = {(each.threat, each.control): each.change for each in comparison.links}
    gone = [ends for ends, change in changes.items() if change == "gone"]
    data["links"] = [link for link in _list(data, "links") if (link.get("threat"), link.get("control")) not in gone]
    for link in comparison.all_links:
        if changes.get((link.threat, link.control)) == "new":
            data["links"].append(_empty("links") | _facts_of_link(link))


def _facts_of_link(link: Link) -> Data:
    return {
        "threat": link.threat,
        "control": link.control,
        "via": list(link.via),
        "strength": _strength(link),
        "party": [],
        "condition": None,
        "excluded": False,
        "note": None,
    }


def _strength(link: Link) -> str:
    way = link.via[0].partition(":")[0]
    if way == "own":
        return "specific"
    if way in ("general", "related"):
        return way
    return "named" if link.is_named else "inherited"
