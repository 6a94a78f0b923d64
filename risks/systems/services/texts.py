"""Texts as they are stored: without space around, and without signs that nobody can read."""

from django.core.exceptions import ValidationError

from journal.texts import CONTROL_CHARACTERS, LINE_ENDS, is_readable


def line(name: str, value: str, *, longest: int | None = None) -> str:
    """A text of one line; without `longest` the column measures it. Raises ValidationError, under the field's name."""
    return _measured(name, _readable(name, " ".join(value.split()), kept=frozenset()), longest)


def text(name: str, value: str, *, longest: int) -> str:
    """A text of several lines. A text column has no length of its own, so it is measured here."""
    return _measured(name, _readable(name, value.strip(), kept=LINE_ENDS), longest)


def _readable(name: str, value: str, *, kept: frozenset[str]) -> str:
    if not is_readable(value, kept=kept):
        raise ValidationError({name: CONTROL_CHARACTERS})
    return value


def _measured(name: str, value: str, longest: int | None) -> str:
    if longest is not None and len(value) > longest:
        raise ValidationError({name: f"Keep this within {longest:,} characters; it has {len(value):,}."})
    return value
