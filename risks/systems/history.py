"""What happened to a system, in words: its events, with the answers of a profile as people gave them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from catalog.profile import Question, RuleSet
from journal.models import Event
from risks.systems.about import CHOICES, FIELDS
from risks.systems.choices import DataCategory
from risks.systems.results import answer_in_words

LABELS = {name: dict(choices.choices) for name, choices in CHOICES.items()}
LABELS["data_categories"] = dict(DataCategory.choices)
NAMES = {"ai_act_class": "EU AI Act", "ai_act_reason": "why this class", "data_categories": "data"}
ORDER = ("name", "team", "purpose", "owner", *FIELDS)
SAID_BY_THE_VERB = ("archived_at",)

WHAT = {"profile": "the profile", "responsibility": "who answers for a threat"}


@dataclass(frozen=True)
class Entry:
    """An event as the page shows it; named as in the journal, so that the shared list of events can show it."""

    at: datetime
    actor_name: str
    verb: str
    object_label: str
    changes: Mapping[str, list[Any]]
    reason: str


def entries(rule_set: RuleSet, events: list[Event]) -> list[Entry]:
    """The events of one system, in the order given."""
    return [
        Entry(
            at=event.at,
            actor_name=event.actor_name,
            verb=event.verb,
            object_label=WHAT.get(event.verb.partition(".")[0], "the system"),
            changes=_changes(rule_set, event),
            reason=event.reason,
        )
        for event in events
    ]


def _changes(rule_set: RuleSet, event: Event) -> Mapping[str, list[Any]]:
    subject = event.verb.partition(".")[0]
    if subject == "profile":
        return _answers(rule_set, event.changes)
    return _fields(event.changes) if subject == "system" else event.changes


def _fields(changes: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    """What is said about a system, in the order of its form and by the labels of its choices."""
    order = [*(name for name in ORDER if name in changes), *(name for name in changes if name not in ORDER)]
    told = [name for name in order if name not in SAID_BY_THE_VERB]
    return {NAMES.get(name, name): [_in_words(name, value) for value in changes[name]] for name in told}


def _in_words(name: str, value: Any) -> Any:
    if name == "links" and value:
        return [f"{link['title']} ({link['url']})" for link in value]
    if name == "profile" and value:
        return f"{len(value)} answer{'' if len(value) == 1 else 's'}"
    labels = LABELS.get(name, {})
    return [labels.get(each, each) for each in value] if isinstance(value, list) else labels.get(value, value)


def _answers(rule_set: RuleSet, changes: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    """Questions and answers in words, in the order of the profile. A question of another edition keeps its key."""
    known = {
        question.text.removesuffix("?"): [_said(question, value) for value in changes[question.key]]
        for question in rule_set.questions
        if question.key in changes
    }
    return known | {key: pair for key, pair in changes.items() if key not in rule_set.by_key}


def _said(question: Question, answer: Any) -> str | None:
    return None if answer is None else answer_in_words(question, answer)
