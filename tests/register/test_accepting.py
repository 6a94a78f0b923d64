"""Acceptance: one person proposes, another decides, and it ends by its day or when what it rests on changes."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from catalog import reading
from catalog.content import read_content
from catalog.loading import load_edition, put_in_force
from catalog.profile import PACKAGED_EDITION
from journal.errors import Conflict, NotAllowed
from journal.models import Event
from journal.recording import SYSTEM
from risks.register import accepting, services
from risks.register.acceptance_rules import LONGEST_INSIDE, LONGEST_OUTSIDE
from risks.register.acceptances import ending_now, holding
from risks.register.models import Acceptance, Risk, Treatment
from risks.register.reviewing import dismiss_threat
from risks.register.scale_services import set_team_appetite
from risks.register.scales import current_scale
from risks.register.tasks import end_acceptances
from risks.systems.life_cycle import archive_system
from tests.make import CHATBOT, make_profile, make_rating, make_risk, make_time_request, make_treatment
from tests.reading import version_of
from tests.register.verbs import (
    approve,
    decide,
    make_acceptance,
    newest_event,
    propose,
    rate,
    refusal,
    refuse,
    treat,
    update,
    withdraw,
)

TODAY = timezone.localdate()


@pytest.fixture
def inside(risk, editor):
    return make_rating(risk, actor=editor, likelihood=2, impact=2)


def test_a_proposal_freezes_what_was_judged_and_leaves_an_event(outside, owner):
    until = TODAY + timedelta(days=30)
    acceptance = propose(outside, owner, conditions="Answers are read by a clerk.", until=until)

    assert (acceptance.likelihood, acceptance.impact, acceptance.level, acceptance.is_outside) == (4, 4, 4, True)
    assert (acceptance.scale, acceptance.edition) == (current_scale().key, reading.current().edition)
    assert (acceptance.profile_number, acceptance.state, acceptance.proposed_by) == (1, "proposed", owner)
    event = newest_event(outside)
    assert (event.verb, event.actor_name, event.reason) == ("acceptance.proposed", "Owner", "The desk notices it.")
    assert event.changes == {"until": [None, until.isoformat()]}


def test_viewers_auditors_and_outsiders_propose_nothing(outside, viewer, auditor, outsider):
    for person in (viewer, auditor, outsider):
        with pytest.raises(NotAllowed):
            propose(outside, person)
    assert not Acceptance.objects.exists()


def test_what_nobody_has_judged_cannot_be_accepted(risk, editor):
    make_rating(risk, actor=editor, kind="inherent")
    assert refusal(lambda: propose(risk, editor))["__all__"] == [accepting.NOT_RATED]


def test_a_dismissed_risk_and_one_of_an_archived_system_cannot_be_accepted(outside, editor):
    dismiss_threat(outside.system_id, actor=editor, threat_key=outside.threat_key, reason="No letters.")
    assert refusal(lambda: propose(outside, editor))["__all__"] == [services.IS_DISMISSED]
    archive_system(outside.system_id, actor=editor, reason="Off.", expected_version=None)
    with pytest.raises(NotAllowed):
        propose(outside, editor)


@pytest.mark.parametrize("days", [0, LONGEST_OUTSIDE.days])
def test_outside_appetite_a_quarter_is_the_longest(outside, owner, days):
    assert propose(outside, owner, until=TODAY + timedelta(days=days)).until == TODAY + timedelta(days=days)


@pytest.mark.parametrize("days", [-1, LONGEST_OUTSIDE.days + 1, 40_000])
def test_outside_appetite_no_other_day_will_do(outside, owner, days):
    assert "until" in refusal(lambda: propose(outside, owner, until=TODAY + timedelta(days=days)))
    assert not Acceptance.objects.exists()


def test_inside_appetite_a_year_is_the_longest(inside, owner):
    last = TODAY + LONGEST_INSIDE
    assert "until" in refusal(lambda: propose(inside, owner, until=last + timedelta(days=1)))
    assert propose(inside, owner, until=last).until == last


@pytest.mark.parametrize("field", ["reason", "conditions"])
def test_a_text_too_long_or_missing_is_refused(outside, owner, field):
    assert field in refusal(lambda: propose(outside, owner, **{field: "x" * 100_000}))
    assert "reason" in refusal(lambda: propose(outside, owner, reason=" "))
    assert "until" in refusal(lambda: propose(outside, owner, until=None))


def test_one_proposal_waits_at_a_time(outside, owner, editor):
    propose(outside, owner)
    assert refusal(lambda: propose(outside, editor))["__all__"] == [accepting.WAITS]


def test_a_stale_proposal_is_a_conflict(outside, owner):
    with pytest.raises(Conflict):
        propose(outside, owner, expected_version=1)


def test_outside_appetite_only_a_security_officer_decides(outside, owner, editor, viewer, admin, auditor, officer):
    acceptance = propose(outside, owner)
    for person in (owner, editor, viewer, admin, auditor):
        with pytest.raises(NotAllowed):
            approve(acceptance, person)
    assert approve(acceptance, officer).state == "approved"


def test_inside_appetite_an_editor_decides_too(inside, owner, editor, viewer):
    acceptance = propose(inside, owner)
    with pytest.raises(NotAllowed):
        approve(acceptance, viewer)
    assert approve(acceptance, editor).state == "approved"


def test_approving_leaves_an_event_and_finishes_what_was_to_be_accepted(outside, editor, owner, officer):
    treat(outside, editor, option="accept", owner_id=owner.pk)
    acceptance = propose(outside, owner)
    before = Event.objects.count()

    approve(acceptance, officer, note="Until the filter is there.")

    event = newest_event(outside)
    assert Event.objects.count() == before + 1
    assert (event.verb, event.actor_name, event.reason) == (
        "acceptance.approved",
        "Officer",
        "Until the filter is there.",
    )
    assert event.changes == {"until": [None, acceptance.until.isoformat()], "status": ["open", "done"]}
    assert outside.treatments.in_force().get().status == "done"


def test_refusing_needs_a_reason_and_leaves_an_event(outside, owner, officer):
    acceptance = propose(outside, owner)
    assert "note" in refusal(lambda: refuse(acceptance, officer, note=" "))
    refuse(acceptance, officer, note="The filter is cheap.")
    acceptance.refresh_from_db()
    assert (acceptance.state, acceptance.decided_by) == ("refused", officer)
    assert newest_event(outside).reason == "The filter is cheap."


def test_what_is_decided_is_decided_once(outside, owner, officer):
    acceptance = propose(outside, owner)
    approve(acceptance, officer)
    with pytest.raises(Conflict):
        refuse(acceptance, officer)


@pytest.mark.parametrize("who", ["editor", "owner", "officer", "admin"])
def test_nobody_decides_on_their_own_proposal(inside, request, who):
    person = request.getfixturevalue(who)
    acceptance = propose(inside, person)
    for decision in (approve, refuse):
        with pytest.raises(NotAllowed, match="Nobody decides on their own proposal"):
            decision(acceptance, person)
    acceptance.refresh_from_db()
    assert acceptance.state == "proposed"


SELF_APPROVALS = {
    "approve my own": "UPDATE {t} SET state = 'approved', decided_by_id = {me}, decided_at = now() WHERE id = {id}",
    "approve with nobody": "UPDATE {t} SET state = 'approved' WHERE id = {id}",
    "lay it to another": "UPDATE {t} SET proposed_by_id = {other} WHERE id = {id}",
    "lay it to another and approve": "UPDATE {t} SET proposed_by_id = {other}, state = 'approved',"
    " decided_by_id = {me}, decided_at = now() WHERE id = {id}",
    "longer": "UPDATE {t} SET until = until + 300 WHERE id = {id}",
    "less": "UPDATE {t} SET likelihood = 1, is_outside = false WHERE id = {id}",
    "from the start": "INSERT INTO {t} (team_id, risk_id, state, reason, conditions, until, likelihood, impact, level,"
    " scale, is_outside, edition, profile_number, proposed_by_id, proposed_at, decided_by_id, decided_at,"
    " decision_note, ended_why) SELECT team_id, risk_id, 'approved', reason, '', until, 4, 4, 4, scale, true, edition,"
    " 1, {me}, now(), {other}, now(), '', '' FROM {t} WHERE id = {id}",
}


@pytest.mark.parametrize("route", SELF_APPROVALS)
def test_no_statement_of_the_application_approves_what_it_proposed(outside, owner, officer, route):
    acceptance = propose(outside, owner)
    names = {"t": "register_acceptance", "me": owner.pk, "other": officer.pk, "id": acceptance.pk}
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SELF_APPROVALS[route].format(**names))
    acceptance.refresh_from_db()
    assert (acceptance.state, acceptance.proposed_by) == ("proposed", owner)


@pytest.mark.parametrize(
    "change", ["decided_by_id = {owner}", "state = 'proposed'", "state = 'refused'", "decided_by_id = NULL"]
)
def test_what_was_decided_stays(outside, owner, officer, editor, change):
    acceptance = make_acceptance(outside, owner, officer)
    statement = f"UPDATE register_acceptance SET {change.format(owner=editor.pk)} WHERE id = {acceptance.pk}"
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_proposal_whose_rating_has_changed_can_only_be_refused(outside, owner, editor, officer):
    acceptance = propose(outside, owner)
    rate(outside, editor, likelihood=5, impact=5)
    assert "4 × 4 then, 5 × 5 now" in refusal(lambda: approve(acceptance, officer))["__all__"][0]
    assert refuse(acceptance, officer).state == "refused"


def test_a_proposal_that_waited_beyond_its_day_is_not_approved(outside, owner, officer):
    acceptance = propose(outside, owner, until=TODAY)
    late = TODAY + timedelta(days=1)
    assert "last day" in refusal(lambda: approve(acceptance, officer, at=late))["__all__"][0]


def test_a_new_one_renews_the_one_in_force(outside, owner, officer):
    first = make_acceptance(outside, owner, officer)
    second = propose(outside, owner, until=TODAY + timedelta(days=80))
    first.refresh_from_db()
    assert first.state == "approved"  # holds until the new one is approved

    approve(second, officer)

    first.refresh_from_db()
    assert (first.state, first.ended_why) == ("renewed", accepting.RENEWED)
    assert newest_event(outside).changes == {"until": [first.until.isoformat(), second.until.isoformat()]}


def test_the_proposer_and_editors_withdraw_and_the_risk_is_open_again(outside, owner, editor, officer, viewer):
    treat(outside, editor, option="accept", owner_id=owner.pk)
    acceptance = make_acceptance(outside, owner, officer)
    with pytest.raises(NotAllowed):
        withdraw(acceptance, viewer)
    assert "reason" in refusal(lambda: withdraw(acceptance, owner, reason=""))

    withdraw(acceptance, owner)

    assert outside.treatments.in_force().get().status == "open"
    assert newest_event(outside).verb == "acceptance.withdrawn"
    with pytest.raises(Conflict):
        withdraw(acceptance, editor)


def test_a_proposal_is_withdrawn_without_touching_the_treatment(outside, owner, editor):
    treat(outside, editor, option="accept", owner_id=owner.pk)
    withdraw(propose(outside, owner), owner)
    assert Treatment.objects.count() == 1
    assert newest_event(outside).changes == {"acceptance": ["proposed", "withdrawn"]}


def test_accepting_is_done_by_an_approval_alone(outside, owner, editor, officer):
    treat(outside, editor, option="accept", owner_id=owner.pk)
    assert "status" in refusal(lambda: update(outside, owner, status="done"))
    make_acceptance(outside, owner, officer)
    assert outside.treatments.in_force().get().status == "done"


def test_an_acceptance_whose_day_is_over_finishes_no_treatment(outside, owner, editor, officer):
    """Though nothing has marked it yet."""
    begun = TODAY - timedelta(days=30)
    approve(propose(outside, owner, at=begun, until=TODAY - timedelta(days=1)), officer, at=begun)
    treat(outside, editor, option="accept", owner_id=owner.pk)
    assert "status" in refusal(lambda: update(outside, owner, status="done"))


def test_an_acceptance_of_another_profile_finishes_no_treatment(outside, system, owner, editor, officer):
    make_acceptance(outside, owner, officer)
    treat(outside, editor, option="accept", owner_id=owner.pk)
    make_profile(system, actor=editor, answers=CHATBOT | {"text_output": "no"})
    assert "status" in refusal(lambda: update(outside, owner, status="done"))


def test_an_approval_ends_the_request_for_more_time_that_nobody_needs_to_decide_now(outside, owner, editor, officer):
    treat(outside, editor, option="accept", owner_id=owner.pk)
    asked = make_time_request(outside, actor=owner)
    make_acceptance(outside, owner, officer)
    asked.refresh_from_db()
    assert (asked.state, asked.decision_note) == ("withdrawn", "It is done.")
    assert newest_event(outside).changes["more_time"] == ["waiting", "withdrawn"]


# --- how it ends -------------------------------------------------------------------------------------------------


@pytest.fixture
def accepted(outside, editor, owner, officer):
    """Accepted until in thirty days, and its treatment done by that."""
    treat(outside, editor, option="accept", owner_id=owner.pk)
    return make_acceptance(outside, owner, officer)


def state(acceptance):
    acceptance.refresh_from_db()
    return acceptance.state


def holds(acceptance, *, at=TODAY):
    """By the row and by the condition on many: they must never differ."""
    catalog, scale = reading.current(), current_scale()
    risk = Risk.objects.get(pk=acceptance.risk_id)
    profile = risk.system.profiles.in_force().first()
    number = profile.number if profile else 0
    one = ending_now(acceptance, risk, catalog, scale, profile_number=number, at=at) is None
    many = holding(Acceptance.objects.all(), catalog, scale, at=at).filter(pk=acceptance.pk).exists()
    assert one == many
    return one


def test_it_holds_to_the_end_of_its_last_day(accepted):
    assert holds(accepted, at=accepted.until)
    assert not holds(accepted, at=accepted.until + timedelta(days=1))
    assert end_acceptances(accepted.until.isoformat()) == 0
    assert state(accepted) == "approved"


def test_after_its_day_it_expires_and_the_risk_is_open_again(accepted, outside):
    version = version_of(outside)
    after = accepted.until + timedelta(days=1)

    assert end_acceptances(after.isoformat()) == 1

    assert state(accepted) == "expired"
    assert outside.treatments.in_force().get().status == "open"
    event = newest_event(outside)
    assert (event.verb, event.actor_name) == ("acceptance.expired", "System")
    assert event.changes["acceptance"] == ["approved", "expired"]
    assert event.changes["status"] == ["done", "open"]
    assert version_of(outside) == version + 1


def test_running_it_twice_changes_nothing(accepted):
    after = (accepted.until + timedelta(days=1)).isoformat()
    end_acceptances(after)
    events, rows = Event.objects.count(), list(Treatment.objects.values())

    assert end_acceptances(after) == 0

    assert (Event.objects.count(), list(Treatment.objects.values())) == (events, rows)


def test_one_that_cannot_be_ended_stops_no_other(accepted, system, editor, owner, officer):
    other = make_rating(make_risk(system, actor=editor, threat="evasion"), actor=editor)
    second = make_acceptance(other, owner, officer)
    Treatment.objects.in_force().filter(risk=accepted.risk_id).update(plan="")  # no row of the house's own may be so

    assert end_acceptances((accepted.until + timedelta(days=1)).isoformat()) == 1

    assert (state(accepted), state(second)) == ("approved", "expired")
    assert not holds(accepted, at=accepted.until + timedelta(days=1))


def test_another_rating_ends_it_in_the_same_breath(accepted, outside, editor):
    before = Event.objects.count()
    rate(outside, editor, likelihood=5, impact=4)

    assert state(accepted) == "stale"
    assert "4 × 4 then, 5 × 4 now" in accepted.ended_why
    assert outside.treatments.in_force().get().status == "open"
    assert Event.objects.count() == before + 1
    assert newest_event(outside).changes["acceptance"] == ["approved", "stale"]


def test_the_same_rating_for_another_reason_and_ratings_of_other_kinds_leave_it(accepted, outside, editor):
    rate(outside, editor, likelihood=4, impact=4, reason="Tested again.")
    rate(outside, editor, kind="target", likelihood=1, impact=1)
    assert state(accepted) == "approved"
    assert holds(accepted)


def test_another_profile_ends_it_at_once_and_marks_it_with_the_next_run(accepted, system, editor):
    make_profile(system, actor=editor, answers=CHATBOT | {"text_output": "no"})
    assert not holds(accepted)
    assert state(accepted) == "approved"

    end_acceptances(TODAY.isoformat())

    assert (state(accepted), accepted.ended_why) == ("stale", "The profile of the system has changed since.")


def test_another_appetite_ends_what_was_inside(inside, team, owner, editor, officer):
    acceptance = make_acceptance(inside, owner, editor)
    set_team_appetite(
        team.pk, actor=officer, steps=[1, 1, 1, 1, 1], reason="A bad year.", expected_key=current_scale().key
    )
    assert not holds(acceptance)
    end_acceptances(TODAY.isoformat())
    assert state(acceptance) == "stale"


def test_another_edition_ends_it_only_where_the_threat_means_something_else(accepted, system, editor, owner, officer):
    other = make_rating(make_risk(system, actor=editor, threat="evasion"), actor=editor)
    untouched = make_acceptance(other, owner, officer)
    content = read_content(PACKAGED_EDITION) | {"edition": "2027-01-01"}
    threats = [
        each | {"summary": "Other words altogether."} if each["key"] == "indirectpromptinjection" else each
        for each in content["threats"]
    ]
    load_edition(content | {"threats": threats}, actor=SYSTEM)
    put_in_force("2027-01-01", actor=SYSTEM, expected=reading.current().edition)
    expected = holds(accepted)
    assert holds(untouched)

    end_acceptances(TODAY.isoformat())

    assert not expected
    assert (state(accepted), state(untouched)) == ("stale", "approved")


def test_a_treatment_of_another_option_is_left_alone(outside, editor, owner, officer):
    make_treatment(outside, actor=editor)
    acceptance = make_acceptance(outside, owner, officer)
    end_acceptances((acceptance.until + timedelta(days=1)).isoformat())
    assert outside.treatments.count() == 1


def test_deciding_needs_no_more_than_its_words(outside, owner, officer):
    with pytest.raises(Acceptance.DoesNotExist):
        accepting.decide_acceptance(999_999, actor=officer, approve=True, note="")
    assert decide(propose(outside, owner), officer, approve=False, note="No.").state == "refused"
