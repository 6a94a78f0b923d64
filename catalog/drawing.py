"""The parts of a threat map that is drawn, each with its position; catalog.threat_map arranges them."""

from dataclasses import dataclass
from enum import StrEnum

from catalog.facts import ImpactFacts, ThreatFacts
from catalog.vocabulary import Surface

MARK_WIDTH = 28
RAIL_GAP = 5  # between a tag and its rail


class Place(StrEnum):
    """An asset of the drawing, from left to right; the base carries all of the use."""

    TRAINING = "training"
    DEVELOPMENT = "development"
    AUGMENTATION = "augmentation"
    INPUT = "input"
    MODEL = "model"
    OUTPUT = "output"
    BASE = "base"


TITLES = {
    Place.TRAINING: "Training data",
    Place.DEVELOPMENT: "Model in development",
    Place.AUGMENTATION: "Augmentation data",
    Place.INPUT: "Input",
    Place.MODEL: "Model",
    Place.OUTPUT: "Output and actions",
    Place.BASE: "Application and infrastructure",
}


@dataclass(frozen=True)
class Light:
    """What is known of one threat: `state` in words, and `mark` with its `level` (1 to `bands`) where it is rated.

    A double frame says that it is the supplier's, a dashed one that something is not known, a faint one that it does
    not apply; the words say so too: `state` in the room of a tag, `said` in the title, where there is room for all of
    it. `url` is where the tag leads, by default to the threat.
    """

    state: str = ""
    said: str = ""
    mark: str = ""
    level: int | None = None
    bands: int = 5
    is_double: bool = False
    is_dashed: bool = False
    is_faint: bool = False
    url: str = ""


@dataclass(frozen=True)
class Holder:
    """Whose an asset is, in words; the ground of ours is white."""

    words: str = ""
    is_ours: bool = True


@dataclass(frozen=True)
class Text:
    """A line of text by its baseline."""

    x: float
    y: float
    words: str


@dataclass(frozen=True)
class Segment:
    """A part of the rule under a mark."""

    x: float
    y: float
    is_on: bool


@dataclass(frozen=True)
class Box:
    """Where something stands."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    def grown(self, by: float) -> "Box":
        """The same with a margin around it."""
        return Box(self.x - by, self.y - by, self.width + 2 * by, self.height + 2 * by)


@dataclass(frozen=True)
class Tag:
    """A threat on its rail. `lines` are its title, `meta` its number, letters and state."""

    threat: ThreatFacts
    place: Place
    box: Box
    light: Light
    lines: tuple[Text, ...]
    meta: Text
    impacts: tuple[ImpactFacts, ...]

    @property
    def title(self) -> str:
        """All that the tag says, in words."""
        hurts = "; ".join(impact.title for impact in self.impacts) or "not stated"
        parts = [f"{self.threat.number} {self.threat.title}", f"at {TITLES[self.place].lower()}", f"hurts: {hurts}"]
        said = self.light.said or self.light.state
        return ". ".join([*parts, said] if said else parts)

    @property
    def asset(self) -> str:
        return TITLES[self.place]

    @property
    def mark(self) -> Box:
        return Box(self.box.x, self.box.y, MARK_WIDTH, self.box.height)

    @property
    def mark_text(self) -> Text:
        lowered = 29 if self.light.level else 33
        return Text(self.mark.middle, self.box.y + lowered, self.light.mark)

    @property
    def segments(self) -> tuple[Segment, ...]:
        """One for each band, as many filled as the level says; none where there is no level."""
        level, bands = self.light.level, self.light.bands
        x, y = self.box.x + 3.3 + 2.2 * (5 - bands), self.box.y + 37
        return tuple(Segment(round(x + 4.4 * n, 1), y, n < level) for n in range(bands)) if level else ()

    @property
    def second(self) -> Box:
        """The outer line of a double frame."""
        return self.box.grown(2.5)

    @property
    def ring(self) -> Box:
        """Where focus is shown."""
        return self.box.grown(2)


@dataclass(frozen=True)
class Asset:
    """A piece of the spine, or the base below it."""

    place: Place
    box: Box
    holder: Holder

    @property
    def name(self) -> Text:
        lowered = self.box.height / 2 - (4 if self.holder.words else -5)
        return Text(self.box.middle, self.box.y + lowered, TITLES[self.place])

    @property
    def by(self) -> Text:
        return Text(self.box.middle, self.box.y + self.box.height / 2 + 14, self.holder.words)


@dataclass(frozen=True)
class Rail:
    """The line from the tags of one stack to their asset; `stubs` are the heights at which tags hang on it."""

    x: float
    to: float
    stubs: tuple[float, ...]

    @property
    def path(self) -> str:
        farthest = max(self.stubs, key=lambda y: abs(y - self.to))
        return f"M{self.x - RAIL_GAP} {farthest}H{self.x}V{self.to}"

    @property
    def stub_path(self) -> str:
        return "".join(f"M{self.x - RAIL_GAP} {y}H{self.x}" for y in self.stubs)


@dataclass(frozen=True)
class Zone:
    """A surface: its ground in the drawing, and the tags that belong to it in reading order."""

    surface: Surface
    box: Box
    name: Text
    note: Text
    tags: tuple[Tag, ...]

    @property
    def edge(self) -> Box:
        """The middle of its outline, which is one unit wide."""
        return self.box.grown(-0.5)


@dataclass(frozen=True)
class Cell:
    """A field of the title block."""

    box: Box
    label: str
    words: str

    @property
    def label_at(self) -> Text:
        return Text(self.box.x + 8, self.box.y + 14, self.label)

    @property
    def words_at(self) -> Text:
        return Text(self.box.x + 8, self.box.y + 29, self.words)


@dataclass(frozen=True)
class Drawing:
    """Everything with its position. `flows` and `deployed` are the lines of the spine."""

    width: int
    height: int
    zones: tuple[Zone, ...]
    assets: tuple[Asset, ...]
    rails: tuple[Rail, ...]
    flows: tuple[str, ...]
    deployed: str
    deployed_as: Text
    cells: tuple[Cell, ...]

    @property
    def tags(self) -> tuple[Tag, ...]:
        return tuple(tag for zone in self.zones for tag in zone.tags)
