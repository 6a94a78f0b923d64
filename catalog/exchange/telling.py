"""Says what a comparison found: as data for programs, in sentences for people."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from catalog.exchange.comparing import Comparison, Difference
from catalog.exchange.text import plain
from catalog.exchange.values import Fault

CALLED = {"threat": "threat", "control": "control", "group": "group of controls"}
# What is said of a change, with what is so now and what was so before.
CHANGES = {
    "key": "has the key {}; it was {}",
    "title": "is called “{}”; it was “{}”",
    "name": "is called “{}”; it was “{}”",
    "number": "has the number {}; it was {}",
    "parent": "stands below {}; it stood below {}",
    "kind": "is a {}; it was a {}",
    "surface": "has the attack surface {}; it was {}",
    "types": "has the type {}; it was {}",
    "lifecycle": "belongs to the lifecycle {}; it was {}",
    "qualifier": "has the remark {}; it was {}",
}


def as_data(comparison: Comparison) -> dict[str, list[dict[str, Any]]]:
    """Everything found, for JSON."""
    return {
        "new": [_place(each) for each in comparison.new],
        "gone": [{"kind": each.kind, "key": each.key, "title": each.title} for each in comparison.gone],
        "renamed": [_change(each) for each in comparison.renamed],
        "moved": [_change(each) for each in comparison.moved],
        "links": [
            {"kind": "link", "key": each.threat, "control": each.control, "change": each.change}
            for each in comparison.links
        ],
        "faults": [
            {"kind": "fault", "key": each.key, "file": each.file, "line": each.line, "what": each.what}
            for each in comparison.faults
        ],
    }


def _place(each: Difference) -> dict[str, Any]:
    return {"kind": each.kind, "key": each.key, "title": each.title, "file": each.file, "line": each.line}


def _change(each: Difference) -> dict[str, Any]:
    return {**_place(each), "field": each.field, "from": each.was, "to": each.now}


def as_sentences(comparison: Comparison, against: str) -> Iterator[str]:
    """The report, line by line."""
    entries = len(comparison.entries)
    yield f"Read {entries} threats, controls and groups of controls; compared with {against}."
    if not comparison:
        yield "They are the same."
    yield from _listed("New", [_said_new(each) for each in comparison.new])
    yield from _listed("Gone", [f"The {_name(each)} is gone." for each in comparison.gone])
    yield from _listed("Renamed", [_said_change(each) for each in comparison.renamed])
    yield from _listed("Moved", [_said_change(each) for each in comparison.moved])
    yield from _listed("Links between threats and controls", list(_said_links(comparison)))
    yield from _listed("Faults in the source", [_said_fault(each) for each in comparison.faults])


def _listed(heading: str, sentences: Sequence[str]) -> Iterator[str]:
    if sentences:
        yield ""
        yield f"{heading} ({len(sentences)})"
        yield from (f"  {sentence}" for sentence in sentences)


def _name(each: Difference) -> str:
    return f"{CALLED[each.kind]} “{each.title}” ({each.key})"


def _said_new(each: Difference) -> str:
    return f"The {_name(each)} is new: {plain(each.file)}, line {each.line}."


def _said_change(each: Difference) -> str:
    said = CHANGES[each.field].format(_value(each.now), _value(each.was))
    name = f"{CALLED[each.kind]} {each.key}" if each.field in ("title", "name") else _name(each)
    return f"The {name} {said}."


def _value(value: Any) -> str:
    if isinstance(value, list):
        return " and ".join(map(str, value)) or "none"
    return "none" if value in (None, "") else str(value)


def _said_links(comparison: Comparison) -> Iterator[str]:
    """One sentence per threat and change; those of what is new or gone go without saying."""
    ends = {each.key for each in (*comparison.new, *comparison.gone)}
    by_threat: dict[tuple[str, str], list[str]] = defaultdict(list)
    others = 0
    for each in comparison.links:
        if each.threat in ends or each.control in ends:
            others += 1
        else:
            by_threat[each.threat, each.change].append(each.control)
    for (threat, change), controls in by_threat.items():
        yield f"{'Now' if change == 'new' else 'No longer'} against {threat}: {', '.join(controls)}."
    if others:
        yield f"{others} more come or go with the threats and controls that are new or gone."


def _said_fault(each: Fault) -> str:
    place = f"{plain(each.file)}, line {each.line}" if each.line else plain(each.file)
    return f"{place}: {each.what}"
