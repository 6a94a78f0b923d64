"""The form for a rating: guidance without a number of its own, areas of which the worst leads, nothing preset."""

import pytest

from risks.register.models import Rating
from tests.make import make_rating
from tests.reading import html_of
from tests.register.test_scale_in_force import put, smaller

SAID = {"kind": "current", "likelihood": "3", "reason": "Tested.", "expected_version": "1"}


def test_nothing_that_is_a_judgement_is_chosen_beforehand_and_nothing_earlier_is_shown(client_of, editor, risk):
    make_rating(risk, actor=editor, likelihood=5, impact=5)
    Rating.objects.update(factors={"motive": "raises"}, areas={"safety": 5}, reason="Everybody tries.")

    answer = client_of(editor).get(f"/risks/{risk.pk}/rating/")

    form = answer.context["form"]
    assert [field.name for field in form if field.value()] == ["expected_version", "kind"]
    assert "Everybody tries." not in html_of(answer)
    assert html_of(answer).count("checked") == 1


def test_a_rating_with_areas_and_factors_is_shown_with_both(client_of, editor, risk):
    sent = SAID | {"area_safety": "2", "area_financial": "4", "factor_motive": "raises", "factor_caught": "unknown"}
    browser = client_of(editor)

    assert browser.post(f"/risks/{risk.pk}/rating/", sent).status_code == 302

    rating = risk.ratings.get()
    assert (rating.impact, rating.areas) == (4, {"safety": 2, "financial": 4})
    page = html_of(browser.get(f"/risks/{risk.pk}/"))
    assert "Financial leads" in page
    assert "Impact by area: Financial 4, Safety 2" in page
    assert "Attacker motive: raises, Chance of being caught: not known" in page


def test_what_was_judged_before_is_told_after_the_choice(client_of, editor, risk):
    make_rating(risk, actor=editor, likelihood=5, impact=5)
    sent = SAID | {"impact": "2", "expected_version": "2"}

    answer = client_of(editor).post(f"/risks/{risk.pk}/rating/", sent, follow=True)

    assert "Rated: 3 × 2, Low. Before: 5 × 5, Critical." in html_of(answer)


@pytest.mark.parametrize(
    ("values", "place", "said"),
    [
        ({}, "impact", "Choose a level."),
        ({"impact": "3", "area_financial": "4"}, "impact", "The worst area leads: Financial has 4 Major."),
        ({"impact": "3", "area_safety": "9"}, "area_safety", "Select a valid choice"),
        ({"impact": "3", "factor_motive": "doubles"}, "factor_motive", "Select a valid choice"),
    ],
)
def test_a_refused_rating_keeps_what_was_typed(client_of, editor, risk, values, place, said):
    answer = client_of(editor).post(f"/risks/{risk.pk}/rating/", SAID | {"factor_access": "lowers"} | values)

    form = answer.context["form"]
    assert answer.status_code == 422
    assert said in form.errors[place][0]
    assert said in html_of(answer)
    assert form["factor_access"].value() == "lowers"
    assert form["reason"].value() == "Tested."
    assert not risk.ratings.exists()


def test_a_form_drawn_by_another_scale_is_not_taken_for_this_one(client_of, editor, officer, risk):
    put(officer, smaller())
    sent = SAID | {"impact": "3", "expected_scale": "default-5x5-1"}

    answer = client_of(editor).post(f"/risks/{risk.pk}/rating/", sent)

    assert answer.status_code == 422
    assert "The scale has changed since you opened this." in html_of(answer)
    assert 'name="expected_scale" value="scale-1"' in html_of(answer)
    assert not risk.ratings.exists()
