"""The scale by API, and ratings with what they rest on."""

import pytest

from risks.register.rules import DEFAULT_SCALE
from tests.make import make_rating
from tests.register.test_scale_in_force import HALVED, draw, put, smaller, stricter

SAID = {"kind": "current", "likelihood": 3, "reason": "Tested.", "factors": {"motive": "raises"}}


def rate_by_api(program, risk, **values):
    etag = program.get(f"/api/v1/risks/{risk.pk}/")["ETag"]
    return program.send("post", f"/api/v1/risks/{risk.pk}/ratings/", SAID | values, if_match=etag)


def test_the_scale_in_force_is_read_with_its_appetite(api_of, viewer):
    answer = api_of(viewer).get("/api/v1/scale/").json()

    assert (answer["key"], answer["currency"], len(answer["likelihood"])) == ("default-5x5-1", "EUR", 5)
    assert answer["levels"] == [list(row) for row in DEFAULT_SCALE.levels]
    assert answer["impact"][4]["high"] is None
    assert answer["bands"][4] == {"word": "Critical", "review_days": 30}


def test_lines_are_those_of_teams_the_reader_may_see(api_of, officer, viewer, outsider, team):
    draw(officer, team, [1, 1, 1, 0, 0])

    line = [{"team": team.pk, "appetite": [1, 1, 1, 0, 0]}]
    for person, lines in ((officer, line), (viewer, line), (outsider, [])):
        assert api_of(person).get("/api/v1/scale/").json()["team_appetite"] == lines


def test_a_reader_that_has_the_scale_already_gets_no_body(api_of, officer, viewer):
    program = api_of(viewer)
    etag = program.get("/api/v1/scale/")["ETag"]

    assert program.get("/api/v1/scale/", headers={"If-None-Match": etag}).status_code == 304
    put(officer, stricter())
    assert program.get("/api/v1/scale/", headers={"If-None-Match": etag}).status_code == 200


def test_versions_are_read_newest_first(api_of, officer, viewer):
    put(officer, stricter())
    put(officer, smaller())

    rows = api_of(viewer).get("/api/v1/scale/versions/").json()["results"]
    assert [(row["key"], row["set_by"], bool(row["superseded_at"])) for row in rows] == [
        ("scale-2", "Officer", False),
        ("scale-1", "Officer", True),
    ]
    assert rows[1]["content"]["levels"][4][2] == 5


@pytest.mark.parametrize("path", ["/api/v1/scale/?x=1", "/api/v1/scale/versions/?x=1"])
def test_a_parameter_that_is_not_known_is_refused(api_of, viewer, path):
    assert api_of(viewer).get(path).status_code == 400


def test_a_rating_says_what_it_rests_on(api_of, editor, risk):
    answer = rate_by_api(api_of(editor), risk, areas={"safety": 2, "financial": 4})

    assert answer.status_code == 201
    rating = answer.json()
    assert (rating["impact"], rating["areas"], rating["factors"]) == (
        4,
        {"safety": 2, "financial": 4},
        {"motive": "raises"},
    )


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "impact"),
        ({"impact": 3, "areas": {"financial": 4}}, "impact"),
        ({"impact": 3, "areas": {"weather": 3}}, "areas"),
        ({"impact": 3, "areas": {"safety": "high"}}, "areas"),
        ({"impact": 3, "factors": {"motive": "doubles"}}, "factors"),
        ({"impact": 3, "factors": {"luck": "raises"}}, "factors"),
        ({"impact": 3, "factors": ["motive"]}, "factors"),
    ],
)
def test_what_a_rating_cannot_rest_on_is_refused_by_its_field(api_of, editor, risk, values, field):
    answer = rate_by_api(api_of(editor), risk, **values)

    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {field}
    assert not risk.ratings.exists()


def test_a_judgement_by_another_scale_than_the_one_in_force_is_refused(api_of, editor, officer, risk):
    put(officer, smaller())

    assert rate_by_api(api_of(editor), risk, impact=3, scale="default-5x5-1").status_code == 400
    assert rate_by_api(api_of(editor), risk, impact=3, scale="scale-1").status_code == 201


def test_a_rating_that_was_moved_says_where_it_lay(api_of, editor, officer, risk):
    make_rating(risk, actor=editor, likelihood=4, impact=3)
    put(officer, smaller(), level_map=HALVED)

    rows = api_of(editor).get(f"/api/v1/risks/{risk.pk}/ratings/").json()["results"]
    assert [row["moved_from"] for row in rows] == ["4 × 3, High on default-5x5-1", ""]
