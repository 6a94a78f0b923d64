"""The API of systems: lists, writes with preconditions, the profile as the object of answers, the identification."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.access import NO_SUCH_OWNER
from accounts.models import Team, User
from journal.models import Event
from risks.systems.models import AISystem, Profile
from risks.systems.services import NO_SUCH_TEAM
from tests.cast import ApiClient
from tests.make import CHATBOT, make_profile, make_system

type ApiOf = Callable[..., ApiClient]

MISSING = 999_999
SYSTEMS = "/api/v1/systems/"


def at(system: AISystem, rest: str = "") -> str:
    return f"{SYSTEMS}{system.pk}/{rest}"


def new(team_id: int, **values: Any) -> dict[str, Any]:
    return {"name": "Fraud scoring", "team": team_id, "purpose": "Scores payments.", **values}


# Lists


def test_the_list_holds_what_one_may_see(
    api_of: ApiOf, system: AISystem, other_team: Team, editor: User, officer: User, outsider: User
) -> None:
    make_system(other_team, actor=outsider, name="Mail sorter")
    mine = api_of(editor).get(SYSTEMS).json()
    assert [each["name"] for each in mine["results"]] == ["Claims assistant"]
    assert mine["next"] is None
    assert [each["reference"] for each in api_of(officer).get(SYSTEMS).json()["results"]] == ["AIS-0001", "AIS-0002"]


def test_a_system_reads_as_it_is_written(api_of: ApiOf, system: AISystem, viewer: User) -> None:
    data = api_of(viewer).get(at(system)).json()
    assert data | {"created_at": "", "updated_at": ""} == {
        "id": system.pk,
        "reference": "AIS-0001",
        "name": "Claims assistant",
        "purpose": "Answers customers about their claim.",
        "team": system.team_id,
        "team_name": "Claims",
        "owner": None,
        "owner_name": None,
        "suppliers": [],
        "stage": "",
        "criticality": "",
        "ai_act_class": "",
        "ai_act_reason": "",
        "data_categories": [],
        "tags": [],
        "links": [],
        "archived_at": None,
        "version": 1,
        "created_at": "",
        "updated_at": "",
    }


def test_filters_are_those_of_the_page(
    api_of: ApiOf, system: AISystem, team: Team, other_team: Team, officer: User, owner: User
) -> None:
    make_system(team, actor=officer, name="Fraud scoring", owner_id=owner.pk)
    make_system(other_team, actor=officer, name="Mail sorter", purpose="Sorts letters.")
    program = api_of(officer)

    def names(query: str) -> list[str]:
        return [each["name"] for each in program.get(f"{SYSTEMS}?{query}").json()["results"]]

    assert names(f"team={team.pk}") == ["Claims assistant", "Fraud scoring"]
    assert names(f"owner={owner.pk}") == ["Fraud scoring"]
    assert names("q=letters") == ["Mail sorter"]
    assert names("q=ais-2") == ["Fraud scoring"]


@pytest.mark.parametrize(
    "query", ["colour=red", "team=x", "owner=999999", "team=1&team=2", "page_size=0", "owner__password=x", "q=%00"]
)
def test_a_parameter_that_is_not_known_is_refused(api_of: ApiOf, system: AISystem, editor: User, query: str) -> None:
    assert api_of(editor).get(f"{SYSTEMS}?{query}").status_code == 400


def test_the_list_costs_the_same_for_twice_the_rows(
    api_of: ApiOf, system: AISystem, team: Team, editor: User, owner: User
) -> None:
    program = api_of(editor)
    program.get(SYSTEMS)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert program.get(SYSTEMS).status_code == 200
        return len(captured)

    few = queries()
    for number in range(4):
        make_system(team, actor=editor, name=f"System {number}", owner_id=owner.pk)
    assert queries() == few <= 10


# Registering


def test_a_system_is_registered_with_an_address_and_an_etag(api_of: ApiOf, team: Team, editor: User) -> None:
    answer = api_of(editor).send("post", SYSTEMS, new(team.pk, owner=editor.pk))
    assert answer.status_code == 201
    system = AISystem.objects.get()
    assert answer["Location"] == f"http://testserver{at(system)}"
    assert answer.json()["owner_name"] == "Editor"
    assert api_of(editor).get(at(system))["ETag"] == answer["ETag"]
    event = Event.objects.of(system).get()
    assert event.verb == "system.registered"
    assert event.credential


def test_foreign_and_made_up_teams_and_owners_are_refused_alike(
    api_of: ApiOf, team: Team, other_team: Team, editor: User, outsider: User
) -> None:
    program = api_of(editor)
    for team_id in (other_team.pk, MISSING, -1, 2**70):
        answer = program.send("post", SYSTEMS, new(team_id))
        assert (answer.status_code, answer.json()["errors"]) == (400, {"team": [NO_SUCH_TEAM]})
    for owner_id in (outsider.pk, MISSING):
        answer = program.send("post", SYSTEMS, new(team.pk, owner=owner_id))
        assert (answer.status_code, answer.json()["errors"]) == (400, {"owner": [NO_SUCH_OWNER]})
    assert not AISystem.objects.exists()


@pytest.mark.parametrize("who", ["viewer", "owner", "auditor"])
def test_who_edits_no_team_registers_nothing(
    api_of: ApiOf, team: Team, who: str, request: pytest.FixtureRequest
) -> None:
    assert api_of(request.getfixturevalue(who)).send("post", SYSTEMS, new(team.pk)).status_code == 403


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"number": 7}, "number"),
        ({"version": 7}, "version"),
        ({"id": 7}, "id"),
        ({"colour": "red"}, "colour"),
        ({"name": ""}, "name"),
        ({"name": None}, "name"),
        ({"purpose": "x" * 2001}, "purpose"),
        ({"owner": "nobody"}, "owner"),
        ({"purpose": ["x"]}, "purpose"),
    ],
)
def test_what_a_registration_does_not_take_is_named(
    api_of: ApiOf, team: Team, editor: User, body: dict[str, Any], field: str
) -> None:
    answer = api_of(editor).send("post", SYSTEMS, new(team.pk, **body))
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


def test_a_token_to_read_writes_nothing(api_of: ApiOf, team: Team, editor: User) -> None:
    assert api_of(editor, scopes=("read",)).send("post", SYSTEMS, new(team.pk)).status_code == 403


# Changing


def test_a_change_needs_the_version_that_was_read(api_of: ApiOf, system: AISystem, editor: User) -> None:
    program = api_of(editor)
    etag = program.get(at(system))["ETag"]
    assert program.send("patch", at(system), {"purpose": "Scores payments."}).status_code == 428
    done = program.send("patch", at(system), {"purpose": "Scores payments."}, if_match=etag)
    assert (done.status_code, done.json()["purpose"], done.json()["name"]) == (
        200,
        "Scores payments.",
        "Claims assistant",
    )
    assert program.send("patch", at(system), {"purpose": "Other"}, if_match=etag).status_code == 412
    assert program.send("patch", at(system), {"purpose": "Other"}, if_match=done["ETag"]).status_code == 200
    assert [event.verb for event in Event.objects.of(system)][:2] == ["system.changed"] * 2


def test_what_one_has_read_already_is_not_sent_again(api_of: ApiOf, system: AISystem, editor: User) -> None:
    program = api_of(editor)
    for rest in ("", "profile/", "threats/"):
        etag = program.get(at(system, rest))["ETag"]
        assert program.send("get", at(system, rest), if_none_match=etag).status_code == 304


@pytest.mark.parametrize("field", ["team", "number", "reference", "version", "created_at", "profiles", "owner_name"])
def test_a_field_that_cannot_be_changed_is_refused_by_name(
    api_of: ApiOf, system: AISystem, editor: User, field: str
) -> None:
    program = api_of(editor)
    etag = program.get(at(system))["ETag"]
    answer = program.send("patch", at(system), {"name": "Claims helper", field: 1}, if_match=etag)
    assert (answer.status_code, answer.json()["errors"]) == (400, {field: ["This cannot be set here."]})
    system.refresh_from_db()
    assert system.name == "Claims assistant"


@pytest.mark.parametrize("body", [[], "text", 7, None, [{"name": "x"}]])
def test_a_body_that_is_no_object_is_refused(api_of: ApiOf, system: AISystem, editor: User, body: Any) -> None:
    answer = api_of(editor).generic("PATCH", at(system), b"null" if body is None else str(body), "application/json")
    assert answer.status_code in (400, 428)


# The profile


def test_the_first_profile_needs_no_precondition_and_every_later_one_does(
    api_of: ApiOf, team: Team, editor: User
) -> None:
    system, program = make_system(team, actor=editor), api_of(editor)
    assert program.get(at(system, "profile/")).json() == {}
    first = program.send("put", at(system, "profile/"), {"text_output": "yes"})
    assert (first.status_code, first.json()) == (200, {"text_output": "yes"})
    assert program.send("put", at(system, "profile/"), {"text_output": "no"}).status_code == 428
    done = program.send("put", at(system, "profile/"), CHATBOT, if_match=first["ETag"])
    assert done.json() == CHATBOT
    assert program.send("put", at(system, "profile/"), {}, if_match=first["ETag"]).status_code == 412
    assert program.get(at(system, "profile/"))["ETag"] == done["ETag"] != first["ETag"]
    assert Event.objects.of(system).filter(verb="profile.answered").count() == 2


def test_the_same_answers_again_make_no_new_profile(api_of: ApiOf, system: AISystem, editor: User) -> None:
    program = api_of(editor)
    etag = program.get(at(system, "profile/"))["ETag"]
    again = program.send("put", at(system, "profile/"), CHATBOT, if_match=etag)
    assert (again.status_code, again["ETag"]) == (200, etag)
    assert Profile.objects.count() == 1


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"text_output": "perhaps"}, "text_output"),
        ({"model_types": "genai"}, "model_types"),
        ({"augmentation": ["rag", "none"]}, "augmentation"),
        ({"no_such_question": "yes"}, "no_such_question"),
        ([], "profile"),
    ],
)
def test_answers_the_profile_does_not_take_are_named(
    api_of: ApiOf, system: AISystem, editor: User, answers: Any, field: str
) -> None:
    answer = api_of(editor).send("put", at(system, "profile/"), answers, if_match="*")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert Profile.objects.count() == 1


# The identification


def test_the_threats_come_with_party_and_reasons(api_of: ApiOf, system: AISystem, viewer: User) -> None:
    data = api_of(viewer).get(at(system, "threats/")).json()
    assert (data["profile"], data["questions_answered"], data["questions_asked"]) == (1, 15, 18)
    assert data["counts"]["applicable"] == 14
    assert len(data["threats"]) == 22
    indirect = data["threats"]["indirectpromptinjection"]
    assert (indirect["status"], indirect["party"]) == ("applicable", "own")
    assert indirect["reasons"][0] == "It uses generative AI."
    assert indirect["modifiers"] == ["actions_raise_impact"]


def test_the_threats_follow_the_profile(api_of: ApiOf, system: AISystem, editor: User) -> None:
    program = api_of(editor)
    before = program.get(at(system, "threats/"))
    make_profile(system, actor=editor, answers={**CHATBOT, "model_types": ["heuristic"]})
    after = program.get(at(system, "threats/"))
    assert after.json()["threats"]["indirectpromptinjection"]["status"] == "not_applicable"
    assert before["ETag"] != after["ETag"]


# Everyone


@pytest.mark.parametrize("call", ["get ", "patch ", "get profile/", "put profile/", "get threats/"])
def test_a_foreign_system_is_as_missing_as_a_made_up_one(
    api_of: ApiOf, system: AISystem, outsider: User, call: str
) -> None:
    program, (method, rest) = api_of(outsider), call.split(" ")
    body: Any = None if method == "get" else {}
    foreign, made_up = (program.send(method, f"{SYSTEMS}{pk}/{rest}", body) for pk in (system.pk, MISSING))
    assert (foreign.status_code, made_up.status_code) == (404, 404)
    assert foreign.json() | {"request_id": ""} == made_up.json() | {"request_id": ""}


@pytest.mark.parametrize("who", ["viewer", "owner", "auditor"])
@pytest.mark.parametrize(("method", "rest"), [("patch", ""), ("put", "profile/")])
def test_who_may_only_look_is_refused_and_that_is_noted(
    api_of: ApiOf, system: AISystem, method: str, rest: str, who: str, request: pytest.FixtureRequest
) -> None:
    answer = api_of(request.getfixturevalue(who)).send(method, at(system, rest), {}, if_match="*")
    assert answer.status_code == 403
    assert Event.objects.order_by("-sequence")[0].verb == "access.refused"
