"""The pages of frameworks as a signed-in person gets them."""

import re
from typing import Any

import pytest
from django.test import Client

from catalog.loading import load_edition, put_in_force
from catalog.reading import packaged
from journal.recording import SYSTEM
from tests.catalog.editions import small_edition
from tests.reading import html_of, queries_of, text_of

FRAMEWORKS, SMALL = "/catalog/frameworks/", "/catalog/frameworks/list-2030/"


@pytest.fixture
def in_force(reader: Client) -> Any:
    """Puts an edition with the given differences in force and answers with somebody who reads it."""

    def put(**changes: Any) -> Client:
        load_edition(small_edition() | changes, actor=SYSTEM)
        put_in_force("2030-01-01", actor=SYSTEM, expected=None)
        return reader

    return put


def linked(**changes: Any) -> dict[str, Any]:
    return small_edition()["item_links"][0] | changes


def test_the_list_counts_items_and_links_by_what_they_rest_on(reader: Client) -> None:
    page = text_of(reader.get(FRAMEWORKS))
    assert f"{len(packaged().frameworks)} frameworks beside the Exchange" in page
    for framework in packaged().frameworks.values():
        assert framework.title in page
        assert framework.about in page
    assert "12 stated by the Exchange, 21 our judgement, 2 of them weak" in page


def test_the_editions_of_a_family_stand_together_with_the_newest_first(reader: Client) -> None:
    found = re.findall(r'href="/catalog/frameworks/([\w-]+)/"', html_of(reader.get(FRAMEWORKS)))
    assert sorted(found) == sorted(packaged().frameworks)
    first = found.index("owasp-llm-2026")
    assert found[first : first + 3] == ["owasp-llm-2026", "owasp-llm-2025", "owasp-llm-2023-24"]


def test_what_belongs_to_no_framework_is_listed_as_left_out(reader: Client) -> None:
    page = text_of(reader.get(FRAMEWORKS))
    assert "Looked at and left out" in page
    assert "AI red teaming tools" in page


@pytest.mark.parametrize("key", packaged().frameworks)
def test_every_framework_has_a_page_with_all_its_items(key: str, reader: Client) -> None:
    framework, response = packaged().frameworks[key], reader.get(f"{FRAMEWORKS}{key}/")
    assert response.status_code == 200
    page, html = text_of(response), html_of(response)
    for said in (framework.title, framework.version, framework.about, framework.publisher, *framework.notes):
        assert " ".join(said.split()) in page
    assert framework.url.replace("&", "&amp;") in html
    for item in packaged().items_of(key):
        assert f"{item.id} {item.title}" in page
    for link in packaged().links_of(key):
        target = packaged().sections[link.key].url if link.target == "section" else f"/{link.target}s/{link.key}/"
        assert f'{target}"' in html


def test_a_link_says_what_it_rests_on(in_force: Any) -> None:
    links = [
        linked(),
        linked(target="control", key="oversight", relation="equal", reading="agree", added_late=True),
        linked(target="group", key="limits", basis="exchange", relation=None, reading=None, note="Since 2029."),
        linked(target="section", key="about", basis="framework", relation="narrower", reading=None),
    ]
    page = text_of(in_force(item_links=links).get(SMALL))
    assert "Evasion threat Our judgement, weak , broader" in page
    assert "Oversight control Our judgement , the same , read by one person only" in page
    assert "Limits control group Stated by the Exchange Since 2029." in page
    assert "About section Stated by the framework , narrower" in page
    assert "1 of 1 item has 4 links: 1 stated by the Exchange, 1 stated by the framework, 2 our judgement" in page


def test_an_item_without_links_says_so_plainly(in_force: Any) -> None:
    reader = in_force(item_links=[])
    assert "Nothing in the Exchange" in text_of(reader.get(SMALL))
    assert "None of its 1 item has a link" in text_of(reader.get(SMALL))
    assert "Nothing in the Exchange" not in text_of(reader.get("/catalog/frameworks/owasp-llm-2026/"))


def test_an_own_title_is_marked_and_a_replaced_item_leads_on(in_force: Any) -> None:
    items = small_edition()["items"]
    items[0]["is_own_title"] = True
    response = in_force(items=items).get("/catalog/frameworks/list-2029/")
    assert "L1:2029 Erring our label Replaced by L1:2030 Erring" in text_of(response)
    assert f'href="{SMALL}#item-l1-2030"' in html_of(response)
    assert 'id="item-l1-2030"' in html_of(in_force(items=items).get(SMALL))


def test_an_edition_of_a_family_names_the_others(reader: Client) -> None:
    html = html_of(reader.get(f"{FRAMEWORKS}owasp-llm-2025/"))
    assert "Other editions" in html
    assert 'href="/catalog/frameworks/owasp-llm-2026/"' in html
    assert "Other editions" not in html_of(reader.get(f"{FRAMEWORKS}finos-aigf/"))


def test_a_law_says_from_when_its_parts_apply_and_its_risk_classes(reader: Client) -> None:
    page = text_of(reader.get(f"{FRAMEWORKS}eu-ai-act/"))
    assert re.search(r"Prohibited practices and AI literacy 2 Feb 2025 Applies, for \d+", page)
    assert "High risk Art. 6 I and III" in page
    assert "When it applies" not in text_of(reader.get(f"{FRAMEWORKS}finos-aigf/"))


def test_the_roles_of_a_framework_are_named(reader: Client) -> None:
    assert "Model Provider (MP)" in text_of(reader.get(f"{FRAMEWORKS}csa-aicm/"))


def test_parents_hold_their_items_and_can_be_jumped_to(reader: Client) -> None:
    response = reader.get(f"{FRAMEWORKS}owasp-aisvs-1-0/")
    assert 'href="#item-v1-0-c10"' in html_of(response)
    assert 'id="item-v1-0-c10"' in html_of(response)
    page = text_of(response)
    assert page.rindex("v1.0-C1 Training Data") < page.index("v1.0-C1.1") < page.rindex("v1.0-C2 Input Validation")


def test_texts_are_there_to_be_read_under_headings(reader: Client) -> None:
    response = reader.get(f"{FRAMEWORKS}exchange-genai-2026/")
    for item in packaged().items_of("exchange-genai-2026"):
        assert str(item.text) in text_of(response)
    assert html_of(response).count("<h2") >= len(packaged().items_of("exchange-genai-2026"))
    guidelines = html_of(reader.get(f"{FRAMEWORKS}ncsc-guidelines/"))
    assert guidelines.count("<h2") >= 4
    assert guidelines.count("<h3") >= 17


def test_what_was_left_out_says_why(in_force: Any) -> None:
    page = text_of(in_force().get(SMALL))
    assert "Looked at and left out (1)" in page
    assert "L1:2030 Erring Variant It says something else." in page


def test_items_can_be_filtered_by_what_their_links_rest_on(reader: Client) -> None:
    page = text_of(reader.get(f"{FRAMEWORKS}owasp-llm-2025/?basis=exchange"))
    assert "Rests on: Stated by the Exchange" in page
    entries = page[page.index("of 10 items.") :]
    assert "Stated by the Exchange" in entries
    assert "Our judgement" not in entries


def test_items_can_be_filtered_by_kind_and_by_having_links(reader: Client) -> None:
    page = text_of(reader.get(f"{FRAMEWORKS}finos-aigf/?kind=mitigation"))
    assert "mi-1 " in page
    assert "ri-1 " not in page
    without = text_of(reader.get(f"{FRAMEWORKS}finos-aigf/?links=without"))
    assert "1 of 46 items." in without
    assert "Nothing in the Exchange" in without


def test_a_filter_that_nothing_passes_says_so(reader: Client) -> None:
    response = reader.get(f"{FRAMEWORKS}owasp-llm-2025/?links=without")
    assert response.status_code == 200
    assert "No item matches this filter" in text_of(response)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("basis=rumour", "“rumour” is not a value of “basis”."),
        ("links=some", "“some” is not a value of “links”."),
        ("kind=law", "“law” is not a value of “kind”."),
        ("colour=red", "There is no filter “colour”. Known are: basis, kind, links."),
    ],
)
def test_a_filter_that_is_not_known_is_refused_and_filters_nothing(query: str, sentence: str, reader: Client) -> None:
    response = reader.get(f"{FRAMEWORKS}finos-aigf/?{query}")
    assert response.status_code == 400
    assert sentence in text_of(response)
    assert "46 items." in text_of(response)


def test_htmx_gets_the_entries_alone(reader: Client) -> None:
    response = reader.get(f"{FRAMEWORKS}finos-aigf/?kind=risk", headers={"HX-Request": "true", "HX-Target": "entries"})
    assert response.content.strip().startswith(b"<section")
    assert b"<h1" not in response.content


@pytest.mark.parametrize("path", [f"{FRAMEWORKS}nosuch/", f"{FRAMEWORKS}evasion/", f"{FRAMEWORKS}x%00/"])
def test_an_unknown_framework_is_not_found(path: str, reader: Client) -> None:
    assert reader.get(path).status_code == 404


@pytest.mark.parametrize("path", [FRAMEWORKS, f"{FRAMEWORKS}mitre-atlas-techniques/", f"{FRAMEWORKS}eu-ai-act/"])
def test_a_page_costs_at_most_eight_queries(path: str, reader: Client) -> None:
    assert queries_of(reader, path) <= 8
    assert reader.post(path).status_code == 405
