"""Identification for a profile that is only sent to ask: the same answers as everywhere else, and nothing is kept."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.models import User
from journal.models import Event
from risks.systems.models import AISystem, Profile
from tests.make import CHATBOT, make_profile
from tests.systems.profiles import possible
from tests.systems.test_systems_api import ApiOf, at

ADDRESS = "/api/v1/threat-identification/"


def ask(program: Client, answers: Any) -> Any:
    return program.post(ADDRESS, json.dumps(answers), content_type="application/json")


def test_it_says_what_the_system_with_that_profile_says(api_of: ApiOf, system: AISystem, viewer: User) -> None:
    program = api_of(viewer)
    told = ask(program, CHATBOT).json()
    of_system = program.get(at(system, "threats/")).json()
    assert told == {name: value for name, value in of_system.items() if name != "profile"}
    assert told["edition"] == "2026-08-22"


def test_it_says_what_the_command_says(api_of: ApiOf, viewer: User, tmp_path: Path) -> None:
    (file := tmp_path / "profile.json").write_text(json.dumps(CHATBOT), encoding="utf-8")
    call_command("identify_threats", str(file), stdout=(printed := StringIO()))
    told = ask(api_of(viewer), CHATBOT).json()["threats"]
    for verdict in told.values():
        verdict.pop("modifiers")
    assert told == json.loads(printed.getvalue())["threats"]


def test_modifiers_come_with_what_they_are_about(api_of: ApiOf, viewer: User) -> None:
    trifecta = {"actions_can_send_data": "yes", "sensitive_data_reachable": "yes", "untrusted_data_in_prompt": "yes"}
    told = ask(api_of(viewer), {**CHATBOT, **trifecta, "triggers_actions": "yes"}).json()
    modifiers = {each["id"]: each for each in told["modifiers"]}
    assert "lethal trifecta" in modifiers["lethal_trifecta"]["sentence"]
    assert set(modifiers["lethal_trifecta"]["threats"]) == {
        "directpromptinjection",
        "indirectpromptinjection",
        "outputcontainsconventionalinjection",
    }
    assert modifiers["own_mitigation_after_training"]["effect"] == "optional_control"
    assert modifiers["own_mitigation_after_training"]["controls"] == ["poisonrobustmodel"]


def test_points_to_look_into_come_with_their_reasons(api_of: ApiOf, viewer: User) -> None:
    told = ask(api_of(viewer), {"augmentation": ["rag"], "corpus_influenced_by_others": "no"}).json()
    points = {point["id"]: point for point in told["attention"]}
    assert list(points) == [f"R0{number}" for number in range(1, 10)]
    assert points["R02"]["answer"].startswith("No: ")
    assert points["R02"]["answered_by"] == "corpus_influenced_by_others"
    assert points["R03"] == {
        "id": "R03",
        "context": "rag",
        "question": "Does each person get from retrieval only what the source itself would show them?",
        "why": "An index that drops the access rights of its sources brings out what the asker may not open.",
        "answer": None,
        "answered_by": None,
        "reasons": ["Retrieved documents are added to its prompt."],
        "threats": ["disclosureinoutput"],
        "controls": [],
        "url": "https://owaspai.org/go/ragoverview/",
    }


@pytest.mark.parametrize("scopes", [("read",), ("read", "write")])
def test_a_token_that_may_only_read_may_ask(api_of: ApiOf, viewer: User, scopes: tuple[str, ...]) -> None:
    assert ask(api_of(viewer, scopes=scopes), {}).status_code == 200


def test_a_token_that_may_only_write_may_not(api_of: ApiOf, viewer: User) -> None:
    assert ask(api_of(viewer, scopes=("write",)), {}).status_code == 403


def test_nobody_unknown_may_ask(db: None) -> None:
    assert ask(Client(), {}).status_code == 401


def test_a_person_of_no_team_may_ask_too(api_of: ApiOf, outsider: User) -> None:
    assert ask(api_of(outsider), CHATBOT).status_code == 200


@pytest.mark.parametrize(
    ("answers", "field", "said"),
    [
        ({"colour": "red"}, "colour", "The profile has no question “colour”."),
        ({"text_output": "perhaps"}, "text_output", "“perhaps” is not an answer"),
        ({"text_output": True}, "text_output", "not true or false"),
        ({"text_output": None}, "text_output", "not null"),
        ({"model_types": "genai"}, "model_types", "takes a list of"),
        ({"augmentation": ["none", "rag"]}, "augmentation", "“none” cannot stand together with other answers."),
        ({"augmentation": ["rag", "rag"]}, "augmentation", "“rag” is listed twice."),
        ({"augmentation": ["rag"] * 10_000}, "augmentation", "the list holds 10000"),
        ({"augmentation": [[["rag"]]]}, "augmentation", "not a list"),
        ({"run_by": {"own": {"own": "own"}}}, "run_by", "not an object"),
        ([], "profile", "A profile is an object"),
        (None, "profile", "A profile is an object"),
    ],
)
def test_what_the_profile_does_not_take_is_refused_by_its_question(
    api_of: ApiOf, viewer: User, answers: Any, field: str, said: str
) -> None:
    answer = ask(api_of(viewer), answers)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert list(answer.json()["errors"]) == [field]
    assert said in answer.json()["errors"][field][0]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('{"run_by": "own", "run_by": "supplier"}', 'A key appears twice in one object: "run_by".'),
        ('{"run_by": NaN}', 'NaN is not a JSON value; it stands under "run_by".'),
        ('{"augmentation": [NaN]}', "NaN is not a JSON value."),
        ('{"run_by": ' + "[" * 5_000 + "]" * 5_000 + "}", "nested deeper than 32 levels"),
        ("{", "This is not JSON"),
    ],
)
def test_what_is_hardly_json_is_refused_in_a_sentence(api_of: ApiOf, viewer: User, body: str, said: str) -> None:
    answer = api_of(viewer).post(ADDRESS, body, content_type="application/json")
    assert answer.status_code == 400
    assert said in answer.json()["detail"]


def test_an_unknown_parameter_is_refused(api_of: ApiOf, viewer: User) -> None:
    assert api_of(viewer).post(f"{ADDRESS}?edition=1", "{}", content_type="application/json").status_code == 400


def test_nothing_is_saved(api_of: ApiOf, system: AISystem, viewer: User) -> None:
    program = api_of(viewer)
    before = (AISystem.objects.count(), Profile.objects.count(), Event.objects.count())
    for value in possible("augmentation"):
        assert ask(program, {} if value is None else {"augmentation": value}).status_code == 200
    assert ask(program, {"augmentation": "rag"}).status_code == 400
    assert (AISystem.objects.count(), Profile.objects.count(), Event.objects.count()) == before


def test_the_points_of_a_system_follow_its_profile(api_of: ApiOf, system: AISystem, editor: User) -> None:
    program = api_of(editor)
    make_profile(system, actor=editor, answers={"triggers_actions": "yes", "autonomy": "loops"})
    told = program.get(at(system, "threats/")).json()
    assert [point["id"] for point in told["attention"]] == ["A01", "A02", "A03", "A05", "A06", "L3"]
    assert next(point for point in told["attention"] if point["id"] == "A06")["answer"] == "Not answered yet."
