"""What a person gets from the pages of threats and controls beyond their texts: marks, order, place in a list."""

from typing import Any

import pytest
from django.test import Client

from catalog.loading import load_edition, put_in_force
from catalog.reading import packaged
from journal.recording import SYSTEM
from tests.catalog.editions import small_edition
from tests.make import make_own_control, make_own_threat
from tests.reading import html_of, text_of

pytestmark = pytest.mark.django_db

THREATS, CONTROLS = "/catalog/threats/", "/catalog/controls/"


def force(content: dict[str, Any]) -> None:
    put_in_force(load_edition(content, actor=SYSTEM).edition.key, actor=SYSTEM, expected=None)


def linked(*, target: str = "threat", key: str = "evasion", **values: Any) -> dict[str, Any]:
    """A small edition with one link of a framework, that says `values`."""
    content = small_edition()
    link = content["item_links"][0]
    content["item_links"] = [link | {"target": target, "key": key} | values]
    return content


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"basis": "exchange", "reading": None, "relation": "equal"}, "Stated by the Exchange, the same"),
        (
            {"basis": "framework", "reading": None, "relation": "narrower"},
            "Stated by the framework, narrower than this",
        ),
        ({"basis": "exchange", "reading": None, "relation": None}, "Stated by the Exchange"),
        ({"basis": "editorial", "reading": "agree", "relation": "related"}, "Our judgement, related"),
        ({"basis": "editorial", "reading": "weak", "relation": "broader"}, "Our judgement, weak, broader than this"),
    ],
)
@pytest.mark.parametrize(
    ("target", "key", "path"),
    [
        ("threat", "evasion", f"{THREATS}evasion/"),
        ("control", "oversight", f"{CONTROLS}oversight/"),
        ("group", "limits", "/catalog/groups/limits/"),
    ],
)
def test_a_link_of_a_framework_says_in_words_what_it_rests_on(
    target: str, key: str, path: str, values: dict[str, Any], words: str, reader: Client
) -> None:
    force(linked(target=target, key=key, note="Both err.", **values))
    page = text_of(reader.get(path))
    row = page[page.index("In other frameworks") :]
    assert "List 2030 L1:2030 Erring" in row
    assert words in row.replace(" ,", ",")
    assert "Both err." in row
    assert 'href="/catalog/frameworks/list-2030/"' in html_of(reader.get(path))


def test_what_the_source_states_stands_before_our_judgement(reader: Client) -> None:
    page = text_of(reader.get(f"{THREATS}indirectpromptinjection/"))
    atlas = page[page.index("MITRE ATLAS techniques") : page.index("NIST AI 100-2")]
    assert atlas.rindex("Stated by the Exchange") < atlas.index("Our judgement") < atlas.index("Our judgement, weak")


def test_a_threats_page_answers_in_the_order_in_which_people_ask(reader: Client) -> None:
    page = html_of(reader.get(f"{THREATS}indirectpromptinjection/"))
    heads = ("How it happens", "When it applies", "Why it matters", "Kinds of attack", "With retrieval, in agents")
    heads += ("Which controls first", "Layers of protection", "In other frameworks", "OpenCRE")
    places = [page.index(f">{head}</h2>") for head in heads]
    assert places == sorted(places)
    why = text_of(reader.get(f"{THREATS}indirectpromptinjection/")).partition("Why it matters")[2]
    assert "B Integrity of model behaviour" in why
    assert "Assets attacked Model input, augmentation data" in why
    assert "look here first with retrieval" in why


def test_a_controls_page_answers_in_the_order_in_which_people_ask(reader: Client) -> None:
    page = html_of(reader.get(f"{CONTROLS}ratelimit/"))
    heads = ("What doing it looks like", "What it costs", "How to tell that it works", "Who usually does it")
    heads += ("What it works against", "In other frameworks", "Standards the Exchange names")
    places = [page.index(f">{head}</h2>") for head in heads]
    assert places == sorted(places)
    words = text_of(reader.get(f"{CONTROLS}ratelimit/"))
    assert "Low effort." in words
    assert "Our estimate, not the Exchange's." in words
    assert "A provider may leave it to whoever deploys, if it says so." in words


def test_how_far_a_standard_covers_a_control_is_said_in_words(reader: Client) -> None:
    content = small_edition()
    content["standards"][0] |= {"qualifier": "objectives only", "scope": "development", "particularity": True}
    force(content)
    page = text_of(reader.get(f"{CONTROLS}oversight/"))
    assert "ISO/IEC 42001 B.9.3 Objectives Development Covers part of it, objectives only" in page
    assert "The Exchange adds what is particular to AI." in page


def test_a_threat_stands_below_its_group_although_that_was_not_asked_for(reader: Client) -> None:
    response = reader.get(f"{THREATS}?parent=disclosureuse")
    rows = [(row.threat.key, row.wanted, row.depth) for _, rows in response.context["surfaces"] for row in rows]
    assert rows == [
        ("disclosureuse", False, 0),
        ("disclosureinoutput", True, 1),
        ("modelinversionandmembership", True, 1),
    ]
    assert "2 of 25 threats" in text_of(response)


def test_a_surface_alone_is_found_too(reader: Client) -> None:
    response = reader.get(f"{THREATS}?framework=iso-42001-2023")
    page = text_of(response)
    assert "0 of 25 threats and 1 group" in page
    assert "3 Development-time threats" in page
    assert "No threat matches" not in page


def test_the_heading_of_a_list_says_how_many_were_found(reader: Client) -> None:
    assert "25 threats in their groups" in text_of(reader.get(THREATS))
    some = [each for each in packaged().threats.values() if "model_input" in each.assets_hurt + each.assets_attacked]
    groups = sum(each.is_group for each in some)
    assert 0 < groups < len(some)
    said = f"{len(some) - groups} of 25 threats and {groups} group"
    assert said in text_of(reader.get(f"{THREATS}?asset=model_input"))
    assert "55 controls" in text_of(reader.get(CONTROLS))
    assert "12 of 55 controls" in text_of(reader.get(f"{CONTROLS}?effort=low"))


def test_own_threats_stand_at_the_end_of_their_surface_and_say_their_group(reader: Client) -> None:
    make_own_threat(title="Rogue plugins", parent_key="promptinjection")
    response = reader.get(THREATS)
    last = response.context["surfaces"][0][1][-1]
    assert (last.threat.key, last.depth, last.within.key) == ("own-rogue-plugins", 0, "promptinjection")
    assert "Rogue plugins own In Prompt injection" in text_of(response)
    alone = [row.threat.key for _, rows in reader.get(f"{THREATS}?origin=own").context["surfaces"] for row in rows]
    assert alone == ["own-rogue-plugins"]


def test_own_threats_are_marked_on_the_pages_of_controls(reader: Client) -> None:
    make_own_threat(title="Rogue plugins", controls=["ratelimit"])
    assert "Rogue plugins own" in text_of(reader.get(f"{CONTROLS}ratelimit/"))


def test_own_controls_are_marked_wherever_they_are_listed(reader: Client) -> None:
    make_own_control(name="Plugin review", threats=["evasion"])
    for path in (CONTROLS, f"{CONTROLS}?origin=own", "/catalog/groups/limitunwanted/", f"{THREATS}evasion/"):
        assert "Plugin review own" in text_of(reader.get(path))


@pytest.mark.parametrize(
    "path",
    [
        f"{THREATS}?framework=owasp-llm-2025&surface=input",
        f"{THREATS}?colour=red",
        f"{CONTROLS}?essential=watch&effort=low",
        f"{THREATS}indirectpromptinjection/",
        f"{CONTROLS}ratelimit/",
        "/catalog/groups/limitunwanted/",
    ],
)
def test_no_page_of_entries_costs_more_than_eight_queries(
    path: str, reader: Client, django_assert_max_num_queries: Any
) -> None:
    make_own_threat(title="Rogue plugins")
    reader.get(path)
    with django_assert_max_num_queries(8):
        reader.get(path)
