"""What the components of a system suggest as answers to its profile, and why. A suggestion is no answer by itself.

Source: OWASP AI Exchange, delivery models (https://owaspai.org/go/aiengineeringprimer/): who trained a model and who
runs it follow from how it comes to us.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from catalog.profile import UNKNOWN, RuleSet
from risks.systems.choices import Delivery, HostedBy

TRAINED_BY, RUN_BY = "trained_by", "run_by"  # questions of the profile
OWN, SUPPLIER = "own", "supplier"  # their answers

RUN = {HostedBy.US: OWN, HostedBy.SUPPLIER: SUPPLIER}


@dataclass(frozen=True)
class Part:
    """A model or model extension of which it is known how it comes to us; `supplier` is a name, empty for nobody."""

    name: str
    delivery: str
    hosted_by: str = ""
    supplier: str = ""


@dataclass(frozen=True)
class Suggestion:
    """An answer to a question, as the profile keeps it (a list for a question of kind "many"), and the reasons."""

    answer: Any
    reasons: tuple[str, ...]

    @property
    def why(self) -> str:
        """ "Corvus chat is a hosted service, Halden is externally sourced and run by us"."""
        return ", ".join(self.reasons)

    def contradicts(self, answer: Any) -> bool:
        """Whether an answer that was given cannot be right if the components are.

        More people may have trained than the components tell. What is not known yet contradicts nothing.
        """
        if not answer or answer == UNKNOWN:
            return False
        if isinstance(self.answer, list):
            return not set(self.answer) <= set(answer)
        return bool(self.answer != answer)


def suggested_answers(rule_set: RuleSet, parts: Iterable[Part]) -> dict[str, Suggestion]:
    """What the parts suggest, by question; only for questions and answers that the rule set has.

    Everyone who trained one of the parts is suggested; who runs them only where that is known of all and the same.
    """
    parts = list(parts)
    trained = {value for part in parts for value in _trained_by(part)}
    run = {_run_by(part) for part in parts}
    found: dict[str, Suggestion] = {}
    if trained and (answer := _known(rule_set, TRAINED_BY, trained)):
        found[TRAINED_BY] = Suggestion(answer, tuple(_why_trained(part) for part in parts))
    if len(run) == 1 and (answer := _known(rule_set, RUN_BY, run)):
        found[RUN_BY] = Suggestion(answer[0], tuple(_why_run(part) for part in parts))
    return found


def contradictions(suggested: Mapping[str, Suggestion], answers: Mapping[str, Any]) -> dict[str, Suggestion]:
    """The suggestions that the answers contradict, by question."""
    return {key: each for key, each in suggested.items() if each.contradicts(answers.get(key))}


def _trained_by(part: Part) -> set[str]:
    if part.delivery != Delivery.TRAINED:
        return {SUPPLIER}
    return {OWN, SUPPLIER} if part.supplier else {OWN}


def _run_by(part: Part) -> str | None:
    """None where it is not known."""
    if part.delivery == Delivery.HOSTED:
        return SUPPLIER
    if part.delivery == Delivery.SELF_RUN:
        return OWN
    return RUN.get(HostedBy(part.hosted_by)) if part.hosted_by else None


def _known(rule_set: RuleSet, key: str, values: Iterable[str | None]) -> list[str]:
    """The values in the order of the question; none when another edition asks it otherwise."""
    question = rule_set.by_key.get(key)
    wanted = set(values)
    if question is None or not wanted <= set(question.values):
        return []
    return [value for value in question.values if value in wanted]


def _why_trained(part: Part) -> str:
    if part.delivery != Delivery.TRAINED:
        return _how_it_comes(part)
    return f"{part.name} is adapted by us from {part.supplier}" if part.supplier else f"{part.name} is trained by us"


def _why_run(part: Part) -> str:
    if part.delivery != Delivery.TRAINED:
        return _how_it_comes(part)
    return f"{part.name} is hosted by {'us' if part.hosted_by == HostedBy.US else part.supplier or 'a supplier'}"


def _how_it_comes(part: Part) -> str:
    if part.delivery == Delivery.HOSTED:
        return f"{part.name} is a hosted service"
    return f"{part.name} is externally sourced and run by us"
