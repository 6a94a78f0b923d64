"""Changing owner, due date and status of a treatment: of one risk, and of many in one go."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.access import NO_SUCH_OWNER
from journal.errors import Conflict, NotAllowed
from journal.models import Event
from risks.register import changing, treating
from risks.register.changing import change_treatments, plan_change
from risks.register.models import Risk, TimeRequest, Treatment
from risks.register.reviewing import dismiss_threat
from risks.register.treating import Change, change_treatment
from risks.systems.life_cycle import archive_system
from tests.make import make_measure, make_risk, make_system, make_time_request, make_treatment
from tests.reading import version_of
from tests.register.verbs import SOON, newest_event, refusal, treat, update

LATER = SOON + timedelta(days=30)


def change_one(risk, actor, **values):
    return change_treatment(risk.pk, actor=actor, change=Change(**values), expected_version=None)


def change_all(risks, actor, **values):
    return change_treatments(dict.fromkeys([each.pk for each in risks]), actor=actor, change=Change(**values))


def plan_all(risks, actor, **values):
    return plan_change([each.pk for each in risks], actor=actor, change=Change(**values))


def in_force(risk):
    return Treatment.objects.in_force().get(risk=risk)


def snapshot():
    return [list(table.objects.order_by("pk").values()) for table in (Risk, Treatment, Event)]


def test_one_field_changes_and_all_else_is_carried_over(risk, editor, owner):
    treat(risk, editor)
    update(risk, editor, status="blocked", note="No budget.")
    before = in_force(risk)

    change_one(risk, editor, due=LATER)

    after = in_force(risk)
    told = [each.name for each in Treatment._meta.fields if each.name not in treating.NEW_EACH_TIME]
    assert {name for name in told if getattr(before, name) != getattr(after, name)} == {"due"}
    assert (newest_event(risk).verb, newest_event(risk).changes) == (
        "risk.treated",
        {"due": [SOON.isoformat(), LATER.isoformat()]},
    )


def test_another_owner_is_a_decision_of_its_own(risk, editor, owner):
    treat(risk, editor)
    change_one(risk, editor, owner_id=owner.pk)
    assert in_force(risk).owner == owner
    assert newest_event(risk).changes == {"owner": ["Editor", "Owner"]}


def test_another_status_begins_without_the_note_of_the_one_before(risk, editor):
    treat(risk, editor)
    change_one(risk, editor, status="blocked", note="No budget.")
    change_one(risk, editor, owner_id=editor.pk, due=LATER)
    assert in_force(risk).note == "No budget."

    change_one(risk, editor, status="in_progress")

    assert (in_force(risk).status, in_force(risk).note) == ("in_progress", "")
    assert newest_event(risk).verb == "treatment.updated"


def test_what_is_so_already_leaves_no_event(risk, editor):
    treat(risk, editor)
    before = snapshot()
    change_one(risk, editor, owner_id=editor.pk, due=SOON, status="open")
    assert snapshot() == before


def test_its_owner_says_how_far_it_is_and_no_more(risk, editor, owner):
    treat(risk, editor, owner_id=owner.pk)
    change_one(risk, owner, status="done")
    assert in_force(risk).status == "done"
    for values in ({"due": LATER}, {"owner_id": owner.pk}, {"status": "open", "due": LATER}):
        with pytest.raises(NotAllowed):
            change_one(risk, owner, **values)


def test_who_only_reads_changes_nothing(risk, editor, viewer, auditor):
    treat(risk, editor)
    before = snapshot()
    for person in (viewer, auditor):
        for values in ({"status": "done"}, {"due": LATER}, {"owner_id": editor.pk}):
            with pytest.raises(NotAllowed):
                change_one(risk, person, **values)
    assert snapshot() == before


def test_somebody_who_was_faster_is_not_overwritten(risk, editor):
    treat(risk, editor)
    with pytest.raises(Conflict):
        change_treatment(risk.pk, actor=editor, change=Change(status="done"), expected_version=1)


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"due": date(1999, 12, 31)}, {"due": ["Choose a day from 2000 to 2100."]}),
        ({"due": date(9999, 12, 31)}, {"due": ["Choose a day from 2000 to 2100."]}),
        ({"status": "finished"}, {"status": ["Choose open, in progress, blocked or done."]}),
        ({"owner_id": 999_999}, {"owner": [NO_SUCH_OWNER]}),
        ({"note": "x" * 2001}, {"note": ["Keep this within 2,000 characters; it has 2,001."]}),
        ({}, {"__all__": [treating.NOTHING_TO_CHANGE]}),
    ],
)
def test_what_no_treatment_can_have_is_refused_with_a_sentence(risk, editor, values, errors):
    treat(risk, editor)
    before = snapshot()
    assert refusal(lambda: change_one(risk, editor, **values)) == errors
    if "owner_id" not in values:
        assert refusal(lambda: change_all([risk], editor, **values)) == errors
    assert snapshot() == before


def test_accepting_is_not_done_by_saying_so(risk, editor):
    treat(risk, editor, option="accept", plan="Live with it.")
    with pytest.raises(ValidationError, match="once another person has approved it"):
        change_one(risk, editor, status="done")
    (planned,) = plan_all([risk], editor, status="done")
    assert "once another person has approved it" in planned.why_not


def test_many_change_in_one_go_with_one_event_each(risks, editor):
    last = Event.objects.latest("sequence").sequence
    change_all(risks, editor, owner_id=editor.pk, due=LATER)

    events = Event.objects.filter(sequence__gt=last).order_by("sequence")
    assert [event.object_id for event in events] == [str(risk.pk) for risk in risks]
    assert {event.verb for event in events} == {"risk.treated"}
    for risk in risks:
        assert (in_force(risk).owner, in_force(risk).due, in_force(risk).plan) == (
            editor,
            LATER,
            "Mark every retrieved passage as data.",
        )
        assert version_of(risk) == risk.version + 1


def test_a_plan_says_what_would_change_and_writes_nothing(risks, editor):
    change_one(risks[0], editor, status="blocked", note="Waits.")
    before = snapshot()
    plan = plan_all(risks, editor, status="blocked", note="Waits.")
    change = {"status": ["open", "blocked"], "note": ["", "Waits."]}
    assert [each.changes for each in plan] == [{}, change, change]
    assert [each.why_not for each in plan] == ["", "", ""]
    assert snapshot() == before


def test_what_was_planned_is_what_is_done(risks, editor, owner):
    values = {"owner_id": editor.pk, "status": "in_progress", "note": "Begun."}
    planned = [(each.risk.pk, each.changes) for each in plan_all(risks, editor, **values)]
    done = [(each.risk.pk, each.changes) for each in change_all(risks, editor, **values)]
    assert planned == done
    assert [dict(plan_all([risk], editor, **values)[0].changes) for risk in risks] == [{}, {}, {}]


def test_a_plan_names_who_cannot_be_changed_and_why(risks, system, editor, owner, other_team, officer):
    untreated = make_risk(system, actor=editor, threat="outputcontainsconventionalinjection")
    dismiss_threat(system.pk, actor=editor, threat_key=risks[0].threat_key, reason="Not here.")
    shelved = make_system(other_team, actor=officer, name="Old check")
    archived = make_treatment(make_risk(shelved, actor=officer), actor=officer)
    archive_system(shelved.pk, actor=officer, reason="Switched off.", expected_version=None)

    plan = plan_all([*risks[:2], untreated, archived], officer, due=LATER)

    assert {each.risk.pk: each.why_not for each in plan} == {
        risks[0].pk: "This risk is dismissed. Take the dismissal back first.",
        risks[1].pk: "",
        untreated.pk: "No treatment is chosen yet. Choose one first.",
        archived.pk: "This system is archived. Restore it first.",
    }


def test_an_owner_of_one_team_is_no_owner_of_another(risks, officer, owner, other_team):
    theirs = make_treatment(make_risk(make_system(other_team, actor=officer), actor=officer), actor=officer)
    before = snapshot()
    plan = plan_all([risks[0], theirs], officer, owner_id=owner.pk, status="done")
    assert [each.why_not for each in plan] == ["", NO_SUCH_OWNER]
    assert refusal(lambda: change_all([risks[0], theirs], officer, owner_id=owner.pk)) == {
        "risks": [f"{theirs.reference}: {NO_SUCH_OWNER}"]
    }
    assert snapshot() == before


def test_one_that_cannot_be_changed_stops_all(risks, system, editor):
    untreated = make_risk(system, actor=editor, threat="outputcontainsconventionalinjection")
    before = snapshot()
    assert refusal(lambda: change_all([*risks, untreated], editor, due=LATER)) == {
        "risks": [f"{untreated.reference}: No treatment is chosen yet. Choose one first."]
    }
    assert snapshot() == before


def test_one_that_is_not_theirs_to_change_stops_all(risks, system, editor, owner):
    make_treatment(risks[1], actor=editor, owner=editor)
    before = snapshot()
    plan = plan_all(risks, owner, status="done")
    assert [each.is_forbidden for each in plan] == [False, True, False]
    with pytest.raises(NotAllowed, match=f"{risks[1].reference}: Only the owner"):
        change_all(risks, owner, status="done")
    assert snapshot() == before


def test_a_foreign_risk_among_mine_is_refused_like_one_that_never_was(risks, editor, outsider, other_team):
    theirs = make_treatment(make_risk(make_system(other_team, actor=outsider), actor=outsider), actor=outsider)
    before = snapshot()
    refusals = [
        refusal(lambda call=call, pk=pk: call([*risks, Risk(pk=pk)], editor, due=LATER))
        for call in (plan_all, change_all)
        for pk in (theirs.pk, 987_654)
    ]
    assert refusals == [{"risks": [changing.NO_SUCH_RISK]}] * 4
    assert snapshot() == before


def test_those_that_moved_since_the_preview_are_named_and_nothing_is_done(risks, editor):
    versions = {risk.pk: risk.version for risk in risks}
    change_one(risks[1], editor, status="blocked", note="Waits.")
    before = snapshot()
    with pytest.raises(Conflict) as conflict:
        change_treatments(versions, actor=editor, change=Change(due=LATER))
    assert conflict.value.current == [risks[1]]
    assert snapshot() == before


def test_none_and_too_many_are_refused(risks, editor, monkeypatch):
    assert refusal(lambda: change_all([], editor, due=LATER)) == {"risks": [changing.NONE_CHOSEN]}
    monkeypatch.setattr(changing, "MOST_AT_ONCE", 2)
    for call in (plan_all, change_all):
        assert refusal(lambda call=call: call(risks, editor, due=LATER)) == {"risks": [changing.TOO_MANY]}


def test_planning_costs_as_many_queries_for_many_as_for_few(risks, editor, owner, django_assert_num_queries):
    for some in (risks[:1], risks):
        with django_assert_num_queries(4):  # how many there are, the risks, their treatments, the new owner
            plan_all(some, editor, owner_id=owner.pk, due=LATER)


def test_changing_costs_as_many_statements_for_many_as_for_one(risks, editor):
    counts = []
    for some, days in ((risks[:1], 1), (risks, 2)):
        with CaptureQueriesContext(connection) as captured:
            change_all(some, editor, due=LATER + timedelta(days=days))
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_only_requests_for_time_about_what_moved_end_with_the_move(risks, system, editor, owner):
    other = make_treatment(make_risk(system, actor=editor, threat="evasion"), actor=editor, owner=owner)
    asked = [make_time_request(risk, actor=owner) for risk in (risks[0], risks[1], other)]

    change_all(risks, editor, due=LATER)

    states = [TimeRequest.objects.get(pk=each.pk).state for each in asked]
    assert states == ["withdrawn", "withdrawn", "waiting"]
    told = ["more_time" in newest_event(risk).changes for risk in risks]
    assert told == [True, True, False]


def test_what_waits_says_for_what_in_one_go_too(risks, editor):
    assert {each.why_not for each in plan_all(risks, editor, status="blocked")} == {"Say what it waits for."}
    assert {each.why_not for each in plan_all(risks, editor, status="blocked", note="No budget.")} == {""}


def test_a_mitigation_with_an_unfinished_measure_is_not_done_in_one_go_either(risks, editor):
    make_measure(risks[1], actor=editor)
    assert [bool(each.why_not) for each in plan_all(risks, editor, status="done")] == [False, True, False]
