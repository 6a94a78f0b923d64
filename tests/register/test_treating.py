"""Treatment: options, owners, due dates and status."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.access import NO_SUCH_OWNER
from journal.models import Event
from risks.register.choices import TreatmentStatus
from risks.register.models import Treatment
from tests.register.verbs import SOON, newest_event, refusal, treat, update


def test_choosing_a_treatment_opens_it(risk, editor, owner):
    treat(risk, editor, owner_id=owner.pk)

    treatment = risk.treatments.get()
    assert (treatment.status, treatment.owner, treatment.set_by_name) == ("open", owner, "Editor")
    assert newest_event(risk).verb == "risk.treated"
    assert newest_event(risk).changes == {
        "option": [None, "mitigate"],
        "plan": [None, "Filter it."],
        "owner": [None, "Owner"],
        "due": [None, "2026-12-01"],
        "status": [None, "open"],
    }


def test_a_change_of_option_supersedes_the_plan_and_begins_anew(risk, editor):
    treat(risk, editor)
    update(risk, editor, status="done", note="All filtered.")
    treat(risk, editor, option="transfer", plan="Insure it.")

    treatment = risk.treatments.in_force().get()
    assert (treatment.option, treatment.status, treatment.note) == ("transfer", "open", "")
    assert risk.treatments.filter(option="mitigate", plan="Filter it.").exists()


def test_a_new_date_for_the_same_option_keeps_the_status(risk, editor):
    treat(risk, editor)
    update(risk, editor, status="blocked", note="No budget.")
    treat(risk, editor, due=SOON + timedelta(days=30))

    treatment = risk.treatments.in_force().get()
    assert (treatment.status, treatment.note) == ("blocked", "No budget.")
    assert newest_event(risk).changes == {"due": ["2026-12-01", "2026-12-31"]}


def test_the_same_treatment_again_changes_nothing(risk, editor):
    treat(risk, editor)
    events = Event.objects.count()

    treat(risk, editor)

    assert (risk.treatments.count(), Event.objects.count()) == (1, events)


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"option": "ignore"}, {"option": ["Choose mitigate, transfer, avoid or accept."]}),
        ({"plan": " "}, {"plan": ["Say what will be done."]}),
        ({"due": date(1999, 12, 31)}, {"due": ["Choose a day from 2000 to 2100."]}),
        ({"due": date(2101, 1, 1)}, {"due": ["Choose a day from 2000 to 2100."]}),
        ({"due": None}, {"due": ["Choose a day from 2000 to 2100."]}),
        ({"owner_id": None}, {"owner": [NO_SUCH_OWNER]}),
        ({"owner_id": 999_999}, {"owner": [NO_SUCH_OWNER]}),
    ],
)
def test_a_treatment_that_cannot_be_is_refused_with_a_sentence(risk, editor, values, errors):
    assert refusal(lambda: treat(risk, editor, **values)) == errors
    assert not risk.treatments.exists()


@pytest.mark.parametrize("day", [date(2000, 1, 1), date(2100, 12, 31)])
def test_the_first_and_the_last_day_are_possible(risk, editor, day):
    treat(risk, editor, due=day)
    assert risk.treatments.get().due == day


def test_only_who_may_own_in_the_team_can_be_the_owner(risk, editor, owner, officer, viewer, outsider, auditor):
    for person in (owner, officer):
        treat(risk, editor, owner_id=person.pk)
    for person in (viewer, outsider, auditor):
        with pytest.raises(ValidationError, match="Choose an editor or risk owner"):
            treat(risk, editor, owner_id=person.pk)


def test_the_database_knows_the_years_of_a_due_date(risk, editor):
    treat(risk, editor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Treatment.objects.update(due=date(1999, 1, 1))


@pytest.mark.parametrize("before", TreatmentStatus.values)
@pytest.mark.parametrize("after", TreatmentStatus.values)
def test_any_status_may_follow_any_other(risk, editor, before, after):
    treat(risk, editor)
    update(risk, editor, status=before)
    count = Event.objects.count()

    update(risk, editor, status=after)

    assert risk.treatments.in_force().get().status == after
    assert Event.objects.count() - count == (before != after)


def test_updating_leaves_an_event_with_the_note_as_its_reason(risk, editor, owner):
    treat(risk, editor, owner_id=owner.pk)
    update(risk, owner, status="blocked", note="Waiting for the supplier.")

    event = newest_event(risk)
    assert (event.verb, event.actor_name, event.reason) == ("treatment.updated", "Owner", "Waiting for the supplier.")
    assert event.changes == {"status": ["open", "blocked"]}


def test_a_status_that_is_none_is_refused(risk, editor):
    treat(risk, editor)
    assert refusal(lambda: update(risk, editor, status="finished")) == {
        "status": ["Choose open, in progress, blocked or done."]
    }


def test_there_is_nothing_to_update_before_a_treatment_is_chosen(risk, editor):
    with pytest.raises(ValidationError, match="No treatment is chosen yet"):
        update(risk, editor)
