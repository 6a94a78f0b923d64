"""What a person should look into after the answers of a profile: points of the Exchange that no rule decides.

A point adds no threat and changes no verdict. Each remembers what it said to the same answers before, as rules do.
Source: OWASP AI Exchange, its questions about retrieval (https://owaspai.org/go/ragoverview/) and the properties of
agents (https://owaspai.org/go/agenticaioverview/), as points of a catalog edition.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from catalog.profile import Point, RuleSet
from risks.systems.answers import known_answers
from risks.systems.logic import Known, Truth, decide, truth
from risks.systems.reasons import Reason, leaf_sentence, reading_of
from risks.systems.wording import joined

REMEMBERED = 5_000  # more than all combinations of answers that the points of one edition can tell apart
NOT_ANSWERED = "Not answered yet."


@dataclass(frozen=True, slots=True)
class Attention:
    """A point that matters for a system, with the sentences that say why.

    `answer` is what the profile says to it already, "Yes: …" or "No: …", or that nobody has said so yet; None for a
    point that only a look at the system can answer.
    """

    point: Point
    reasons: tuple[Reason, ...]
    answer: str | None
    answer_is: Truth

    @property
    def is_open(self) -> bool:
        """Whether no answer of the profile settles it."""
        return self.answer_is is None


def attention_to(rule_set: RuleSet, answers: Mapping[str, Any]) -> tuple[Attention, ...]:
    """The points that matter after these answers, in the order of the edition; the answers are valid ones.

    A point matters when its condition is true. While that is not known yet, it is left out.
    """
    known = known_answers(rule_set, answers)
    found = (_attention(rule_set, each, tuple([known[key] for key in each.reads])) for each in rule_set.attention)
    return tuple(each for each in found if each is not None)


@lru_cache(maxsize=REMEMBERED)
def _attention(rule_set: RuleSet, point: Point, answers: tuple[Known, ...]) -> Attention | None:
    """The point if it matters; `answers` are to the questions of `point.reads`."""
    reading = reading_of(rule_set, point.reads, answers)
    decision = decide(point.when, reading.standing)
    if not decision.truth:
        return None
    reasons = tuple(
        Reason(leaf_sentence(rule_set, leaf, reading.standing), "attention", leaf.question, leaf.value)
        for leaf in decision.leaves
    )
    if point.settled_by is None:
        return Attention(point, reasons, None, None)
    settled = truth(point.settled_by, reading.standing)
    said = joined([leaf_sentence(rule_set, point.settled_by, reading.standing)])
    answer = NOT_ANSWERED if settled is None else f"{'Yes' if settled else 'No'}: {said}."
    return Attention(point, reasons, answer, settled)
