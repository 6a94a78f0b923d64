"""Where ratings go when the scale changes."""

from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given

from risks.register.rules import DEFAULT_SCALE, Band
from risks.register.scale_content import scale_from
from risks.register.scale_moving import Basis, LevelMap, Place, basis_of, changes_band, moved_place, places_to_move
from tests.register.test_scale_content import UNHURRIED, contents

SMALLER = replace(
    DEFAULT_SCALE,
    key="3x3",
    likelihood=DEFAULT_SCALE.likelihood[:3],
    impact=DEFAULT_SCALE.impact[:3],
    bands=(Band("Low", 365), Band("Medium", 180), Band("High", 90)),
    levels=((1, 1, 2), (1, 2, 3), (2, 3, 3)),
    appetite=(3, 2, 1),
)
HALVED = LevelMap((1, 1, 2, 3, 3), (1, 2, 2, 3, 3))


def stretched(steps, count):
    """So many levels with the anchors of these cut in pieces of equal width."""
    most = steps[-1].low * 2
    width = most / count
    return tuple(
        replace(steps[0], number=n + 1, low=n * width, high=(n + 1) * width, typical=(n + 0.5) * width)
        for n in range(count)
    )


def test_as_many_levels_keep_their_numbers_whatever_their_anchors():
    other = replace(DEFAULT_SCALE, impact=stretched(DEFAULT_SCALE.impact, 5), currency="USD")

    assert LevelMap.offered(DEFAULT_SCALE, other) == LevelMap((1, 2, 3, 4, 5), (1, 2, 3, 4, 5))


def test_levels_go_to_the_one_whose_anchor_holds_their_typical_value():
    # Of 20 events a year in seven pieces, the first holds up to 2.9: where Likely, 3 a year, begins the second.
    wide = replace(DEFAULT_SCALE, likelihood=stretched(DEFAULT_SCALE.likelihood, 7))

    assert basis_of("likelihood", DEFAULT_SCALE, wide) == Basis.ANCHOR
    assert LevelMap.offered(DEFAULT_SCALE, wide).likelihood == (1, 1, 1, 2, 7)
    assert LevelMap.offered(DEFAULT_SCALE, SMALLER) == LevelMap((1, 2, 3, 3, 3), (1, 2, 3, 3, 3))


@pytest.mark.parametrize(("count", "places"), [(3, (1, 2, 2, 3, 3)), (4, (1, 2, 3, 3, 4)), (7, (1, 3, 4, 6, 7))])
def test_where_anchors_do_not_compare_levels_go_by_their_place(count, places):
    other = replace(DEFAULT_SCALE, impact=stretched(DEFAULT_SCALE.impact, count), currency="USD")
    without = replace(
        DEFAULT_SCALE,
        impact=tuple(replace(step, low=0, high=None) for step in stretched(DEFAULT_SCALE.impact, count)),
    )

    for after in (other, without):
        assert basis_of("impact", DEFAULT_SCALE, after) == Basis.PLACE
        assert LevelMap.offered(DEFAULT_SCALE, after).impact == places


@pytest.mark.parametrize(
    ("level_map", "places"),
    [
        (LevelMap((1, 2, 3), (1, 2, 3, 3, 3)), {"likelihood_map"}),
        (LevelMap((1, 2, 3, 3, 3), (0, 2, 3, 3, 3)), {"impact_map"}),
        (LevelMap((1, 2, 3, 4, 4), (1, 2, 4, 3, 3)), {"likelihood_map", "impact_map"}),
        (LevelMap((1, 2, 1, 3, 3), (1, 2, 3, 3, 3)), {"likelihood_map"}),
    ],
)
def test_a_map_that_leaves_out_or_turns_round_a_level_is_refused_at_its_axis(level_map, places):
    with pytest.raises(ValidationError) as refused:
        level_map.check(DEFAULT_SCALE, SMALLER)
    assert set(refused.value.message_dict) == places


def test_a_rating_lies_where_the_map_sends_it_on_the_new_table():
    HALVED.check(DEFAULT_SCALE, SMALLER)

    assert moved_place(DEFAULT_SCALE, SMALLER, HALVED, 4, 3) == Place(3, 2, 3)


def test_nothing_moves_to_the_same_levels_and_the_same_table():
    renamed = replace(DEFAULT_SCALE, key="other", currency="USD", appetite=(1, 1, 1, 1, 1))

    assert places_to_move(DEFAULT_SCALE, renamed, LevelMap.offered(DEFAULT_SCALE, renamed)) == {}


def test_only_the_cells_of_another_band_move_when_the_table_alone_changes():
    stricter = replace(DEFAULT_SCALE, levels=(*DEFAULT_SCALE.levels[:4], (2, 3, 5, 5, 5)))

    moved = places_to_move(DEFAULT_SCALE, stricter, LevelMap.offered(DEFAULT_SCALE, stricter))

    assert moved == {(5, 3): Place(5, 3, 5)}


def test_bands_of_as_many_are_told_apart_by_order_and_of_fewer_by_their_words():
    renamed = replace(DEFAULT_SCALE, bands=(*DEFAULT_SCALE.bands[:4], Band("Extreme", 30)))

    assert not changes_band(DEFAULT_SCALE, renamed, 5, 5)
    assert changes_band(DEFAULT_SCALE, renamed, 4, 5)
    assert not changes_band(DEFAULT_SCALE, SMALLER, 2, 1)  # Low is Low
    assert changes_band(DEFAULT_SCALE, SMALLER, 3, 3)  # the third of five is Medium, of three High


@UNHURRIED
@given(contents(), contents())
def test_the_map_that_is_offered_first_always_holds_and_lands_on_the_table(old, new):
    before, after = scale_from("old", old), scale_from("new", new)
    level_map = LevelMap.offered(before, after)

    level_map.check(before, after)
    for place in places_to_move(before, after, level_map).values():
        assert after.level(place.likelihood, place.impact) == place.level
