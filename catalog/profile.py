"""The system profile as plain values: its questions, and the rules that read the answers.

A rule set is parsed once from an edition of the catalog and never changes, so its conditions are small frozen objects
that are quick to evaluate. No Django here: the rules work without a database.
Source of questions and rules: OWASP AI Exchange, threat model (https://owaspai.org/go/threatmodel/).
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from itertools import chain, combinations
from pathlib import Path
from typing import Any

from catalog.profile_fields import object_in, objects_in, text_in, texts_in

PACKAGED_EDITION = Path(__file__).resolve().parent / "data" / "2026-08-22"

PROFILE_FILES = ("edition.json", "profile.json")  # of that folder: all that identification reads

KINDS = ("one", "many", "yes_no")
PARTIES = ("own", "supplier", "shared")
CONTEXTS = ("rag", "agentic")  # what points to look into are about
UNKNOWN = "unknown"  # the answer "I don't know yet"; a list says it by being empty or absent
NONE = "none"  # in a list: none of the others


@dataclass(frozen=True, slots=True)
class Always:
    """True for every system."""


@dataclass(frozen=True, slots=True)
class Includes:
    """True when the answer to the question is this value or, for a list, contains it."""

    question: str
    value: str


@dataclass(frozen=True, slots=True)
class All:
    """False if any part is false, else unknown if any part is unknown, else true."""

    parts: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True if any part is true, else unknown if any part is unknown, else false."""

    parts: "tuple[Condition, ...]"


Condition = Always | Includes | All | AnyOf


@dataclass(frozen=True, slots=True)
class Sentences:
    """What one possible answer says about the system, when it holds, does not hold, or is not known yet."""

    if_true: str
    if_false: str
    if_unknown: str


@dataclass(frozen=True, slots=True)
class QuestionGroup:
    """A heading under which questions are asked."""

    key: str
    title: str


@dataclass(frozen=True, eq=False)
class Question:
    """One question of the profile.

    `asked_if` names the questions it depends on with the answers that make it worth asking; all of them must fit. The
    answer "unknown" always fits and is not listed.
    """

    key: str
    kind: str
    values: tuple[str, ...]
    asked_if: tuple[tuple[str, frozenset[str]], ...]
    group: str
    text: str
    hint: str
    labels: Mapping[str, str]
    sentences: Mapping[str, Sentences]

    @cached_property
    def choices(self) -> tuple[str, ...]:
        """The values that say something: all but "unknown"."""
        return tuple(value for value in self.values if value != UNKNOWN)

    @cached_property
    def possible_answers(self) -> tuple[frozenset[str], ...]:
        """Each answer that says something, as the values that hold; for a list these are its combinations."""
        if self.kind != "many":
            return tuple(frozenset((value,)) for value in self.choices)
        joinable = [value for value in self.choices if value != NONE]
        sets = chain.from_iterable(combinations(joinable, size) for size in range(1, len(joinable) + 1))
        return (*map(frozenset, sets), *(frozenset((value,)) for value in self.choices if value == NONE))


@dataclass(frozen=True, eq=False)
class PartyEntry:
    """Who answers for a threat when the condition is true."""

    when: Condition
    party: str


@dataclass(frozen=True, eq=False)
class Remark:
    """A sentence that belongs to an applicable threat when the condition is true."""

    when: Condition
    sentence: str


@dataclass(frozen=True, eq=False)
class Rule:
    """When a threat applies to a system, and whose it is.

    `reads` holds the questions that can change whether it applies: those it names and those that decide whether these
    are asked, in the order of the profile. `party_reads` is the same for the party.
    """

    threat: str
    applicable_when: Condition
    responsibility: tuple[PartyEntry, ...]
    remarks: tuple[Remark, ...]
    reads: tuple[str, ...]
    party_reads: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Modifier:
    """Something the answers say about threats beyond whether they apply: a greater impact, or an optional control."""

    id: str
    when: Condition
    effect: str
    threats: tuple[str, ...]
    controls: tuple[str, ...]
    sentence: str
    reads: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Point:
    """Something a person should look into when the condition is true. It adds no threat and changes no verdict.

    `settled_by` is the answer of the profile that says it already, if one does; `url` the page of the source.
    """

    id: str
    context: str
    when: Condition
    question: str
    why: str
    settled_by: Includes | None
    threats: tuple[str, ...]
    controls: tuple[str, ...]
    url: str
    reads: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class RuleSet:
    """Questions, rules, modifiers and points to look into, each in the order of the edition. Compared by identity."""

    edition: str
    questions: tuple[Question, ...]
    rules: tuple[Rule, ...]
    modifiers: tuple[Modifier, ...]
    groups: tuple[QuestionGroup, ...] = ()
    attention: tuple[Point, ...] = ()
    by_key: Mapping[str, Question] = field(init=False, repr=False)
    deciding: frozenset[str] = field(init=False, repr=False)  # questions on whose answer others are asked

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_key", {question.key: question for question in self.questions})
        deciding = frozenset(key for question in self.questions for key, _ in question.asked_if)
        object.__setattr__(self, "deciding", deciding)

    def question(self, key: str) -> Question:
        """The question with this key; KeyError when there is none."""
        return self.by_key[key]


@cache
def packaged_rule_set() -> RuleSet:
    """The rule set of the edition that comes with the project, read from its files; never touches the database."""
    parts = (json.loads((PACKAGED_EDITION / name).read_text(encoding="utf-8")) for name in PROFILE_FILES)
    return parse_rule_set({section: value for part in parts for section, value in part.items()})


def parse_rule_set(data: Mapping[str, Any]) -> RuleSet:
    """Parse `edition`, `questions`, `rules`, `modifiers` and, if given, `question_groups` and `attention`.

    Raises ValueError that names the place for anything malformed, including a reference to a question, value or threat
    that does not exist.
    """
    if not isinstance(data, Mapping):
        raise ValueError("The edition is not an object.")
    edition = text_in(data, "edition", "the edition")
    groups = tuple(
        QuestionGroup(text_in(entry, "key", place), text_in(entry, "title", place))
        for place, entry in objects_in(data, "question_groups", absent=True)
    )
    questions: dict[str, Question] = {}
    for place, entry in objects_in(data, "questions"):
        question = _question(entry, questions, place)
        if groups and question.group not in {group.key for group in groups}:
            raise ValueError(f"{place} ({question.key}): there is no question group “{question.group}”.")
        questions[question.key] = question
    rules: dict[str, Rule] = {}
    for place, entry in objects_in(data, "rules"):
        rule = _rule(entry, questions, place)
        if rule.threat in rules:
            raise ValueError(f"{place}: there are two rules for “{rule.threat}”.")
        rules[rule.threat] = rule
    modifiers = tuple(_modifier(entry, questions, rules, place) for place, entry in objects_in(data, "modifiers"))
    points = tuple(_point(entry, questions, place) for place, entry in objects_in(data, "attention", absent=True))
    return RuleSet(edition, tuple(questions.values()), tuple(rules.values()), modifiers, groups, points)


def with_rules(rule_set: RuleSet, entries: Iterable[Mapping[str, Any]]) -> tuple[RuleSet, tuple[str, ...]]:
    """The rule set with more rules after its own, and the threats whose rule can't be read by these questions.

    An organisation's own rules outlive the edition they were written for, whose questions another may not have.
    """
    rules, unread = list(rule_set.rules), []
    for entry in entries:
        try:
            rules.append(_rule(entry, rule_set.by_key, "rule"))
        except ValueError:
            unread.append(entry["threat"])
    return replace(rule_set, rules=tuple(rules)), tuple(unread)


def condition_fault(condition: object, rule_set: RuleSet) -> str:
    """What is wrong with a condition over these questions, as a sentence; empty when nothing is."""
    try:
        _condition(condition, rule_set.by_key, "condition")
    except ValueError as error:
        return str(error)
    return ""


def _question(entry: Mapping[str, Any], earlier: Mapping[str, Question], place: str) -> Question:
    key = text_in(entry, "key", place)
    place = f"{place} ({key})"
    if key in earlier:
        raise ValueError(f"{place}: there are two questions with this key.")
    kind = text_in(entry, "kind", place)
    if kind not in KINDS:
        raise ValueError(f"{place}: “{kind}” is not a kind of question.")
    values = texts_in(entry, "values", place)
    if kind == "yes_no" and set(values) != {"yes", "no", UNKNOWN}:
        raise ValueError(f"{place}: a yes_no question has the values yes, no and unknown.")
    if kind == "many" and UNKNOWN in values:
        raise ValueError(f"{place}: a list is unknown by being empty, so “unknown” is not one of its values.")
    return Question(
        key=key,
        kind=kind,
        values=values,
        asked_if=_asked_if(entry.get("asked_if"), earlier, f"{place}.asked_if"),
        group=text_in(entry, "group", place),
        text=text_in(entry, "text", place),
        hint=text_in(entry, "hint", place, empty=True),
        labels={value: text_in(object_in(entry, "labels", place), value, f"{place}.labels") for value in values},
        sentences=_sentences(entry, kind, values, place),
    )


def _asked_if(asked_if: object, earlier: Mapping[str, Question], place: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """Dependencies point to earlier questions only, so that there is no circle and one pass decides what is asked."""
    if asked_if is None:
        return ()
    if not isinstance(asked_if, Mapping) or not asked_if:
        raise ValueError(f"{place}: this is neither null nor an object of questions and their values.")
    dependencies = []
    for key in asked_if:
        if key not in earlier:
            raise ValueError(f"{place}: “{key}” is not an earlier question.")
        values = texts_in(asked_if, key, place)
        for value in values:
            if value not in earlier[key].values:
                raise ValueError(f"{place}: “{value}” is not a value of “{key}”.")
        dependencies.append((key, frozenset(values) - {UNKNOWN}))
    return tuple(dependencies)


def _sentences(entry: Mapping[str, Any], kind: str, values: Iterable[str], place: str) -> dict[str, Sentences]:
    """One entry per value that a condition may name; "no" says the opposite of "yes" and is not written down."""
    given = object_in(entry, "sentences", place)
    sentences = {}
    for value in ("yes",) if kind == "yes_no" else values:
        if value == UNKNOWN or (kind == "many" and value == NONE):
            continue
        three, where = object_in(given, value, f"{place}.sentences"), f"{place}.sentences.{value}"
        sentences[value] = Sentences(*(text_in(three, name, where) for name in ("true", "false", "unknown")))
    if kind == "yes_no":
        yes = sentences["yes"]
        sentences["no"] = Sentences(if_true=yes.if_false, if_false=yes.if_true, if_unknown=yes.if_unknown)
    return sentences


def _rule(entry: Mapping[str, Any], questions: Mapping[str, Question], place: str) -> Rule:
    threat = text_in(entry, "threat", place)
    place = f"{place} ({threat})"
    condition = _condition(entry.get("applicable_when"), questions, f"{place}.applicable_when")
    parties = tuple(_party(each, questions, where) for where, each in objects_in(entry, "responsibility", place))
    if not parties:
        raise ValueError(f"{place}.responsibility: no party is named.")
    if any(isinstance(each.when, Always) for each in parties[:-1]):
        raise ValueError(f"{place}.responsibility: an entry without “if” can only be the last.")
    remarks = tuple(
        Remark(
            when=_condition(each.get("when", "always"), questions, f"{where}.when"),
            sentence=text_in(each, "sentence", where),
        )
        for where, each in objects_in(entry, "remarks", place, absent=True)
    )
    return Rule(
        threat=threat,
        applicable_when=condition,
        responsibility=parties,
        remarks=remarks,
        reads=_reads(questions, condition, *(remark.when for remark in remarks)),
        party_reads=_reads(questions, *(each.when for each in parties)),
    )


def _party(entry: Mapping[str, Any], questions: Mapping[str, Question], place: str) -> PartyEntry:
    party = text_in(entry, "party", place)
    if party not in PARTIES:
        raise ValueError(f"{place}: “{party}” is not a party.")
    return PartyEntry(when=_condition(entry.get("if", "always"), questions, f"{place}.if"), party=party)


def _modifier(
    entry: Mapping[str, Any], questions: Mapping[str, Question], rules: Mapping[str, Rule], place: str
) -> Modifier:
    identifier = text_in(entry, "id", place)
    place = f"{place} ({identifier})"
    condition = _condition(entry.get("when"), questions, f"{place}.when")
    threats = texts_in(entry, "threats", place) if "threats" in entry else ()
    for threat in threats:
        if threat not in rules:
            raise ValueError(f"{place}.threats: there is no rule for “{threat}”.")
    return Modifier(
        id=identifier,
        when=condition,
        effect=text_in(entry, "effect", place),
        threats=threats,
        controls=texts_in(entry, "controls", place) if "controls" in entry else (),
        sentence=text_in(entry, "sentence", place),
        reads=_reads(questions, condition),
    )


def _point(entry: Mapping[str, Any], questions: Mapping[str, Question], place: str) -> Point:
    identifier = text_in(entry, "id", place)
    place = f"{place} ({identifier})"
    context = text_in(entry, "context", place)
    if context not in CONTEXTS:
        raise ValueError(f"{place}: “{context}” is not a context.")
    when = _condition(entry.get("when"), questions, f"{place}.when")
    settled_by = _settled_by(entry, questions, place)
    return Point(
        id=identifier,
        context=context,
        when=when,
        question=text_in(entry, "question", place),
        why=text_in(entry, "why", place),
        settled_by=settled_by,
        threats=texts_in(entry, "threats", place) if "threats" in entry else (),
        controls=texts_in(entry, "controls", place) if "controls" in entry else (),
        url=text_in(entry, "url", place),
        reads=_reads(questions, *((when, settled_by) if settled_by else (when,))),
    )


def _settled_by(entry: Mapping[str, Any], questions: Mapping[str, Question], place: str) -> Includes | None:
    if "settled_by" not in entry:
        return None
    condition = _condition(entry["settled_by"], questions, f"{place}.settled_by")
    if not isinstance(condition, Includes):
        raise ValueError(f"{place}.settled_by: this is not one answer to one question.")
    return condition


def _condition(entry: object, questions: Mapping[str, Question], place: str) -> Condition:
    if entry == "always":
        return Always()
    if isinstance(entry, Mapping):
        if set(entry) == {"all"} or set(entry) == {"any"}:
            name = next(iter(entry))
            parts = entry[name]
            if isinstance(parts, list) and parts:
                parsed = tuple(_condition(part, questions, f"{place}.{name}[{n}]") for n, part in enumerate(parts))
                return All(parsed) if name == "all" else AnyOf(parsed)
        elif set(entry) == {"question", "is"} or set(entry) == {"question", "has"}:
            return _includes(entry, questions, place)
    raise ValueError(f"{place}: this is not a condition.")


def _includes(entry: Mapping[str, Any], questions: Mapping[str, Question], place: str) -> Includes:
    """`has` reads a list, `is` one answer; past this check they mean the same."""
    key, operator = entry["question"], "has" if "has" in entry else "is"
    question = questions.get(key) if isinstance(key, str) else None
    if question is None:
        raise ValueError(f"{place}: “{key}” is not a question.")
    if (operator == "has") != (question.kind == "many"):
        raise ValueError(f"{place}: “{operator}” does not fit a question of kind {question.kind}.")
    if not isinstance(entry[operator], str) or entry[operator] not in question.sentences:
        raise ValueError(f"{place}: “{entry[operator]}” is not a value of “{key}” that a condition can name.")
    return Includes(key, entry[operator])


def _reads(questions: Mapping[str, Question], *conditions: Condition) -> tuple[str, ...]:
    wanted = {key for condition in conditions for key in _named(condition)}
    for question in reversed(tuple(questions.values())):  # a question depends on earlier ones only
        if question.key in wanted:
            wanted.update(key for key, _ in question.asked_if)
    return tuple(key for key in questions if key in wanted)


def _named(condition: Condition) -> Iterator[str]:
    if isinstance(condition, Includes):
        yield condition.question
    elif isinstance(condition, All | AnyOf):
        for part in condition.parts:
            yield from _named(part)
