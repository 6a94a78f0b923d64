"""The layout of the threat map: whatever the threats, nothing overlaps, nothing is lost, nothing sticks out."""

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.drawing import Box, Drawing, Holder, Light, Place, Tag
from catalog.facts import ImpactFacts, ThreatFacts
from catalog.lettering import cut, width_of, wrapped
from catalog.reading import packaged
from catalog.threat_map import NAME_SIZE, draw, place_of
from catalog.vocabulary import Surface

CATALOG = packaged()
THREATS = CATALOG.judged_threats
WORDS = "iIlmMWw ./-aé語"


def impacts_of(threat: ThreatFacts) -> tuple[ImpactFacts, ...]:
    return CATALOG.impacts_of(threat)


def drawn(*threats: ThreatFacts, **more) -> Drawing:
    return draw(threats, impacts_of, **more)


def tag_of(drawing: Drawing, key: str) -> Tag:
    return next(tag for tag in drawing.tags if tag.threat.key == key)


invented_lights = st.builds(
    Light,
    state=st.text(WORDS, max_size=40),
    mark=st.sampled_from(["", "–", "?", "4"]),
    level=st.none() | st.integers(1, 5),
    is_double=st.booleans(),
)


@st.composite
def invented_threats(draw_one) -> list[ThreatFacts]:
    """Up to 60 threats with any title, surface, assets and impacts."""
    count = draw_one(st.integers(0, 60))
    return [
        replace(
            THREATS[0],
            key=f"invented{number}",
            title=draw_one(st.text(WORDS, min_size=1, max_size=80)),
            surface=draw_one(st.sampled_from(Surface)),
            assets_attacked=tuple(draw_one(st.sets(st.sampled_from([*CATALOG.assets, "unheard_of"]), max_size=3))),
            impacts=tuple(draw_one(st.sets(st.sampled_from(list(CATALOG.impacts)), max_size=7))),
        )
        for number in range(count)
    ]


def overlap(one: Box, other: Box) -> bool:
    return one.x < other.right and other.x < one.right and one.y < other.bottom and other.y < one.bottom


def outlines(drawing: Drawing) -> list[Box]:
    """All that takes room: tags with their double frames, assets and the title block."""
    return [
        *(tag.second for tag in drawing.tags),
        *(asset.box for asset in drawing.assets),
        *(cell.box for cell in drawing.cells),
    ]


def assert_sound(drawing: Drawing) -> None:
    whole = Box(0, 0, drawing.width, drawing.height)
    boxes = outlines(drawing)
    for one, other in combinations(boxes, 2):
        assert not overlap(one, other), (one, other)
    for box in boxes:
        assert whole.x <= box.x
        assert whole.y <= box.y
        assert box.right <= whole.right
        assert box.bottom <= whole.bottom
    for zone in drawing.zones:
        for tag in zone.tags:
            assert zone.box.x <= tag.box.x
            assert tag.box.right <= zone.box.right
            assert zone.box.y <= tag.box.y
            assert tag.box.bottom <= zone.box.bottom
            assert not overlap(tag.box, Box(zone.name.x, zone.name.y - 12, 300, 16))
    for tag in drawing.tags:
        assert len(tag.lines) <= 2
        for line in tag.lines:
            assert line.x + width_of(line.words) * NAME_SIZE <= tag.box.right
            assert tag.box.y < line.y < tag.meta.y < tag.box.bottom


@given(invented_threats(), st.lists(invented_lights, max_size=5), st.integers(0, 6))
def test_any_threats_make_a_sound_drawing(threats: list[ThreatFacts], lights: list[Light], cells: int) -> None:
    lit = {f"invented{number}": light for number, light in enumerate(lights)}
    block = [(f"Label {number}", "Words " * number * 4) for number in range(cells)]
    drawing = draw(threats, impacts_of, lit=lit, block=block)
    assert_sound(drawing)
    assert sorted(tag.threat.key for tag in drawing.tags) == sorted(threat.key for threat in threats)
    assert drawing == draw(threats, impacts_of, lit=lit, block=block)


@pytest.mark.parametrize("surface", Surface)
def test_sixty_threats_at_one_asset_only_make_it_taller(surface: Surface) -> None:
    crowd = [replace(THREATS[0], key=f"t{n}", surface=surface, assets_attacked=()) for n in range(60)]
    drawing = drawn(*crowd)
    assert_sound(drawing)
    assert len(drawing.tags) == 60
    assert drawing.height > drawn(*THREATS).height
    assert drawing.width == drawn(*THREATS).width


def test_the_catalog_is_drawn_soundly_and_in_reading_order() -> None:
    drawing = drawn(*THREATS)
    assert_sound(drawing)
    assert [zone.surface for zone in drawing.zones] == [Surface.DEVELOPMENT, Surface.INPUT, Surface.RUNTIME]
    for zone in drawing.zones:
        assert [tag.place for tag in zone.tags] == sorted((tag.place for tag in zone.tags), key=list(Place).index)
    assert not any("…" in line.words for tag in drawing.tags for line in tag.lines)


@pytest.mark.parametrize(
    ("key", "place"),
    [
        ("datapoison", Place.TRAINING),
        ("supplymodelpoison", Place.DEVELOPMENT),
        ("devcodeleak", Place.DEVELOPMENT),
        ("indirectpromptinjection", Place.AUGMENTATION),
        ("directpromptinjection", Place.INPUT),
        ("modelexfiltration", Place.MODEL),
        ("runtimemodelpoison", Place.MODEL),
        ("agentescape", Place.OUTPUT),
        ("genericsecthreats", Place.BASE),
    ],
)
def test_a_threat_hangs_on_what_it_attacks(key: str, place: Place) -> None:
    assert place_of(CATALOG.threats[key]) is place


@pytest.mark.parametrize(
    ("surface", "place"),
    [(Surface.DEVELOPMENT, Place.DEVELOPMENT), (Surface.INPUT, Place.INPUT), (Surface.RUNTIME, Place.BASE)],
)
def test_a_threat_without_a_known_asset_has_a_place_all_the_same(surface: Surface, place: Place) -> None:
    assert place_of(replace(THREATS[0], surface=surface, assets_attacked=())) is place
    assert place_of(replace(THREATS[0], surface=surface, assets_attacked=("unheard_of",))) is place


def test_use_is_above_the_line_and_runtime_below_it() -> None:
    drawing = drawn(*THREATS)
    spine = next(asset.box for asset in drawing.assets if asset.place is Place.INPUT)
    for tag in drawing.tags:
        if tag.threat.surface is Surface.INPUT:
            assert tag.box.bottom < spine.y
        elif tag.threat.surface is Surface.RUNTIME:
            assert tag.box.y > spine.bottom
    assert tag_of(drawing, "datapoison").box.bottom < spine.y
    assert tag_of(drawing, "devdataleak").box.y > spine.bottom


def test_every_tag_hangs_on_a_rail_to_its_asset() -> None:
    drawing = drawn(*THREATS)
    assets = {asset.place: asset.box for asset in drawing.assets}
    for tag in drawing.tags:
        height = tag.box.y + tag.box.height / 2
        rail = next(rail for rail in drawing.rails if height in rail.stubs and 0 < rail.x - tag.box.right < 10)
        asset = assets[tag.place]
        assert asset.x < rail.x < asset.right
        assert min(abs(rail.to - asset.y), abs(rail.to - asset.bottom)) == 1


def test_a_tag_can_be_lit_by_level_and_state() -> None:
    light = Light("in progress", mark="4", level=4, is_double=True, url="/risks/7/")
    tag = tag_of(drawn(*THREATS, lit={"evasion": light}), "evasion")
    assert tag.meta.words == "2.1 B · in progress"
    assert tag.title.endswith(". in progress")
    assert [segment.is_on for segment in tag.segments] == [True] * 4 + [False]
    assert all(line.x > tag.mark.right for line in (*tag.lines, tag.meta))
    plain = tag_of(drawn(*THREATS), "evasion")
    assert (plain.segments, plain.light) == ((), Light())


def test_an_asset_says_whose_it_is() -> None:
    drawing = drawn(*THREATS, holders={Place.MODEL: Holder("hosted by Corvus AI", is_ours=False)})
    holders = {asset.place: asset.holder for asset in drawing.assets}
    assert holders[Place.MODEL].words == "hosted by Corvus AI"
    assert holders[Place.INPUT] == Holder()


@given(st.text(max_size=120), st.floats(3, 20))
def test_no_line_is_wider_than_the_room(title: str, room: float) -> None:
    assert all(width_of(line) <= room for line in (*wrapped(title, room), cut(title, room)))


def test_a_title_breaks_between_words_and_after_strokes() -> None:
    assert wrapped("Model inversion and Membership inference", 12) == ("Model inversion and", "Membership inference")
    assert wrapped("Source code/configuration leak", 11) == ("Source code/", "configuration leak")
    assert wrapped("Evasion", 11) == ("Evasion",)
    assert wrapped("Evasion after data poisoning and then some more words", 8)[1].endswith("…")
