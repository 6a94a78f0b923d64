"""What waits beside treatments: measures, acceptances to decide, and reviews that are overdue."""

from datetime import timedelta

import pytest
from django.utils import timezone

from risks.overview.work import work_of
from risks.register.models import Acceptance, Measure, Rating
from risks.register.rules import DEFAULT_SCALE
from tests.make import make_rating, make_treatment
from tests.reading import html_of, queries_of

TODAY = timezone.localdate()


def waits(person, catalog):
    waiting = work_of(person, catalog, DEFAULT_SCALE, at=TODAY).waiting
    return [(each.what, each.is_late) for each in waiting if each.what != "Treatment"]


def a_measure(risk, owner, *, days=3, **values):
    due = TODAY + timedelta(days=days)
    said = {"control_key": "oversight", "text": "Have a person look at it.", "owner": owner, "due": due}
    return Measure.objects.create(team=risk.team, risk=risk, **(said | values))


def a_proposal(risk, person, *, is_outside=False):
    return Acceptance.objects.create(
        team=risk.team, risk=risk, reason="Small.", until=TODAY, likelihood=2, impact=2, level=2, scale="default-5x5-1",
        is_outside=is_outside, edition="2026-08-22", profile_number=1, proposed_by=person,
    )  # fmt: skip


def test_my_unfinished_measures_wait_late_ones_first(risk, owner, editor, catalog):
    a_measure(risk, owner)
    a_measure(risk, owner, days=-1)
    a_measure(risk, owner, status="done")
    a_measure(risk, owner, dropped_at=timezone.now())
    a_measure(risk, editor)
    assert waits(owner, catalog) == [("Measure", True), ("Measure", False)]


@pytest.mark.parametrize(
    ("proposer", "is_outside", "deciders"),
    [
        ("editor", False, {"officer", "admin"}),
        ("officer", False, {"editor", "admin"}),
        ("owner", False, {"editor", "officer", "admin"}),
        ("owner", True, {"officer"}),
        ("officer", True, set()),
    ],
)
def test_an_acceptance_waits_for_those_who_may_decide_it(request, risk, catalog, proposer, is_outside, deciders):
    everyone = ("owner", "viewer", "auditor", "outsider", "editor", "officer", "admin")
    people = {name: request.getfixturevalue(name) for name in everyone}
    a_proposal(risk, people[proposer], is_outside=is_outside)
    assert {name for name, person in people.items() if waits(person, catalog)} == deciders


def test_an_overdue_review_waits_for_the_owner_of_the_treatment(risk, owner, viewer, editor, catalog):
    make_rating(risk, actor=editor)
    make_treatment(risk, actor=editor, owner=owner)
    assert waits(owner, catalog) == []
    Rating.objects.update(at=timezone.now() - timedelta(days=91))
    assert waits(owner, catalog) == [("Review", True)]
    assert waits(viewer, catalog) == []


def test_the_page_counts_and_shows_them_at_the_cost_of_one(risk, owner, editor, client_of):
    client = client_of(owner)
    a_measure(risk, owner, days=-2)
    one = queries_of(client, "/my-work/")
    a_measure(risk, owner, text="Log what it answers.")

    text = html_of(client.get("/my-work/"))
    assert "<h1>2 things wait for you</h1>" in text
    assert "1 late, 1 due in the next seven days." in text
    assert "Measure: Log what it answers." in text
    assert queries_of(client, "/my-work/") == one
