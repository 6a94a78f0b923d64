"""The demo organisation: believable, whole, through the services, and never where it could do harm."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test.utils import override_settings
from django.utils import timezone

from accounts.models import Team, User
from catalog.reading import current, packaged
from demo.about_systems import ABOUT, ARCHIVED
from demo.building import OrganisationNotEmpty, build
from demo.judgements import JUDGEMENTS
from demo.organisation import PEOPLE
from demo.responsibilities import DEPARTURES
from demo.reviews import CHANGES, DISMISSALS
from demo.systems import SYSTEMS
from journal.models import Event
from risks.register.choices import TreatmentOption, TreatmentStatus
from risks.register.models import Dismissal, Rating, Responsibility, Review, Risk, Treatment
from risks.register.reviews import review_state
from risks.systems.about import checked_about
from risks.systems.answers import asked_questions, validate_answers
from risks.systems.models import AISystem, Profile
from risks.systems.rules import identify
from tests.make import make_team

RULES = packaged().rule_set


@pytest.mark.parametrize("system", [*SYSTEMS, ARCHIVED.system], ids=lambda system: system.key)
def test_every_profile_is_valid_and_keeps_to_questions_that_are_asked(system):
    assert validate_answers(RULES, system.answers) == {
        question.key: system.answers[question.key] for question in RULES.questions if question.key in system.answers
    }


@pytest.mark.parametrize("key", JUDGEMENTS)
def test_every_judgement_is_about_a_threat_that_applies(key):
    system = next(system for system in SYSTEMS if system.key == key)
    verdicts = identify(RULES, system.answers).verdicts

    threats = [judgement.threat for judgement in JUDGEMENTS[key]]
    assert {verdicts[threat].status for threat in threats} == {"applicable"}
    assert len(threats) == len(set(threats))


@pytest.mark.parametrize("departure", DEPARTURES, ids=lambda departure: f"{departure.system}-{departure.threat}")
def test_every_departure_is_one_from_the_rules(departure):
    system = next(system for system in SYSTEMS if system.key == departure.system)

    assert identify(RULES, system.answers).verdicts[departure.threat].party not in (None, departure.party)


def test_something_is_said_about_every_system_and_all_of_it_can_be_taken():
    assert list(ABOUT) == [system.key for system in (*SYSTEMS, ARCHIVED.system)]
    for said in ABOUT.values():
        assert checked_about(said) == said


@pytest.mark.parametrize("changed", CHANGES, ids=lambda changed: changed.system)
def test_changed_answers_are_valid_and_keep_to_questions_that_are_asked(changed):
    before = next(system.answers for system in SYSTEMS if system.key == changed.system)
    after = changed.after(before)

    assert after == validate_answers(RULES, after)
    assert set(after) <= {question.key for question in asked_questions(RULES, after)}


@dataclass(frozen=True)
class Built:
    """What the command printed, and the password hash of the administrator who was there before."""

    printed: str
    administrator: str


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[Built]:
    """The demo, built once in a transaction that never commits, on a machine that has its administrator already."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("create_admin", email="admin@example.org", stdout=StringIO())
        before = User.objects.get().password
        out = StringIO()
        call_command("demo", stdout=out)
        yield Built(out.getvalue(), before)
        transaction.set_rollback(True)


def test_it_is_a_whole_organisation(built):
    assert (Team.objects.count(), AISystem.objects.active().count(), User.objects.count()) == (6, 12, len(PEOPLE))
    assert AISystem.objects.archived().get().name == ARCHIVED.system.name
    assert Profile.objects.in_force().count() == 13
    assert 110 <= Risk.objects.count() <= 130
    rated = Risk.objects.with_rating().exclude(rated_level=None).count()
    assert 15 <= Risk.objects.count() - rated <= 40
    treatments = Treatment.objects.in_force()
    assert set(treatments.values_list("option", flat=True)) == set(TreatmentOption.values)
    assert set(treatments.values_list("status", flat=True)) == set(TreatmentStatus.values)
    assert Treatment.objects.overdue(at=timezone.localdate()).count() >= 5
    assert set(Rating.objects.values_list("level", flat=True)) == {1, 2, 3, 4, 5}
    assert Responsibility.objects.in_force().count() == len(DEPARTURES)
    assert Dismissal.objects.in_force().count() == len(DISMISSALS)
    assert Dismissal.objects.exclude(risk=None).exists()
    assert Review.objects.in_force().count() == len(JUDGEMENTS)
    for name in ("admin", "officer", "auditor", "editor", "owner", "viewer"):
        assert User.objects.filter(email=f"{name}@example.org").exists()


def test_something_of_its_own_stands_beside_the_catalog(built):
    threat = current().threat("own-claims-tuned-to-the-model")
    assert [link.control.name for link in current().controls_for(threat.key)][:3] == [
        "Oversight",
        "Continuous validation",
        "Blind second estimate",
    ]


def test_one_system_waits_for_another_review_with_something_of_everything(built):
    groups = {
        system.name: {row.group for row in state.difference.rows}
        for system in AISystem.objects.all()
        if (state := review_state(system, current())).is_behind and state.review
    }

    assert groups == {"Call transcription": {"new", "dropped", "changed"}}


def test_due_dates_are_relative_to_today(built):
    dues = set(Treatment.objects.in_force().values_list("due", flat=True))

    assert min(dues) == timezone.localdate() - timedelta(days=60)
    assert timezone.localdate() + timedelta(days=7) in dues


def test_history_is_real(built):
    assert Event.objects.filter(verb="risk.registered").count() == Risk.objects.count()
    assert Event.objects.filter(verb="risk.rated").count() == Rating.objects.count()
    assert Event.objects.filter(verb="profile.answered").count() == 13 + len(CHANGES)
    who = set(Event.objects.filter(verb="treatment.updated").values_list("actor_name", flat=True))
    assert {"Tomas Berg", "Wen Li", "Yuki Tanaka"} <= who


def test_the_people_are_printed_with_passwords_that_work(built):
    assert built.printed.startswith("13 AI systems and ")
    passwords = dict(re.findall(r"^(\S+@example\.org)  +(\S+)", built.printed, re.MULTILINE))
    assert len(passwords) == len(set(passwords.values())) == len(PEOPLE)
    assert authenticate(username="owner@example.org", password=passwords["owner@example.org"])


def test_an_administrator_who_was_there_before_keeps_their_password(built):
    assert User.objects.get(email="admin@example.org").password == built.administrator
    assert re.search(r"^admin@example\.org +\(as before\)", built.printed, re.MULTILINE)


def test_a_second_time_is_refused(built):
    people = User.objects.count()

    with pytest.raises(CommandError, match="not empty"):
        call_command("demo")
    assert User.objects.count() == people


def test_it_is_refused_where_there_is_a_team(db):
    make_team("Claims")

    with pytest.raises(OrganisationNotEmpty):
        build(at=timezone.localdate())
    assert not User.objects.exists()


def test_it_is_refused_in_production(db):
    with override_settings(MODE="production"), pytest.raises(CommandError, match="refused in production"):
        call_command("demo")

    assert not User.objects.exists()
