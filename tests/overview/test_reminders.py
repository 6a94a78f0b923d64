"""Reminders: each step once, only to people who still see the risk, and once when two workers run at once."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connections
from django.utils import timezone

from accounts.models import Membership, User
from accounts.roles import OrganisationRole, TeamRole
from pages.templatetags.pages import day
from risks.delivery.models import Notification
from risks.overview.reminders import DUE_IN, EXPIRES_IN, remind, step_of
from risks.register.asking_time import decide_time
from risks.register.models import Acceptance, Measure
from risks.register.reviewing import dismiss_threat
from risks.register.treating import update_treatment
from tests.make import make_profile, make_risk, make_system, make_team, make_time_request, make_treatment, make_user

DUE = date(2026, 12, 20)


def at(days_before):
    return datetime(2026, 12, 20, 6, tzinfo=UTC) - timedelta(days=days_before)


def told():
    return [(row.user.name, row.kind, row.threshold) for row in Notification.objects.order_by("pk")]


@pytest.mark.parametrize(
    ("left", "due", "expires"),
    [
        (31, "", ""),
        (30, "", "30"),
        (8, "", "30"),
        (7, "7", "7"),
        (2, "7", "7"),
        (1, "1", "1"),
        (0, "1", "1"),
        (-1, "overdue", "overdue"),
        (-400, "overdue", "overdue"),
    ],
)
def test_a_day_has_reached_one_step(left, due, expires):
    today = DUE - timedelta(days=left)
    assert (step_of(DUE, today, DUE_IN), step_of(DUE, today, EXPIRES_IN)) == (due, expires)


def test_the_owner_hears_a_week_and_a_day_before_and_once_when_it_is_late(risk, editor, owner):
    make_treatment(risk, actor=editor, owner=owner, due=DUE)
    for days in range(40, -40, -1):
        remind(at=at(days))
        remind(at=at(days))

    assert told() == [("Owner", "due", "7"), ("Owner", "due", "1"), ("Owner", "overdue", "overdue")]
    first = Notification.objects.earliest("pk")
    assert risk.reference in first.text
    assert first.text.endswith(f"is due {day(DUE)}.")
    assert first.url == risk.get_absolute_url()


def test_another_due_date_is_told_anew(risk, editor, owner):
    make_treatment(risk, actor=editor, owner=owner, due=DUE)
    remind(at=at(7))
    make_treatment(risk, actor=editor, owner=owner, due=DUE - timedelta(days=1))
    remind(at=at(7))
    assert len(told()) == 2


def test_what_is_done_or_dismissed_is_not_told(risk, system, editor, owner):
    make_treatment(risk, actor=editor, owner=owner, due=DUE)
    update_treatment(risk.pk, actor=owner, status="done", note="", expected_version=None)
    other = make_risk(system, actor=editor, threat="evasion")
    make_treatment(other, actor=editor, owner=owner, due=DUE)
    dismiss_threat(system.pk, actor=editor, threat_key="evasion", reason="No classifier.")
    remind(at=at(1))
    assert told() == []


def test_who_left_the_team_or_was_switched_off_hears_nothing(risk, system, editor, owner):
    make_treatment(risk, actor=editor, owner=owner, due=DUE)
    other = make_risk(system, actor=editor, threat="evasion")
    make_treatment(other, actor=editor, due=DUE)
    Membership.objects.filter(user=owner).delete()
    User.objects.filter(pk=editor.pk).update(is_active=False)
    remind(at=at(1))
    assert told() == []


def test_the_owner_of_a_measure_hears_of_it(risk, editor, owner):
    said = {"control_key": "oversight", "text": "Look at it.", "owner": owner, "due": DUE}
    Measure.objects.create(team=risk.team, risk=risk, **said)
    Measure.objects.create(team=risk.team, risk=risk, dropped_at=timezone.now(), **said)
    remind(at=at(1))
    assert told() == [("Owner", "due", "1")]


def test_both_people_of_an_acceptance_hear_before_it_ends(risk, editor, officer):
    acceptance = Acceptance.objects.create(
        team=risk.team, risk=risk, reason="Small.", until=DUE, likelihood=2, impact=2, level=2, scale="default-5x5-1",
        is_outside=False, edition="2026-08-22", profile_number=1, proposed_by=editor,
    )  # fmt: skip
    remind(at=at(1))
    assert told() == []  # a proposal holds nothing yet

    Acceptance.objects.filter(pk=acceptance.pk).update(state="approved", decided_by=officer, decided_at=timezone.now())
    for days in range(40, -10, -1):
        remind(at=at(days))
    assert told() == [(name, "expires", step) for step in ("30", "7", "1") for name in ("Editor", "Officer")]


def test_two_workers_at_once_tell_it_once(committed_db):
    officer = make_user("officer", OrganisationRole.OFFICER)
    team = make_team("Claims")
    owner = make_user("owner", in_team={team: TeamRole.RISK_OWNER})
    system = make_system(team, actor=officer)
    make_profile(system, actor=officer)
    make_treatment(make_risk(system, actor=officer), actor=officer, owner=owner, due=DUE)
    barrier = threading.Barrier(4)

    def run():
        barrier.wait()
        try:
            remind(at=at(1))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told() == [("Owner", "due", "1")]


def test_editors_hear_once_that_more_time_is_asked_for_and_whoever_asked_hears_the_decision(
    risk, editor, owner, officer
):
    make_treatment(risk, actor=editor, owner=owner)
    asked = make_time_request(risk, actor=owner)
    now = timezone.now()
    for _ in range(3):
        remind(at=now)
    assert [each for each in told() if each[1] == "asked"] == [("Editor", "asked", "asked")]
    assert "Owner asks for time until" in Notification.objects.get(kind="asked").text

    decide_time(asked.pk, actor=editor, grant=False, note="It was moved twice.")
    for _ in range(3):
        remind(at=now)
    assert [each for each in told() if each[1] in ("asked", "decided")] == [
        ("Editor", "asked", "asked"),
        ("Owner", "decided", "refused"),
    ]
    assert Notification.objects.get(kind="decided").text.endswith(" is refused.")


def test_without_an_editor_the_officers_hear_that_more_time_is_asked_for(risk, editor, owner, officer):
    make_treatment(risk, actor=editor, owner=owner)
    make_time_request(risk, actor=owner)
    Membership.objects.filter(user=editor).delete()
    remind(at=timezone.now())
    assert [each for each in told() if each[1] == "asked"] == [("Officer", "asked", "asked")]


def test_who_moves_a_day_is_not_told_of_it(risk, editor):
    make_treatment(risk, actor=editor)
    make_time_request(risk, actor=editor)
    remind(at=timezone.now())
    assert [each for each in told() if each[1] == "decided"] == []
