"""How long a risk may be lived with, and what ends that before its day. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from risks.register.choices import AcceptanceState

# Inside appetite a year, as often as an organisation looks at its register as a whole. Outside appetite a quarter: what
# the organisation has said it does not live with comes back to its security officer with every quarterly report.
LONGEST_INSIDE, LONGEST_OUTSIDE = timedelta(days=365), timedelta(days=90)


@dataclass(frozen=True)
class Grounds:
    """What a word about a risk rests on: its rating, whether that is outside appetite, and the profile's number."""

    likelihood: int
    impact: int
    level: int
    is_outside: bool
    profile_number: int


@dataclass(frozen=True)
class Ending:
    """That an acceptance holds no more: expired or stale, with the cause as a sentence."""

    state: AcceptanceState
    why: str


def last_day(*, is_outside: bool, at: date) -> date:
    """The last day until which a risk may be accepted on the day `at`."""
    return at + (LONGEST_OUTSIDE if is_outside else LONGEST_INSIDE)


def problem_with(until: date | None, *, is_outside: bool, at: date) -> str:
    """Why a day cannot be the last of an acceptance, as a sentence; empty when it can."""
    last = last_day(is_outside=is_outside, at=at)
    if until is not None and at <= until <= last:
        return ""
    if until is not None and until > last and is_outside:
        return f"Outside appetite a risk is accepted for {LONGEST_OUTSIDE.days} days at most, until {last}."
    return f"Choose a day from {at} to {last}."


def ending_of(frozen: Grounds, now: Grounds | None, *, until: date, news: tuple[str, ...], at: date) -> Ending | None:
    """Why an acceptance no longer holds on the day `at`, though it was approved; None while it holds.

    `frozen` is what was judged, `now` what is in force, None for a risk that is not rated. `news` is what the catalog
    says differently about the threat since then. `until` is the last day it holds.
    """
    if until < at:
        return Ending(AcceptanceState.EXPIRED, f"Its last day was {until}.")
    if now is None or (frozen.likelihood, frozen.impact, frozen.level) != (now.likelihood, now.impact, now.level):
        rated = f"{now.likelihood} × {now.impact}" if now else "none"
        return Ending(
            AcceptanceState.STALE,
            f"The rating is another than the one accepted: {frozen.likelihood} × {frozen.impact} then, {rated} now.",
        )
    if now.is_outside and not frozen.is_outside:
        return Ending(AcceptanceState.STALE, "The appetite has changed: the risk was inside and is outside now.")
    if now.profile_number != frozen.profile_number:
        return Ending(AcceptanceState.STALE, "The profile of the system has changed since.")
    if news:
        return Ending(AcceptanceState.STALE, f"The catalog has changed since. {' '.join(news)}"[:500])
    return None
