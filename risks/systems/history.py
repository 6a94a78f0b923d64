"""What happened to a system, in words: its events, with the answers of a profile as people gave them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from catalog.profile import Question, RuleSet
from catalog.reading import Catalog
from journal.models import Event
from risks.systems.about import CHOICES, FIELDS
from risks.systems.choices import ComponentKind, DataCategory, Delivery, HostedBy
from risks.systems.results import answer_in_words

LABELS = {name: dict(choices.choices) for name, choices in CHOICES.items()}
LABELS["data_categories"] = dict(DataCategory.choices)
NAMES = {"ai_act_class": "EU AI Act", "ai_act_reason": "why this class", "data_categories": "data"}
ORDER = ("name", "team", "purpose", "owner", *FIELDS)
SAID_BY_THE_VERB = ("archived_at",)

WHAT = {
    "profile": "the profile",
    "responsibility": "who answers for a threat",
    "threat": "a threat",
    "dismissal": "the dismissal of a threat",
}
OF_THREATS = ("threat", "registered", "dismissed", "kept")  # changes that hold keys of threats
NAMED = {"component": "the component {}", "componentversion": "the version of {}"}
WORDS: dict[str, dict[str, str]] = {
    field: {value: str(label) for value, label in choices.choices}
    for field, choices in (("kind", ComponentKind), ("hosted_by", HostedBy), ("delivery", Delivery))
}


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
    return [
        Entry(
            at=event.at,
            actor_name=event.actor_name,
            verb=event.verb,
            object_label=_what(event),
            changes=_changes(catalog, event),
            reason=event.reason,
        )
        for event in events
    ]


def _fields(changes: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    """What is said about a system, in the order of its form and by the labels of its choices."""
    order = [*(name for name in ORDER if name in changes), *(name for name in changes if name not in ORDER)]
    told = [name for name in order if name not in SAID_BY_THE_VERB]
    return {NAMES.get(name, name): [_in_words(name, value) for value in changes[name]] for name in told}


def _in_words(name: str, value: Any) -> Any:
    if name == "links" and value:
        return [f"{link['title']} ({link['url']})" for link in value]
    if name == "profile" and isinstance(value, dict):
        return f"{len(value)} answer{'' if len(value) == 1 else 's'}"
    labels = LABELS.get(name, {})
    return [labels.get(each, each) for each in value] if isinstance(value, list) else labels.get(value, value)


def _what(event: Event) -> str:
    """What it was done to: a component by the name that it has had since then, or had until then."""
    kind = event.verb.partition(".")[0]
    if kind in NAMED:
        before, after = event.changes["component"]
        return NAMED[kind].format(after or before)
    return WHAT.get(kind, "the system")


def _changes(catalog: Catalog, event: Event) -> Mapping[str, list[Any]]:
    kind = event.verb.partition(".")[0]
    if kind == "profile":
        return _answers(catalog.rule_set, event.changes)
    if kind in NAMED:
        return _parts(event.changes)
    changes = _titled(catalog, event.changes)
    return _fields(changes) if kind == "system" else changes


def _parts(changes: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    """What changed of a component in words, without its name, which is told already."""
    return {
        field: [WORDS[field].get(value, value) for value in pair] if field in WORDS else pair
        for field, pair in changes.items()
        if field != "component"
    }


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
