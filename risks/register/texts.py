"""What the cells of a list of risks say in a file: the same as on the page (cells.py), as a program reads it.

Days are written by ISO 8601, money is a number in the currency of the scale, what is empty on the page is empty here.
"""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from risks.register.choices import Origin

if TYPE_CHECKING:
    from risks.register.listing import Row

type Text = str | int | None


def level(row: "Row") -> Text:
    return _level(row, row.level)


def inherent(row: "Row") -> Text:
    return _level(row, row.risk.inherent_level)


def target(row: "Row") -> Text:
    return _level(row, row.risk.target_level)


def expected_loss(row: "Row") -> Text:
    """In whole units of the currency."""
    return None if row.expected_loss is None else round(row.expected_loss)


def place(row: "Row") -> str:
    likelihood, impact = row.risk.rated_likelihood, row.risk.rated_impact
    return f"{likelihood} × {impact}" if likelihood and impact else ""


def reference(row: "Row") -> Text:
    found: str = row.risk.reference
    return found


def title(row: "Row") -> Text:
    return row.title


def system(row: "Row") -> Text:
    name: str = row.risk.system.name
    return name


def team(row: "Row") -> Text:
    name: str = row.risk.team.name
    return name


def description(row: "Row") -> Text:
    """All of it; a page shows its beginning."""
    text: str = row.risk.description
    return text


def moves(row: "Row") -> Text:
    return " → ".join(str(each or "–") for each in row.moves) if any(row.moves) else None


def option(row: "Row") -> Text:
    return row.option


def status(row: "Row") -> Text:
    return row.status_word


def owner(row: "Row") -> Text:
    return row.owner


def due(row: "Row") -> Text:
    return _day(row.due)


def accepted(row: "Row") -> Text:
    return _day(row.risk.accepted_until)


def party(row: "Row") -> Text:
    return row.party.label if row.party else None


def next_review(row: "Row") -> Text:
    return _day(row.next_review)


def reviewed(row: "Row") -> Text:
    return _day(row.risk.reviewed_at)


def state(row: "Row") -> str:
    word: str = row.risk.state.label
    return word


def origin(row: "Row") -> str:
    return Origin(row.risk.origin).label


def edition(row: "Row") -> Text:
    key: str = row.risk.edition
    return key


def created(row: "Row") -> Text:
    return _day(row.risk.created_at)


def updated(row: "Row") -> Text:
    return _day(row.risk.updated_at)


def _level(row: "Row", number: int | None) -> Text:
    return f"{number} {row.scale.word(number)}" if number else "Not rated"


def _day(value: date | datetime | None) -> Text:
    if value is None:
        return None
    return (timezone.localdate(value) if isinstance(value, datetime) else value).isoformat()
