"""Changing many risks over the API: the dry run, the change, and refusals that change nothing."""

import pytest

from journal.models import Event
from tests.make import make_risk, make_system
from tests.register.verbs import statuses, update

pytestmark = pytest.mark.django_db
PATH = "/api/v1/risks/changes/"


def named(risks):
    return [{"id": risk.pk, "version": risk.version} for risk in risks]


def test_a_dry_run_tells_and_the_change_does_it(risks, editor, owner, api_of):
    update(risks[0], editor, status="in_progress")
    risks[0].refresh_from_db()
    program, body = api_of(editor), {"risks": named(risks), "status": "in_progress", "owner": editor.pk}

    told = program.send("post", PATH, body).json()

    assert told["dry_run"] is True
    assert [each["outcome"] for each in told["results"]] == ["changed"] * 3
    assert told["results"][0]["changes"] == {"owner": [owner.pk, editor.pk]}
    assert told["results"][1]["changes"] == {"owner": [owner.pk, editor.pk], "status": ["open", "in_progress"]}
    assert statuses(risks) == ["in_progress", "open", "open"]

    done = program.send("post", PATH, body | {"dry_run": False}).json()

    assert [each["changes"] for each in done["results"]] == [each["changes"] for each in told["results"]]
    assert [each["version"] for each in done["results"]] == [risk.version + 1 for risk in risks]
    assert statuses(risks) == ["in_progress"] * 3
    again = program.send(
        "post", PATH, body | {"risks": [{"id": e["id"], "version": e["version"]} for e in done["results"]]}
    )
    assert [each["outcome"] for each in again.json()["results"]] == ["unchanged"] * 3


def test_a_risk_that_moved_is_told_and_stops_all(risks, editor, officer, api_of):
    read = named(risks)
    update(risks[1], officer, status="done")
    program, body = api_of(editor), {"risks": read, "due": "2027-01-31"}
    told = program.send("post", PATH, body).json()
    assert [each["outcome"] for each in told["results"]] == ["changed", "moved", "changed"]
    events = Event.objects.count()
    late = program.send("post", PATH, body | {"dry_run": False})
    assert late.status_code == 412
    assert "Somebody else changed RSK-0002. Nothing was changed." in late.json()["detail"]
    assert Event.objects.count() == events


def test_one_that_cannot_be_changed_stops_all(risks, system, editor, api_of):
    untreated = make_risk(system, actor=editor, threat="outputcontainsconventionalinjection")
    program, body = api_of(editor), {"risks": named([*risks, untreated]), "status": "done"}
    told = program.send("post", PATH, body).json()["results"]
    assert (told[3]["outcome"], told[3]["why_not"]) == ("refused", "No treatment is chosen yet. Choose one first.")
    refused = program.send("post", PATH, body | {"dry_run": False})
    assert refused.status_code == 400
    assert refused.json()["errors"] == {"risks": ["RSK-0004: No treatment is chosen yet. Choose one first."]}
    assert statuses(risks) == ["open"] * 3


def test_a_foreign_risk_reads_like_one_that_never_was(risks, editor, outsider, other_team, api_of):
    theirs = make_risk(make_system(other_team, actor=outsider), actor=outsider)
    program = api_of(editor)
    for dry_run in (True, False):
        answers = [
            program.send(
                "post", PATH, {"risks": [*named(risks), {"id": pk, "version": 1}], "status": "done", "dry_run": dry_run}
            )
            for pk in (theirs.pk, 987_654)
        ]
        assert {answer.status_code for answer in answers} == {400}
        assert answers[0].json()["errors"] == answers[1].json()["errors"]
    assert statuses(risks) == ["open"] * 3


def test_an_owner_changes_the_status_of_their_own_and_no_more(risks, editor, owner, viewer, api_of):
    body = {"risks": named(risks[:2]), "status": "done", "dry_run": False}
    assert api_of(viewer).send("post", PATH, body).status_code == 403
    assert api_of(owner).send("post", PATH, body | {"due": "2027-01-31"}).status_code == 403
    assert api_of(owner).send("post", PATH, body).status_code == 200
    assert statuses(risks) == ["done", "done", "open"]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({"status": "finished"}, "status"),
        ({"due": "9999-01-01"}, "due"),
        ({"risks": []}, "risks"),
        ({"risks": [{"id": 1, "version": 1}] * 501}, "risks"),
        ({"option": "avoid"}, "option"),
        ({}, "non_field_errors"),
    ],
)
def test_what_cannot_be_is_refused(risks, editor, api_of, said, name):
    answer = api_of(editor).send("post", PATH, {"risks": named(risks)} | said)
    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {name}


def test_a_risk_is_named_once(risks, editor, api_of):
    answer = api_of(editor).send("post", PATH, {"risks": named([risks[0], risks[0]]), "status": "done"})
    assert answer.json()["errors"] == {"risks": ["A risk is named twice."]}


def test_one_field_of_one_treatment_is_patched(risks, editor, api_of):
    program, path = api_of(editor), f"/api/v1/risks/{risks[0].pk}/treatment/"
    etag = program.get(path)["ETag"]
    answer = program.send("patch", path, {"due": "2027-01-31"}, if_match=etag)
    assert answer.json()["due"] == "2027-01-31"
    assert Event.objects.latest("sequence").verb == "risk.treated"
