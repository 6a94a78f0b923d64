"""Reviews of risks: when the next one is due, the filter that finds the late ones, and saying that a risk stands."""

from datetime import date, datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from journal.errors import Conflict
from risks.register.filter_values import REVIEW_OVERDUE
from risks.register.filters import RiskFilter
from risks.register.models import Rating, Risk, RiskReview
from risks.register.risk_reviewing import review_risk
from risks.register.rules import DEFAULT_SCALE
from risks.register.services import look_again
from tests.make import make_rating, make_risk
from tests.reading import html_of, text_of, version_of
from tests.register.verbs import newest_event, refusal

TODAY = date(2026, 11, 23)
HIGH = 90  # days between reviews at 4 x 4, High


@pytest.mark.parametrize(("level", "days"), [(1, 365), (2, 365), (3, 180), (4, 90), (5, 30)])
def test_the_worse_a_risk_is_the_sooner_it_is_reviewed(level, days):
    assert DEFAULT_SCALE.next_review(level, TODAY) == TODAY + timedelta(days=days)


def rated(risk, editor, *, days_ago, **values):
    """Rated so many days before TODAY."""
    make_rating(risk, actor=editor, **values)
    at = timezone.make_aware(datetime.combine(TODAY - timedelta(days=days_ago), time(15)))
    Rating.objects.in_force().filter(risk=risk).update(at=at)


def overdue(at=TODAY):
    wanted = RiskFilter(review=REVIEW_OVERDUE, review_days=DEFAULT_SCALE.review_days)
    return list(wanted.narrow(Risk.objects.all(), at=at))


@pytest.mark.parametrize(("days_ago", "is_late"), [(HIGH - 1, False), (HIGH, False), (HIGH + 1, True)])
def test_the_filter_finds_what_is_due_before_the_day(risk, editor, days_ago, is_late):
    rated(risk, editor, days_ago=days_ago)
    assert bool(overdue()) is is_late


def test_the_filter_agrees_with_the_rule_for_every_level(system, editor):
    risks = [
        make_risk(system, actor=editor, threat=key) for key in ("evasion", "datapoison", "indirectpromptinjection")
    ]
    for index, risk in enumerate(risks):
        rated(risk, editor, days_ago=0, likelihood=1 + 2 * index, impact=5 - index)
    for day in range(0, 400, 7):
        at = TODAY + timedelta(days=day)
        by_rule = {r for r in Risk.objects.all() if DEFAULT_SCALE.next_review(r.current_level, TODAY) < at}
        assert set(overdue(at)) == by_rule


@given(level=st.integers(1, 5), day=st.dates(date(2000, 1, 1), date(2090, 1, 1)), later=st.integers(0, 800))
def test_a_later_review_never_makes_the_next_one_earlier(level, day, later):
    assert DEFAULT_SCALE.next_review(level, day + timedelta(days=later)) >= DEFAULT_SCALE.next_review(level, day)


def test_what_is_not_rated_has_no_review(risk, editor, client_of):
    assert overdue(date(2090, 1, 1)) == []
    assert Risk.objects.get(pk=risk.pk).reviewed_at is None
    with pytest.raises(ValidationError, match="Rate it instead"):
        review_risk(risk.pk, actor=editor, reason="Fine.", expected_version=None)
    assert "Next review" not in text_of(client_of(editor).get(f"/risks/{risk.pk}/"))


def test_other_kinds_of_rating_do_not_count_as_a_review(risk, editor):
    rated(risk, editor, days_ago=HIGH + 1)
    make_rating(risk, actor=editor, kind="target", likelihood=1)
    assert overdue() == [risk]


def test_saying_that_it_stands_ends_it_and_leaves_its_reason(risk, editor, client_of):
    rated(risk, editor, days_ago=10_000)
    client = client_of(editor)
    assert "The review is overdue" in html_of(client.get(f"/risks/{risk.pk}/"))
    version = version_of(risk)

    form = {"reason": "Tested again, same result.", "expected_version": version, "edition": ""}
    assert client.post(f"/risks/{risk.pk}/review/", form).status_code == 302

    row = Risk.objects.get(pk=risk.pk)
    assert (overdue(), row.version, row.reviewed_at) == ([], version + 1, RiskReview.objects.get().at)
    assert (newest_event(risk).verb, newest_event(risk).reason) == ("risk.reviewed", "Tested again, same result.")
    page = text_of(client.get(f"/risks/{risk.pk}/"))
    assert "overdue" not in page
    assert "Editor reviewed it: it stands" in page


def test_another_rating_counts_as_a_review_though_an_older_review_is_there(risk, editor):
    rated(risk, editor, days_ago=300)
    review_risk(risk.pk, actor=editor, reason="It stands.", expected_version=None)
    RiskReview.objects.update(at=timezone.make_aware(datetime.combine(TODAY - timedelta(days=200), time(9))))
    assert overdue() == [risk]

    make_rating(risk, actor=editor, likelihood=3)
    assert overdue() == []


def test_looking_again_counts_as_a_review(risk, editor):
    rated(risk, editor, days_ago=HIGH + 1)
    Risk.objects.filter(pk=risk.pk).update(edition="2026-01-01")
    look_again(risk.pk, actor=editor, expected_version=None)
    assert overdue() == []


def test_nobody_but_the_database_says_when_it_was_reviewed(risk):
    with pytest.raises(IntegrityError), transaction.atomic():
        Risk.objects.filter(pk=risk.pk).update(reviewed_at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("SELECT reviewed_at FROM register_risk WHERE id = %s", [risk.pk])
        assert cursor.fetchone() == (None,)


@pytest.mark.parametrize(("who", "status"), [("viewer", 403), ("owner", 403), ("auditor", 403), ("outsider", 404)])
def test_only_editors_say_that_a_risk_stands(request, risk, editor, who, status, client_of):
    make_rating(risk, actor=editor)
    person = request.getfixturevalue(who)
    form = {"reason": "Fine.", "expected_version": version_of(risk)}
    assert client_of(person).post(f"/risks/{risk.pk}/review/", form).status_code == status
    assert not RiskReview.objects.exists()


def test_without_a_reason_nothing_is_said(risk, editor, client_of):
    make_rating(risk, actor=editor)
    form = {"reason": " ", "expected_version": version_of(risk)}
    answer = client_of(editor).post(f"/risks/{risk.pk}/review/", form)
    assert answer.status_code == 422
    assert not RiskReview.objects.exists()
    assert refusal(lambda: review_risk(risk.pk, actor=editor, reason=" ", expected_version=None)) == {
        "reason": ["Say why it stands."]
    }


def test_a_stale_review_shows_both_and_keeps_what_was_typed(risk, editor, officer, client_of):
    make_rating(risk, actor=editor)
    version = version_of(risk)
    review_risk(risk.pk, actor=officer, reason="Said officer.", expected_version=version)

    answer = client_of(editor).post(
        f"/risks/{risk.pk}/review/", {"reason": "Said editor.", "expected_version": version, "edition": ""}
    )

    assert answer.status_code == 422
    assert "Said officer." in html_of(answer)
    assert "Said editor." in html_of(answer)
    with pytest.raises(Conflict):
        review_risk(risk.pk, actor=editor, reason="x", expected_version=None, expected_edition="2000-01-01")


def test_the_register_the_api_and_home_find_the_same(risk, editor, client_of, api_of):
    rated(risk, editor, days_ago=10_000)
    client = client_of(editor)

    figure = client.get("/").context["standing"].review
    page = client.get(f"/risks/{figure.query}")
    assert (figure.count, [row.risk for row in page.context["rows"]]) == (1, [risk])
    assert "Review overdue" in text_of(page)
    found = api_of(editor).get("/api/v1/risks/?review=overdue").json()["results"]
    assert [row["id"] for row in found] == [risk.pk]
    assert api_of(editor).get("/api/v1/risks/?review=soon").status_code == 400
