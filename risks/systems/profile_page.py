"""What the page of a profile shows beside the fields: groups, the result so far, both versions after a stale save."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from catalog.facts import ThreatFacts
from catalog.profile import Question, RuleSet
from catalog.reading import Catalog
from risks.systems.answers import profile_standing
from risks.systems.forms import Ask, ProfileForm
from risks.systems.results import (
    Progress,
    Total,
    answer_in_words,
    changes_in_words,
    counts_sentence,
    left_out,
    progress,
    questions_to_show,
    totals,
)
from risks.systems.rules import effect_of


@dataclass(frozen=True)
class Group:
    """Questions under one heading, and how many of those shown are answered. `waits` when others are to come."""

    key: str
    title: str
    asks: list[Ask]
    shown: int
    answered: int
    waits: bool


@dataclass(frozen=True)
class Result:
    """What follows from the answers in the form; `unsaved` is how many of them differ from what is saved."""

    progress: Progress
    sentence: str
    totals: list[Total]
    unsaved: int
    changes: list[tuple[ThreatFacts, str]]
    left_out: list[tuple[str, list[ThreatFacts]]]


@dataclass(frozen=True)
class Line:
    """A question on which two versions of the answers differ."""

    question: Question
    field_id: str
    theirs: str
    yours: str


def groups_of(form: ProfileForm, asks: Iterable[Ask]) -> list[Group]:
    """The questions under their headings, in the order of the profile."""
    standing = profile_standing(form.rule_set, form.answers)
    by_group: dict[str, list[Ask]] = {group.key: [] for group in form.rule_set.groups}
    for ask in asks:
        by_group[ask.question.group].append(ask)
    groups = []
    for group in form.rule_set.groups:
        shown = [ask.question.key for ask in by_group[group.key] if ask.is_shown]
        groups.append(
            Group(
                key=group.key,
                title=group.title,
                asks=by_group[group.key],
                shown=len(shown),
                answered=sum(standing.known[key] is not None for key in shown),
                waits=any(ask.question.key not in standing.unasked for ask in by_group[group.key]),
            )
        )
    return groups


def result_of(catalog: Catalog, form: ProfileForm) -> Result:
    """What the answers say, beside what the saved ones say."""
    answers = form.answers
    unsaved = _differing(catalog.rule_set, form.saved, answers)
    effect = effect_of(catalog.rule_set, form.saved, answers)
    return Result(
        progress=progress(catalog.rule_set, answers),
        sentence=counts_sentence(effect.after),
        totals=totals(effect.after, effect.before if unsaved else None),
        unsaved=len(unsaved),
        changes=changes_in_words(catalog, effect),
        left_out=left_out(catalog, effect.after),
    )


def conflict_lines(form: ProfileForm, theirs: Mapping[str, Any]) -> list[Line]:
    """Where the answers that someone else saved differ from those in the form."""
    yours = form.answers
    return [
        Line(
            question=question,
            field_id=form[question.key].auto_id,
            theirs=answer_in_words(question, theirs.get(question.key)),
            yours=answer_in_words(question, yours.get(question.key)),
        )
        for question in _differing(form.rule_set, theirs, yours)
    ]


def facts(rule_set: RuleSet, answers: Mapping[str, Any]) -> list[tuple[str, list[tuple[Question, str]]]]:
    """The questions shown and their answers in words, under their headings. A heading with none is left out."""
    shown = questions_to_show(rule_set, answers)
    headed = [
        (group.title, [(q, answer_in_words(q, answers.get(q.key))) for q in shown if q.group == group.key])
        for group in rule_set.groups
    ]
    return [(title, said) for title, said in headed if said]


def _differing(rule_set: RuleSet, one: Mapping[str, Any], other: Mapping[str, Any]) -> list[Question]:
    return [question for question in rule_set.questions if one.get(question.key) != other.get(question.key)]
