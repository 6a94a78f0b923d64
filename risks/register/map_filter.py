"""What is asked of the heatmap: the filter of the register, a day in the past, a cell of that day, and a movement."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from accounts.models import User
from catalog.reading import Catalog
from risks.register.filters import Params, RiskFilter, read_filter, values_of
from risks.register.models import Risk
from risks.register.past import Past, day_in_the_past, narrow_then, refused_of_the_past
from risks.register.rules import Scale

UNRATED = "none"  # as a value of "cell"
OWN = ("at", "move", "cell")


class Move(models.TextChoices):
    """From where to where risks are compared."""

    INHERENT = "inherent", "Inherent to current"
    TARGET = "target", "Current to target"
    TODAY = "today", "Then to today"


@dataclass(frozen=True)
class MapFilter(RiskFilter):
    """`at` is a day in the past, None for now; `cell` is likelihood x impact, such as 4x3, or “none” for not rated."""

    at: date | None = None
    move: str = ""
    cell: str = ""

    def register_query(self, **changes: Any) -> str:
        """The query string of the register, which knows only the filter."""
        return self.query(at=None, move="", cell="", **changes)


def read_map_filter(
    params: Params,
    *,
    reader: User,
    catalog: Catalog,
    scale: Scale,
    today: date,
    known: Mapping[str, Collection[int]] | None = None,
    beside: Collection[str] = (),
) -> MapFilter:
    """As read_filter; `scale` is the one of the day asked for. Raises ValidationError with a sentence per parameter."""
    errors: dict[str, list[str]] = {}
    own: dict[str, Any] = {}
    for name, read in {"at": _day, "move": _move, "cell": _cell}.items():
        values = [value for value in values_of(params, name) if value] if name in params else []
        try:
            if len(values) > 1:
                raise ValidationError({name: f"Give “{name}” once."})
            own |= {name: read(values[0], scale, today)} if values else {}
        except ValidationError as error:
            errors |= error.message_dict
    wanted = RiskFilter()
    try:
        wanted = read_filter(params, reader=reader, catalog=catalog, scale=scale, known=known, beside=(*beside, *OWN))
    except ValidationError as error:
        errors |= error.message_dict
    if own.get("at"):
        errors |= {name: [said] for name, said in refused_of_the_past(wanted).items()}
    elif not errors and own.get("move") == Move.TODAY:
        errors["move"] = ["Say from which day: give “at” a day in the past."]
    elif not errors and own.get("cell"):
        errors["cell"] = ["A cell of today opens in the register; give “at” a day in the past."]
    if errors:
        raise ValidationError(errors)
    return MapFilter(**{each.name: getattr(wanted, each.name) for each in fields(wanted)}, **own)


def risks_asked_for(reader: User, wanted: RiskFilter, past: Past | None, *, at: date) -> Any:
    """The risks of the filter with their rating: those of today, which is the day `at`, or as a past day ended."""
    risks: Any = Risk.objects.visible_to(reader)
    if past is not None:
        return narrow_then(risks, wanted, past)
    return wanted.narrow(risks, at=at).with_rating(wanted.kind)


def place_of_cell(cell: str) -> tuple[int, int] | None:
    """Likelihood and impact of a cell that was read; None for not rated."""
    if cell == UNRATED:
        return None
    likelihood, _, impact = cell.partition("x")
    return int(likelihood), int(impact)


def _day(value: str, scale: Scale, today: date) -> date | None:
    return day_in_the_past(value, today=today)


def _move(value: str, scale: Scale, today: date) -> str:
    if value not in Move.values:
        raise ValidationError({"move": f"“{value[:40]}” is none of {', '.join(Move.values)}."})
    return value


def _cell(value: str, scale: Scale, today: date) -> str:
    cells = {f"{across.number}x{up.number}" for across in scale.likelihood for up in scale.impact} | {UNRATED}
    if value not in cells:
        raise ValidationError({"cell": f"“{value[:40]}” is no cell: write likelihood x impact, such as 3x2, or none."})
    return value
