"""What differs between the pages and an edition: each kind of difference, and what is none."""

import json
from typing import Any

import pytest

from catalog.exchange.comparing import Comparison, Difference
from catalog.exchange.telling import as_data, as_sentences
from tests.catalog.exchange_pages import GENERAL, INPUT, compared, edition

OTHER = INPUT.replace("### 2.1.1. Variant", "### 2.1.2. Other").replace("/go/variant/", "/go/other/")


def said(comparison: Comparison) -> list[tuple[Any, ...]]:
    """Renamed and moved, without where it stands."""
    return [(each.kind, each.key, each.field, each.was, each.now) for each in (*comparison.renamed, *comparison.moved)]


def keys(differences: tuple[Difference, ...]) -> list[tuple[str, str]]:
    return [(each.kind, each.key) for each in differences]


def links(comparison: Comparison) -> list[tuple[str, str, str]]:
    return [(each.threat, each.control, each.change) for each in comparison.links]


def test_the_same_is_the_same() -> None:
    comparison = compared()
    assert not comparison
    assert not comparison.faults


def test_case_and_spaces_of_names_are_no_difference() -> None:
    assert not compared(GENERAL.replace("#OVERSIGHT", "#Over Sight"), INPUT.replace("2.1. Evasion", "2.1 EVASION"))


def test_new_and_gone_threats() -> None:
    comparison = compared(GENERAL, OTHER)
    assert keys(comparison.new) == [("threat", "other")]
    assert keys(comparison.gone) == [("threat", "variant")]
    assert (comparison.new[0].file, comparison.new[0].line) == ("2.md", 22)
    assert links(comparison) == [("other", "oversight", "new"), ("variant", "oversight", "gone")]


def test_new_and_gone_controls() -> None:
    page = GENERAL.replace("#OVERSIGHT", "#BRAKES").replace("/go/oversight/", "/go/brakes/")
    comparison = compared(page, INPUT.replace("/go/oversight/", "/go/brakes/"))
    assert keys(comparison.new) == [("control", "brakes")]
    assert keys(comparison.gone) == [("control", "oversight")]
    assert ("evasion", "brakes", "new") in links(comparison)
    assert ("evasion", "oversight", "gone") in links(comparison)


def test_new_and_gone_groups_of_controls() -> None:
    comparison = compared(GENERAL.replace("/go/limits/", "/go/bounds/").replace("1.1 Limits", "1.1 Bounds"), INPUT)
    assert keys(comparison.new) == [("group", "bounds")]
    assert keys(comparison.gone) == [("group", "limits")]
    assert said(comparison) == [("control", "oversight", "parent", "limits", "bounds")]


def test_another_title_is_a_new_name() -> None:
    comparison = compared(GENERAL, INPUT.replace("2.1. Evasion", "2.1. Evading"))
    assert said(comparison) == [("threat", "evasion", "title", "Evasion", "Evading")]


def test_another_name_of_a_control() -> None:
    comparison = compared(GENERAL.replace("#OVERSIGHT", "#INSIGHT"), INPUT)
    assert said(comparison) == [("control", "oversight", "name", "Oversight", "INSIGHT")]


def test_an_old_key_of_the_edition_in_the_source() -> None:
    comparison = compared(GENERAL, INPUT.replace("/go/variant/", "/go/oldvariant/"))
    assert said(comparison) == [("threat", "oldvariant", "key", "variant", "oldvariant")]
    assert not comparison.links


def test_an_old_key_of_the_source_in_the_edition() -> None:
    rule = {"source": "/goto/variant/", "destination": "/docs/2/#211-another"}
    page = INPUT.replace("/go/variant/", "/go/another/").replace("2.1.1. Variant", "2.1.1. Another")
    comparison = compared(GENERAL, page, settings=json.dumps({"hosting": {"redirects": [rule]}}))
    assert said(comparison) == [
        ("threat", "another", "key", "variant", "another"),
        ("threat", "another", "title", "Variant", "Another"),
    ]


def test_a_redirect_that_has_fallen_behind_the_heading_is_understood_by_its_number() -> None:
    rule = {"source": "/goto/variant/", "destination": "/docs/2/#211-vraiant"}
    page = INPUT.replace("/go/variant/", "/go/another/").replace("2.1.1. Variant", "2.1.1. Another")
    comparison = compared(GENERAL, page, settings=json.dumps({"hosting": {"redirects": [rule]}}))
    assert [each.was for each in comparison.renamed] == ["variant", "Variant"]


def test_a_new_place_is_called_as_the_source_calls_it() -> None:
    page = GENERAL.replace(
        "## 1.1 Limits", "## 1.2 Other\n> Category: group of controls\n> Permalink: /go/other/\n\n## 1.1 Limits"
    )
    moved = page.replace(
        "#### #OVERSIGHT", "## 1.3 More\n> Category: group of controls\n> Permalink: /go/more/\n\n#### #OVERSIGHT"
    )
    assert ("control", "oversight", "parent", "limits", "more") in said(compared(moved, INPUT))


def test_the_same_title_under_another_key_is_a_new_key() -> None:
    comparison = compared(GENERAL, INPUT.replace("/go/variant/", "/go/kind/"))
    assert said(comparison) == [("threat", "kind", "key", "variant", "kind")]


def test_a_section_under_an_old_key_beside_the_new_one_is_no_difference() -> None:
    old = "\n#### #WATCHING\n> Category: runtime control\n> Permalink: https://owaspai.org/go/watching/\n"
    assert not compared(GENERAL + old, INPUT)


def test_another_number_is_another_place() -> None:
    comparison = compared(GENERAL, INPUT.replace("2.1.1. Variant", "2.1.4. Variant"))
    assert said(comparison) == [("threat", "variant", "number", "2.1.1", "2.1.4")]


def test_another_parent_is_another_place() -> None:
    comparison = compared(GENERAL, INPUT.replace("### 2.1.1. Variant", "## 2.2. Variant"))
    assert said(comparison) == [
        ("threat", "variant", "number", "2.1.1", "2.2"),
        ("threat", "variant", "parent", "evasion", "inputthreats"),
    ]


def test_a_renamed_parent_is_the_same_place() -> None:
    page = INPUT.replace("/go/evasion/", "/go/oldevasion/")
    assert said(compared(GENERAL, page)) == [("threat", "oldevasion", "key", "evasion", "oldevasion")]


@pytest.mark.parametrize(
    ("was", "now", "difference"),
    [
        (">Category: input threat", ">Category: runtime threat", ("threat", "variant", "surface", "input", "runtime")),
        (
            ">Category: input threat",
            ">Category: group of input threats",
            ("threat", "variant", "kind", "threat", "group"),
        ),
        (
            "runtime governance control",
            "runtime AI engineer control",
            ("control", "oversight", "types", ["governance"], ["AI engineer"]),
        ),
        (
            "runtime governance control",
            "development-time and runtime governance control",
            ("control", "oversight", "lifecycle", ["runtime"], ["development-time", "runtime"]),
        ),
        (
            "runtime governance control",
            "runtime governance control - for a while",
            ("control", "oversight", "qualifier", None, "for a while"),
        ),
    ],
)
def test_another_category_is_another_place(was: str, now: str, difference: tuple[Any, ...]) -> None:
    assert said(compared(GENERAL.replace(was, now), INPUT.replace(was, now))) == [difference]


def test_a_missing_category_says_nothing() -> None:
    assert not compared(GENERAL.replace("> Category: runtime governance control\n", ""), INPUT)


def test_a_missing_permalink_is_a_fault_and_the_entry_goes_by_our_key() -> None:
    comparison = compared(GENERAL, INPUT.replace(">Permalink: https://owaspai.org/go/variant/\n", ""))
    assert not comparison
    assert [(fault.file, fault.line) for fault in comparison.faults] == [("2.md", 22)]


def test_a_chapter_without_permalink_is_known_by_its_number() -> None:
    page = INPUT.replace(">Permalink: https://owaspai.org/go/inputthreats/\n", "").replace("2. Inputthreats", "2. Use")
    assert said(compared(GENERAL, page)) == [("threat", "inputthreats", "title", "Inputthreats", "Use")]


def test_links_that_are_new_and_gone() -> None:
    page = INPUT + "\n#### #FILTER\n> Category: runtime control\n> Permalink: https://owaspai.org/go/filter/\n"
    known = edition()
    known["controls"].append({**known["controls"][0], "key": "filter", "name": "Filter", "source_name": "FILTER"})
    known["controls"][-1] |= {"parent_key": "variant", "types": [], "aliases": []}
    known["links"].append({**known["links"][0], "threat": "evasion", "control": "filter", "via": ["related:variant"]})
    comparison = compared(GENERAL, page, content=known)
    assert links(comparison) == [("variant", "filter", "new"), ("evasion", "filter", "gone")]


@pytest.mark.parametrize("via", [["matrix"], ["control-text"], ["matrix", "control-text"]])
def test_links_that_no_list_of_controls_shows_are_not_missed(via: list[str]) -> None:
    known = edition()
    known["controls"].append(
        {**known["controls"][0], "key": "filter", "source_name": "FILTER", "parent_key": "variant"}
    )
    known["controls"][-1] |= {"types": [], "aliases": [], "name": "Filter"}
    page = INPUT + "\n#### #FILTER\n> Category: runtime control\n> Permalink: https://owaspai.org/go/filter/\n"
    ours = [*known["links"], {**known["links"][0], "threat": "variant", "control": "filter", "via": ["own"]}]
    known["links"] = [*ours, {**known["links"][0], "threat": "evasion", "control": "filter", "via": via}]
    assert not compared(GENERAL, page, content=known)


@pytest.mark.parametrize("content", [{}, {"threats": 7, "controls": [1, {}], "links": [{}, 3], "control_groups": None}])
def test_an_edition_that_is_unfinished_can_be_compared_with(content: dict[str, Any]) -> None:
    assert len(compared(content=content or {"threats": []}).new) == 6


def test_the_data_of_a_comparison_has_every_list() -> None:
    page = OTHER.replace("2.1. Evasion", "2.3. Evading") + "\nPermalink: /go/x/\n"
    data = as_data(compared(GENERAL, page))
    assert list(data) == ["new", "gone", "renamed", "moved", "links", "faults"]
    assert data["new"] == [{"kind": "threat", "key": "other", "title": "Other", "file": "2.md", "line": 22}]
    assert data["gone"] == [{"kind": "threat", "key": "variant", "title": "Variant"}]
    assert data["renamed"][0] | {"line": 0} == {
        "kind": "threat",
        "key": "evasion",
        "title": "Evading",
        "file": "2.md",
        "line": 0,
        "field": "title",
        "from": "Evasion",
        "to": "Evading",
    }
    assert {(each["key"], each["field"]) for each in data["moved"]} >= {("evasion", "number")}
    assert {"kind": "link", "key": "other", "control": "oversight", "change": "new"} in data["links"]
    assert {"kind", "key", "file", "line", "what"} == set(data["faults"][0])
    assert json.loads(json.dumps(data)) == data


def test_the_report_is_in_sentences() -> None:
    page = OTHER.replace("2.1. Evasion", "2.3. Evading").replace("input threat\n", "riddle\n")
    lines = list(as_sentences(compared(GENERAL, page), "edition 2030-01-01"))
    assert lines[0] == "Read 6 threats, controls and groups of controls; compared with edition 2030-01-01."
    assert "The threat “Other” (other) is new: 2.md, line 22." in map(str.strip, lines)
    assert "The threat evasion is called “Evading”; it was “Evasion”." in map(str.strip, lines)
    assert "The threat “Evading” (evasion) has the number 2.3; it was 2.1." in map(str.strip, lines)
    assert "2 more come or go with the threats and controls that are new or gone." in map(str.strip, lines)
    assert all(line.endswith((".", ")")) or not line for line in lines)


def test_the_report_says_when_there_is_nothing_to_say() -> None:
    assert list(as_sentences(compared(), "it"))[1:] == ["They are the same."]
