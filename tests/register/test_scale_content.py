"""A scale as data: the way there and back, and every fault named by its place."""

import contextlib
import copy
from itertools import accumulate

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from risks.register.rules import DEFAULT_SCALE, FEWEST, FEWEST_BANDS, MOST, MOST_BANDS
from risks.register.scale_content import InvalidScaleError, anchor_in_words, content_of, scale_from

# Drawing whole scales takes its time on a busy machine.
UNHURRIED = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
REVIEW = {"word": "Any", "review_days": 30}


def content():
    return copy.deepcopy(content_of(DEFAULT_SCALE))


def errors_of(wrong):
    with pytest.raises(InvalidScaleError) as refused:
        scale_from("wrong", wrong)
    return refused.value.errors


def changed(path, value):
    """The default content with one value put in its place."""
    wrong = content()
    inside = wrong
    for name in path[:-1]:
        inside = inside[name]
    inside[path[-1]] = value
    return wrong


def test_the_scale_that_comes_with_the_project_is_its_own_content():
    assert scale_from(DEFAULT_SCALE.key, content_of(DEFAULT_SCALE)) == DEFAULT_SCALE


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        (["currency"], "euro", "currency"),
        (["currency"], "A1B", "currency"),
        (["currency"], None, "currency"),
        (["likelihood"], [], "likelihood"),
        (["impact"], "five", "impact"),
        (["likelihood", 1, "word"], " ", "likelihood-2-word"),
        (["likelihood", 1, "word"], "x" * 41, "likelihood-2-word"),
        (["likelihood", 1, "word"], "a\x00b", "likelihood-2-word"),
        (["likelihood", 1, "word"], "RARE", "likelihood"),
        (["impact", 2, "meaning"], "x" * 301, "impact-3-meaning"),
        (["impact", 2, "low"], -1, "impact-3-low"),
        (["impact", 2, "low"], True, "impact-3-low"),
        (["impact", 2, "low"], float("nan"), "impact-3-low"),
        (["impact", 2, "high"], float("inf"), "impact-3-low"),
        (["impact", 2, "typical"], 1, "impact-3-low"),
        (["impact", 2, "low"], 50_000, "impact-3-low"),
        (["impact", 2, "high"], None, "impact-4-low"),
        (["likelihood", 4], {"word": "All", "meaning": "M", "low": 0, "high": None, "typical": 0}, "likelihood-5-low"),
        (["likelihood", 0], {"word": "No", "meaning": "M", "low": 0, "high": 0, "typical": 0}, "likelihood-1-low"),
        (["likelihood", 0, "low"], 1e-300, "likelihood-1-low"),
        (["impact", 0, "areas"], {"weather": "Rain."}, "impact-1-areas"),
        (["impact", 0, "areas"], ["safety"], "impact-1-areas"),
        (["impact", 0, "areas"], {"safety": "x" * 301}, "impact-1-safety"),
        (["impact", 0, "areas"], {"safety": 7}, "impact-1-safety"),
        (["bands"], [REVIEW, REVIEW], "bands"),
        (["bands", 1, "word"], "minimal", "bands"),
        (["bands", 1, "review_days"], 0, "band-2-days"),
        (["bands", 1, "review_days"], 5_000, "band-2-days"),
        (["bands", 1, "review_days"], "30", "band-2-days"),
        (["levels"], None, "levels"),
        (["levels", 4], [1, 2, 3], "levels"),
        (["levels", 4, 4], 6, "levels"),
        (["levels", 4, 4], 0, "levels"),
        (["levels", 4, 0], 5, "cell-5-2"),
        (["levels", 4, 4], 4, "cell-5-5"),
        (["appetite"], [5, 4, 3], "appetite"),
        (["appetite"], [5, 4, 3, 2, 6], "appetite"),
        (["appetite"], [1, 2, 2, 2, 2], "appetite-2"),
        (["appetite"], None, "appetite"),
    ],
)
def test_a_fault_is_named_by_its_place_and_by_no_other(path, value, place):
    assert list(errors_of(changed(path, value))) == [place]


def test_a_level_or_band_that_is_none_says_all_that_it_needs():
    assert set(errors_of(changed(["likelihood", 1], None))) == {f"likelihood-2-{n}" for n in ("word", "meaning", "low")}
    assert set(errors_of(changed(["bands", 1], "Low"))) == {"band-2-word", "band-2-days"}


def test_a_content_of_nothing_says_what_is_missing_first():
    assert set(errors_of({})) == {"currency", "likelihood", "impact", "bands"}


@pytest.mark.parametrize(
    ("low", "high", "currency", "words"),
    [
        (0, 10_000, "EUR", "under €10 k"),
        (10_000, 1_500_000, "EUR", "€10 k to 1.5 m"),
        (2e9, None, "CHF", "over CHF 2 bn"),
        (10, 500, "SEK", "SEK 10 to 500"),
        (0, 0.1, "", "less than once in 10 years"),
        (0.1, 0.5, "", "once in 2 to 10 years"),
        (0.5, 1, "", "once in 1 to 2 years"),
        (1, 10, "", "1 to 10 times a year"),
        (0.5, 4, "", "0.5 to 4 times a year"),
        (0, 1, "", "less than once a year"),
        (10, None, "", "over 10 times a year"),
        (0.5, None, "", "over once in 2 years"),
    ],
)
def test_an_anchor_reads_as_people_say_it(low, high, currency, words):
    assert anchor_in_words(low, high, currency) == words


def read_or_refused(given):
    """Anything else that is raised fails the test."""
    with contextlib.suppress(InvalidScaleError):
        scale_from("any", given)


@st.composite
def contents(draw):
    """Contents that are scales: rising anchors, bands that never fall, a line that never rises."""
    likely, impacts = draw(st.integers(FEWEST, MOST)), draw(st.integers(FEWEST, MOST))
    bands = draw(st.integers(FEWEST_BANDS, MOST_BANDS))
    rows = [sorted(draw(st.lists(st.integers(1, bands), min_size=impacts, max_size=impacts))) for _ in range(likely)]
    line = draw(st.lists(st.integers(0, impacts), min_size=likely, max_size=likely))
    return {
        "currency": draw(st.sampled_from(["EUR", "USD", "SEK", "JPY"])),
        "likelihood": draw(steps(likely)),
        "impact": [step | {"areas": {"safety": "Somebody is hurt."}} for step in draw(steps(impacts))],
        "bands": [{"word": f"Band {n}", "review_days": 400 - n} for n in range(bands)],
        "levels": [list(row) for row in accumulate(rows, lambda below, row: [*map(max, below, row)])],
        "appetite": sorted(line, reverse=True),
    }


@st.composite
def steps(draw, count):
    first, rises = draw(st.floats(0.001, 1e3)), draw(st.lists(st.integers(1, 20), min_size=14, max_size=14))
    ends = [*accumulate(rises, lambda end, rise: end * (1 + rise / 10), initial=first)]
    found = [
        {"word": f"W{n}", "meaning": "M.", "low": ends[2 * n], "typical": ends[2 * n + 1], "high": ends[2 * n + 2]}
        for n in range(count)
    ]
    if draw(st.booleans()):
        found[-1]["high"] = None
    if draw(st.booleans()):
        found[0]["low"] = 0
    return found


@UNHURRIED
@given(contents())
def test_every_scale_comes_back_from_its_content(wanted):
    scale = scale_from("any", wanted)

    assert content_of(scale) == wanted
    assert scale_from("any", content_of(scale)) == scale
    assert all(step.anchor for step in (*scale.likelihood, *scale.impact))


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 9) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(sorted(content())), st.integers(0, 6), ANYTHING)
def test_whatever_is_put_in_the_place_of_a_part_is_refused_or_read_never_a_crash(name, index, value):
    wrong = content()
    if isinstance(wrong[name], list) and index < len(wrong[name]):
        wrong[name][index] = value
    else:
        wrong[name] = value
    read_or_refused(wrong)


@given(
    st.sampled_from(["likelihood", "impact"]),
    st.integers(0, 4),
    st.sampled_from(["word", "meaning", "low", "high", "typical", "areas"]),
    ANYTHING,
)
def test_whatever_a_level_says_is_refused_or_read_never_a_crash(axis, index, name, value):
    wrong = content()
    wrong[axis][index][name] = value
    read_or_refused(wrong)
