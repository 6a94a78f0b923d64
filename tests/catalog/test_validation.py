"""A broken edition is told everything that is wrong with it, each complaint with its place."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.content import read_content
from catalog.profile import PACKAGED_EDITION
from catalog.validation import faults
from tests.catalog.editions import small_edition

type Edition = dict[str, Any]


def test_the_packaged_edition_has_no_faults() -> None:
    assert faults(read_content(PACKAGED_EDITION)) == []


def test_the_small_edition_of_these_tests_has_no_faults() -> None:
    assert faults(small_edition()) == []


def put(*path: str | int, value: Any) -> Callable[[Edition], None]:
    """Set what lies at a path."""

    def change(edition: Edition) -> None:
        *way, last = path
        found: Any = edition
        for step in way:
            found = found[step]
        found[last] = value

    return change


def take(*path: str | int) -> Callable[[Edition], None]:
    def change(edition: Edition) -> None:
        *way, last = path
        found: Any = edition
        for step in way:
            found = found[step]
        del found[last]

    return change


def double(section: str) -> Callable[[Edition], None]:
    """Let the first entry of a section stand twice."""
    return lambda edition: edition[section].append(copy.deepcopy(edition[section][0]))


BROKEN = [
    (put("colour", value="red"), "colour: unknown key"),
    (put("threats", 0, "colour", value="red"), "threats[0].colour: unknown key"),
    (put("source", "author", value="x"), "source.author: unknown key"),
    (take("threats", 1, "title"), "threats[1].title: missing"),
    (take("controls"), "controls: is not a list"),
    (put("threats", 0, value="evasion"), "threats[0]: is not an object"),
    (put("edition", value="22 August"), "edition: is not a date such as 2026-08-22"),
    (put("edition", value="2026-02-30"), "edition: is not a date such as 2026-08-22"),
    (put("source", "url", value="javascript:x"), "source.url: is not an address that begins with https://"),
    (
        put("threats", 0, "url", value='https://a/"onclick'),
        "threats[0].url: is not an address that begins with https://",
    ),
    (put("threats", 0, "key", value="Evasion!"), "threats[0].key: is not a key"),
    (put("threats", 0, "key", value="e" * 61), "threats[0].key: is not a key"),
    (put("threats", 0, "number", value=2.1), 'threats[0].number: is not a number such as "2.1.3"'),
    (put("threats", 0, "surface", value="air"), "threats[0].surface: is none of input, development-time, runtime"),
    (put("threats", 0, "summary", value=" "), "threats[0].summary: is not a text, or an empty one"),
    (put("threats", 0, "how", value="x" * 2001), "threats[0].how: is longer than 2000 characters"),
    (put("threats", 0, "impacts", value=["behaviour"] * 2), "threats[0].impacts: lists something twice"),
    (put("impacts", 0, "number", value=True), "impacts[0].number: is not a whole number from 1 to 99"),
    (put("links", 0, "excluded", value="no"), "links[0].excluded: is neither true nor false"),
    (put("links", 0, "via", value=[]), "links[0].via: is not a list, or an empty one"),
    (put("links", 0, "via", value=["hearsay"]), "links[0].via: holds something that is no origin of a link"),
    (double("threats"), "threats[3].key: 'variant' stands at threats[0] already"),
    (double("impacts"), "impacts[1].code: 'behaviour' stands at impacts[0] already"),
    (double("controls"), "controls[1].key: 'oversight' stands at controls[0] already"),
    (double("links"), "links[1].control: 'evasion and oversight' stands at links[0] already"),
    (double("rules"), "rules[1].threat: 'evasion' stands at rules[0] already"),
    (put("threats", 0, "number", value="2.1"), "threats[1].number: '2.1' stands at threats[0] already"),
    (
        put("threats", 0, "aliases", value=["oldevasion"]),
        "threats[1].aliases: 'oldevasion' stands at threats[0] already",
    ),
    (put("controls", 0, "aliases", value=["oversight"]), "controls[0].aliases: 'oversight' is a key"),
    (put("links", 0, "control", value="x"), "links[0].control: no such control 'x'"),
    (put("links", 0, "threat", value="x"), "links[0].threat: no such threat 'x'"),
    (put("links", 0, "via", value=["parent:x"]), "links[0].via: no such threat 'x'"),
    (put("threats", 0, "parent", value="x"), "threats[0].parent: no such threat 'x'"),
    (put("threats", 0, "impacts", value=["x"]), "threats[0].impacts: no such impact 'x'"),
    (put("controls", 0, "parent_key", value="x"), "controls[0].parent_key: no such control group 'x'"),
    (put("control_groups", 0, "parent", value="x"), "control_groups[0].parent: no such control group 'x'"),
    (put("control_groups", 0, "is_threat_group", value=True), "control_groups[0].key: no such threat 'limits'"),
    (put("questions", 0, "group", value="x"), "questions[0].group: no such question group 'x'"),
    (put("rules", 0, "threat", value="x"), "rules[0].threat: no such threat 'x'"),
    (put("not_derived", value=["x"]), "not_derived[0]: no such threat 'x'"),
    (put("not_derived", value=["evasion"]), "not_derived[0]: 'evasion' has a rule"),
    (put("threats", 2, "parent", value="evasion"), "threats[2].parent: 'inputthreats' is among its own ancestors"),
    (put("control_groups", 1, "parent", value="all"), "control_groups[1].parent: 'all' is among its own ancestors"),
    (put("threats", 1, "kind", value="threat"), "threats[0].parent: 'evasion' is not a group"),
    (put("links", 0, "excluded", value=True), "links[0].excluded: contradicts the strength"),
    (
        put("rules", 0, "applicable_when", value={"not": 1}),
        "rules[0] (evasion).applicable_when: this is not a condition.",
    ),
    (put("questions", 0, "labels", value={}), "questions[0] (open).labels: the text “yes” is missing."),
    (put("threats", 0, "key", value="own-variant"), "threats[0].key: begins with “own-”"),
    (put("threats", 0, "fits", "rag", value="perhaps"), "threats[0].fits: is not as it should be: rag"),
    (
        put("threats", 0, "variants", 0, "text", value=""),
        "threats[0].variants: holds something that is not as it should",
    ),
    (put("threats", 0, "assets_hurt", value=["gold"]), "threats[0].assets_hurt: no such asset 'gold'"),
    (put("controls", 0, "effort", value="huge"), "controls[0].effort: is none of low, medium, high"),
    (put("controls", 0, "evidence", value=[]), "controls[0].evidence: is not a list, or an empty one"),
    (put("controls", 0, "essentials", value=["x"]), "controls[0].essentials: no such essential category 'x'"),
    (put("essentials", 0, "parent", value="limiting"), "essentials[0].parent: 'limit' is among its own ancestors"),
    (put("standards", 0, "control", value=None), "standards[0]: names neither or both of a control and a threat"),
    (put("standards", 0, "threat", value="evasion"), "standards[0]: names neither or both of a control and a threat"),
    (put("opencre", 0, "control", value="x"), "opencre[0].control: no such control 'x'"),
    (double("frameworks"), "frameworks[2].key: 'list-2029' stands at frameworks[0] already"),
    (double("items"), "items[2].id: 'L1:2029' stands there already"),
    (put("items", 0, "framework", value="x"), "items[0].framework: no such framework 'x'"),
    (put("items", 0, "parent", value="x"), "items[0].parent: no such item 'x'"),
    (put("items", 0, "replaced_by", value="list-2030/L9"), "items[0].replaced_by: no such item 'list-2030/L9'"),
    (double("item_links"), "item_links[1]: this link stands there already"),
    (put("item_links", 0, "item", value="L9"), "item_links[0].item: 'list-2030' has no item 'L9'"),
    (put("item_links", 0, "key", value="x"), "item_links[0].key: no such threat 'x'"),
    (put("item_links", 0, "target", value="section"), "item_links[0].key: no such section 'evasion'"),
    (put("item_links", 0, "reading", value=None), "item_links[0].reading: only a link of our own judgement"),
    (put("item_links", 0, "basis", value="exchange"), "item_links[0].reading: only a link of our own judgement"),
    (put("frameworks", 0, "dates", 0, "date", value="soon"), "frameworks[0].dates: holds something that is not"),
    (put("concerns", 0, "controls", value=["x"]), "concerns[0].controls: no such control 'x'"),
    (put("concerns", 0, "parts", value=[]), "concerns[0].parts: is not a list, or an empty one"),
    (put("matrix", 0, "threat", value="x"), "matrix[0].threat: no such threat 'x'"),
    (put("periodic", 0, "cells", 0, "key", value="x"), "periodic[0].cells[0].key: no such group 'x'"),
    (put("layers", 0, "control", value="x"), "layers[0].control: no such control 'x'"),
    (put("ready_made", 0, "threats", value=["x"]), "ready_made[0].threats: no such threat 'x'"),
]


@pytest.mark.parametrize(("breaking", "complaint"), BROKEN, ids=[complaint for _, complaint in BROKEN])
def test_a_fault_is_named_with_its_place(breaking: Callable[[Edition], None], complaint: str) -> None:
    edition = small_edition()
    breaking(edition)
    assert [found for found in faults(edition) if found.startswith(complaint)], faults(edition)


def test_every_fault_is_listed_not_only_the_first() -> None:
    edition = small_edition()
    edition["threats"][0]["title"] = ""
    edition["links"][0]["control"] = "x"
    edition["threats"][2]["parent"] = "evasion"
    edition["rules"][0]["applicable_when"] = "sometimes"
    edition["rules"].append({"threat": "variant", "applicable_when": "always", "responsibility": []})
    places = [complaint.partition(":")[0] for complaint in faults(edition)]
    assert places == [
        "threats[0].title",
        "links[0].control",
        "threats[1].parent",
        "threats[2].parent",
        "not_derived[0]",
        "rules[0] (evasion).applicable_when",
        "rules[1] (variant).responsibility",
    ]


def test_an_id_that_has_another_title_elsewhere_in_its_family_is_a_fault() -> None:
    edition = small_edition()
    edition["items"][0] |= {"id": "L1:2030", "title": "Something else", "replaced_by": None}
    said = "items[1].title: contradicts the title that 'L1:2030' has elsewhere in this family"
    assert said in faults(edition)


@pytest.mark.parametrize("data", [None, [], "edition", 7])
def test_something_else_than_an_object_is_a_fault(data: object) -> None:
    assert faults(data) == ["The edition is not an object."]


def places_in(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The path of everything in an edition."""
    inside: Any = ()
    if isinstance(value, dict):
        inside = value.items()
    elif isinstance(value, list):
        inside = enumerate(value)
    return [found for name, each in inside for found in [(*path, name), *places_in(each, (*path, name))]]


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=300, deadline=None)
@given(place=st.sampled_from(places_in(small_edition())), junk=JUNK)
def test_no_junk_anywhere_makes_the_check_itself_fail(place: tuple[str | int, ...], junk: Any) -> None:
    edition = small_edition()
    put(*place, value=junk)(edition)
    assert all(isinstance(complaint, str) for complaint in faults(json.loads(json.dumps(edition))))
