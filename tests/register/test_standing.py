"""What stands on a risk's row is what its rows in force say, whatever happens; and appetite by query as by rule."""

import random
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from risks.register.models import Rating, Risk, Treatment
from risks.register.rules import DEFAULT_SCALE
from risks.register.scales import current_scale, outside_appetite
from tests.make import make_rating, make_risk, make_system
from tests.register.test_scale_in_force import HALVED, draw, put, smaller
from tests.register.verbs import rate, treat, update

KINDS = ("inherent", "current", "target")
COLUMNS = [f"{kind}_{name}" for kind in KINDS for name in ("likelihood", "impact", "level")]
COLUMNS += ["treatment_option", "treatment_status", "treatment_due", "treatment_owner_id"]


def standing(risk):
    return Risk.objects.values(*COLUMNS).get(pk=risk.pk)


def in_force(risk):
    """The same, read from the rows that are in force."""
    found = dict.fromkeys(COLUMNS)
    for rating in Rating.objects.in_force().filter(risk=risk):
        for name in ("likelihood", "impact", "level"):
            found[f"{rating.kind}_{name}"] = getattr(rating, name)
    for treatment in Treatment.objects.in_force().filter(risk=risk):
        for name in ("option", "status", "due", "owner_id"):
            found[f"treatment_{name}"] = getattr(treatment, name)
    return found


@pytest.mark.parametrize("seed", range(8))
def test_after_any_sequence_of_verbs_the_row_says_what_is_in_force(risk, editor, owner, officer, seed):
    chance = random.Random(seed)
    treat(risk, editor)
    verbs = [
        lambda: rate(
            risk,
            editor,
            kind=chance.choice(KINDS),
            likelihood=chance.randint(1, len(current_scale().likelihood)),
            impact=chance.randint(1, len(current_scale().impact)),
            reason=f"{chance.random()}",
        ),
        lambda: treat(
            risk,
            editor,
            option=chance.choice(["mitigate", "avoid", "transfer"]),
            owner_id=chance.choice([editor, owner]).pk,
            due=date(2027, 1, chance.randint(1, 28)),
        ),
        lambda: update(risk, editor, status=chance.choice(["open", "in_progress", "blocked", "done"]), note="Said."),
    ]
    for turn in range(25):
        if turn == 15:
            put(officer, smaller(), level_map=HALVED)
        chance.choice(verbs)()
        assert standing(risk) == in_force(risk)


def test_a_row_that_is_taken_away_no_longer_stands(risk, editor):
    rate(risk, editor)
    treat(risk, editor)

    Rating.objects.all().delete()
    Treatment.objects.all().delete()

    assert set(standing(risk).values()) == {None}


@pytest.mark.parametrize("column", COLUMNS)
def test_nobody_writes_on_the_row_what_no_row_in_force_says(risk, column):
    value = {"treatment_option": "'accept'", "treatment_status": "'done'", "treatment_due": "'2027-01-01'"}
    told = f"UPDATE register_risk SET {column} = {value.get(column, '1')}"  # columns of this file
    refused = pytest.raises(IntegrityError, match="follows its ratings and treatment")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(told)
    assert standing(risk)[column] is None


def test_a_risk_cannot_begin_as_rated(risk):
    copy = Risk.objects.get(pk=risk.pk)
    copy.pk, copy.number, copy.threat_key, copy.current_level = None, 99, "evasion", 5
    with pytest.raises(IntegrityError, match="follows its ratings"), transaction.atomic():
        copy.save(force_insert=True)


def test_the_query_for_what_is_outside_appetite_agrees_with_the_rule_cell_by_cell(officer, team, other_team):
    """Two teams, one with a line of its own; one risk that is rated anew for each of all cells."""
    draw(officer, team, [4, 2, 2, 1, 0])
    scale = current_scale()
    risks = [make_risk(make_system(each, actor=officer, name=each.name), actor=officer) for each in (team, other_team)]
    unrated = make_risk(risks[0].system, actor=officer, threat="evasion")

    for likelihood in range(1, 6):
        for impact in range(1, 6):
            for risk in risks:
                make_rating(risk, actor=officer, likelihood=likelihood, impact=impact)
            found = set(Risk.objects.with_rating().filter(outside_appetite(scale)))
            inside = set(
                Risk.objects.with_rating().filter(current_level__isnull=False).exclude(outside_appetite(scale))
            )
            by_rule = {r for r in risks if scale.is_outside_appetite(likelihood, impact, team_id=r.team_id)}
            assert found == by_rule
            assert inside == set(risks) - by_rule
            assert unrated not in found
    assert scale.appetite == DEFAULT_SCALE.appetite
