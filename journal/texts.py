"""Signs that no text is kept with: they cannot be read, and a terminal, a log or a spreadsheet may obey them."""

import unicodedata
from collections.abc import Iterator

from django.contrib.postgres.fields import ArrayField
from django.db import models

UNREADABLE = {"Cc", "Cs"}  # control characters, and halves of surrogate pairs, which PostgreSQL cannot hold
LINE_ENDS = frozenset("\n\r\t")
CONTROL_CHARACTERS = "Take the control characters out of this text."


def is_readable(value: str, *, kept: frozenset[str] = frozenset()) -> bool:
    """Whether a text has no unreadable signs but those that are `kept`."""
    if value.isprintable():
        return True
    return not any(unicodedata.category(sign) in UNREADABLE and sign not in kept for sign in value)


def unreadable_fields(row: models.Model, names: set[str] | None = None) -> Iterator[str]:
    """The fields of a row, or those of them with these names, whose text is not readable. Texts may have several lines;
    what is made for one line (CharField, alone or in a list) may not.
    """
    for field in row._meta.concrete_fields:
        if names is not None and field.name not in names:
            continue
        value = getattr(row, field.attname)
        if isinstance(field, models.TextField):
            texts, kept = [value], LINE_ENDS
        elif isinstance(field, models.CharField):
            texts, kept = [value], frozenset()
        elif isinstance(field, ArrayField):
            texts, kept = value, frozenset()
        else:
            continue
        if not all(is_readable(text, kept=kept) for text in texts or () if isinstance(text, str)):
            yield field.name
