"""What happened to a risk, as sentences: who did what, with before and after."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.text import Truncator

from catalog.reading import Catalog
from journal.models import Event
from pages.templatetags.pages import day
from risks.register import (
    accepting,
    asking_time,
    commenting,
    measuring,
    reviewing,
    risk_reviewing,
    scale_services,
    services,
    treating,
)
from risks.register.choices import AcceptanceState, RatingKind, TimeState, TreatmentOption, TreatmentStatus
from risks.register.judging import areas_in_words, factors_in_words
from risks.register.measures import control_name
from risks.register.rules import DEFAULT_SCALE
from risks.register.treatment_rules import DETAILS


@dataclass(frozen=True)
class Piece:
    """One value that changed: what it is, what it was (empty at first) and what it is since then."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Sentence:
    """One event. `text` goes on after the name: "rated it"."""

    at: datetime
    who: str
    text: str
    pieces: tuple[Piece, ...]
    why: str


ORDER = ("measure", "control", "option", "owner", "due", "status", "plan", *DETAILS, "description")
LABELS = {"more_time": "more time", "dropped": "measures dropped", "measure": "to"} | {
    name: detail.label[0].lower() + detail.label[1:] for name, detail in DETAILS.items()
}
TEXTS = {
    services.DESCRIBED: "said what it means here",
    treating.TREATED: "decided on a treatment",
    treating.UPDATED: "updated the treatment",
    services.LOOKED: "looked at it again: it stands",
    risk_reviewing.REVIEWED: "reviewed it: it stands",
    commenting.COMMENTED: "commented",
    commenting.TAKEN_BACK: "took a comment back",
    reviewing.RISK_DISMISSED: "dismissed it",
    reviewing.REOPENED: "took the dismissal back",
    accepting.PROPOSED: "proposed to accept it",
    accepting.APPROVED: "approved the acceptance",
    accepting.REFUSED: "refused to accept it",
    accepting.WITHDRAWN: "withdrew the acceptance",
    accepting.EXPIRED: "ended the acceptance on its day",
    accepting.STALE: "ended the acceptance, since what it rested on has changed",
    scale_services.MOVED: "moved with the scale",
    reviewing.KEPT: "kept it, though it does not apply by the rules any more",
}
BY_RATING = ("acceptance", "status")  # what another rating ends
TIMES = {
    asking_time.ASKED: "asked for more time",
    asking_time.GRANTED: "granted more time",
    asking_time.REFUSED: "refused more time",
    asking_time.WITHDRAWN: "took the request for more time back",
}
MEASURES = {
    measuring.ADDED: "added the measure",
    measuring.CHANGED: "changed the measure",
    measuring.UPDATED: "updated the measure",
    measuring.DROPPED: "dropped the measure",
}
SAID = (
    services.REGISTERED,
    reviewing.RISK_DISMISSED,
    reviewing.REOPENED,
    commenting.TAKEN_BACK,
)  # the sentence says all that changed


def sentences(events: Iterable[Event], catalog: Catalog) -> list[Sentence]:
    """One sentence per event, in the order of the events; the catalog knows the names of controls."""
    return [
        Sentence(event.at, event.actor_name, _text(event), tuple(_pieces(event, catalog)), event.reason)
        for event in events
    ]


def _text(event: Event) -> str:
    if event.verb == services.REGISTERED:
        by_hand = event.changes.get("origin", ["", ""])[1] == "hand"
        return "added it by hand" if by_hand else "put it into the register, since the threat applies"
    if event.verb == services.RATED:
        kind, before, after = _judgements(event)
        return f"confirmed the {kind} rating" if before == after else f"rated it, {kind}"
    if event.verb in TIMES:
        measure = event.changes.get("measure", ["", ""])[1]
        is_moved = event.verb == asking_time.ASKED and "due" in event.changes  # by somebody who may
        text = "moved the due date" if is_moved else TIMES[event.verb]
        return f"{text} of “{Truncator(measure).chars(80)}”" if measure else text
    if event.verb in MEASURES:
        before, after = event.changes.get("measure", ["", ""])
        return f"{MEASURES[event.verb]} “{Truncator(before or after).chars(80)}”"
    return TEXTS.get(event.verb, event.verb.partition(".")[2].replace("_", " "))


def _pieces(event: Event, catalog: Catalog) -> Iterator[Piece]:
    if event.verb == services.RATED:
        _, before, after = _judgements(event)
        yield Piece("", "" if before == after else _in_words(before), _in_words(after))
        for name, in_words in (("areas", areas_in_words), ("factors", factors_in_words)):
            if said := event.changes.get(name, [None, None])[1]:
                yield Piece(name, "", in_words(said))
        yield from (
            Piece(name, *(_shown(name, each) for each in event.changes[name]))
            for name in BY_RATING
            if name in event.changes
        )
    elif event.verb not in SAID:
        for name in sorted(event.changes, key=_place):
            before, after = event.changes[name]
            if before is None and name == "status":
                continue  # every treatment begins as open
            if name == "measure" and (before == after or event.verb != measuring.CHANGED):
                continue  # the sentence names it
            if name == "control":
                yield Piece(name, *(control_name(catalog, key) if key else "" for key in (before, after)))
                continue
            yield Piece(LABELS.get(name, name), _shown(name, before), _shown(name, after))


def _place(name: str) -> int:
    """The database keeps no order of names; people begin with what matters."""
    return ORDER.index(name) if name in ORDER else len(ORDER)


def _judgements(event: Event) -> tuple[str, list[Any], list[Any]]:
    """The kind of a rating, and likelihood, impact and the word of the band before and after."""
    kind = next((each for each in RatingKind.values if f"{each}_likelihood" in event.changes), "")
    pairs = [event.changes.get(f"{kind}_{name}", [None, None]) for name in ("likelihood", "impact", "band")]
    return kind, [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def _in_words(judgement: list[Any]) -> str:
    """As it was told then: the scale may be another by now. Events without a band are older than any other scale."""
    likelihood, impact, band = judgement
    if likelihood is None or impact is None:
        return ""
    return f"{likelihood} × {impact}, {band or DEFAULT_SCALE.word(DEFAULT_SCALE.level(likelihood, impact))}"


def _shown(name: str, value: Any) -> str:
    if value in (None, ""):
        return ""
    labels = {
        "option": TreatmentOption,
        "status": TreatmentStatus,
        "acceptance": AcceptanceState,
        "more_time": TimeState,
    }
    if name in labels and value in labels[name].values:
        return str(labels[name](value).label)
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return day(date.fromisoformat(value)) if name in ("due", "until") else str(value).removesuffix(".")
