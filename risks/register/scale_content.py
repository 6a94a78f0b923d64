"""A scale as data, and data as a scale. Pure: every fault is named by its place, so that a form can show it there.

The content of a version holds currency, likelihood and impact (each level with word, meaning, low, high, typical; for
impact also areas), bands (word, review_days), levels (rows by likelihood from the least) and appetite.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from risks.register.rules import AREAS, FEWEST, FEWEST_BANDS, MOST, MOST_BANDS, Band, Scale, Step

LONGEST_WORD, LONGEST_MEANING = 40, 300
LONGEST_REVIEW = 1_100  # days, about three years
LOWEST, HIGHEST = 1e-6, 1e15  # events or money; beyond them a figure is a slip
SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "CHF": "CHF ", "JPY": "¥"}


class InvalidScaleError(ValueError):
    """A content that is no scale; `errors` has one sentence per place."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = dict(errors)


def scale_from(key: str, content: Mapping[str, Any]) -> Scale:
    """The scale that a content describes. Raises InvalidScaleError."""
    errors: dict[str, str] = {}
    currency = content.get("currency")
    if not (isinstance(currency, str) and re.fullmatch("[A-Z]{3}", currency)):
        errors["currency"] = "Give the currency as three capital letters, such as EUR."
        currency = "EUR"
    likelihood = _axis(content, "likelihood", "", errors)
    impact = _axis(content, "impact", currency, errors)
    bands = _bands(content, errors)
    # Without axes and bands there is nothing that a table or a line could be measured by.
    has_axes = bool(likelihood and impact)
    levels = _table(content, likelihood, impact, bands, errors) if has_axes and bands else ()
    appetite = appetite_from(content.get("appetite"), likelihood, impact, errors) if has_axes else ()
    if errors:
        raise InvalidScaleError(errors)
    return Scale(key, currency, likelihood, impact, bands, levels, appetite)


def content_of(scale: Scale) -> dict[str, Any]:
    """The content that describes a scale."""
    return {
        "currency": scale.currency,
        "likelihood": [_step_content(step) for step in scale.likelihood],
        "impact": [{**_step_content(step), "areas": dict(step.areas)} for step in scale.impact],
        "bands": [{"word": band.word, "review_days": band.review_days} for band in scale.bands],
        "levels": [list(row) for row in scale.levels],
        "appetite": list(scale.appetite),
    }


def appetite_from(
    given: Any, likelihood: Sequence[Step], impact: Sequence[Step], errors: dict[str, str]
) -> tuple[int, ...]:
    """A line in steps: for each likelihood from the least the greatest impact inside it, which never grows."""
    if not _are_numbers(given, len(likelihood), 0, len(impact)):
        errors["appetite"] = f"Appetite is one impact from 0 to {len(impact)} for each likelihood."
        return ()
    for number, (earlier, later) in enumerate(pairwise(given), 2):
        if later > earlier:
            errors[f"appetite-{number}"] = "What is inside appetite cannot grow with likelihood."
            break
    return tuple(given)


def anchor_in_words(low: float, high: float | None, currency: str) -> str:
    """ "€10 k to 100 k" of money; "1 to 10 times a year" of events."""
    if currency:
        sign = SIGNS.get(currency, f"{currency} ")
        if high is None:
            return f"over {sign}{_short(low)}"
        return f"under {sign}{_short(high)}" if not low else f"{sign}{_short(low)} to {_short(high)}"
    if high is None:
        return f"over {_times(low)}"
    if not low:
        return f"less than {_times(high)}"
    if high <= 1:
        return f"once in {_years(high)} to {_years(low)} years"
    return f"{_plain(low)} to {_plain(high)} times a year"


def money_in_words(amount: float, currency: str) -> str:
    """ "€4.8 m": an amount to two digits, since an estimate has no more."""
    return f"{SIGNS.get(currency, f'{currency} ')}{_short(_to_two_digits(amount))}"


def _to_two_digits(amount: float) -> float:
    return float(f"{amount:.2g}")


def _axis(content: Mapping[str, Any], name: str, currency: str, errors: dict[str, str]) -> tuple[Step, ...]:
    given = content.get(name)
    if not isinstance(given, list) or not FEWEST <= len(given) <= MOST:
        errors[name] = f"{name.capitalize()} has {FEWEST} to {MOST} levels."
        return ()
    steps = tuple(_step(entry, number, f"{name}-{number}", currency, errors) for number, entry in enumerate(given, 1))
    words = [step.word.casefold() for step in steps]
    if len(set(words)) < len(words):
        errors.setdefault(name, f"Two levels of {name} have the same word.")
    for below, above in pairwise(steps):
        if f"{name}-{below.number}-low" in errors:
            continue  # one that is wrong itself says nothing about the next
        if below.high is None or above.low < below.high or above.typical <= below.typical:
            errors.setdefault(
                f"{name}-{above.number}-low", f"The anchor of “{above.word}” must lie above “{below.word}”."
            )
    return steps


def _step(entry: Any, number: int, place: str, currency: str, errors: dict[str, str]) -> Step:
    entry = entry if isinstance(entry, Mapping) else {}
    word = _text(entry.get("word"), LONGEST_WORD, f"{place}-word", "word", errors)
    meaning = _text(entry.get("meaning"), LONGEST_MEANING, f"{place}-meaning", "definition", errors)
    low, high, typical = entry.get("low"), entry.get("high"), entry.get("typical")
    anchor = f"{place}-low"
    if not _is_amount(low) or not _is_amount(typical) or not (high is None or _is_amount(high)):
        errors.setdefault(
            f"{place}-low", f"“{word}” needs numbers from, to and typical; only the last level may be open."
        )
        return Step(number, word, "", meaning)
    if not (low <= typical and (high is None or typical <= high)) or (high is not None and low >= high):
        errors.setdefault(anchor, f"The typical figure of “{word}” must lie between its ends.")
        return Step(number, word, "", meaning)
    if high is None and not low:
        errors.setdefault(anchor, f"“{word}” must begin above nothing or end somewhere.")
        return Step(number, word, "", meaning)
    areas = entry.get("areas") or {}
    if not isinstance(areas, Mapping) or any(area not in AREAS for area in areas):
        errors.setdefault(f"{place}-areas", f"“{word}” names an impact area that there is not.")
        areas = {}
    said = {area: areas[area] for area in AREAS if areas.get(area)}
    for area, text in said.items():
        said[area] = _text(text, LONGEST_MEANING, f"{place}-{area}", "definition", errors)
    return Step(number, word, anchor_in_words(low, high, currency), meaning, low, high, typical, said)


def _bands(content: Mapping[str, Any], errors: dict[str, str]) -> tuple[Band, ...]:
    given = content.get("bands")
    if not isinstance(given, list) or not FEWEST_BANDS <= len(given) <= MOST_BANDS:
        errors["bands"] = f"There are {FEWEST_BANDS} to {MOST_BANDS} bands."
        return ()
    bands = []
    for number, entry in enumerate(given, 1):
        entry = entry if isinstance(entry, Mapping) else {}
        word = _text(entry.get("word"), LONGEST_WORD, f"band-{number}-word", "word", errors)
        days = entry.get("review_days")
        if not _is_number(days, 1, LONGEST_REVIEW):
            errors.setdefault(f"band-{number}-days", f"“{word}” is reviewed after 1 to {LONGEST_REVIEW} days.")
            days = LONGEST_REVIEW
        bands.append(Band(word, int(days or 0)))
    if len({band.word.casefold() for band in bands}) < len(bands):
        errors.setdefault("bands", "Two bands have the same word.")
    return tuple(bands)


def _table(
    content: Mapping[str, Any],
    likelihood: Sequence[Step],
    impact: Sequence[Step],
    bands: Sequence[Band],
    errors: dict[str, str],
) -> tuple[tuple[int, ...], ...]:
    """A band for each cell, which never falls when likelihood or impact rises."""
    given = content.get("levels")
    rows = given if isinstance(given, list) else []
    if len(rows) != len(likelihood) or not all(_are_numbers(row, len(impact), 1, len(bands)) for row in rows):
        errors["levels"] = f"Each of the {len(likelihood)} × {len(impact)} cells needs a band."
        return ()
    for upwards, row in enumerate(rows):
        for across, level in enumerate(row):
            below = rows[upwards - 1][across] if upwards else 0
            left = row[across - 1] if across else 0
            if level < max(below, left):
                place = f"cell-{upwards + 1}-{across + 1}"
                errors.setdefault(place, "A cell cannot have a lower band than one with less likelihood or impact.")
    return tuple(tuple(row) for row in rows)


def _step_content(step: Step) -> dict[str, Any]:
    return {name: getattr(step, name) for name in ("word", "meaning", "low", "high", "typical")}


def _text(value: Any, longest: int, place: str, what: str, errors: dict[str, str]) -> str:
    text = value.strip() if isinstance(value, str) else ""
    if not text or len(text) > longest or not text.isprintable():
        errors.setdefault(place, f"Give each level a {what} of at most {longest} characters.")
    return text[:longest]


def _are_numbers(given: Any, count: int, lowest: int, highest: int) -> bool:
    return isinstance(given, list) and len(given) == count and all(_is_number(n, lowest, highest) for n in given)


def _is_number(value: Any, lowest: int, highest: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and lowest <= value <= highest


def _is_amount(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and (value == 0 or LOWEST <= value <= HIGHEST)


def _short(amount: float) -> str:
    for unit, size in (("bn", 1e9), ("m", 1e6), ("k", 1e3)):
        if amount >= size:
            return f"{_plain(amount / size)} {unit}"
    return _plain(amount)


def _times(per_year: float) -> str:
    if per_year < 1:
        return f"once in {_years(per_year)} years"
    return "once a year" if per_year == 1 else f"{_plain(per_year)} times a year"


def _years(per_year: float) -> str:
    return _plain(round(1 / per_year, 1))


def _plain(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
