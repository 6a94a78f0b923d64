"""Treatment: options, owners, due dates and status."""

import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.access import NO_SUCH_OWNER
from journal.models import Event
from risks.register.choices import TreatmentStatus
from risks.register.models import Treatment
from risks.register.querysets import MOST_TREATMENTS
from risks.register.treatment_parts import earlier_of
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
    treat(risk, editor, option="avoid", plan="Stop it.")

    treatment = risk.treatments.in_force().get()
    assert (treatment.option, treatment.status, treatment.note) == ("avoid", "open", "")
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


TRANSFER = {"to_whom": "Corvus AI", "by_what": "Service contract", "remains": "Telling the customers."}


@pytest.mark.parametrize(
    ("option", "details", "errors"),
    [
        ("transfer", TRANSFER | {"to_whom": " "}, {"to_whom": ["Say who carries it."]}),
        ("transfer", TRANSFER | {"by_what": ""}, {"by_what": ["Name the contract or the insurance."]}),
        ("transfer", {"to_whom": "Corvus AI", "by_what": "Contract"}, {"remains": ["Say what remains with us."]}),
        ("avoid", {}, {"decided_by": ["Say who decided."]}),
        (
            "mitigate",
            {"to_whom": "Corvus AI"},
            {"to_whom": ["Only transfer takes this. Leave it out, or choose transfer."]},
        ),
        (
            "transfer",
            TRANSFER | {"decided_by": "Ada"},
            {"decided_by": ["Only avoid takes this. Leave it out, or choose avoid."]},
        ),
        (
            "transfer",
            TRANSFER | {"to_whom": "x" * 100_000},
            {"to_whom": ["Keep this within 200 characters; it has 100,000."]},
        ),
    ],
)
def test_each_option_takes_what_it_needs_and_nothing_of_another(risk, editor, option, details, errors):
    assert refusal(lambda: treat(risk, editor, option=option, details=details)) == errors
    assert not risk.treatments.exists()


@pytest.mark.parametrize(
    ("option", "sentence"), [("avoid", "Say what changes."), ("accept", "Say why it can be lived with.")]
)
def test_each_option_asks_for_its_own_kind_of_plan(risk, editor, option, sentence):
    assert refusal(lambda: treat(risk, editor, option=option, plan=" ")) == {"plan": [sentence]}


def test_what_the_option_asked_for_is_kept_and_told(risk, editor):
    treat(risk, editor, option="transfer", details=TRANSFER | {"remains": " The excess. "})

    treatment = risk.treatments.get()
    assert (treatment.to_whom, treatment.by_what, treatment.remains) == ("Corvus AI", "Service contract", "The excess.")
    assert treatment.decided_by == ""
    assert newest_event(risk).changes["to_whom"] == [None, "Corvus AI"]
    assert "decided_by" not in newest_event(risk).changes


def test_what_is_left_out_stays_while_the_option_does(risk, editor):
    treat(risk, editor, option="transfer", details=TRANSFER)
    treat(risk, editor, option="transfer", due=SOON + timedelta(days=1), details={"remains": "Nothing."})
    update(risk, editor, status="in_progress")

    treatment = risk.treatments.in_force().get()
    assert (treatment.to_whom, treatment.remains, treatment.status) == ("Corvus AI", "Nothing.", "in_progress")


def test_another_option_has_nothing_left_of_what_the_one_before_asked_for(risk, editor):
    treat(risk, editor, option="transfer", details=TRANSFER)
    treat(risk, editor, option="mitigate", details={})

    assert risk.treatments.in_force().get().to_whom == ""
    assert newest_event(risk).changes["to_whom"] == ["Corvus AI", ""]


def test_earlier_treatments_are_told_once_each_however_often_they_were_updated(risk, editor, owner):
    treat(risk, editor, plan="Filter it.")
    update(risk, editor, status="blocked", note="No budget.")
    treat(risk, editor, plan="Filter it.", owner_id=owner.pk)
    treat(risk, editor, option="avoid", plan="Stop it.", details={"decided_by": "Ada"})
    treat(risk, editor, plan="Filter it after all.")
    update(risk, editor)

    first, second, third, fourth, *_ = risk.treatments.order_by("at", "pk")
    earlier = earlier_of(list(risk.treatments.all()))

    assert [(each.last.option, each.last.plan) for each in earlier] == [
        ("avoid", "Stop it."),
        ("mitigate", "Filter it."),
    ]
    assert (earlier[1].last, earlier[1].since, earlier[1].until) == (third, first.at, fourth.at)
    assert (earlier[1].last.status, earlier[1].last.owner) == ("blocked", owner)
    assert earlier[0].details == (("Who decided", "Ada"),)
    assert second.superseded_at == third.at


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
    update(risk, editor, status=before, note="Said so.")
    count = Event.objects.count()

    update(risk, editor, status=after, note="Said so.")

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


def test_a_page_shows_the_latest_of_a_thousand_treatments(risk, editor, client_of):
    treat(risk, editor, plan="In force.")
    newest, now = risk.treatments.get(), timezone.now()
    values = {"option": "mitigate", "owner": editor, "due": SOON, "set_by_name": "Editor"}
    Treatment.objects.bulk_create(
        Treatment(
            team=risk.team, risk=risk, plan=f"Plan {number}.", at=now - timedelta(days=number + 1),
            superseded_at=now - timedelta(days=number), **values,
        )
        for number in range(1, 1_001)
    )  # fmt: skip
    page = client_of(editor).get(f"/risks/{risk.pk}/").content.decode()
    assert re.findall(r"Plan \d+\.", page) == [f"Plan {number}." for number in range(1, 21)]
    assert newest.plan in page


def test_when_an_earlier_treatment_began_is_never_guessed(risk, editor):
    """Of one that was updated so often that its first row was not loaded."""
    rows = [Treatment(option="avoid", plan="Stop it.", superseded_at=None)]
    rows += [Treatment(option="mitigate", plan="Filter it.", superseded_at=timezone.now())] * (MOST_TREATMENTS - 1)
    assert earlier_of(rows) == ()
    assert len(earlier_of(rows[:-1])) == 1
