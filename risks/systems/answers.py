"""The answers to a profile: which are valid, which questions are asked, and which still lack an answer.

Answers are a plain object: question → value, or for a question of kind "many" a list of values. "unknown", an empty
list and an absent question all mean that it is not known yet.
"""

from collections.abc import Mapping
from typing import Any

from catalog.profile import NONE, UNKNOWN, Question, RuleSet
from risks.systems.logic import Known, Standing, standing_of
from risks.systems.wording import one_of

WHOLE = "profile"  # the key of an error that belongs to no single question
MOST_ERRORS = 20
LONGEST_SHOWN = 40


class InvalidAnswersError(ValueError):
    """Answers that the profile does not take; `errors` has one plain sentence per question."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = dict(errors)


def validate_answers(rule_set: RuleSet, answers: object) -> dict[str, Any]:
    """The answers in the order of the profile, lists too; raises InvalidAnswersError for what it does not take.

    Refused are unknown questions, unknown values, wrong types, "none" together with other values, and a value listed
    twice. Answers to questions that are not asked are kept. At most 20 problems are reported.
    """
    if not isinstance(answers, Mapping):
        raise InvalidAnswersError({WHOLE: f"A profile is an object of questions and answers, not {_kind_of(answers)}."})
    errors: dict[str, str] = {}
    for key, answer in answers.items():
        question = rule_set.by_key.get(key) if isinstance(key, str) else None
        problem = f"The profile has no question “{shown(key)}”." if question is None else _problem(question, answer)
        if problem:
            errors[shown(key)] = problem
        if len(errors) >= MOST_ERRORS:
            break
    if errors:
        raise InvalidAnswersError(errors)
    return {
        question.key: _in_order(question, answers[question.key])
        for question in rule_set.questions
        if question.key in answers
    }


def known_answers(rule_set: RuleSet, answers: Mapping[str, Any]) -> dict[str, Known]:
    """The values that hold for each question, None where that is not known yet; the answers are valid ones.

    Answers kept from another edition may name values or questions that this one does not have: these hold nothing.
    """
    return {question.key: _known(question, answers.get(question.key)) for question in rule_set.questions}


def profile_standing(rule_set: RuleSet, answers: Mapping[str, Any]) -> Standing:
    """What is known of every question of the profile, and which are not asked."""
    return standing_of(rule_set.questions, known_answers(rule_set, answers))


def asked_questions(rule_set: RuleSet, answers: Mapping[str, Any]) -> list[Question]:
    """The questions worth asking after these answers, in the order of the profile."""
    unasked = profile_standing(rule_set, answers).unasked
    return [question for question in rule_set.questions if question.key not in unasked]


def missing_questions(rule_set: RuleSet, answers: Mapping[str, Any]) -> list[Question]:
    """The questions that are asked and not answered, or answered with "unknown", in the order of the profile."""
    standing = profile_standing(rule_set, answers)
    return [question for question in rule_set.questions if standing.known[question.key] is None]


def _known(question: Question, answer: Any) -> Known:
    if not answer or answer == UNKNOWN:
        return None
    return frozenset(answer) if question.kind == "many" else frozenset((answer,))


def _problem(question: Question, answer: object) -> str:
    """What is wrong with an answer, as a sentence; empty when nothing is."""
    if question.kind != "many":
        if not isinstance(answer, str):
            return f"This question takes one of {_offer(question)}, not {_kind_of(answer)}."
        if answer not in question.values:
            return f"“{shown(answer)}” is not an answer to this question; it takes {_offer(question)}."
        return ""
    if not isinstance(answer, list | tuple):
        return f"This question takes a list of {_offer(question)}, not {_kind_of(answer)}."
    if len(answer) > len(question.values):
        return f"This question has {len(question.values)} possible answers, and the list holds {len(answer)}."
    for number, value in enumerate(answer):
        if not isinstance(value, str):
            return f"The list for this question takes {_offer(question)}, not {_kind_of(value)}."
        if value not in question.values:
            return f"“{shown(value)}” is not an answer to this question; it takes {_offer(question)}."
        if value in answer[:number]:
            return f"“{value}” is listed twice."
    if NONE in answer and len(answer) > 1:
        return f"“{NONE}” cannot stand together with other answers."
    return ""


def _offer(question: Question) -> str:
    return one_of([f"“{value}”" for value in question.values])


def _in_order(question: Question, answer: Any) -> Any:
    return [value for value in question.values if value in answer] if question.kind == "many" else answer


def _kind_of(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    kinds = ((int | float, "a number"), (str, "text"), (list | tuple, "a list"), (Mapping, "an object"))
    return next((name for kind, name in kinds if isinstance(value, kind)), "something else")


def shown(text: object) -> str:
    """Text of unknown origin, fit for a sentence: short and printable."""
    start = str(text)[: LONGEST_SHOWN + 1] if isinstance(text, str) else _kind_of(text)
    printable = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in start)
    return printable if len(printable) <= LONGEST_SHOWN else f"{printable[:LONGEST_SHOWN]}…"
