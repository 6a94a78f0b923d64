"""The demo organisation: believable, whole, through the services, and never where it could do harm."""

import re
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone

from accounts.models import Team, User
from catalog.reading import packaged
from demo.building import OrganisationNotEmpty, build
from demo.judgements import JUDGEMENTS
from demo.organisation import PEOPLE
from demo.responsibilities import DEPARTURES
from demo.systems import SYSTEMS
from journal.models import Event
from risks.assurance.models import Responsibility
from risks.register.choices import TreatmentOption, TreatmentStatus
from risks.register.models import Rating, Risk, Treatment
from risks.systems.answers import validate_answers
from risks.systems.models import AISystem, Profile
from risks.systems.rules import identify
from tests.make import make_team

RULES = packaged().rule_set
TODAY = date(2026, 11, 23)


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.key)
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


def test_it_is_a_whole_organisation(db):
    build(at=TODAY)

    assert (Team.objects.count(), AISystem.objects.count(), User.objects.count()) == (6, 12, len(PEOPLE))
    assert Profile.objects.in_force().count() == 12
    assert 110 <= Risk.objects.count() <= 130
    rated = Risk.objects.with_rating().exclude(rated_level=None).count()
    assert 15 <= Risk.objects.count() - rated <= 40
    treatments = Treatment.objects.in_force()
    assert set(treatments.values_list("option", flat=True)) == set(TreatmentOption.values)
    assert set(treatments.values_list("status", flat=True)) == set(TreatmentStatus.values)
    assert Treatment.objects.overdue(at=TODAY).count() >= 5
    assert set(Rating.objects.values_list("level", flat=True)) == {1, 2, 3, 4, 5}
    assert Responsibility.objects.in_force().count() == len(DEPARTURES)
    for email in ("admin", "officer", "auditor", "editor", "owner", "viewer"):
        assert User.objects.filter(email=f"{email}@example.org").exists()


def test_due_dates_are_relative_to_the_day_it_is_built(db):
    build(at=TODAY)
    dues = set(Treatment.objects.in_force().values_list("due", flat=True))

    assert min(dues) == TODAY - timedelta(days=60)
    assert TODAY + timedelta(days=7) in dues


def test_history_is_real(db):
    build(at=TODAY)

    assert Event.objects.filter(verb="risk.registered").count() == Risk.objects.count()
    assert Event.objects.filter(verb="risk.rated").count() == Rating.objects.count()
    assert Event.objects.filter(verb="profile.answered").count() == 12
    who = set(Event.objects.filter(verb="treatment.updated").values_list("actor_name", flat=True))
    assert {"Tomas Berg", "Wen Li", "Yuki Tanaka"} <= who


def test_the_command_prints_people_with_passwords_that_work(db):
    out = StringIO()
    call_command("demo", stdout=out)

    text = out.getvalue()
    assert text.startswith("12 AI systems and ")
    passwords = dict(re.findall(r"^(\S+@example\.org)\s+(\S+)", text, re.MULTILINE))
    assert len(passwords) == len(set(passwords.values())) == len(PEOPLE)
    assert Client().login(username="owner@example.org", password=passwords["owner@example.org"])
    assert timezone.localdate() + timedelta(days=7) in Treatment.objects.values_list("due", flat=True)


def test_it_is_refused_in_production(db):
    with override_settings(MODE="production"), pytest.raises(CommandError, match="refused in production"):
        call_command("demo")

    assert not User.objects.exists()


def test_it_is_refused_where_there_is_something_already(db):
    make_team("Claims")

    with pytest.raises(CommandError, match="not empty"):
        call_command("demo")
    with pytest.raises(OrganisationNotEmpty):
        build(at=TODAY)
    assert not User.objects.exists()


def test_an_administrator_who_was_there_before_keeps_their_password(db):
    call_command("create_admin", email="admin@example.org", stdout=StringIO())
    before = User.objects.get().password

    out = StringIO()
    call_command("demo", stdout=out)

    assert User.objects.get(email="admin@example.org").password == before
    assert re.search(r"^admin@example\.org\s+\(as before\)", out.getvalue(), re.MULTILINE)
