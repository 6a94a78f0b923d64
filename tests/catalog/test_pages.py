"""The pages of the catalog as a signed-in person gets them."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from catalog.reading import packaged

HOME, THREATS, CONTROLS = "/catalog/", "/catalog/threats/", "/catalog/controls/"


def text_of(response: Any) -> str:
    return unescape(response.content.decode())


@pytest.mark.django_db
@pytest.mark.parametrize("path", [HOME, THREATS, CONTROLS, "/catalog/threats/evasion/", "/catalog/controls/oversight/"])
def test_a_stranger_is_asked_to_sign_in(path: str) -> None:
    response = Client().get(path)
    assert response.status_code == 302
    assert response["Location"].endswith(f"?next={path}")


def test_the_overview_names_edition_source_and_licence(reader: Client) -> None:
    page = text_of(reader.get(HOME))
    assert "25 threats and 55 controls" in page
    assert "22 August 2026" in page
    assert "OWASP AI Exchange" in page
    assert "CC0-1.0" in page
    assert f'href="{CONTROLS}"' in page


def test_every_threat_is_listed_under_its_surface(reader: Client) -> None:
    page = text_of(reader.get(THREATS))
    page = page[page.index("<tbody>") :]  # the menus of the filter name groups as well
    surfaces = ["2 Input threats", "3 Development-time threats", "4 Runtime conventional security threats"]
    starts = [page.index(surface) for surface in surfaces]
    assert starts == sorted(starts)
    for threat in packaged().threats.values():
        assert page.count(f'href="/catalog/threats/{threat.key}/"') == 1
    assert starts[0] < page.index("Indirect prompt injection") < starts[1] < page.index("Data poisoning") < starts[2]


def test_the_overview_leads_to_every_part_of_the_catalog(reader: Client) -> None:
    page = text_of(reader.get(HOME))
    assert 'action="/catalog/search/"' in page
    for title, count in (("Threats", 25), ("Controls", 55), ("Threat map", 22), ("Profile questions", 21)):
        assert re.search(rf"{count}</span>\s*<a [^>]*>{title}</a>", page), title
    for name in ("threats", "matrix", "periodic", "essentials", "risk_areas", "frameworks", "concerns", "editions"):
        assert f'href="{reverse(f"catalog:{name}")}">' in page


def test_the_overview_says_where_threats_begin_and_what_the_letters_mean(reader: Client) -> None:
    page = text_of(reader.get(HOME))
    for count, key in ((6, "developmenttime"), (8, "inputthreats"), (8, "runtimeconventionalsec")):
        assert re.search(rf'<b>{count}</b>\s*<p><a [^>]*href="/catalog/threats/{key}/"', page), key
    for impact in packaged().impacts.values():
        assert impact.title in page


@pytest.mark.parametrize(
    ("path", "label"),
    [
        (HOME, "Overview"),
        (CONTROLS, "Controls"),
        ("/catalog/map/", "Map"),
        ("/catalog/controls/oversight/", "Controls"),
    ],
)
def test_every_page_says_where_in_the_catalog_it_is(path: str, label: str, reader: Client) -> None:
    within = text_of(reader.get(path)).partition('aria-label="Catalog"')[2].partition("</ul>")[0]
    assert re.findall(r'aria-current="page">([^<]+)<', within) == [label]


@pytest.mark.parametrize("key", packaged().threats)
def test_every_threat_has_a_page(key: str, reader: Client) -> None:
    threat, response = packaged().threats[key], reader.get(f"/catalog/threats/{key}/")
    assert response.status_code == 200
    page = text_of(response)
    for said in (threat.title, threat.number, threat.summary, threat.how, threat.url, threat.hurts, threat.applies):
        assert said in page
    for said in (threat.likelihood, threat.impact, *(variant.text for variant in threat.variants)):
        assert said in page
    for link in packaged().controls_for(key):
        assert f'href="/catalog/controls/{link.control.key}/"' in page


@pytest.mark.parametrize("key", packaged().controls)
def test_every_control_has_a_page(key: str, reader: Client) -> None:
    control, response = packaged().controls[key], reader.get(f"/catalog/controls/{key}/")
    assert response.status_code == 200
    page = text_of(response)
    for said in (control.name, control.purpose, control.practice, control.url, control.trade_off, *control.evidence):
        assert said in page
    for said in (control.effort_reason, control.done_by_note):
        assert said in page
    for link in packaged().threats_for(key):
        assert f'href="/catalog/threats/{link.threat.key}/"' in page


def test_a_threat_says_when_it_applies_and_whose_it_is(reader: Client) -> None:
    page = text_of(reader.get("/catalog/threats/indirectpromptinjection/"))
    assert "Data that others can write ends up in its prompt." in page
    assert "Integrity of model behaviour" in page
    own, group = page.index("Own to this threat"), page.index("From Prompt injection, named here")
    assert own < group < page.index("15 general controls")
    assert "the lethal trifecta" in page
    assert "It applies to every AI system." in text_of(reader.get("/catalog/threats/airesourceexhaustion/"))


def test_a_variant_is_judged_with_its_group(reader: Client) -> None:
    page = text_of(reader.get("/catalog/threats/transferattack/"))
    assert 'A variant of <a href="/catalog/threats/evasion/">Evasion</a>' in page


def test_a_control_without_protection_is_said_so(reader: Client) -> None:
    page = text_of(reader.get("/catalog/threats/transferattack/"))
    assert "No protection here:" in page
    assert "No protection against" in text_of(reader.get("/catalog/controls/ratelimit/"))


def test_a_group_lists_what_belongs_to_it(reader: Client) -> None:
    page = text_of(reader.get("/catalog/threats/promptinjection/"))
    for key in ("directpromptinjection", "indirectpromptinjection", "agentmessagestructuremanipulation"):
        assert f'href="/catalog/threats/{key}/"' in page


@pytest.mark.parametrize("key", packaged().control_groups)
def test_every_group_of_controls_has_a_page(key: str, reader: Client) -> None:
    group, response = packaged().control_groups[key], reader.get(f"/catalog/groups/{key}/")
    assert response.status_code == 200
    page = text_of(response)
    for said in (group.title, group.purpose, group.start):
        assert said in page
    for control in packaged().controls.values():
        if control.parent_key == key:
            assert f'href="/catalog/controls/{control.key}/"' in page


@pytest.mark.parametrize(
    ("question", "keys"),
    [
        ("surface=input&kind=group", ["inputthreats", "evasion", "promptinjection", "disclosureuse"]),
        ("impact=model_availability&kind=threat", ["airesourceexhaustion"]),
        ("parent=devleak", ["devdataleak", "devmodelleak", "devcodeleak"]),
        ("asset=agent_boundary", ["agentescape"]),
        ("model=agentic&parent=runtimeconventionalsec&impact=", None),
        ("origin=own", []),
    ],
)
def test_threats_are_filtered(question: str, keys: list[str] | None, reader: Client) -> None:
    response = reader.get(f"{THREATS}?{question}")
    assert response.status_code == 200
    rows = [row.threat.key for _, rows in response.context["surfaces"] for row in rows if row.wanted]
    tops = ["inputthreats"] if keys and "inputthreats" in keys else []
    assert keys is None or tops + rows == keys


def test_an_empty_list_says_what_to_do(reader: Client) -> None:
    page = text_of(reader.get(f"{THREATS}?origin=own"))
    assert "No threat matches this filter" in page
    assert f'href="{THREATS}"' in page


@pytest.mark.parametrize(
    ("question", "some"),
    [
        ("essential=watch", "ratelimit"),
        ("essential=monitoring", "monitoruse"),
        ("type=governance&effort=low&effort=medium&effort=high", "aiprogram"),
        ("lifecycle=development-time&group=threat_specific", "trainadversarial"),
        ("done_by=supplier&type=AI engineer", "modelalignment"),
    ],
)
def test_controls_are_filtered(question: str, some: str, reader: Client) -> None:
    response = reader.get(f"{CONTROLS}?{question}")
    keys = [row.control.key for _, rows in response.context["headings"] for row in rows]
    assert some in keys
    assert 0 < len(keys) < 55


@pytest.mark.parametrize("path", [f"{THREATS}?colour=red", f"{CONTROLS}?type=magic", f"{THREATS}?surface=x%00"])
def test_a_filter_that_is_not_known_is_said_and_nothing_is_filtered(path: str, reader: Client) -> None:
    response = reader.get(path)
    assert response.status_code == 400
    assert "This filter cannot be used." in text_of(response)
    assert "Nothing is filtered" in text_of(response)


def test_each_choice_of_a_filter_has_a_way_out(reader: Client) -> None:
    page = text_of(reader.get(f"{THREATS}?surface=input&surface=runtime&kind=group"))
    assert "Remove filter Surface: Runtime" in page
    assert 'href="/catalog/threats/?surface=input&kind=group"' in page


def test_a_list_comes_alone_when_htmx_asks_for_it(reader: Client) -> None:
    response = reader.get(f"{THREATS}?kind=group", headers={"HX-Request": "true", "HX-Target": "entries"})
    page = text_of(response)
    assert page.lstrip().startswith('<div id="entries">')
    assert "<html" not in page


def test_layers_of_protection_are_shown_where_the_source_has_them(reader: Client) -> None:
    page = text_of(reader.get("/catalog/threats/directpromptinjection/"))
    assert "Layers of protection" in page
    assert "Just-in-time authorization" in page
    assert "Layers of protection" not in text_of(reader.get("/catalog/threats/datapoison/"))


def test_controls_stand_under_their_headings(reader: Client) -> None:
    page = text_of(reader.get(CONTROLS))
    assert page.index("1.1 General governance controls") < page.index("AI program")
    for control in packaged().controls.values():
        assert page.count(f'href="/catalog/controls/{control.key}/"') == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/catalog/threats/leakinput/", "/catalog/threats/inputdataleak/"),
        ("/catalog/threats/closedboxevasion/", "/catalog/threats/zeroknowledgeevasion/"),
        ("/catalog/controls/detectoddinput/", "/catalog/controls/anomalousinputhandling/"),
    ],
)
def test_an_old_key_leads_to_the_present_page(old: str, new: str, reader: Client) -> None:
    response = reader.get(old)
    assert (response.status_code, response["Location"]) == (302, new)


@pytest.mark.parametrize(
    "path",
    [
        "/catalog/threats/nosuchthreat/",
        "/catalog/threats/oversight/",
        "/catalog/controls/evasion/",
        "/catalog/threats/x%00/",
    ],
)
def test_an_unknown_key_is_not_found(path: str, reader: Client) -> None:
    assert reader.get(path).status_code == 404


@pytest.mark.parametrize("path", [HOME, THREATS, CONTROLS, "/catalog/threats/evasion/", "/catalog/controls/oversight/"])
def test_pages_are_for_reading_only(path: str, reader: Client) -> None:
    assert reader.head(path).status_code == 200
    assert reader.post(path).status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        HOME,
        THREATS,
        CONTROLS,
        "/catalog/threats/inputthreats/",
        "/catalog/controls/oversight/",
        "/catalog/groups/limitunwanted/",
        "/catalog/search/?q=promt+injecton",
        "/catalog/questions/",
        "/catalog/own/",
        "/catalog/editions/",
        "/catalog/editions/2026-08-22/",
    ],
)
def test_a_page_costs_at_most_eight_queries(path: str, reader: Client, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(8):
        reader.get(path)


def test_the_questions_end_with_what_to_look_into(reader: Client) -> None:
    response = reader.get("/catalog/questions/")
    assert [(title, len(rows)) for title, rows in response.context["look_groups"]] == [("Retrieval", 9), ("Agents", 10)]
    page = text_of(response)
    assert "Can anything but the ingestion step write to the index or the memory?" in page
    assert 'href="/catalog/threats/augmentationdatamanipulation/"' in page
    assert 'href="https://owaspai.org/go/ragoverview/"' in page
