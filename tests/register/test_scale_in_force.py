"""Putting a scale in force: who may, what moves, what stays as it was judged; and the teams' own lines."""

import copy

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from journal.errors import Conflict, NotAllowed
from journal.models import Event
from risks.register.models import Rating, Risk, ScaleVersion, TeamAppetite
from risks.register.rules import DEFAULT_SCALE
from risks.register.scale_content import content_of
from risks.register.scale_moving import LevelMap
from risks.register.scale_services import put_scale_in_force, set_team_appetite
from risks.register.scales import current_scale, scale_of
from tests.make import make_rating, make_risk
from tests.register.verbs import refusal

HALVED = LevelMap((1, 1, 2, 3, 3), (1, 2, 2, 3, 3))


def content(**values):
    return copy.deepcopy(content_of(DEFAULT_SCALE)) | values


def smaller():
    """Three levels each, three bands."""
    whole = content()
    return content(
        likelihood=whole["likelihood"][:3],
        impact=whole["impact"][:3],
        bands=[{"word": word, "review_days": 90} for word in ("Low", "Medium", "High")],
        levels=[[1, 1, 2], [1, 2, 3], [2, 3, 3]],
        appetite=[3, 2, 1],
    )


def stricter():
    """The same levels, with one cell a band higher."""
    levels = [list(row) for row in DEFAULT_SCALE.levels]
    levels[4][2] = 5
    return content(levels=levels)


def put(actor, wanted, **values):
    given = {"level_map": None, "reason": "The board decided.", "expected_key": current_scale().key}
    return put_scale_in_force(actor=actor, content=wanted, **(given | values))


def draw(actor, team, steps, **values):
    given = {"reason": "Payments are strict.", "expected_key": current_scale().key}
    return set_team_appetite(team.pk, actor=actor, steps=steps, **(given | values))


def test_a_scale_put_in_force_holds_from_now_on_and_leaves_one_event(officer, db):
    version = put(officer, stricter())

    assert current_scale().level(5, 3) == 5
    assert (version.key, version.number, version.set_by_name) == ("scale-1", 1, "Officer")
    event = Event.objects.of(version).get()
    assert (event.verb, event.reason) == ("scale.put_in_force", "The board decided.")
    assert event.changes == {"scale": ["default-5x5-1", "scale-1"], "moved": [None, 0]}


def test_the_versions_before_stay_readable(officer, db):
    put(officer, stricter())
    put(officer, smaller())

    assert [version.key for version in ScaleVersion.objects.all()] == ["scale-2", "scale-1"]
    assert scale_of("scale-1").level(5, 3) == 5
    assert scale_of("default-5x5-1") == DEFAULT_SCALE
    assert ScaleVersion.objects.in_force().get().key == "scale-2"


@pytest.mark.parametrize("person", ["editor", "owner", "viewer", "auditor", "outsider"])
def test_only_officers_and_administrators_set_the_scale_and_the_lines(request, person, team):
    actor = request.getfixturevalue(person)
    with pytest.raises(NotAllowed):
        put(actor, stricter())
    with pytest.raises(NotAllowed):
        draw(actor, team, [1, 1, 1, 1, 1])
    assert not ScaleVersion.objects.exists()
    assert not TeamAppetite.objects.exists()


def test_who_saw_another_scale_is_told_so_and_changes_nothing(officer, team):
    put(officer, stricter())
    with pytest.raises(Conflict) as refused:
        put(officer, smaller(), expected_key="default-5x5-1")
    assert refused.value.current.key == "scale-1"
    with pytest.raises(Conflict):
        draw(officer, team, [1, 1, 1, 1, 1], expected_key="default-5x5-1")
    assert ScaleVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("wanted", "values", "errors"),
    [
        (content(currency="euro"), {}, {"currency": ["Give the currency as three capital letters, such as EUR."]}),
        (stricter(), {"reason": " "}, {"reason": ["Say why."]}),
        (stricter(), {"reason": "x" * 100_000}, {"reason": ["Keep this within 2,000 characters; it has 100,000."]}),
        (
            smaller(),
            {"level_map": LevelMap((1, 2), (1, 2, 3, 3, 3))},
            {"likelihood_map": ["Give each old level of likelihood a new one from 1 to 3."]},
        ),
    ],
)
def test_what_cannot_be_put_in_force_is_refused_and_changes_nothing(officer, db, wanted, values, errors):
    assert refusal(lambda: put(officer, wanted, **values)) == errors
    assert current_scale() == DEFAULT_SCALE
    assert not Event.objects.filter(verb="scale.put_in_force").exists()


def test_the_scale_in_force_is_not_put_in_force_again(officer, db):
    with pytest.raises(ValidationError, match="in force already"):
        put(officer, content())


def test_the_database_knows_one_scale_in_force(officer, db):
    version = put(officer, stricter())
    with pytest.raises(IntegrityError), transaction.atomic():
        ScaleVersion.objects.create(key="second", number=2, content=version.content, reason="No.", set_by_name="X")


def test_ratings_stay_as_they_were_judged_and_new_rows_stand_on_the_new_scale(officer, editor, risk):
    make_rating(risk, actor=editor, likelihood=4, impact=3)
    before = Risk.objects.get(pk=risk.pk)

    put(officer, smaller(), level_map=HALVED)

    moved, judged = risk.ratings.order_by("-pk")
    assert (judged.likelihood, judged.impact, judged.level, judged.scale) == (4, 3, 4, "default-5x5-1")
    assert judged.superseded_at == moved.at
    assert (moved.likelihood, moved.impact, moved.level, moved.scale) == (3, 2, 3, "scale-1")
    assert moved.moved_from == "4 × 3, High on default-5x5-1"
    assert (moved.reason, moved.rated_by_name) == (judged.reason, "Editor")
    after = Risk.objects.get(pk=risk.pk)
    assert (after.current_likelihood, after.current_level, after.version) == (3, 3, before.version + 1)


def test_what_was_said_of_factors_and_areas_moves_with_the_rating(officer, editor, risk):
    make_rating(risk, actor=editor, likelihood=4, impact=4)
    Rating.objects.update(factors={"motive": "raises"}, areas={"safety": 4, "financial": 2})

    put(officer, smaller(), level_map=HALVED)

    moved = risk.ratings.in_force().get()
    assert moved.factors == {"motive": "raises"}
    assert moved.areas == {"safety": 3, "financial": 2}
    assert moved.impact == max(moved.areas.values())


def test_ratings_that_keep_place_and_band_are_left_alone(officer, editor, risk):
    make_rating(risk, actor=editor, likelihood=1, impact=1)

    put(officer, stricter())

    assert risk.ratings.get().scale == "default-5x5-1"


def test_every_risk_that_changes_band_gets_one_event_and_no_other_does(officer, editor, system, risk):
    make_rating(risk, actor=editor, likelihood=5, impact=3)
    make_rating(risk, actor=editor, likelihood=5, impact=3, kind="inherent")
    other = make_risk(system, actor=editor, threat="evasion")
    make_rating(other, actor=editor, likelihood=2, impact=2)

    version = put(officer, stricter())

    event = Event.objects.get(verb="risk.moved")
    assert (event.object_id, event.changes) == (str(risk.pk), {"band": ["High", "Critical"]})
    assert Event.objects.of(version).get().changes["moved"] == [None, 1]


def test_a_risk_that_keeps_its_band_though_bands_are_fewer_moves_without_an_event(officer, editor, risk):
    make_rating(risk, actor=editor, likelihood=2, impact=2)  # Low, the second of five

    put(officer, smaller(), level_map=HALVED)  # Low, the first of three

    assert risk.ratings.in_force().get().level == 1
    assert not Event.objects.filter(verb="risk.moved").exists()


def test_a_team_gets_a_line_of_its_own_and_loses_it_again(officer, team, other_team):
    draw(officer, team, [1, 1, 1, 0, 0])

    scale = current_scale()
    assert scale.is_outside_appetite(1, 2, team_id=team.pk)
    assert not scale.is_outside_appetite(1, 2, team_id=other_team.pk)
    event = Event.objects.get(verb="appetite.set")
    assert (event.team_id, event.changes) == (team.pk, {"appetite": [None, [1, 1, 1, 0, 0]]})

    draw(officer, team, None)
    assert current_scale().team_appetite == {}
    assert TeamAppetite.objects.get().superseded_at is not None


def test_the_same_line_again_changes_nothing(officer, team):
    draw(officer, team, [1, 1, 1, 0, 0])
    draw(officer, team, [1, 1, 1, 0, 0])
    draw(officer, team, [2, 1, 1, 0, 0])

    assert TeamAppetite.objects.count() == 2
    assert Event.objects.filter(verb="appetite.set").count() == 2


@pytest.mark.parametrize("steps", [[1, 2, 2, 2, 2], [1, 1], [6, 1, 1, 1, 1], ["a"] * 5])
def test_a_line_that_is_none_is_refused_at_its_place(officer, team, steps):
    assert set(refusal(lambda: draw(officer, team, steps))) <= {"appetite", "appetite-2"}
    assert not TeamAppetite.objects.exists()


def test_lines_of_teams_outlive_another_table_but_not_other_levels(officer, team):
    draw(officer, team, [1, 1, 1, 0, 0])
    put(officer, stricter())
    assert current_scale().appetite_of(team.pk) == (1, 1, 1, 0, 0)

    put(officer, smaller())
    assert current_scale().appetite_of(team.pk) == (3, 2, 1)
