"""Rating a risk: dated rows, one event, and what is refused."""

import pytest
from django.db import IntegrityError, transaction

from journal.models import Event
from risks.register.models import Rating
from tests.register.verbs import newest_event, rate, refusal


def test_rating_writes_a_dated_row_and_one_event(risk, editor):
    rate(risk, editor, likelihood=4, impact=5, expected_version=1)

    rating = risk.ratings.get()
    assert (rating.level, rating.scale, rating.rated_by_name) == (5, "default-5x5-1", "Editor")
    risk.refresh_from_db()
    assert risk.version == 2
    event = newest_event(risk)
    assert (event.verb, event.reason, event.team_id) == ("risk.rated", "Seen elsewhere.", risk.team_id)
    assert event.changes == {"current_likelihood": [None, 4], "current_impact": [None, 5], "current_level": [None, 5]}


def test_a_new_rating_supersedes_the_one_before_without_changing_it(risk, editor):
    rate(risk, editor, likelihood=5)
    rate(risk, editor, likelihood=2, reason="Filtered now.")

    newer, older = risk.ratings.all()
    assert (older.likelihood, older.reason, older.superseded_at) == (5, "Seen elsewhere.", newer.at)
    assert newer.superseded_at is None


def test_each_kind_has_a_rating_of_its_own(risk, editor):
    for kind, likelihood in {"inherent": 5, "current": 4, "target": 2}.items():
        rate(risk, editor, kind=kind, likelihood=likelihood)

    in_force = risk.ratings.in_force().values_list("kind", "likelihood")
    assert set(in_force) == {("inherent", 5), ("current", 4), ("target", 2)}


def test_the_same_judgement_again_changes_nothing(risk, editor):
    rate(risk, editor)
    events = Event.objects.count()

    rate(risk, editor)

    assert (risk.ratings.count(), Event.objects.count()) == (1, events)


def test_the_same_numbers_for_a_new_reason_are_a_new_rating(risk, editor):
    rate(risk, editor)
    rate(risk, editor, reason="Tested again.")

    assert risk.ratings.count() == 2


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"likelihood": 0}, {"likelihood": ["Likelihood is a number from 1 to 5."]}),
        ({"likelihood": 6}, {"likelihood": ["Likelihood is a number from 1 to 5."]}),
        ({"impact": 6}, {"impact": ["Impact is a number from 1 to 5."]}),
        ({"kind": "residual"}, {"kind": ["Choose inherent, current or target."]}),
        ({"reason": "  "}, {"reason": ["Say why you judge it so."]}),
        ({"reason": "x" * 100_000}, {"reason": ["Keep this within 4,000 characters; it has 100,000."]}),
    ],
)
def test_a_rating_that_cannot_be_is_refused_with_a_sentence(risk, editor, values, errors):
    assert refusal(lambda: rate(risk, editor, **values)) == errors
    assert not risk.ratings.exists()


def test_the_database_knows_one_rating_in_force_per_kind(risk, editor):
    rate(risk, editor)
    rating = Rating.objects.get()
    rating.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        rating.save(force_insert=True)
