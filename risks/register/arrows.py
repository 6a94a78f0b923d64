"""Where the arrows of a movement run over the grid of the heatmap, in per cent of its width and height. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from risks.register.rules import Scale

BESIDE = 0.16  # of a cell: to the right of its middle, so that the count at its left stays readable
GAP = 0.12  # of the way, left free at both ends
LABEL = 0.36  # of the way: not in the middle, where the arrow back would have its own
LANES, APART = 3, 0.13  # arrows in turn run a little aside, in parts of a cell, so that they do not cover each other


@dataclass(frozen=True)
class Arrow:
    """From one cell to another. `label` are the numbers of the risks that go this way. Texts are ready for an SVG."""

    x1: str
    y1: str
    x2: str
    y2: str
    label: str
    label_x: str
    label_y: str


def arrows_of(moves: Sequence[tuple[int, tuple[tuple[int, int], tuple[int, int]]]], scale: Scale) -> tuple[Arrow, ...]:
    """One arrow per way, however many risks go it; none for what stays in its cell."""
    ways: dict[tuple[tuple[int, int], tuple[int, int]], list[int]] = {}
    for number, (start, end) in moves:
        if start != end:
            ways.setdefault((start, end), []).append(number)
    return tuple(
        _arrow(start, end, numbers, scale, (lane % LANES - LANES // 2) * APART)
        for lane, ((start, end), numbers) in enumerate(ways.items())
    )


def _arrow(start: tuple[int, int], end: tuple[int, int], numbers: list[int], scale: Scale, aside: float) -> Arrow:
    (x1, y1), (x2, y2) = _middle(start, scale, aside), _middle(end, scale, aside)
    across, down = x2 - x1, y2 - y1
    return Arrow(
        _share(x1 + GAP * across / 2),
        _share(y1 + GAP * down / 2),
        _share(x2 - GAP * across / 2),
        _share(y2 - GAP * down / 2),
        ", ".join(map(str, numbers)),
        _share(x1 + LABEL * across),
        _share(y1 + LABEL * down),
    )


def _middle(place: tuple[int, int], scale: Scale, aside: float) -> tuple[float, float]:
    likelihood, impact = place
    rows, columns = len(scale.likelihood), len(scale.impact)
    return (impact - 0.5 + BESIDE + aside) / columns * 100, (rows - likelihood + 0.5 + aside) / rows * 100


def _share(value: float) -> str:
    return f"{value:.2f}%"
