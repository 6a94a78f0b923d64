"""Threats and controls through the API."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from catalog.loading import load_edition
from catalog.reading import current, packaged
from journal.recording import SYSTEM
from tests.catalog.editions import small_edition
from tests.make import make_own_threat

THREATS, CONTROLS = "/api/v1/threats/", "/api/v1/controls/"
PROBLEM = "application/problem+json"


@pytest.fixture
def program(outsider: User, api_of: Callable[..., Any]) -> Any:
    """A program with a token that may read; the edition is read into the process already."""
    current()
    return api_of(outsider, ("read",))


def keys(response: Any) -> list[str]:
    return [entry["key"] for entry in response.json()["results"]]


@pytest.mark.django_db
@pytest.mark.parametrize("path", [THREATS, f"{THREATS}evasion/", CONTROLS, f"{CONTROLS}oversight/"])
def test_a_stranger_gets_nothing(path: str) -> None:
    response = Client().get(path)
    assert response.status_code == 401
    assert response["Content-Type"] == PROBLEM


def test_threats_come_in_the_order_of_the_edition_groups_included(program: Any) -> None:
    response = program.get(THREATS)
    assert response.json()["next"] is None
    assert keys(response) == list(packaged().threats)
    assert {entry["kind"] for entry in response.json()["results"]} == {"threat", "group"}


def test_controls_come_in_the_order_of_the_edition(program: Any) -> None:
    assert keys(program.get(CONTROLS)) == list(packaged().controls)


def test_lists_are_read_page_by_page(program: Any) -> None:
    found, address = [], f"{CONTROLS}?page_size=20"
    while address:
        response = program.get(address)
        found += keys(response)
        address = response.json()["next"]
    assert found == list(packaged().controls)


def test_a_threat_by_its_key(program: Any) -> None:
    threat = program.get(f"{THREATS}indirectpromptinjection/").json()
    facts = packaged().threats["indirectpromptinjection"]
    assert {name: threat[name] for name in ("key", "number", "title", "kind", "parent", "surface", "lifecycle")} == {
        "key": facts.key,
        "number": "2.2.2",
        "title": "Indirect prompt injection",
        "kind": "threat",
        "parent": "promptinjection",
        "surface": "input",
        "lifecycle": "runtime",
    }
    assert threat["impacts"] == ["model_behaviour_integrity"]
    assert threat["edition"] == "2026-08-22"
    assert (threat["summary"], threat["how"], threat["url"]) == (facts.summary, facts.how, facts.url)
    assert threat["controls"][0] == {
        "key": "inputsegregation",
        "name": "Input segregation",
        "via": ["own", "matrix"],
        "strength": "specific",
        "party": [],
        "condition": None,
        "note": None,
    }
    assert [control["key"] for control in threat["controls"]] == [
        link.control.key for link in packaged().controls_for("indirectpromptinjection")
    ]


def test_a_group_is_a_threat_of_kind_group(program: Any) -> None:
    group = program.get(f"{THREATS}inputthreats/").json()
    assert (group["kind"], group["parent"]) == ("group", None)


def test_a_control_by_its_key(program: Any) -> None:
    control = program.get(f"{CONTROLS}ratelimit/").json()
    assert (control["name"], control["group"], control["parent"]) == (
        "Rate limit",
        "input_threats_general",
        "inputthreats",
    )
    assert control["types"] == ["information security"]
    assert control["threats"][0]["key"] == "inputthreats"
    assert "transferattack" not in [threat["key"] for threat in control["threats"]]


@pytest.mark.parametrize(
    ("old", "key"), [(f"{THREATS}leakinput/", "inputdataleak"), (f"{CONTROLS}devdataprotect/", "devsecurity")]
)
def test_an_old_key_answers_with_the_present_entry(old: str, key: str, program: Any) -> None:
    assert program.get(old).json()["key"] == key


@pytest.mark.parametrize("path", [f"{THREATS}nosuchthreat/", f"{THREATS}oversight/", f"{CONTROLS}x%00/"])
def test_an_unknown_key_is_not_found(path: str, program: Any) -> None:
    assert program.get(path).status_code == 404


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("kind=group", 9),
        ("kind=threat", 25),
        ("kind=threat&kind=group", 34),
        ("kind=", 34),
        ("surface=input", 16),
        ("surface=development-time&kind=threat", 6),
        ("lifecycle=runtime", 25),
        ("parent=evasion", 5),
        ("impact=model_availability", 2),
        ("impact=model_availability&kind=threat", 1),
    ],
)
def test_threats_are_filtered(question: str, count: int, program: Any) -> None:
    assert len(keys(program.get(f"{THREATS}?{question}"))) == count


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("group=governance", 6),
        ("type=AI%20engineer", 22),
        ("lifecycle=runtime", 33),
        ("lifecycle=development-time", 23),
    ],
)
def test_controls_are_filtered(question: str, count: int, program: Any) -> None:
    assert len(keys(program.get(f"{CONTROLS}?{question}"))) == count


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (f"{THREATS}?colour=red", "There is no filter “colour”. Known are: asset, framework,"),
        (f"{THREATS}?kind=risk", "“risk” is not a value of “kind”."),
        (f"{THREATS}?parent=datapoison", "“datapoison” is not a value of “parent”."),
        (f"{THREATS}?impact=x%00", "is not a value of “impact”."),
        (f"{THREATS}?edition__key=x", "There is no filter “edition__key”."),
        (f"{THREATS}?page_size=0", "page_size is a number from 1 to 500."),
        (f"{THREATS}?cursor=-1", "This cursor is not one of ours"),
        (f"{THREATS}evasion/?expand=all", "'all' is not a value of 'expand'"),
        (f"{THREATS}evasion/?kind=group", "Unknown query parameter 'kind'"),
        (f"{THREATS}?expand=threats", "'threats' is not a value of 'expand'"),
        (f"{CONTROLS}?group=x", "“x” is not a value of “group”."),
        (f"{CONTROLS}?type=magic", "“magic” is not a value of “type”."),
        (f"{CONTROLS}?cursor=x", "This cursor is not one of ours"),
    ],
)
def test_an_unknown_parameter_or_value_is_refused(path: str, said: str, program: Any) -> None:
    response = program.get(path)
    assert response.status_code == 400
    assert response["Content-Type"] == PROBLEM
    assert said in response.json()["detail"]


@pytest.mark.parametrize("path", [f"{THREATS}evasion/", f"{CONTROLS}oversight/"])
def test_what_the_reader_has_is_not_sent_again(path: str, program: Any) -> None:
    etag = program.get(path)["ETag"]
    again = program.send("get", path, if_none_match=etag)
    assert (again.status_code, again.content) == (304, b"")
    assert program.send("get", path, if_none_match='"other"').status_code == 200


@pytest.mark.parametrize("path", [THREATS, f"{THREATS}evasion/", CONTROLS, f"{CONTROLS}oversight/"])
def test_the_catalog_is_for_reading_only(path: str, outsider: User, api_of: Callable[..., Any]) -> None:
    for method in ("post", "put", "patch", "delete"):
        assert api_of(outsider).send(method, path, {}).status_code == 405


@pytest.mark.parametrize(
    "path", [THREATS, f"{THREATS}?parent=evasion", f"{THREATS}inputthreats/", CONTROLS, f"{CONTROLS}oversight/"]
)
def test_an_answer_costs_few_queries(path: str, program: Any, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(6):
        program.get(path)


FRAMEWORKS, EDITIONS = "/api/v1/frameworks/", "/api/v1/editions/"


def test_relations_come_on_request(program: Any) -> None:
    [threat] = program.get(
        f"{THREATS}?parent=disclosureuse&impact=input_data_confidentiality&expand=children,controls"
    ).json()["results"]
    assert threat["key"] == "disclosureinoutput"
    assert threat["controls"][0]["key"] == "sensitiveoutputhandling"
    assert threat["children"] == []
    assert "frameworks" not in threat
    control = program.get(f"{CONTROLS}aiprogram/?expand=standards,opencre,frameworks").json()
    assert {each["standard"] for each in control["standards"]} == {"ISO/IEC 42001", "US Federal Reserve SR 11-07"}
    assert control["opencre"][0]["id"] == "755-340"
    assert {each["basis"] for each in control["frameworks"]} == {"exchange", "editorial"}


def test_a_framework_comes_with_its_items_and_their_links_on_request(program: Any) -> None:
    framework = program.get(f"{FRAMEWORKS}owasp-llm-2025/").json()
    assert (framework["version"], framework["family"], "items" in framework) == ("2025", "owasp-llm", False)
    items = program.get(f"{FRAMEWORKS}owasp-llm-2025/?expand=items,left_out").json()["items"]
    assert items[0]["id"] == "LLM01:2025"
    assert items[0]["replaced_by"] == "owasp-llm-2026/LLM01:2026"
    assert {(link["key"], link["basis"]) for link in items[0]["links"]} >= {("directpromptinjection", "exchange")}
    assert keys(program.get(f"{FRAMEWORKS}?family=owasp-llm")) == [
        "owasp-llm-2026",
        "owasp-llm-2025",
        "owasp-llm-2023-24",
    ]


def test_editions_say_which_is_in_force_and_what_is_different(program: Any) -> None:
    load_edition(small_edition(), actor=SYSTEM)
    editions = {each["key"]: each for each in program.get(EDITIONS).json()["results"]}
    assert [editions[key]["is_current"] for key in ("2026-08-22", "2030-01-01")] == [True, False]
    found = program.get(f"{EDITIONS}2030-01-01/?expand=difference").json()["difference"]
    assert (found["before"], found["after"]) == ("2026-08-22", "2030-01-01")
    threats = next(section for section in found["sections"] if section["name"] == "threats")
    assert len(threats["retired"]) == 32
    assert {change["key"] for change in threats["changed"]} == {"evasion", "inputthreats"}


@pytest.mark.parametrize("path", [THREATS, f"{CONTROLS}?type=governance", FRAMEWORKS, EDITIONS])
def test_a_list_that_has_not_changed_is_not_sent_again(path: str, program: Any) -> None:
    etag = program.get(path)["ETag"]
    assert program.send("get", path, if_none_match=etag).status_code == 304
    make_own_threat()
    status = program.send("get", path, if_none_match=etag).status_code
    assert status == (200 if path == THREATS else 304)


def test_own_entries_are_marked_and_can_be_filtered(program: Any) -> None:
    make_own_threat(title="Rogue plugins", controls=["oversight"])
    [own] = program.get(f"{THREATS}?origin=own&expand=controls").json()["results"]
    assert (own["key"], own["is_own"], own["number"]) == ("own-rogue-plugins", True, "own")
    assert own["controls"][0]["key"] == "oversight"
    assert len(keys(program.get(f"{THREATS}?origin=exchange"))) == 34
