"""The draft of the next edition: ours where nothing changed, the source's where it did, else empty."""

import copy
from datetime import date
from typing import Any

import pytest

from catalog.exchange.comparing import compare
from catalog.exchange.drafting import draft
from catalog.exchange.values import Exchange
from catalog.shape import FIELDS
from catalog.validation import faults
from tests.catalog.exchange_pages import GENERAL, INPUT, edition, exchange

AT = date(2031, 5, 6)


def drafted(*texts: str, content: dict[str, Any] | None = None, settings: str = "") -> dict[str, Any]:
    known = content or edition()
    found = exchange(*texts, settings=settings)
    return draft(known, found, compare(found, known), at=AT)


def of(data: dict[str, Any], section: str, key: str) -> dict[str, Any]:
    return next(entry for entry in data[section] if entry["key"] == key)


def is_same(found: Exchange, data: dict[str, Any]) -> bool:
    return not compare(found, data)


def test_where_nothing_changed_only_the_date_and_the_revision_differ() -> None:
    known = edition()
    data = drafted(content=known)
    assert data["edition"] == data["source"]["date"] == "2031-05-06"
    assert data["source"]["commit"] == ""
    assert {**data, "edition": known["edition"], "source": known["source"]} == known


def test_the_loader_asks_for_the_revision() -> None:
    assert faults(edition()) == []
    assert faults(drafted()) == ["source.commit: is not a text, or an empty one"]


def test_the_base_stays_as_it_is() -> None:
    known = edition()
    before = copy.deepcopy(known)
    drafted(GENERAL, INPUT.replace("/go/evasion/", "/go/oldevasion/").replace("Variant", "Other"), content=known)
    assert known == before


def test_titles_numbers_and_places_come_from_the_source_and_texts_stay() -> None:
    data = drafted(GENERAL, INPUT.replace("### 2.1.1. Variant", "## 2.2. Kind"))
    kind = of(data, "threats", "variant")
    assert (kind["title"], kind["number"], kind["parent"]) == ("Kind", "2.2", "inputthreats")
    assert kind["summary"] == of(edition(), "threats", "variant")["summary"]


def test_names_in_our_spelling_stay() -> None:
    data = drafted(GENERAL.replace("#OVERSIGHT", "#Over sight"), INPUT)
    assert of(data, "controls", "oversight")["name"] == "Oversight"


def test_a_new_name_of_a_control_is_written_small() -> None:
    control = of(drafted(GENERAL.replace("#OVERSIGHT", "#HUMAN INSIGHT"), INPUT), "controls", "oversight")
    assert (control["name"], control["source_name"]) == ("Human insight", "HUMAN INSIGHT")


def test_a_new_key_is_used_everywhere_and_the_old_one_is_an_alias() -> None:
    page = INPUT.replace("/go/evasion/", "/go/evading/").replace("/go/oversight/", "/go/seeing/")
    data = drafted(GENERAL.replace("/go/oversight/", "/go/seeing/"), page)
    threat = of(data, "threats", "evading")
    assert threat["aliases"] == ["oldevasion", "evasion"]
    assert threat["url"] == "https://owaspai.org/go/evading/"
    assert of(data, "threats", "variant")["parent"] == "evading"
    assert of(data, "controls", "seeing")["aliases"] == ["watching", "oversight"]
    assert data["rules"][0]["threat"] == "evading"
    assert {(link["threat"], link["control"]) for link in data["links"]} >= {("evading", "seeing")}
    assert of(data, "concerns", "copyright")["threats"] == ["evading"]
    assert data["item_links"][0]["key"] == "evading"
    assert data["periodic"][0]["cells"][1]["key"] == "seeing"
    assert data["periodic"][0]["title"] == "Evasion"
    assert faults(data) == ["source.commit: is not a text, or an empty one"]


def test_an_alias_that_becomes_the_key_again_is_no_alias() -> None:
    data = drafted(GENERAL, INPUT.replace("/go/evasion/", "/go/oldevasion/"))
    assert of(data, "threats", "oldevasion")["aliases"] == ["evasion"]


def test_redirects_of_the_source_become_aliases() -> None:
    rule = '{"hosting": {"redirects": [{"source": "/goto/dodging/", "destination": "/go/evasion/"}]}}'
    assert of(drafted(settings=rule), "threats", "evasion")["aliases"] == ["oldevasion", "dodging"]


def test_what_is_gone_is_left_out_with_its_links() -> None:
    page = INPUT[: INPUT.index("### 2.1.1.")]
    data = drafted(GENERAL, page)
    assert [threat["key"] for threat in data["threats"]] == ["evasion", "inputthreats"]
    assert {link["threat"] for link in data["links"]} == {"evasion", "inputthreats"}
    assert "not_derived[0]: no such threat 'variant'" in faults(data)


NEW = INPUT + (
    "\n## 2.2. Noise\n>Category: input threat\n>Permalink: https://owaspai.org/go/noise/\n"
    "\n#### #LOUD FILTER\n> Category: runtime AI engineer control\n> Permalink: https://owaspai.org/go/loudfilter/\n"
)


def test_new_entries_have_their_facts_and_nothing_else() -> None:
    data = drafted(GENERAL, NEW)
    threat, control = of(data, "threats", "noise"), of(data, "controls", "loudfilter")
    assert list(threat) == list(FIELDS["threats"])
    assert list(control) == list(FIELDS["controls"])
    assert (threat["title"], threat["number"], threat["parent"]) == ("Noise", "2.2", "inputthreats")
    assert (threat["kind"], threat["surface"], threat["lifecycle"]) == ("threat", "input", "runtime")
    assert (threat["summary"], threat["aliases"], threat["in_rag"]) == ("", [], None)
    assert (control["name"], control["parent_key"], control["group"]) == ("Loud filter", "noise", "threat_specific")
    assert (control["types"], control["lifecycle"], control["purpose"]) == (["AI engineer"], ["runtime"], "")


def test_a_threat_with_its_first_control_gets_a_heading_over_controls() -> None:
    group = of(drafted(GENERAL, NEW), "control_groups", "noise")
    assert (group["title"], group["is_threat_group"], group["parent"], group["number"]) == ("Noise", True, None, None)


def test_new_links_say_how_they_came_about() -> None:
    links = {(link["threat"], link["control"]): link for link in drafted(GENERAL, NEW)["links"]}
    own, general = links["noise", "loudfilter"], links["noise", "oversight"]
    assert (own["via"], own["strength"], own["excluded"]) == (["own"], "specific", False)
    assert (general["via"], general["strength"]) == (["general"], "general")


def test_the_loader_says_what_must_be_written() -> None:
    said = faults(drafted(GENERAL, NEW))
    assert "threats[3].summary: is not a text, or an empty one" in said
    assert "controls[1].purpose: is not a text, or an empty one" in said
    assert not [complaint for complaint in said if "no such" in complaint]


@pytest.mark.parametrize("value", [None, 7, [7], [{}], [{"key": 7, "threat": [], "via": 7, "target": []}], {"key": {}}])
def test_an_edition_that_is_unfinished_can_be_the_base(value: Any) -> None:
    page = INPUT.replace("/go/evasion/", "/go/oldevasion/")
    for section in ("controls", "control_groups", "links", "rules", "not_derived", "source", "periodic"):
        assert is_same(exchange(GENERAL, page), drafted(GENERAL, page, content=edition(**{section: value})))


def test_a_draft_is_the_same_as_its_source() -> None:
    for page in (INPUT, NEW, INPUT.replace("/go/evasion/", "/go/evading/"), INPUT[: INPUT.index("### 2.1.1.")]):
        assert is_same(exchange(GENERAL, page), drafted(GENERAL, page))
