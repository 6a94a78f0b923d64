"""Measures: the steps of a mitigation, each with the control it puts in place, an owner and a day."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.access import NO_SUCH_OWNER
from catalog.reading import current
from journal.errors import Conflict, NotAllowed
from journal.models import Event
from risks.register import measuring
from risks.register.measures import FOR_THIS_THREAT, control_choices
from risks.register.models import Measure
from risks.register.reviewing import dismiss_threat
from risks.systems.life_cycle import archive_system
from tests.make import make_measure, make_risk, make_system, make_treatment
from tests.reading import version_of
from tests.register.verbs import newest_event, refusal, treat, update

SOON = date(2026, 12, 1)


@pytest.fixture
def mitigated(risk, editor):
    """A risk that is mitigated."""
    return treat(risk, editor)


def add(risk, actor, **values):
    wanted = {"control_key": "oversight", "text": "Have a person look.", "owner_id": actor.pk, "due": SOON}
    return measuring.add_measure(risk.pk, actor=actor, **(wanted | values))


def change(measure, actor, **values):
    as_it_is = {"control_key": measure.control_key, "text": measure.text, "owner_id": measure.owner_id}
    wanted = {**as_it_is, "due": measure.due, "expected_version": None}
    return measuring.change_measure(measure.risk_id, measure.pk, actor=actor, **(wanted | values))


def progress(measure, actor, status, note="", expected_version=None):
    said = {"status": status, "note": note, "expected_version": expected_version}
    return measuring.update_measure(measure.risk_id, measure.pk, actor=actor, **said)


def drop(measure, actor, reason="Not needed.", expected_version=None):
    return measuring.drop_measure(
        measure.risk_id, measure.pk, actor=actor, reason=reason, expected_version=expected_version
    )


def test_a_measure_says_what_which_control_who_and_when(mitigated, editor, owner):
    version = version_of(mitigated)
    measure = add(mitigated, editor, text=" Read along. ", owner_id=owner.pk)

    assert (measure.control_key, measure.text, measure.owner, measure.due) == ("oversight", "Read along.", owner, SOON)
    assert (measure.status, measure.version) == ("open", 1)
    event = newest_event(mitigated)
    assert (event.verb, event.changes) == (
        "measure.added",
        {
            "measure": [None, "Read along."],
            "control": [None, "oversight"],
            "owner": [None, "Owner"],
            "due": [None, "2026-12-01"],
        },
    )
    assert version_of(mitigated) == version + 1


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"control_key": "magic"}, {"control": ["Choose a control of the catalog."]}),
        ({"control_key": ""}, {"control": ["Choose a control of the catalog."]}),
        ({"text": " "}, {"text": ["Say what is done."]}),
        ({"text": "x" * 100_000}, {"text": ["Keep this within 500 characters; it has 100,000."]}),
        ({"due": date(1999, 12, 31)}, {"due": ["Choose a day from 2000 to 2100."]}),
        ({"due": date(2101, 1, 1)}, {"due": ["Choose a day from 2000 to 2100."]}),
        ({"due": None}, {"due": ["Choose a day from 2000 to 2100."]}),
        ({"owner_id": 999_999}, {"owner": [NO_SUCH_OWNER]}),
        ({"owner_id": None}, {"owner": [NO_SUCH_OWNER]}),
    ],
)
def test_a_measure_that_cannot_be_is_refused_with_a_sentence(mitigated, editor, values, errors):
    measure = add(mitigated, editor)
    events = Event.objects.count()
    assert refusal(lambda: add(mitigated, editor, **values)) == errors
    assert refusal(lambda: change(measure, editor, **values)) == errors
    assert (Measure.objects.count(), Event.objects.count()) == (1, events)


def test_a_stranger_cannot_own_a_measure(mitigated, editor, outsider, viewer):
    for person in (outsider, viewer):
        assert refusal(lambda person=person: add(mitigated, editor, owner_id=person.pk)) == {"owner": [NO_SUCH_OWNER]}


def test_the_same_measure_twice_is_refused(mitigated, editor):
    add(mitigated, editor)
    assert refusal(lambda: add(mitigated, editor)) == {"text": [measuring.ON_THE_LIST]}
    add(mitigated, editor, control_key="monitoruse")


def test_a_risk_has_no_end_of_measures(mitigated, editor, monkeypatch):
    monkeypatch.setattr(measuring, "MOST_MEASURES", 1)
    add(mitigated, editor)
    assert refusal(lambda: add(mitigated, editor, text="Another.")) == {"__all__": [measuring.TOO_MANY]}


@pytest.mark.parametrize("option", [None, "transfer", "avoid", "accept"])
def test_measures_belong_to_mitigating(risk, editor, option):
    if option:
        treat(risk, editor, option=option)
    assert refusal(lambda: add(risk, editor)) == {"__all__": [measuring.ONLY_MITIGATE]}


def test_nothing_is_added_to_a_mitigation_that_is_done(mitigated, editor):
    measure = add(mitigated, editor)
    progress(measure, editor, "done")
    update(mitigated, editor, status="done")

    for call in (lambda: add(mitigated, editor, text="More."), lambda: progress(measure, editor, "open")):
        assert refusal(call) == {"__all__": [measuring.TREATMENT_DONE]}


def test_a_change_names_the_measure_and_what_is_different(mitigated, editor, owner):
    measure = change(add(mitigated, editor), editor, owner_id=owner.pk, due=SOON + timedelta(days=3))

    assert (measure.owner, measure.due, measure.version) == (owner, date(2026, 12, 4), 2)
    assert newest_event(mitigated).changes == {
        "measure": ["Have a person look."] * 2,
        "owner": ["Editor", "Owner"],
        "due": ["2026-12-01", "2026-12-04"],
    }


def test_the_same_again_changes_nothing(mitigated, editor):
    measure = progress(add(mitigated, editor), editor, "in_progress")
    events, version = Event.objects.count(), version_of(mitigated)
    change(measure, editor)
    progress(measure, editor, "in_progress")
    assert (Event.objects.count(), version_of(mitigated)) == (events, version)


def test_its_owner_says_how_far_a_measure_is_and_nothing_else(mitigated, editor, owner, viewer, outsider):
    measure = add(mitigated, editor, owner_id=owner.pk)
    progress(measure, owner, "blocked", note="Waits for Legal.")

    event = newest_event(mitigated)
    assert (event.verb, event.actor_name, event.reason) == ("measure.updated", "Owner", "Waits for Legal.")
    assert event.changes == {"measure": ["Have a person look."] * 2, "status": ["open", "blocked"]}
    for call in (lambda: change(measure, owner), lambda: drop(measure, owner), lambda: add(mitigated, owner)):
        with pytest.raises(NotAllowed):
            call()
    for person in (viewer, outsider):
        with pytest.raises(NotAllowed, match="Only the owner of a measure"):
            progress(measure, person, "done")


def test_what_is_blocked_says_what_it_waits_for(mitigated, editor):
    measure = add(mitigated, editor)
    for call in (
        lambda: progress(measure, editor, "blocked", note=" "),
        lambda: update(mitigated, editor, status="blocked"),
    ):
        assert refusal(call) == {"note": ["Say what it waits for."]}
    assert refusal(lambda: progress(measure, editor, "finished")) == {
        "status": ["Choose open, in progress, blocked or done."]
    }


def test_whoever_is_late_gets_the_measure_as_it_is_now(mitigated, editor):
    measure = add(mitigated, editor)
    progress(measure, editor, "in_progress")
    for call in (
        lambda: change(measure, editor, text="Other.", expected_version=1),
        lambda: progress(measure, editor, "done", expected_version=1),
        lambda: drop(measure, editor, expected_version=1),
    ):
        with pytest.raises(Conflict) as conflict:
            call()
        assert (conflict.value.current.pk, conflict.value.current.status) == (measure.pk, "in_progress")


def test_a_dropped_measure_keeps_its_row_and_no_longer_counts(mitigated, editor):
    measure = drop(add(mitigated, editor), editor, reason="The supplier does it.")

    assert (Measure.objects.present().count(), Measure.objects.count()) == (0, 1)
    event = newest_event(mitigated)
    assert (event.verb, event.reason) == ("measure.dropped", "The supplier does it.")
    assert refusal(lambda: progress(measure, editor, "done")) == {"__all__": [measuring.IS_DROPPED]}
    assert refusal(lambda: drop(measure, editor)) == {"__all__": [measuring.IS_DROPPED]}
    assert refusal(lambda: drop(add(mitigated, editor), editor, reason=" ")) == {"reason": ["Say why it is dropped."]}


def test_a_mitigation_is_not_done_before_its_measures_are(mitigated, editor):
    first, second = add(mitigated, editor), add(mitigated, editor, text="Log it.")
    assert refusal(lambda: update(mitigated, editor, status="done")) == {
        "status": ["2 measures are not finished. Finish or drop them first."]
    }
    progress(first, editor, "done")
    assert refusal(lambda: update(mitigated, editor, status="done")) == {
        "status": ["1 measure is not finished. Finish or drop it first."]
    }
    drop(second, editor)
    update(mitigated, editor, status="done")
    assert mitigated.treatments.in_force().get().status == "done"


def test_another_option_drops_what_is_not_finished_in_the_same_write(mitigated, editor):
    done, left = add(mitigated, editor), add(mitigated, editor, text="Log it.")
    progress(done, editor, "done")
    events = Event.objects.count()

    treat(mitigated, editor, option="avoid", plan="Stop it.")

    assert list(Measure.objects.present()) == [done]
    assert Event.objects.count() == events + 1
    assert newest_event(mitigated).changes["dropped"] == [None, ["Log it."]]
    assert refusal(lambda: progress(done, editor, "open")) == {"__all__": [measuring.ONLY_MITIGATE]}
    left.refresh_from_db()
    assert left.version == 2


def test_another_plan_to_mitigate_keeps_the_measures(mitigated, editor):
    add(mitigated, editor)
    treat(mitigated, editor, plan="Filter it twice.")
    assert Measure.objects.present().count() == 1


def test_nothing_is_done_to_measures_of_what_does_not_count(mitigated, editor, system):
    measure = add(mitigated, editor)
    dismiss_threat(system.pk, actor=editor, threat_key=mitigated.threat_key, reason="It has no letters.")
    calls = (
        lambda: add(mitigated, editor, text="More."),
        lambda: change(measure, editor, text="Other."),
        lambda: progress(measure, editor, "done"),
        lambda: drop(measure, editor),
    )
    for call in calls:
        assert refusal(call) == {"__all__": ["This risk is dismissed. Take the dismissal back first."]}
    archive_system(system.pk, actor=editor, reason="Switched off.", expected_version=None)
    for call in calls:
        with pytest.raises(NotAllowed, match="archived"):
            call()


def test_a_measure_is_late_from_the_day_after_until_it_is_done_or_dropped(mitigated, editor):
    measure = add(mitigated, editor)
    assert [measure.is_late(at=SOON + timedelta(days=days)) for days in (0, 1)] == [False, True]
    assert not progress(measure, editor, "done").is_late(at=date(2027, 1, 1))
    assert not drop(add(mitigated, editor, text="Log it."), editor).is_late(at=date(2027, 1, 1))


def test_the_controls_of_the_threat_come_first_in_the_choice(db):
    catalog = current()
    groups = control_choices(catalog, "indirectpromptinjection")
    close = [link.control.key for link in catalog.controls_for("indirectpromptinjection") if not link.is_general]
    assert groups[0][0] == FOR_THIS_THREAT
    assert [key for key, _ in groups[0][1]] == close
    keys = [key for _, choices in groups for key, _ in choices]
    assert sorted(keys) == sorted(catalog.controls)


# --- The API


def one(measure):
    return f"/api/v1/risks/{measure.risk_id}/measures/{measure.pk}/"


def test_the_api_adds_reads_changes_updates_and_drops(mitigated, editor, owner, api_of):
    api, today = api_of(editor), timezone.localdate()
    body = {"control": "oversight", "text": "Read along.", "owner": owner.pk, "due": today.isoformat()}
    made = api.send("post", f"/api/v1/risks/{mitigated.pk}/measures/", body)
    assert made.status_code == 201
    address = made["Location"]
    assert api.get(address).json() == made.json()
    assert {name: made.json()[name] for name in body} == body
    assert (made.json()["control_name"], made.json()["is_overdue"]) == ("Oversight", False)

    changed = api.send("patch", address, {"text": "Read all along."}, if_match=made["ETag"])
    assert (changed.status_code, changed.json()["text"], changed.json()["owner"]) == (200, "Read all along.", owner.pk)
    blocked = {"status": "blocked", "note": "Waits."}
    updated = api_of(owner).send("post", f"{address}status/", blocked, if_match=changed["ETag"])
    assert (updated.status_code, updated.json()["status"]) == (200, "blocked")
    dropped = api.send("post", f"{address}drop/", {"reason": "Not needed."}, if_match=updated["ETag"])
    assert dropped.json()["dropped_at"] is not None
    (listed,) = api.get(f"/api/v1/risks/{mitigated.pk}/measures/").json()["results"]
    assert listed == dropped.json()


def test_a_program_that_has_not_read_the_measure_may_not_write_it(mitigated, editor, api_of):
    measure, api = make_measure(mitigated, actor=editor), api_of(editor)
    stale = api.get(one(measure))["ETag"]
    change(measure, editor, text="Other.")
    for method, path, body in (
        ("patch", "", {"text": "Mine."}),
        ("post", "status/", {"status": "done"}),
        ("post", "drop/", {"reason": "No."}),
    ):
        assert api.send(method, one(measure) + path, body).status_code == 428
        assert api.send(method, one(measure) + path, body, if_match=stale).status_code == 412
    assert Measure.objects.get().text == "Other."


def test_a_measure_is_not_found_below_another_risk(mitigated, system, editor, client_of, api_of):
    measure = make_measure(mitigated, actor=editor)
    other = make_treatment(make_risk(system, actor=editor, threat="evasion"), actor=editor)
    api, client = api_of(editor), client_of(editor)
    assert api.get(f"/api/v1/risks/{other.pk}/measures/{measure.pk}/").status_code == 404
    for path in ("", "status/", "drop/"):
        assert client.get(f"/risks/{other.pk}/measures/{measure.pk}/{path}").status_code == 404
        assert client.get(f"/risks/{mitigated.pk}/measures/{measure.pk}/{path}").status_code == 200


def test_the_measures_of_a_foreign_risk_are_as_missing_as_the_risk(other_team, outsider, editor, api_of):
    theirs = make_treatment(
        make_risk(make_system(other_team, actor=outsider, name="Other"), actor=outsider), actor=outsider
    )
    measure = make_measure(theirs, actor=outsider)
    assert api_of(editor).get(one(measure)).status_code == 404
    assert api_of(outsider).get(one(measure)).status_code == 200
