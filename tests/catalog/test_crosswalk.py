"""Items of frameworks under their parents, what they lead to, and from when laws apply: without a page."""

from datetime import date
from typing import Any

import pytest

from catalog.crosswalk import (
    Row,
    anchor_of,
    applying,
    chapters_of,
    classes_of,
    counts_of,
    families,
    from_here,
    left_out_elsewhere,
    left_out_of,
    rows_of,
    span_in_words,
    with_parents,
)
from catalog.filters import EntryFilter
from catalog.item_filter import item_facets, narrow
from catalog.reading import Catalog, catalog_of, packaged
from tests.catalog.editions import framework, item, small_edition


def edition(*, items: list[dict[str, Any]], links: list[dict[str, Any]] | None = None) -> Catalog:
    """A catalog with one framework of these items."""
    content = small_edition()
    content["frameworks"] = [framework("list-2030")]
    return catalog_of(content | {"items": items, "item_links": links or []})


def below(parent: str | None, *identities: str) -> list[dict[str, Any]]:
    return [item("list-2030", identity) | {"parent": parent} for identity in identities]


def linked(identity: str, target: str = "threat", key: str = "evasion", **changes: Any) -> dict[str, Any]:
    link = {"framework": "list-2030", "item": identity, "target": target, "key": key, "basis": "exchange"}
    return link | {"relation": None, "reading": None, "added_late": False, "note": None} | changes


def rows(catalog: Catalog) -> list[Row]:
    return rows_of(catalog, catalog.frameworks["list-2030"])


def shape(chapters: Any) -> list[tuple[str | None, list[tuple[str, int]]]]:
    return [
        (chapter.head.item.id if chapter.head else None, [(row.item.id, row.depth) for row in chapter.rows])
        for chapter in chapters
    ]


def test_items_stand_below_their_parents_wherever_the_file_has_them() -> None:
    found = rows(
        edition(items=[*below("A", "A.1"), *below(None, "A", "B"), *below("A.1", "A.1.1"), *below("B", "B.1")])
    )
    assert [(row.item.id, row.depth) for row in found] == [("A", 0), ("A.1", 1), ("A.1.1", 2), ("B", 0), ("B.1", 1)]
    assert shape(chapters_of(found)) == [("A", [("A.1", 0), ("A.1.1", 1)]), ("B", [("B.1", 0)])]


def test_few_parents_among_many_items_make_no_chapters() -> None:
    found = rows(edition(items=[*below(None, "1", "2", "3"), *below("1", "1.1")]))
    assert shape(chapters_of(found)) == [(None, [("1", 0), ("1.1", 1), ("2", 0), ("3", 0)])]
    assert chapters_of([]) == []


def test_a_link_says_where_it_leads_and_what_that_is() -> None:
    links = [
        linked("A", "section", "about"),
        linked("A", "group", "limits"),
        linked("A", "control", "oversight"),
        linked("A"),
    ]
    (row,) = rows(edition(items=below(None, "A"), links=links))
    assert [(lead.title, lead.kind, lead.address) for lead in row.leads] == [
        ("Evasion", "threat", "/catalog/threats/evasion/"),
        ("Oversight", "control", "/catalog/controls/oversight/"),
        ("Limits", "control group", "/catalog/groups/limits/"),
        ("About", "section", "https://owaspai.org/go/x/"),
    ]
    assert [lead.leaves for lead in row.leads] == [False, False, False, True]


def test_a_remark_that_all_links_of_an_item_have_is_shared() -> None:
    same = [linked("A", note="Up to 2026."), linked("A", "control", "oversight", note="Up to 2026.")]
    (row,) = rows(edition(items=below(None, "A"), links=same))
    assert row.shared_note == "Up to 2026."
    (row,) = rows(edition(items=below(None, "A"), links=[same[0], same[1] | {"note": None}]))
    assert row.shared_note is None
    (row,) = rows(edition(items=below(None, "A"), links=same[:1]))
    assert row.shared_note is None


def test_counts_read_as_words() -> None:
    judged = {"basis": "editorial", "reading": "agree"}
    links = [
        linked("A"),
        linked("B", basis="framework"),
        linked("C", **judged),
        linked("C", "control", "oversight", **judged | {"reading": "weak"}),
    ]
    catalog = edition(items=below(None, "A", "B", "C"), links=links)
    words = "1 stated by the Exchange, 1 stated by the framework, 2 our judgement, 1 of them weak"
    assert str(counts_of(catalog.item_links)) == words
    assert counts_of(catalog.item_links).total == 4
    assert str(counts_of([])) == "no links"


def test_a_filter_by_basis_leaves_other_links_out_and_keeps_the_parent_around() -> None:
    judged = {"basis": "editorial", "reading": "agree"}
    links = [linked("A"), linked("A.1"), linked("A.1", "control", "oversight", **judged), linked("A.2")]
    found = rows(edition(items=[*below(None, "A"), *below("A", "A.1", "A.2")], links=links))
    wanted = narrow(EntryFilter(item_facets(found), {"basis": ("editorial",)}), found)
    assert [(row.item.id, [lead.title for lead in row.leads]) for row in wanted] == [("A.1", ["Oversight"])]
    shown = with_parents(wanted, found)
    assert [(row.item.id, row.around, len(row.leads)) for row in shown] == [("A", True, 0), ("A.1", False, 1)]


def test_items_of_one_kind_are_not_filtered_by_kind() -> None:
    found = rows(edition(items=below(None, "A")))
    assert [facet.name for facet in item_facets(found)] == ["basis", "links"]
    other = [*below(None, "A"), item("list-2030", "B") | {"kind": "mitigation"}]
    assert [facet.name for facet in item_facets(rows(edition(items=other)))] == ["basis", "links", "kind"]


def test_the_newest_edition_of_a_family_comes_first() -> None:
    content = small_edition()
    content["frameworks"] = [framework("list-9"), framework("list-10"), framework("other-1") | {"family": "other"}]
    catalog = catalog_of(content | {"items": [], "item_links": []})
    assert [[each.framework.key for each in family] for family in families(catalog)] == [
        ["list-10", "list-9"],
        ["other-1"],
    ]


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-11-26", "Applies from today"),
        ("2026-11-25", "Applies, for 1 day"),
        ("2025-02-02", "Applies, for 22 months"),
        ("2020-11-26", "Applies, for 6 years"),
        ("2026-12-06", "Not yet, in 10 days"),
        ("2027-12-02", "Not yet, in 12 months"),
        ("2028-12-02", "Not yet, in 2 years"),
    ],
)
def test_a_day_is_told_as_seen_from_today(day: str, words: str) -> None:
    assert from_here(date.fromisoformat(day), today=date(2026, 11, 26)) == words


@pytest.mark.parametrize(
    ("days", "words"), [(1, "1 day"), (45, "45 days"), (46, "2 months"), (715, "23 months"), (731, "2 years")]
)
def test_a_span_is_told_in_the_unit_that_fits(days: int, words: str) -> None:
    assert span_in_words(days) == words


def test_the_dates_of_a_law_stand_in_their_order() -> None:
    law = packaged().frameworks["eu-ai-act"]
    found = applying(law, today=date(2026, 8, 1))
    assert [each.date for each in found] == sorted(each.date for each in law.dates)
    assert [each.is_past for each in found] == [True, True, False, False, False]
    assert ("High risk", "Art. 6", ("I", "III")) in classes_of(law)
    assert ("General-purpose AI", "Art. 51", ()) in classes_of(law)


def test_what_was_left_out_stands_with_its_framework_or_elsewhere() -> None:
    catalog = packaged()
    told = sum(len(left_out_of(catalog, each)) for each in catalog.frameworks.values())
    assert told + len(left_out_elsewhere(catalog)) == len(catalog.left_out)


@pytest.mark.parametrize("key", packaged().frameworks)
def test_every_item_of_every_framework_has_a_place_and_an_anchor_of_its_own(key: str) -> None:
    found = rows_of(packaged(), packaged().frameworks[key])
    assert {row.item.id for row in found} == {each.id for each in packaged().items_of(key)}
    assert len({row.anchor for row in found}) == len(found)


def test_an_anchor_is_made_of_the_words_of_an_id() -> None:
    assert anchor_of("AML.T0051.001") == "item-aml-t0051-001"
    assert anchor_of("LLM01:2026") == "item-llm01-2026"
