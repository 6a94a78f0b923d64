"""Rating a risk: dated rows, one event, and what is refused."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from catalog.reading import current
from journal.models import Event
from risks.register.history import sentences
from risks.register.judging import FACTORS, judged
from risks.register.models import Rating
from risks.register.rules import AREAS, DEFAULT_SCALE
from risks.register.services import OTHER_SCALE
from tests.register.test_scale_in_force import HALVED, put, smaller
from tests.register.verbs import newest_event, rate, refusal


def test_rating_writes_a_dated_row_and_one_event(risk, editor):
    rate(risk, editor, likelihood=4, impact=5, expected_version=1)

    rating = risk.ratings.get()
    assert (rating.level, rating.scale, rating.rated_by_name) == (5, "default-5x5-1", "Editor")
    risk.refresh_from_db()
    assert risk.version == 2
    event = newest_event(risk)
    assert (event.verb, event.reason, event.team_id) == ("risk.rated", "Seen elsewhere.", risk.team_id)
    assert event.changes == {
        "current_likelihood": [None, 4],
        "current_impact": [None, 5],
        "current_level": [None, 5],
        "current_band": [None, "Critical"],
    }


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


GUIDED = {"factors": {"motive": "raises", "access": "lowers"}, "areas": {"safety": 2, "financial": 4}}


def test_factors_and_areas_are_kept_with_the_rating_and_told_in_its_event(risk, editor):
    rate(risk, editor, impact=4, **GUIDED)

    rating = risk.ratings.get()
    assert (rating.factors, rating.areas, rating.level) == (GUIDED["factors"], GUIDED["areas"], 4)
    changes = newest_event(risk).changes
    assert changes["factors"] == [None, GUIDED["factors"]]
    assert changes["areas"] == [None, GUIDED["areas"]]


def test_the_factors_set_no_number(risk, editor):
    rate(risk, editor, likelihood=1, factors=dict.fromkeys(FACTORS, "raises"))

    assert risk.ratings.get().likelihood == 1


def test_the_impact_that_is_left_open_is_the_worst_of_the_areas(risk, editor):
    rate(risk, editor, impact=None, **GUIDED)

    assert risk.ratings.get().impact == 4


def test_what_is_said_of_areas_anew_is_a_new_rating(risk, editor):
    rate(risk, editor, impact=4, **GUIDED)
    rate(risk, editor, impact=4, **GUIDED)
    rate(risk, editor, impact=4, areas={"financial": 4})

    assert risk.ratings.count() == 2


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"impact": 3, **GUIDED}, {"impact": ["The worst area leads: Financial has 4 Major."]}),
        ({"impact": 5, **GUIDED}, {"impact": ["The worst area leads: Financial has 4 Major."]}),
        ({"impact": None}, {"impact": ["Impact is a number from 1 to 5."]}),
        ({"areas": {"weather": 4}}, {"areas"}),
        ({"areas": {"safety": 6}}, {"areas"}),
        ({"areas": {"safety": 0}}, {"areas"}),
        ({"factors": {"luck": "raises"}}, {"factors"}),
        ({"factors": {"motive": "doubles"}}, {"factors"}),
        ({"expected_scale": "scale-7"}, [OTHER_SCALE]),
    ],
)
def test_areas_and_factors_that_cannot_be_are_refused(risk, editor, values, errors):
    with pytest.raises(ValidationError) as refused:
        rate(risk, editor, **values)
    found = refused.value.message_dict if hasattr(refused.value, "error_dict") else refused.value.messages
    assert found == errors if isinstance(errors, dict | list) else set(found) == errors
    assert not risk.ratings.exists()


@given(st.dictionaries(st.sampled_from(sorted(AREAS)), st.integers(1, 5)), st.none() | st.integers(1, 5))
def test_a_judgement_that_is_taken_has_the_worst_of_its_areas(areas, impact):
    said = {"kind": "current", "likelihood": 1, "factors": {}, "areas": areas, "impact": impact}
    try:
        values = judged(DEFAULT_SCALE, **said)
    except ValidationError:
        assert impact != max(areas.values(), default=impact) or not (areas or impact)
    else:
        assert values["impact"] == max(areas.values(), default=impact)


def test_the_history_reads_as_it_was_told_though_the_scale_is_another_now(risk, editor, officer):
    rate(risk, editor, likelihood=5, impact=5, areas={"safety": 5}, factors={"motive": "raises"})
    put(officer, smaller(), level_map=HALVED)

    told = sentences(Event.objects.of(risk).order_by("sequence"), current())
    pieces = {each.text: [(piece.label, piece.after) for piece in each.pieces] for each in told}
    assert pieces["rated it, current"] == [
        ("", "5 × 5, Critical"),
        ("areas", "Safety 5"),
        ("factors", "Attacker motive: raises"),
    ]
    assert pieces["moved with the scale"] == [("band", "High")]
