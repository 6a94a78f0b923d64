"""What can be wrong with the frameworks of an edition: ids, titles, links to entries that are not there."""

from collections.abc import Iterator
from typing import Any

from catalog.shape import entries, keys_of, text_in
from catalog.vocabulary import Basis, Target

type Data = dict[str, Any]
type Pair = tuple[str, str]  # a framework and the id of an item

TARGETS = {
    Target.THREAT: "threats",
    Target.CONTROL: "controls",
    Target.GROUP: "control_groups",
    Target.SECTION: "sections",
}


def framework_faults(data: Data) -> Iterator[str]:
    """All complaints about frameworks, their items and their links, each with its place."""
    frameworks = keys_of(data, "frameworks")
    known: set[Pair] = set()
    for place, item in entries(data, "items"):
        framework, identity = text_in(item, "framework"), text_in(item, "id")
        if framework not in frameworks:
            yield f"{place}.framework: no such framework '{framework}'"
        if (framework, identity) in known:
            yield f"{place}.id: '{identity}' stands there already"
        known.add((framework, identity))
    for place, item in entries(data, "items"):
        if (parent := text_in(item, "parent")) and (text_in(item, "framework"), parent) not in known:
            yield f"{place}.parent: no such item '{parent}'"
        if (after := text_in(item, "replaced_by")) and tuple(after.split("/", 1)) not in known:
            yield f"{place}.replaced_by: no such item '{after}'"
    yield from _contradicting_titles(data)
    yield from _link_faults(data, known)


def _contradicting_titles(data: Data) -> Iterator[str]:
    """An id that says which edition it is of means one thing, in whichever framework of a family it stands."""
    families = {text_in(entry, "key"): text_in(entry, "family") for _, entry in entries(data, "frameworks")}
    seen: dict[Pair, str] = {}
    for place, item in entries(data, "items"):
        identity, title = text_in(item, "id"), text_in(item, "title").casefold()
        if seen.setdefault((families.get(text_in(item, "framework"), ""), identity), title) != title:
            yield f"{place}.title: contradicts the title that '{identity}' has elsewhere in this family"


def _link_faults(data: Data, items: set[Pair]) -> Iterator[str]:
    known = {target.value: keys_of(data, section) for target, section in TARGETS.items()}
    seen: set[tuple[str, ...]] = set()
    for place, link in entries(data, "item_links"):
        four = tuple(text_in(link, name) for name in ("framework", "item", "target", "key"))
        framework, item, target, key = four
        if (framework, item) not in items:
            yield f"{place}.item: '{framework}' has no item '{item}'"
        if target in known and key not in known[target]:
            yield f"{place}.key: no such {target} '{key}'"
        if four in seen:
            yield f"{place}: this link stands there already"
        seen.add(four)
        if (link.get("basis") == Basis.EDITORIAL) != (link.get("reading") is not None):
            yield f"{place}.reading: only a link of our own judgement has a second reading, and it must have one"
