"""The threat map as a drawing: which asset a threat hangs on, and where everything stands. Pure.

One spine of assets; above it threats through use, below it those at runtime, at its left those of development. A threat
finds its place by its surface and by what it attacks, so a new one, or an organisation's own, needs no coordinates.
Units are those of the SVG's viewBox, about a pixel each.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import batched, groupby, pairwise

from catalog.drawing import MARK_WIDTH, RAIL_GAP, Asset, Box, Cell, Drawing, Holder, Light, Place, Rail, Tag, Text, Zone
from catalog.facts import ImpactFacts, ThreatFacts
from catalog.lettering import cut, wrapped
from catalog.vocabulary import Property, Surface

ASSET_WIDTH, ASSET_HEIGHT = 186, 70
TAG_WIDTH, TAG_HEIGHT, STEP = 176, 56, 63  # STEP from one tag to the next
RAIL = TAG_WIDTH + RAIL_GAP  # from the start of a column to its rail: past the tags, within the asset
DEVELOPMENT_X, USE_X = (10, 212), (430, 631, 832, 1033)
WIDTH, ZONE_GAP = 1232, 12
HEADING = 56  # room for the name of a zone
ABOVE_SPINE, BELOW_SPINE = 12, 38  # room for the arrows; below also for the line that says "deployed as"
BASE_HEIGHT = 42
CELL_HEIGHT = 38  # of the title block
NAME_SIZE, META_SIZE = 12, 11


COLUMNS = dict(zip(list(Place)[:6], (*DEVELOPMENT_X, *USE_X), strict=True))
ZONES = {
    Surface.DEVELOPMENT: ("Development time", "changed by an attacker above the line, leaked below it"),
    Surface.INPUT: ("Use", "anyone who can send input or read output"),
    Surface.RUNTIME: ("Runtime", "who can reach the running system and its stores"),
}

_MADE = {
    "training_data": Place.TRAINING,
    "validation_data": Place.TRAINING,
    "test_data": Place.TRAINING,
    "external_data": Place.TRAINING,
    "augmentation_data": Place.TRAINING,
    "model": Place.DEVELOPMENT,
    "hyperparameters": Place.DEVELOPMENT,
    "model_documentation": Place.DEVELOPMENT,
    "source_code_configuration": Place.DEVELOPMENT,
    "external_models": Place.DEVELOPMENT,
}
_USED = {
    "augmentation_data": Place.AUGMENTATION,
    "model_input": Place.INPUT,
    "model": Place.MODEL,
    "model_io_logic": Place.MODEL,
    "model_output": Place.OUTPUT,
    "agent_messages": Place.OUTPUT,
    "agent_boundary": Place.OUTPUT,
}
# Per surface: where each asset of the catalog stands in the drawing, and where a threat goes that attacks none of them.
_PLACES = {
    Surface.DEVELOPMENT: (_MADE, Place.DEVELOPMENT),
    Surface.INPUT: (_USED, Place.INPUT),
    Surface.RUNTIME: (_USED | {"application_infrastructure": Place.BASE}, Place.BASE),
}


def place_of(threat: ThreatFacts) -> Place:
    """Where a threat hangs: at what it attacks, the furthest upstream of several.

    Input and output together mean that the model between them is questioned.
    """
    assets, default = _PLACES[threat.surface]
    attacked = {assets[code] for code in threat.assets_attacked if code in assets}
    if attacked >= {Place.INPUT, Place.OUTPUT}:
        return Place.MODEL
    return min(attacked, key=list(Place).index, default=default)


def draw(
    threats: Iterable[ThreatFacts],
    impacts_of: Callable[[ThreatFacts], tuple[ImpactFacts, ...]],
    *,
    lit: Mapping[str, Light] | None = None,
    holders: Mapping[Place, Holder] | None = None,
    block: Sequence[tuple[str, str]] = (),
) -> Drawing:
    """Draw the threats in the order given. `lit` says by key what is known of them, `holders` whose the assets are.

    `block` are the label and words of each field of the title block; the first takes a whole line.
    """
    stacks = _stacks(threats, impacts_of)
    levels = _levels(stacks, len(block))
    tags = [tag for stack in stacks for tag in _tags(stack, levels, lit or {})]
    assets = tuple(_asset(place, levels, (holders or {}).get(place, Holder())) for place in Place)
    below = {stack.place for stack in stacks if not stack.is_above}
    return Drawing(
        width=WIDTH,
        height=levels.height,
        zones=tuple(_zone(surface, levels, tags) for surface in ZONES),
        assets=assets,
        rails=tuple(_rails(tags, levels)),
        flows=tuple(_flows(levels)),
        deployed=_deployed(levels, below),
        deployed_as=Text(COLUMNS[Place.AUGMENTATION] + 4, levels.spine_bottom + 20, "deployed as"),
        cells=tuple(_cells(block, levels)),
    )


@dataclass(frozen=True)
class _Hung:
    """A threat before it has a position."""

    threat: ThreatFacts
    impacts: tuple[ImpactFacts, ...]
    place: Place
    is_above: bool


@dataclass(frozen=True)
class _Stack:
    """What hangs on one side of one asset."""

    place: Place
    is_above: bool
    hung: tuple[_Hung, ...] = field(default=())


def _stacks(
    threats: Iterable[ThreatFacts], impacts_of: Callable[[ThreatFacts], tuple[ImpactFacts, ...]]
) -> list[_Stack]:
    def key(hung: _Hung) -> tuple[int, bool]:
        return list(Place).index(hung.place), not hung.is_above

    hung = sorted((_hang(threat, impacts_of(threat)) for threat in threats), key=key)
    groups = [tuple(group) for _, group in groupby(hung, key)]
    return [_Stack(group[0].place, group[0].is_above, group) for group in groups]


def _hang(threat: ThreatFacts, impacts: tuple[ImpactFacts, ...]) -> _Hung:
    leaks = any(impact.property is Property.CONFIDENTIALITY for impact in impacts)
    is_above = threat.surface is Surface.INPUT or (threat.surface is Surface.DEVELOPMENT and not leaks)
    return _Hung(threat, impacts, place_of(threat), is_above)


@dataclass(frozen=True)
class _Levels:
    """The heights that follow from how many tags hang where."""

    spine: int
    base: int
    cells: int
    height: int

    @property
    def spine_bottom(self) -> int:
        return self.spine + ASSET_HEIGHT

    @property
    def spine_middle(self) -> int:
        return self.spine + ASSET_HEIGHT // 2

    @property
    def below(self) -> int:
        """Where the first tag below the spine begins."""
        return self.spine_bottom + BELOW_SPINE

    @property
    def under_base(self) -> int:
        """Where the first tag below the base begins."""
        return self.base + BASE_HEIGHT + 18


def _levels(stacks: Iterable[_Stack], cells: int) -> _Levels:
    above, made, used, carried = 1, 0, 1, 0
    for stack in stacks:
        count = len(stack.hung)
        if stack.place is Place.BASE:
            carried = -(-count // len(USE_X))
        elif stack.is_above:
            above = max(above, count)
        elif COLUMNS[stack.place] in DEVELOPMENT_X:
            made = max(made, count)
        else:
            used = max(used, count)
    spine = HEADING + above * STEP + ABOVE_SPINE
    below = spine + ASSET_HEIGHT + BELOW_SPINE
    base = below + used * STEP + 12
    rows = (1 + -(-(cells - 1) // 2)) if cells else 0
    runtime_end = base + BASE_HEIGHT + 18 + carried * STEP + 34
    height = max(runtime_end, below + made * STEP + 12 + rows * CELL_HEIGHT + 10)
    return _Levels(spine, base, height - 10 - rows * CELL_HEIGHT, height)


def _tags(stack: _Stack, levels: _Levels, lit: Mapping[str, Light]) -> Iterator[Tag]:
    for hung, (x, y) in zip(stack.hung, _spots(stack, levels), strict=True):
        light = lit.get(hung.threat.key, Light())
        yield _tag(hung, Box(x, y, TAG_WIDTH, TAG_HEIGHT), light)


def _spots(stack: _Stack, levels: _Levels) -> Iterator[tuple[int, int]]:
    """Above the spine the last tag is next to it, below the first; under the base they go from left to right."""
    count = len(stack.hung)
    if stack.place is Place.BASE:
        return ((USE_X[n % len(USE_X)], levels.under_base + n // len(USE_X) * STEP) for n in range(count))
    top = levels.spine - ABOVE_SPINE - count * STEP if stack.is_above else levels.below
    return ((COLUMNS[stack.place], top + n * STEP) for n in range(count))


def _tag(hung: _Hung, box: Box, light: Light) -> Tag:
    indent = MARK_WIDTH + 6 if light.mark else 10
    room = box.width - indent - 6
    titles = wrapped(hung.threat.title, room / NAME_SIZE)
    signs = "".join(impact.sign for impact in hung.impacts)
    meta = " · ".join(filter(None, [f"{hung.threat.number} {signs}".strip(), light.state]))
    first = 17 if len(titles) > 1 else 24
    x = box.x + indent
    return Tag(
        threat=hung.threat,
        place=hung.place,
        box=box,
        light=light,
        lines=tuple(Text(x, box.y + first + 15 * n, title) for n, title in enumerate(titles)),
        meta=Text(x, box.y + first + 15 * len(titles) + (1 if len(titles) > 1 else 3), cut(meta, room / META_SIZE)),
        impacts=hung.impacts,
    )


def _asset(place: Place, levels: _Levels, holder: Holder) -> Asset:
    if place is Place.BASE:
        box = Box(USE_X[0], levels.base, USE_X[-1] + ASSET_WIDTH - USE_X[0], BASE_HEIGHT)
    else:
        box = Box(COLUMNS[place], levels.spine, ASSET_WIDTH, ASSET_HEIGHT)
    return Asset(place, box, replace(holder, words=cut(holder.words, (box.width - 12) / NAME_SIZE)))


def _zone(surface: Surface, levels: _Levels, tags: Iterable[Tag]) -> Zone:
    left, right = DEVELOPMENT_X[0], USE_X[0]
    edge = DEVELOPMENT_X[-1] + ASSET_WIDTH + 10
    name, note = ZONES[surface]
    boxes = {
        Surface.DEVELOPMENT: Box(0, 0, edge, levels.height),
        Surface.INPUT: Box(edge + ZONE_GAP, 0, WIDTH - edge - ZONE_GAP, levels.spine_middle),
        Surface.RUNTIME: Box(
            edge + ZONE_GAP, levels.spine_middle, WIDTH - edge - ZONE_GAP, levels.height - levels.spine_middle
        ),
    }
    x = left if surface is Surface.DEVELOPMENT else right
    name_at, note_at = (x, 24), (x, 41)
    if surface is Surface.RUNTIME:
        name_at, note_at = (x, levels.height - 14), (x + 60, levels.height - 14)
    mine = tuple(tag for tag in tags if tag.threat.surface is surface)
    return Zone(surface, boxes[surface], Text(*name_at, name), Text(*note_at, note), mine)


def _rails(tags: Iterable[Tag], levels: _Levels) -> Iterator[Rail]:
    hung: dict[tuple[float, float], list[float]] = {}
    for tag in tags:
        to = levels.spine - 1 if tag.box.y < levels.spine else levels.spine_bottom + 1
        if tag.place is Place.BASE:
            to = levels.base + BASE_HEIGHT + 1
        hung.setdefault((tag.box.x + RAIL, to), []).append(tag.box.y + TAG_HEIGHT / 2)
    return (Rail(x, to, tuple(stubs)) for (x, to), stubs in hung.items())


def _flows(levels: _Levels) -> Iterator[str]:
    for columns in (DEVELOPMENT_X, USE_X):
        for left, right in pairwise(columns):
            yield f"M{left + ASSET_WIDTH} {levels.spine_middle}H{right - 1}"


def _deployed(levels: _Levels, below: set[Place]) -> str:
    """The line from the model in development to the model in use, which hops over the rails it crosses."""
    start, end = COLUMNS[Place.DEVELOPMENT] + 150, COLUMNS[Place.MODEL] + 30
    crossed = [x + RAIL for place, x in COLUMNS.items() if place in below and start < x + RAIL < end]
    hops = "".join(f"H{x - 5}a5 5 0 0 1 10 0" for x in crossed)
    return f"M{start} {levels.spine_bottom}v25{hops}H{end}V{levels.spine_bottom + 2}"


def _cells(block: Sequence[tuple[str, str]], levels: _Levels) -> Iterator[Cell]:
    full = DEVELOPMENT_X[-1] + ASSET_WIDTH - DEVELOPMENT_X[0]
    rows = [block[:1], *batched(block[1:], 2)] if block else []
    for number, row in enumerate(rows):
        width = full // len(row)
        for column, (label, words) in enumerate(row):
            box = Box(DEVELOPMENT_X[0] + column * width, levels.cells + number * CELL_HEIGHT, width, CELL_HEIGHT)
            yield Cell(box, label, cut(words, (width - 16) / NAME_SIZE))
