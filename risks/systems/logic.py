"""Three-valued (Kleene) logic over the answers of a profile: a condition is true, false, or not known yet.

True, False and None stand for the three. A condition reads a standing: for each question the set of values that hold,
or None while that is not known.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from catalog.profile import All, Always, Condition, Includes, Question

type Truth = bool | None
type Known = frozenset[str] | None

NOTHING: frozenset[str] = frozenset()
NO = frozenset({"no"})


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of each question, and which questions are not asked.

    A question that is not asked counts as "no" or, when it takes other values, as holding none of them. The given
    answers to it are kept aside and ignored.
    """

    known: Mapping[str, Known]
    unasked: frozenset[str]


def standing_of(questions: Iterable[Question], known: Mapping[str, Known]) -> Standing:
    """Settle which of the questions are asked, from what is known of them.

    A question is asked when each question it depends on is asked itself, and is answered with one of the listed values
    or not known yet. `questions` come in the order of the profile and hold their dependencies.
    """
    settled: dict[str, Known] = {}
    unasked = set()
    for question in questions:
        if not question.asked_if or all(
            key not in unasked and ((answer := settled[key]) is None or not answer.isdisjoint(values))
            for key, values in question.asked_if
        ):
            settled[question.key] = known.get(question.key)
        else:
            unasked.add(question.key)
            settled[question.key] = NO if question.kind == "yes_no" else NOTHING
    return Standing(settled, frozenset(unasked))


def truth(condition: Condition, standing: Standing) -> Truth:
    """Whether the condition is true, false or not known yet: what `decide` says, without the leaves."""
    if isinstance(condition, Includes):
        known = standing.known[condition.question]
        return None if known is None else condition.value in known
    if isinstance(condition, Always):
        return True
    breaks = not isinstance(condition, All)  # the truth of one part that is enough: false for all, true for any
    is_open = False
    for part in condition.parts:
        each = truth(part, standing)
        if each is breaks:
            return breaks
        is_open = is_open or each is None
    return None if is_open else not breaks


@dataclass(frozen=True, slots=True)
class Decision:
    """A truth with the leaves that decide it.

    For true and false the leaves are sufficient: as long as they stay, no other answer changes the truth. For unknown
    they are those whose answers are waited for.
    """

    truth: Truth
    leaves: tuple[Includes, ...]


def decide(condition: Condition, standing: Standing) -> Decision:
    """Decide a condition and name the fewest leaves that settle it.

    Where one of several parts is enough, it is the one that needs the fewest questions that are not asked, then the
    fewest leaves, then the first.
    """
    if isinstance(condition, Always):
        return Decision(True, ())
    if isinstance(condition, Includes):
        known = standing.known[condition.question]
        return Decision(None if known is None else condition.value in known, (condition,))
    breaks = not isinstance(condition, All)
    truths = [truth(part, standing) for part in condition.parts]
    if breaks in truths:
        enough = [decide(part, standing) for part, each in zip(condition.parts, truths, strict=True) if each is breaks]
        return enough[0] if len(enough) == 1 else min(enough, key=lambda decision: _cost(decision, standing))
    is_open = None in truths
    deciding = [part for part, each in zip(condition.parts, truths, strict=True) if each is None or not is_open]
    leaves = dict.fromkeys(leaf for part in deciding for leaf in decide(part, standing).leaves)
    return Decision(None if is_open else not breaks, tuple(leaves))


def _cost(decision: Decision, standing: Standing) -> tuple[int, int]:
    return sum(leaf.question in standing.unasked for leaf in decision.leaves), len(decision.leaves)
