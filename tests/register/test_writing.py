"""Who may write, who was faster, and what every write leaves behind."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from journal.errors import Conflict, NotAllowed
from journal.models import Event
from journal.recording import SYSTEM
from risks.register import services
from risks.register.choices import TreatmentOption
from risks.register.models import Rating, Risk
from tests.make import make_rating, make_risk, make_treatment
from tests.register.verbs import newest_event, rate, treat, update

WRITES = {
    "confirm": lambda risk, actor: services.confirm_threats(risk.system_id, actor=actor),
    "add": lambda risk, actor: services.add_risk(risk.system_id, actor=actor, threat_key="evasion"),
    "describe": lambda risk, actor: services.describe_risk(
        risk.pk, actor=actor, expected_version=None, description="Here."
    ),
    "rate": rate,
    "treat": lambda risk, actor: treat(risk, actor, option=TreatmentOption.AVOID),
}


@pytest.mark.parametrize("verb", WRITES)
def test_viewers_owners_auditors_and_outsiders_write_nothing(risk, verb, viewer, owner, auditor, outsider):
    events = Event.objects.count()
    for person in (viewer, owner, auditor, outsider):
        with pytest.raises(NotAllowed):
            WRITES[verb](risk, person)
    assert Event.objects.count() == events


@pytest.mark.parametrize("verb", WRITES)
def test_officers_write_in_every_team(risk, verb, officer):
    before = Event.objects.count()
    WRITES[verb](risk, officer)
    assert Event.objects.count() > before


def test_the_system_itself_writes_too(risk):
    services.describe_risk(risk.pk, actor=SYSTEM, expected_version=None, description="By a job.")
    assert newest_event(risk).actor_name == "System"


def test_an_owner_updates_their_own_treatment_and_no_other(risk, editor, owner):
    treat(risk, editor)
    with pytest.raises(NotAllowed):
        update(risk, owner)
    treat(risk, editor, owner_id=owner.pk)

    update(risk, owner)

    assert risk.treatments.in_force().get().status == "in_progress"


def test_an_owner_who_has_left_the_team_updates_nothing(risk, editor, owner, team):
    treat(risk, editor, owner_id=owner.pk)
    owner.memberships.all().delete()
    owner = User.objects.get(pk=owner.pk)

    with pytest.raises(NotAllowed):
        update(risk, owner)


STALE = {
    "describe": lambda risk, actor: services.describe_risk(
        risk.pk, actor=actor, expected_version=1, description="Mine."
    ),
    "rate": lambda risk, actor: rate(risk, actor, expected_version=1, likelihood=1),
    "treat": lambda risk, actor: treat(risk, actor, expected_version=1, plan="Mine."),
    "update": lambda risk, actor: update(risk, actor, expected_version=1),
}


@pytest.mark.parametrize("verb", STALE)
def test_a_stale_version_is_a_conflict_and_writes_nothing(risk, editor, verb):
    make_treatment(make_rating(risk, actor=editor), actor=editor)
    events = Event.objects.count()

    with pytest.raises(Conflict) as conflict:
        STALE[verb](risk, editor)

    assert conflict.value.current.version == 3
    assert Event.objects.count() == events


def test_who_may_not_change_a_risk_learns_nothing_of_its_version(risk, editor, outsider):
    make_rating(risk, actor=editor)
    with pytest.raises(NotAllowed):
        rate(risk, outsider, expected_version=1)


def test_every_write_leaves_exactly_one_event(system, editor):
    before = Event.objects.count()
    risk = make_risk(system, actor=editor)
    make_rating(risk, actor=editor)
    make_treatment(risk, actor=editor)
    update(risk, editor)
    services.describe_risk(risk.pk, actor=editor, expected_version=None, description="Here.")

    verbs = list(Event.objects.order_by("sequence").values_list("verb", flat=True))[before:]
    assert verbs == ["risk.registered", "risk.rated", "risk.treated", "treatment.updated", "risk.described"]


def test_a_dated_row_never_points_across_teams(risk, editor, other_team):
    make_rating(risk, actor=editor)

    with pytest.raises(IntegrityError, match="register_rating_same_team"):
        move_ratings_to(other_team)


@transaction.atomic
def move_ratings_to(team):
    Rating.objects.update(team=team)
    transaction.get_connection().check_constraints()


def test_everything_is_dated(risk, editor):
    start = timezone.now()
    make_rating(risk, actor=editor)
    assert start <= Rating.objects.get().at <= timezone.now()
    assert Risk.objects.get().updated_at >= start
