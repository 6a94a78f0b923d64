"""The default scale, cell by cell."""

import pytest

from risks.register.rules import DEFAULT_SCALE

# Likelihood downwards from 5 to 1, impact across from 1 to 5, as people see it.
LEVELS = {
    5: (2, 3, 4, 5, 5),
    4: (2, 3, 4, 4, 5),
    3: (1, 2, 3, 4, 4),
    2: (1, 2, 2, 3, 4),
    1: (1, 1, 2, 2, 3),
}
CELLS = [(likelihood, impact, level) for likelihood, row in LEVELS.items() for impact, level in enumerate(row, 1)]


@pytest.mark.parametrize(("likelihood", "impact", "level"), CELLS)
def test_every_cell_has_its_level(likelihood, impact, level):
    assert DEFAULT_SCALE.level(likelihood, impact) == level


@pytest.mark.parametrize(("likelihood", "impact", "level"), CELLS)
def test_more_likelihood_or_impact_never_lowers_the_level(likelihood, impact, level):
    if likelihood < 5:
        assert DEFAULT_SCALE.level(likelihood + 1, impact) >= level
    if impact < 5:
        assert DEFAULT_SCALE.level(likelihood, impact + 1) >= level


@pytest.mark.parametrize(("likelihood", "impact"), [(0, 1), (6, 1), (1, 0), (1, 6), (-1, 3)])
def test_numbers_beside_the_axes_are_refused(likelihood, impact):
    with pytest.raises(ValueError, match="is a number from 1 to 5"):
        DEFAULT_SCALE.level(likelihood, impact)


def test_levels_have_words_and_the_upper_ones_are_outside_appetite():
    assert [DEFAULT_SCALE.word(level) for level in range(1, 6)] == ["Minimal", "Low", "Medium", "High", "Critical"]
    outside = {(each, impact) for each, impact, _ in CELLS if DEFAULT_SCALE.is_outside_appetite(each, impact)}
    assert outside == {(likelihood, impact) for likelihood, impact, level in CELLS if level > 3}


def test_a_judgement_is_quoted_with_both_numbers_and_the_word():
    assert DEFAULT_SCALE.in_words(4, 3) == "4 × 3, High"
