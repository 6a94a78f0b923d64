"""Changing many risks while others write: nobody waits for each other in a circle, and no change is lost."""

import threading
from collections.abc import Callable
from itertools import count

import pytest
from django.db import connection, connections, transaction

from accounts.models import User
from journal.errors import NotAllowed
from journal.writing import lock, wait_for_turn
from risks.register.changing import change_treatments
from risks.register.models import Risk, Treatment
from risks.register.reviewing import Decision, review_threats
from risks.register.treating import Change, change_treatment
from risks.systems.life_cycle import archive_system
from risks.systems.models import AISystem
from tests.make import make_profile, make_risk, make_system, make_team, make_treatment, make_user
from tests.register.verbs import statuses

MOST_LOOKS = 20_000  # at what others wait for; each takes well under a millisecond


@pytest.fixture
def officer(committed_db: None) -> User:
    return make_user("officer", "officer")


@pytest.fixture
def risks(officer: User) -> list[Risk]:
    """One treated risk of each of two systems, the later system first."""
    team = make_team("Claims")
    systems = [make_system(team, actor=officer, name=name) for name in ("Claims assistant", "Mail sorter")]
    for system in systems:
        make_profile(system, actor=officer)
    return [make_treatment(make_risk(system, actor=officer), actor=officer) for system in reversed(systems)]


def beside(call: Callable[[], object]) -> threading.Thread:
    """Start a call in a thread of its own."""

    def run() -> None:
        try:
            call()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def until_somebody_waits() -> None:
    with connection.cursor() as cursor:
        for looks in count():
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone() != (0,):
                return
            assert looks < MOST_LOOKS, "nobody waits"


def change_both(risks: list[Risk], officer: User) -> None:
    change_treatments({risk.pk: None for risk in risks}, actor=officer, change=Change(status="in_progress"))


def test_the_systems_are_held_in_one_order_whatever_was_asked_for_first(risks: list[Risk], officer: User) -> None:
    later, earlier = (risk.system_id for risk in risks)
    with transaction.atomic():
        lock(AISystem, earlier)
        many = beside(lambda: change_both(risks, officer))
        until_somebody_waits()
        AISystem.objects.select_for_update(nowait=True).get(pk=later)  # fails if the other one held it already
    many.join()
    assert statuses(risks) == ["in_progress", "in_progress"]


def test_a_change_of_one_risk_meanwhile_is_waited_for_and_carried_over(risks: list[Risk], officer: User) -> None:
    owner = make_user("second", "officer")
    with transaction.atomic():
        change = Change(owner_id=owner.pk)
        change_treatment(risks[0].pk, actor=officer, change=change, expected_version=None)
        many = beside(lambda: change_both(risks, officer))
        until_somebody_waits()
    many.join()
    treatment = Treatment.objects.in_force().get(risk=risks[0])
    assert (treatment.owner, treatment.status) == (owner, "in_progress")


def test_a_system_that_is_archived_meanwhile_stops_all(risks: list[Risk], officer: User) -> None:
    with transaction.atomic():
        archive_system(risks[0].system_id, actor=officer, reason="Switched off.", expected_version=None)
        refused: list[NotAllowed] = []

        def change() -> None:
            try:
                change_both(risks, officer)
            except NotAllowed as error:
                refused.append(error)

        many = beside(change)
        until_somebody_waits()
    many.join()
    assert "This system is archived." in str(refused[0])
    assert statuses(risks) == ["open", "open"]


def test_a_review_holds_no_risk_while_the_scale_is_moved(risks: list[Risk], officer: User) -> None:
    """Moving the scale holds risks in the order of their ids, a review in that of its decisions."""
    earlier, later = risks[0], make_risk(risks[0].system, actor=officer, threat="directpromptinjection")
    away = Decision("dismiss", "A clerk reads every letter first.")
    decisions = {later.threat_key: away, earlier.threat_key: away}
    with transaction.atomic():
        wait_for_turn("scale")
        lock(Risk, earlier.pk)
        review = beside(lambda: review_threats(earlier.system_id, actor=officer, decisions=decisions))
        until_somebody_waits()
        Risk.objects.select_for_update(nowait=True).get(pk=later.pk)  # fails if the review held it already
    review.join()
    assert not Risk.objects.filter(pk__in=(earlier.pk, later.pk), dismissed_at=None).exists()
