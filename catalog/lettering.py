"""How wide words are in a drawing, and how to break or cut them to fit. Widths are in em, of a common sans-serif."""

import re

MARGIN = 1.04  # fonts differ a little, and the reader's may be wider than the one measured
_NARROW, _SLIM, _BROAD = frozenset("ijl'|"), frozenset("ft .,:;!/()[]-rI·"), frozenset("mwMW@%…")
_WIDE_SCRIPTS = "\u2e80"  # from here on most letters are as wide as they are high


def width_of(words: str) -> float:
    return MARGIN * sum(map(_width, words))


def wrapped(title: str, room: float) -> tuple[str, ...]:
    """A title on one or two lines, none wider than the room. What does not fit ends in an ellipsis."""
    title = " ".join(title.split())
    first = _fitting(title, room)
    rest = title[len(first) :].strip()
    return (first.strip(), cut(rest, room)) if rest else (first.strip(),)


def cut(words: str, room: float) -> str:
    """The words, or as many letters as fit with an ellipsis after them."""
    if width_of(words) <= room:
        return words
    while words and width_of(f"{words}…") > room:
        words = words[:-1]
    return f"{words.rstrip()}…"


def _fitting(title: str, room: float) -> str:
    """The longest start that fits and ends where a line may break; a word too long for a line is broken anywhere."""
    fitting = ""
    for piece in re.findall(r"[^\s/-]*[\s/-]*", title):
        if width_of((fitting + piece).rstrip()) > room:
            break
        fitting += piece
    return fitting if fitting.strip() else _letters(title, room)


def _letters(title: str, room: float) -> str:
    count = len(title)
    while count > 1 and width_of(title[:count]) > room:
        count -= 1
    return title[:count]


def _width(letter: str) -> float:
    if letter >= _WIDE_SCRIPTS:
        return 1.0
    for letters, width in ((_NARROW, 0.24), (_SLIM, 0.32), (_BROAD, 0.88)):
        if letter in letters:
            return width
    return 0.7 if letter.isupper() else 0.56
