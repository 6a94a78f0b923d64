"""The trend as a drawing: a column for each month, the worst band at its foot, what is not rated on top. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from risks.overview.trend import Month

WIDTH, HEIGHT = 760, 250
LEFT, RIGHT, TOP, BASE = 40, 752, 16, 214
BAR = 38
FITS = 13  # the least height that has room for its number
GUIDES = 3


@dataclass(frozen=True)
class Block:
    """A band in a column. `level` is None for what is not rated."""

    level: int | None
    x: float
    y: float
    width: float
    height: float
    count: int

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)

    @property
    def text_y(self) -> float:
        return round(self.y + self.height / 2 + 4, 1)

    @property
    def shows_count(self) -> bool:
        return self.height >= FITS


@dataclass(frozen=True)
class Column:
    """A month. `bands` is how many bands its scale has."""

    day: date
    middle: float
    bands: int
    blocks: tuple[Block, ...]
    is_today: bool


@dataclass(frozen=True)
class Guide:
    y: float
    count: int


@dataclass(frozen=True)
class Chart:
    columns: tuple[Column, ...]
    guides: tuple[Guide, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = RIGHT
    base: int = BASE


def chart_of(months: Sequence[Month]) -> Chart:
    most = max((month.total for month in months), default=0)
    step = _step(most)
    top = max(step, most)
    unit = (BASE - TOP) / top
    guides = tuple(Guide(round(BASE - count * unit, 1), count) for count in range(0, top + 1, step))
    room = (RIGHT - LEFT) / max(len(months), 1)
    return Chart(tuple(_column(month, LEFT + room * (n + 0.5), unit) for n, month in enumerate(months)), guides)


def _column(month: Month, middle: float, unit: float) -> Column:
    blocks, foot = [], float(BASE)
    stack: list[tuple[int | None, int]] = [(level, month.bands[level - 1]) for level in range(len(month.bands), 0, -1)]
    for level, count in [*stack, (None, month.unrated)]:
        height = count * unit
        foot -= height
        if count:
            drawn = max(height - 1, 0.5)  # a hairline of ground between two bands
            blocks.append(Block(level, round(middle - BAR / 2, 1), round(foot, 1), BAR, round(drawn, 1), count))
    return Column(month.day, round(middle, 1), len(month.bands), tuple(blocks), month.is_today)


def _step(most: int) -> int:
    """A round number of which about three lead up to the most."""
    size = 1
    while True:
        for factor in (1, 2, 5):
            if size * factor * (GUIDES + 1) >= most:
                return size * factor
        size *= 10
