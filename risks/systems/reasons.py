"""Why a verdict is what it is, in plain sentences that the answers decide."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from catalog.profile import NONE, Condition, Includes, Question, RuleSet
from risks.systems.logic import Decision, Known, Standing, Truth, decide, standing_of, truth
from risks.systems.wording import joined, one_of

REMEMBERED = 20_000  # readings, which several rules share

type About = Literal["status", "remark", "party", "modifier", "attention"]


@dataclass(frozen=True, slots=True)
class Reason:
    """One plain sentence, and the answer it rests on.

    `truth` is None when the sentence is about something not known yet. `value` is None when it rests on the question as
    a whole, `question` when it rests on no single question.
    """

    text: str
    about: About = "status"
    question: str | None = None
    value: str | None = None
    truth: Truth = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """What settling a condition means, as the end of a sentence that begins with the answer that settles it."""

    if_true: str
    if_false: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of the questions that a condition reads, in the order of the profile, and how they stand."""

    rule_set: RuleSet
    questions: tuple[Question, ...]
    known: Mapping[str, Known]
    standing: Standing

    def answered(self, key: str, answer: frozenset[str]) -> Standing:
        """How the questions would stand if this one, which is asked, had this answer."""
        if key in self.rule_set.deciding and any(key in dict(question.asked_if) for question in self.questions):
            return standing_of(self.questions, {**self.known, key: answer})
        return Standing({**self.standing.known, key: answer}, self.standing.unasked)


@lru_cache(maxsize=REMEMBERED)
def reading_of(rule_set: RuleSet, keys: tuple[str, ...], answers: tuple[Known, ...]) -> Reading:
    """The reading of these questions with an answer for each; they come with those they depend on."""
    questions = tuple([rule_set.by_key[key] for key in keys])
    known = dict(zip(keys, answers, strict=True))
    return Reading(rule_set, questions, known, standing_of(questions, known))


def settle(
    condition: Condition, reading: Reading, *, outcome: Outcome, about: About
) -> tuple[Truth, tuple[Reason, ...]]:
    """The truth of a condition, and the sentences that settle it: as few as are sufficient.

    While it is unknown these are the questions waited for, each with what an answer to it alone would settle.
    """
    standing = reading.standing
    decision = decide(condition, standing)
    if decision.truth is None:
        return None, _waiting(decision, condition, reading, outcome=outcome, about=about)
    return decision.truth, tuple(
        Reason(leaf_sentence(reading.rule_set, leaf, standing), about, leaf.question, leaf.value, truth(leaf, standing))
        for leaf in decision.leaves
    )


def leaf_sentence(rule_set: RuleSet, leaf: Includes, standing: Standing) -> str:
    """What one leaf says about the system; for a question that is not asked it says why it is not."""
    if leaf.question in standing.unasked:
        return not_asked_sentence(rule_set, leaf.question, standing)
    sentences = rule_set.question(leaf.question).sentences[leaf.value]
    return {True: sentences.if_true, False: sentences.if_false, None: sentences.if_unknown}[truth(leaf, standing)]


def not_asked_sentence(rule_set: RuleSet, key: str, standing: Standing) -> str:
    """Why a question is not asked, traced to the answer that was given."""
    causes = joined(_causes(rule_set, key, standing))
    return f"The question “{rule_set.question(key).text}” is not asked, because {causes}."


def _causes(rule_set: RuleSet, key: str, standing: Standing) -> list[str]:
    """What the first question that does not fit says instead of the values it would have to hold."""
    for other, values in rule_set.question(key).asked_if:
        if other in standing.unasked:
            return _causes(rule_set, other, standing)
        known = standing.known[other]
        if known is not None and known.isdisjoint(values):
            sentences = rule_set.question(other).sentences
            return [sentences[value].if_false for value in sentences if value in values]
    raise ValueError(f"The question {key} is asked.")


def _waiting(
    decision: Decision, condition: Condition, reading: Reading, *, outcome: Outcome, about: About
) -> tuple[Reason, ...]:
    """One sentence for each question waited for."""
    waited_for: dict[str, list[str]] = {}
    for leaf in decision.leaves:
        waited_for.setdefault(leaf.question, []).append(leaf.value)
    reasons = []
    for key, values in waited_for.items():
        question = reading.rule_set.question(key)
        value = values[0] if len(values) == 1 else None
        text = question.sentences[value].if_unknown if value else f"The question “{question.text}” has no answer yet."
        if settling := _settling(condition, reading, key, outcome):
            text = f"{text.removesuffix('.')}; {settling}."
        reasons.append(Reason(text, about, key, value, None))
    return tuple(reasons)


def _settling(condition: Condition, reading: Reading, key: str, outcome: Outcome) -> str:
    """Which answers to a question would settle the condition by themselves, and how; empty when none would."""
    question = reading.rule_set.question(key)
    then = {answer: truth(condition, reading.answered(key, answer)) for answer in question.possible_answers}
    if all(each is None for each in then.values()):
        return ""
    for holds, words in ((True, outcome.if_true), (False, outcome.if_false)):
        if all(each is holds for each in then.values()):
            return f"any answer {words}"
    sufficient = [value for value in question.choices if all(then[each] is True for each in then if value in each)]
    clauses = [f"{one_of(_labels(question, sufficient))} {outcome.if_true}"] if sufficient else []
    needed = [value for value in question.choices if then[frozenset((value,))] is not False]
    without = [answer for answer in then if answer.isdisjoint(needed)]
    if without and all(then[answer] is False for answer in without):
        named = "it" if len(needed) == 1 and needed == sufficient else one_of(_labels(question, needed))
        clauses.append(f"{_lacking(question, named, without)} {outcome.if_false}")
    return ", ".join(clauses)


def _lacking(question: Question, named: str, without: list[frozenset[str]]) -> str:
    """The answers that hold no needed value: by what they lack where they can be combined, else by their own names."""
    if question.kind == "many" and without != [frozenset((NONE,))]:
        return f"an answer without {named}"
    return one_of(_labels(question, [value for answer in without for value in answer]))


def _labels(question: Question, values: Iterable[str]) -> list[str]:
    return [f"“{question.labels[value]}”" for value in values]
