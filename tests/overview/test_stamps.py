"""A system has another stamp whenever something has changed that the home page remembers for it (ADR 12)."""

import random
from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from catalog.reading import current
from demo.systems import CHATBOT
from risks.overview import unknowns
from risks.register.models import Dismissal, Review, Risk
from risks.register.reviewing import dismiss_threat, take_back_dismissal
from risks.register.services import confirm_threats
from risks.systems.models import AISystem, Profile
from tests.make import make_profile, make_rating, make_risk, make_system, make_treatment

THREAT = "indirectpromptinjection"


def stamp(system):
    return AISystem.objects.values_list("stamp", flat=True).get(pk=system.pk)


def dismiss(system, editor, threat=THREAT):
    return dismiss_threat(system.pk, actor=editor, threat_key=threat, reason="It reads nothing from outside.")


def take_back(system, editor, threat=THREAT):
    return take_back_dismissal(system.pk, actor=editor, threat_key=threat, reason="It does, after all.")


VERBS = {
    "answer": lambda system, editor: make_profile(
        system, actor=editor, answers=CHATBOT | {"classification_task": "unknown"}
    ),
    "register one": lambda system, editor: make_risk(system, actor=editor, threat=THREAT),
    "register all": lambda system, editor: confirm_threats(system.pk, actor=editor),
    "dismiss": dismiss,
}


@pytest.mark.parametrize("verb", VERBS)
def test_what_figures_rest_on_gives_a_new_stamp(system, editor, team, verb):
    other = make_system(team, actor=editor, name="Another")
    before, beside = stamp(system), stamp(other)

    VERBS[verb](system, editor)

    assert stamp(system) > before
    assert stamp(other) == beside


def test_a_risk_dismissed_or_taken_back_gives_a_new_stamp(system, risk, editor):
    before = stamp(system)
    dismiss(system, editor)
    between = stamp(system)
    take_back(system, editor)

    assert before < between < stamp(system)


def test_rating_and_treating_leave_the_stamp(system, risk, editor, owner):
    before = stamp(system)

    make_rating(risk, actor=editor)
    make_treatment(risk, actor=editor, owner=owner)

    assert stamp(system) == before


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE systems_profile SET answers = '{}'",
        "UPDATE register_risk SET threat_key = 'sensitivedataoutput'",
        "UPDATE register_review SET edition = 'older'",
        "UPDATE register_dismissal SET threat_key = 'sensitivedataoutput'",
        "DELETE FROM register_review",
        "DELETE FROM register_dismissal",
        "DELETE FROM register_risk",
    ],
)
def test_a_change_past_the_services_gives_one_too(system, editor, change):
    dismiss(system, editor)
    make_risk(system, actor=editor, threat="directpromptinjection")
    confirm_threats(system.pk, actor=editor)
    assert all(model.objects.exists() for model in (Profile, Review, Dismissal, Risk))
    before = stamp(system)

    with connection.cursor() as cursor:
        if change == "DELETE FROM register_risk":
            cursor.execute("UPDATE register_dismissal SET risk_id = NULL")
            before = stamp(system)
        cursor.execute(f"{change} {'WHERE threat_key = %s' if 'threat_key' in change else ''}", _first(change))

    assert stamp(system) > before


def _first(change):
    """Which row is renamed: only one, so that no two come to bear one name."""
    if "threat_key" not in change:
        return None
    model = Risk if "register_risk" in change else Dismissal
    return [model.objects.order_by("pk").values_list("threat_key", flat=True)[0]]


def test_a_system_saved_whole_with_an_old_stamp_keeps_the_new_one(system, editor):
    read_before = AISystem.objects.get(pk=system.pk)
    make_risk(system, actor=editor)
    now = stamp(system)

    read_before.save()

    assert stamp(system) == now > read_before.stamp


def test_a_stamp_that_was_rolled_back_is_not_given_again(system, editor):
    with transaction.atomic():
        dismiss(system, editor)
        rolled_back = stamp(system)
        transaction.set_rollback(True)

    make_risk(system, actor=editor)
    assert stamp(system) > rolled_back


@pytest.mark.parametrize("seed", range(4))
def test_what_is_remembered_is_what_is_found_anew(system, team, editor, officer, seed):
    chance = random.Random(seed)
    systems = [system, make_system(team, actor=editor, name="Another")]
    make_profile(systems[1], actor=editor)
    threats = [THREAT, "directpromptinjection", "sensitivedataoutput"]
    verbs = [
        lambda one: make_profile(one, actor=editor, answers=CHATBOT | {"agent": chance.choice(["yes", "no"])}),
        lambda one: make_risk(one, actor=editor, threat=chance.choice(threats)),
        lambda one: dismiss(one, editor, chance.choice(threats)),
        lambda one: take_back(one, editor, chance.choice(threats)),
        lambda one: confirm_threats(one.pk, actor=editor),
    ]
    catalog, seen = current(), set()
    for _ in range(20):
        with suppress(ValidationError), transaction.atomic():  # where a verb may not be, it is refused
            chance.choice(verbs)(chance.choice(systems))
        found = unknowns.unknowns_of(officer, catalog)
        remembered = unknowns._findings.pop(catalog)
        assert unknowns.unknowns_of(officer, catalog) == found
        unknowns._findings[catalog] = remembered
        seen.add(found)
    assert len(seen) > 1
