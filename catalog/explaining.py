"""Rules of the profile in plain words, without the answers of any system."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from catalog.profile import All, Always, Condition, Includes, Rule, RuleSet

type Word = Literal["always", "sentence", "all", "any"]

PARTIES = {"own": "Us", "supplier": "The supplier", "shared": "Us and the supplier"}


@dataclass(frozen=True)
class Statement:
    """A condition in words: a sentence about the system, or parts of which all or any must hold."""

    word: Word
    text: str = ""
    parts: "tuple[Statement, ...]" = ()


@dataclass(frozen=True)
class Duty:
    """Who answers for a threat, and when."""

    party: str
    when: Statement


def statement_of(condition: Condition, rule_set: RuleSet) -> Statement:
    """What a condition asks of a system."""
    if isinstance(condition, Always):
        return Statement("always")
    if isinstance(condition, Includes):
        return Statement("sentence", rule_set.question(condition.question).sentences[condition.value].if_true)
    parts = tuple(statement_of(part, rule_set) for part in condition.parts)
    return Statement("all" if isinstance(condition, All) else "any", parts=parts)


def duties_of(rule: Rule, rule_set: RuleSet) -> tuple[Duty, ...]:
    """Who answers for a threat by default, in the order in which the rule decides."""
    return tuple(Duty(PARTIES[entry.party], statement_of(entry.when, rule_set)) for entry in rule.responsibility)


def rule_for(threat_key: str, rule_set: RuleSet) -> Rule | None:
    """The rule that says when a threat applies, if it has one."""
    return next((rule for rule in rule_set.rules if rule.threat == threat_key), None)


def remarks_on(threat_key: str, rule: Rule | None, rule_set: RuleSet) -> Iterable[str]:
    """Sentences that answers may add to a threat."""
    yield from (remark.sentence for remark in (rule.remarks if rule else ()))
    yield from (modifier.sentence for modifier in rule_set.modifiers if threat_key in modifier.threats)
