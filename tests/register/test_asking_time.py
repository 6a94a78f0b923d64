"""More time: who owns work asks for a later day, who may edit the team decides or moves the day at once."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from journal.errors import Conflict, NotAllowed
from journal.models import Event
from risks.register import asking_time
from risks.register.asking_time import ask_time, decide_time, withdraw_time
from risks.register.measuring import change_measure, drop_measure, update_measure
from risks.register.models import Measure, TimeRequest
from risks.register.reviewing import dismiss_threat
from risks.systems.life_cycle import archive_system
from tests.make import make_measure, make_risk, make_time_request, make_treatment
from tests.reading import text_of, version_of
from tests.register.verbs import newest_event, refusal, treat, update

TODAY = timezone.localdate()
LATER = TODAY + timedelta(days=30)


@pytest.fixture
def measure(mitigated, editor, owner):
    return make_measure(mitigated, actor=editor, owner=owner)


def ask(risk, actor, **values):
    wanted = {"until": LATER, "note": "The supplier is late.", "expected_version": None}
    return ask_time(risk.pk, actor=actor, **(wanted | values))


def due_of(risk):
    return risk.treatments.in_force().get().due


def test_an_owner_asks_and_the_day_stays_until_somebody_decides(mitigated, owner):
    version = version_of(mitigated)
    asked = ask(mitigated, owner)

    assert (asked.state, asked.asked_by, asked.asked_until, asked.measure) == ("waiting", owner, LATER, None)
    assert due_of(mitigated) == TODAY + timedelta(days=7)
    event = newest_event(mitigated)
    assert (event.verb, event.reason) == ("time.asked", "The supplier is late.")
    assert event.changes == {"until": [(TODAY + timedelta(days=7)).isoformat(), LATER.isoformat()]}
    assert version_of(mitigated) == version + 1


def test_who_may_edit_the_team_moves_the_day_at_once(mitigated, measure, editor):
    events = Event.objects.count()
    asked = [ask(mitigated, editor), ask(mitigated, editor, measure_id=measure.pk)]

    assert [each.state for each in asked] == ["granted", "granted"]
    measure.refresh_from_db()
    assert (due_of(mitigated), measure.due) == (LATER, LATER)
    assert Event.objects.count() == events + 2
    assert newest_event(mitigated).changes["due"][1] == LATER.isoformat()


def test_granting_moves_the_day_in_the_same_write(mitigated, measure, owner, editor):
    for wanted in (None, measure):
        asked = make_time_request(mitigated, actor=owner, measure=wanted)
        events = Event.objects.count()
        decided = decide_time(asked.pk, actor=editor, grant=True, note="Fine.")
        assert (decided.state, decided.decided_by, decided.decision_note) == ("granted", editor, "Fine.")
        assert Event.objects.count() == events + 1
        assert newest_event(mitigated).verb == "time.granted"
    measure.refresh_from_db()
    assert (due_of(mitigated), measure.due) == (LATER, LATER)
    assert not TimeRequest.objects.waiting().exists()


def test_refusing_needs_a_reason_and_moves_nothing(mitigated, owner, editor):
    asked = make_time_request(mitigated, actor=owner)
    assert refusal(lambda: decide_time(asked.pk, actor=editor, grant=False, note=" ")) == {
        "note": ["Say why it is refused."]
    }
    decided = decide_time(asked.pk, actor=editor, grant=False, note="It was moved twice.")
    assert (decided.state, due_of(mitigated)) == ("refused", TODAY + timedelta(days=7))
    assert (newest_event(mitigated).verb, newest_event(mitigated).reason) == ("time.refused", "It was moved twice.")
    with pytest.raises(Conflict):
        decide_time(asked.pk, actor=editor, grant=True, note="")


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"until": None}, {"until": ["Choose a day from 2000 to 2100."]}),
        ({"until": date(2101, 1, 1)}, {"until": ["Choose a day from 2000 to 2100."]}),
        ({"until": date(1, 1, 1)}, {"until": ["Choose a day from 2000 to 2100."]}),
        ({"note": "  "}, {"note": ["Say why it needs more time."]}),
        ({"note": "x" * 100_000}, {"note": ["Keep this within 2,000 characters; it has 100,000."]}),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_sentence(mitigated, owner, editor, values, errors):
    for person in (owner, editor):
        assert refusal(lambda person=person: ask(mitigated, person, **values)) == errors
    assert not TimeRequest.objects.exists()


def test_the_new_day_is_later_and_has_not_passed(mitigated, owner):
    (early,) = refusal(lambda: ask(mitigated, owner, until=TODAY + timedelta(days=7)))["until"]
    assert early.startswith("Choose a day after ")
    far = TODAY + timedelta(days=60)
    assert refusal(lambda: ask(mitigated, owner, at=far)) == {"until": ["Choose a day that has not passed."]}
    asked = ask(mitigated, owner)
    assert refusal(lambda: decide_time(asked.pk, actor=owner_editor(mitigated), grant=True, note="", at=far)) == {
        "__all__": [asking_time.PASSED]
    }


def owner_editor(risk):
    """Somebody who may edit the risk's team."""
    return risk.team.memberships.get(role="editor").user


def test_one_request_waits_at_a_time(mitigated, measure, owner):
    ask(mitigated, owner)
    ask(mitigated, owner, measure_id=measure.pk)
    for values in ({}, {"measure_id": measure.pk}):
        assert refusal(lambda values=values: ask(mitigated, owner, **values)) == {"__all__": [asking_time.WAITS]}
    for row in TimeRequest.objects.all():
        row.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)


def test_only_its_owner_and_editors_ask_and_only_editors_decide(mitigated, owner, viewer, auditor, outsider, officer):
    for person in (viewer, auditor, outsider):
        with pytest.raises(NotAllowed):
            ask(mitigated, person)
    asked = ask(mitigated, owner)
    for person in (owner, viewer, auditor, outsider):
        with pytest.raises(NotAllowed):
            decide_time(asked.pk, actor=person, grant=True, note="")
    for person in (viewer, auditor, outsider):
        with pytest.raises(NotAllowed):
            withdraw_time(asked.pk, actor=person)
    assert decide_time(asked.pk, actor=officer, grant=True, note="").state == "granted"


def test_whoever_asked_takes_it_back(mitigated, owner):
    asked = ask(mitigated, owner)
    withdraw_time(asked.pk, actor=owner)
    assert newest_event(mitigated).verb == "time.withdrawn"
    with pytest.raises(Conflict):
        withdraw_time(asked.pk, actor=owner)
    assert ask(mitigated, owner).state == "waiting"


def change(measure, editor, **values):
    as_it_is = {"control_key": measure.control_key, "text": measure.text, "owner_id": measure.owner_id}
    said = {**as_it_is, "due": measure.due, "expected_version": None, **values}
    change_measure(measure.risk_id, measure.pk, actor=editor, **said)


ENDINGS = {
    "moved": lambda measure, editor: change(measure, editor, due=LATER),
    "given to another": lambda measure, editor: change(measure, editor, owner_id=editor.pk),
    "done": lambda measure, editor: update_measure(
        measure.risk_id, measure.pk, actor=editor, status="done", note="", expected_version=None
    ),
    "dropped": lambda measure, editor: drop_measure(
        measure.risk_id, measure.pk, actor=editor, reason="Not needed.", expected_version=None
    ),
    "not mitigated": lambda measure, editor: treat(measure.risk, editor, option="avoid"),
    "moved at once": lambda measure, editor: ask(measure.risk, editor, measure_id=measure.pk),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_request_ends_with_what_it_was_about(mitigated, measure, owner, editor, ending):
    asked = ask(mitigated, owner, measure_id=measure.pk)
    ENDINGS[ending](measure, editor)
    asked.refresh_from_db()
    assert asked.state == "withdrawn"
    assert asked.decision_note


def test_a_request_about_a_treatment_ends_when_it_is_done_or_decided_anew(mitigated, owner, editor):
    ask(mitigated, owner)
    update(mitigated, owner, status="in_progress")
    assert TimeRequest.objects.waiting().exists()
    update(mitigated, owner, status="done")
    assert newest_event(mitigated).changes["more_time"] == ["waiting", "withdrawn"]
    assert refusal(lambda: ask(mitigated, owner)) == {"__all__": [asking_time.IS_DONE]}


def test_nothing_is_asked_or_decided_of_what_does_not_count(mitigated, measure, owner, editor, system):
    asked = ask(mitigated, owner, measure_id=measure.pk)
    dismiss_threat(system.pk, actor=editor, threat_key=mitigated.threat_key, reason="It has no letters.")
    dismissed = {"__all__": ["This risk is dismissed. Take the dismissal back first."]}
    assert refusal(lambda: ask(mitigated, owner)) == dismissed
    assert refusal(lambda: decide_time(asked.pk, actor=editor, grant=True, note="")) == dismissed
    archive_system(system.pk, actor=editor, reason="Switched off.", expected_version=None)
    for call in (lambda: ask(mitigated, owner), lambda: decide_time(asked.pk, actor=editor, grant=True, note="")):
        with pytest.raises(NotAllowed, match="archived"):
            call()


def test_there_is_no_time_to_ask_for_without_a_treatment(risk, editor):
    assert refusal(lambda: ask(risk, editor)) == {"__all__": ["No treatment is chosen yet. Choose one first."]}


def test_a_stale_request_is_told_so(mitigated, measure, owner):
    with pytest.raises(Conflict):
        ask(mitigated, owner, expected_version=1)
    with pytest.raises(Conflict):
        ask(mitigated, owner, measure_id=measure.pk, expected_version=7)


def test_the_database_ties_a_request_to_the_risk_of_its_measure(mitigated, measure, system, editor, owner):
    other = make_treatment(make_risk(system, actor=editor, threat="evasion"), actor=editor, owner=owner)
    asked = ask(mitigated, owner, measure_id=measure.pk)
    TimeRequest.objects.filter(pk=asked.pk).update(risk=other)
    with pytest.raises(IntegrityError), transaction.atomic():
        connection.check_constraints()
    TimeRequest.objects.filter(pk=asked.pk).update(risk=mitigated)
    with pytest.raises(Measure.DoesNotExist):
        ask(other, owner, measure_id=measure.pk)


# --- Pages and API


def form(work, **values):
    version = work.version if isinstance(work, Measure) else version_of(work)
    return {"until": LATER.isoformat(), "note": "The supplier is late.", "expected_version": version, **values}


def test_the_risk_shows_what_waits_to_those_who_decide_and_to_whoever_asked(
    mitigated, measure, owner, editor, viewer, client_of
):
    path = f"/risks/{mitigated.pk}/measures/{measure.pk}/time/"
    assert client_of(owner).post(path, form(measure)).status_code == 302
    asked = TimeRequest.objects.get()
    decide, back = f"/time-requests/{asked.pk}/decision/", f"/time-requests/{asked.pk}/withdrawal/"

    for person, wanted in ((editor, {decide}), (owner, {back}), (viewer, set())):
        page = client_of(person).get(f"/risks/{mitigated.pk}/")
        assert "Owner asks for time until" in text_of(page)
        assert {address for address in (decide, back) if address in page.content.decode()} == wanted

    answer = client_of(editor).post(decide, {"decision": "grant", "note": ""}, follow=True)
    assert "More time is asked for" not in text_of(answer)
    assert "Editor granted more time of “Have a person look at it.”" in text_of(answer)


def test_a_refused_request_comes_back_as_it_was_typed(mitigated, owner, client_of):
    sent = form(mitigated, until="2101-01-01", next="/my-work/")
    answer = client_of(owner).post(f"/risks/{mitigated.pk}/treatment/time/", sent)
    assert answer.status_code == 422
    assert "New date: Choose a day from 2000 to 2100." in text_of(answer)
    assert answer.context["form"]["note"].value() == "The supplier is late."
    again = client_of(owner).post(f"/risks/{mitigated.pk}/treatment/time/", sent | {"until": LATER.isoformat()})
    assert again["Location"] == "/my-work/"


def test_a_second_decision_changes_nothing_and_says_so(mitigated, owner, editor, client_of):
    asked = make_time_request(mitigated, actor=owner)
    client, path = client_of(editor), f"/time-requests/{asked.pk}/decision/"
    client.post(path, {"decision": "refuse", "note": "No."})
    answer = client.post(path, {"decision": "grant", "note": ""}, follow=True)
    assert "decided or over already" in text_of(answer)
    assert TimeRequest.objects.get().state == "refused"


def test_the_api_asks_lists_decides_and_takes_back(mitigated, measure, owner, editor, outsider, api_of):
    mine, api = api_of(owner), api_of(editor)
    address = f"/api/v1/risks/{mitigated.pk}/time-requests/"
    etag = mine.get(f"/api/v1/risks/{mitigated.pk}/")["ETag"]
    body = {"measure": measure.pk, "until": LATER.isoformat(), "note": "The supplier is late."}
    assert mine.send("post", address, body).status_code == 428
    made = mine.send("post", address, body, if_match=etag)
    assert (made.status_code, made.json()["state"], made.json()["measure"]) == (201, "waiting", measure.pk)
    assert mine.send("post", address, body, if_match=etag).status_code == 412

    (listed,) = api.get("/api/v1/time-requests/").json()["results"]
    assert listed == made.json()
    assert api_of(outsider).get("/api/v1/time-requests/").json()["results"] == []
    assert api_of(outsider).get(made["Location"]).status_code == 404

    one = made["Location"]
    assert api.send("post", f"{one}decision/", {"decision": "grant"}).status_code == 428
    granted = api.send("post", f"{one}decision/", {"decision": "grant"}, if_match=made["ETag"])
    assert (granted.status_code, granted.json()["state"]) == (200, "granted")
    assert api.get(f"/api/v1/risks/{mitigated.pk}/measures/{measure.pk}/").json()["due"] == LATER.isoformat()
    assert api.get("/api/v1/time-requests/").json()["results"] == []


def test_a_measure_of_another_risk_is_not_found(mitigated, measure, system, editor, owner, client_of, api_of):
    other = make_treatment(make_risk(system, actor=editor, threat="evasion"), actor=editor, owner=owner)
    assert client_of(owner).get(f"/risks/{other.pk}/measures/{measure.pk}/time/").status_code == 404
    body = {"measure": measure.pk, "until": LATER.isoformat(), "note": "Late."}
    answer = api_of(owner).send("post", f"/api/v1/risks/{other.pk}/time-requests/", body, if_match="*")
    assert answer.status_code == 404
