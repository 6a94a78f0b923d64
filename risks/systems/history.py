"""What happened to a system, in words: its events, with the answers of a profile as people gave them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from catalog.profile import Question, RuleSet
from catalog.reading import Catalog
from journal.models import Event
from risks.systems.results import answer_in_words

WHAT = {
    "profile": "the profile",
    "responsibility": "who answers for a threat",
    "threat": "a threat",
    "dismissal": "the dismissal of a threat",
}
OF_THREATS = ("threat", "registered", "dismissed", "kept")  # changes that hold keys of threats


@dataclass(frozen=True)
class Entry:
    """An event as the page shows it; named as in the journal, so that the shared list of events can show it."""

    at: datetime
    actor_name: str
    verb: str
    object_label: str
    changes: Mapping[str, list[Any]]
    reason: str


def entries(catalog: Catalog, events: list[Event]) -> list[Entry]:
    """The events of one system, in the order given."""
    rule_set = catalog.rule_set
    return [
        Entry(
            at=event.at,
            actor_name=event.actor_name,
            verb=event.verb,
            object_label=WHAT.get(event.verb.partition(".")[0], "the system"),
            changes=_answers(rule_set, event.changes)
            if event.verb.startswith("profile.")
            else _titled(catalog, event.changes),
            reason=event.reason,
        )
        for event in events
    ]


def _answers(rule_set: RuleSet, changes: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    """Questions and answers in words, in the order of the profile. A question of another edition keeps its key."""
    known = {
        question.text.removesuffix("?"): [_said(question, value) for value in changes[question.key]]
        for question in rule_set.questions
        if question.key in changes
    }
    return known | {key: pair for key, pair in changes.items() if key not in rule_set.by_key}


def _titled(catalog: Catalog, changes: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    """The same with threats by their titles."""
    return {
        name: [_titles(catalog, value) for value in pair] if name in OF_THREATS else pair
        for name, pair in changes.items()
    }


def _titles(catalog: Catalog, value: Any) -> Any:
    if isinstance(value, list):
        return [_titles(catalog, each) for each in value]
    try:
        return catalog.threat(value).title
    except KeyError:
        known = catalog.elsewhere_threats.get(value)
        return known.title if known else value


def _said(question: Question, answer: Any) -> str | None:
    return None if answer is None else answer_in_words(question, answer)
