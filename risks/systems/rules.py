"""Which threats apply to an AI system, whose they are and why: identification as a function of the profile answers.

Source: OWASP AI Exchange, threat model (https://owaspai.org/go/threatmodel/), as rules of a catalog edition.
An edition never changes, and what a rule says depends on the answers to a handful of questions only. So each rule
remembers what it said to the same answers before.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from catalog.profile import Always, Condition, Includes, Modifier, PartyEntry, Rule, RuleSet
from risks.systems.answers import known_answers
from risks.systems.logic import Known, Truth, decide, truth
from risks.systems.reasons import About, Outcome, Reason, leaf_sentence, reading_of, settle
from risks.systems.wording import joined

type Status = Literal["applicable", "not_applicable", "undetermined"]
type Answers = tuple[Known, ...]
type Findings = tuple["Finding", ...]

STATUSES: dict[Truth, Status] = {True: "applicable", False: "not_applicable", None: "undetermined"}
REMEMBERED = 20_000  # more than all combinations of answers that the rules of one edition can tell apart

EXPOSED = Outcome("makes this threat apply", "rules it out")
EFFECTS = {
    "raises_impact": Outcome("raises its impact", "does not raise it"),
    "adds_impact_data_exfiltration": Outcome(
        "adds data exfiltration to its impact", "keeps data exfiltration out of its impact"
    ),
}
ALWAYS_EXPOSED = Reason("Every AI system is exposed to this threat.")
RESPONSIBILITY = {"own": "ours", "shared": "shared with the supplier", "supplier": "the supplier's"}
ASSURANCE = Reason("The supplier owes us assurance, which stands in place of controls of our own.", "party")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules say about one threat to one system.

    `party` is None when the threat does not apply, and while both the threat and whose it would be are undetermined.
    `modifiers` holds the ids of those that act on this threat; only an applicable threat has any.
    """

    threat: str
    status: Status
    party: str | None
    reasons: tuple[Reason, ...]
    modifiers: tuple[str, ...]

    def sentences(self, about: About | None = None) -> list[str]:
        """The reasons as people read them, of one sort or all of them."""
        return [reason.text for reason in self.reasons if about in (None, reason.about)]


@dataclass(frozen=True, slots=True)
class Identification:
    """The verdict on every threat that has a rule, in the order of the rules, and the modifiers that hold."""

    verdicts: Mapping[str, Verdict]
    modifiers: tuple[Modifier, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many threats have each status, and how many of the applicable ones belong to each party."""
        counts = dict.fromkeys((*STATUSES.values(), *RESPONSIBILITY), 0)
        for verdict in self.verdicts.values():
            counts[verdict.status] += 1
            if verdict.status == "applicable" and verdict.party:
                counts[verdict.party] += 1
        return counts


@dataclass(frozen=True, slots=True)
class Change:
    """One threat whose verdict differs between two sets of answers."""

    before: Verdict
    after: Verdict

    @property
    def threat(self) -> str:
        """The key of the threat."""
        return self.after.threat

    @property
    def status_changed(self) -> bool:
        """Whether it applies now and did not, or the other way round, or became known or unknown."""
        return self.before.status != self.after.status

    @property
    def party_changed(self) -> bool:
        """Whether it is someone else's now."""
        return self.before.party != self.after.party

    @property
    def modifiers_gained(self) -> tuple[str, ...]:
        """Ids of the modifiers that act on the threat only after the change."""
        return _without(self.after.modifiers, self.before.modifiers)

    @property
    def modifiers_lost(self) -> tuple[str, ...]:
        """Ids of the modifiers that acted on the threat only before the change."""
        return _without(self.before.modifiers, self.after.modifiers)


@dataclass(frozen=True, slots=True)
class Effect:
    """What changes between two sets of answers; `changes` holds the threats that differ, in the order of the rules."""

    before: Identification
    after: Identification
    changes: tuple[Change, ...]
    modifiers_gained: tuple[Modifier, ...]
    modifiers_lost: tuple[Modifier, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """Whether a modifier holds, and what it says of the applicable threats it acts on. Compared by identity."""

    modifier: Modifier
    holds: Truth
    reasons: tuple[Reason, ...]


def identify(rule_set: RuleSet, answers: Mapping[str, Any]) -> Identification:
    """The verdict on every threat that has a rule; the answers are valid ones (see `validate_answers`).

    A threat applies, does not apply or is undetermined as its condition is true, false or unknown. Its party is that of
    the first entry whose condition is true: an unknown one before it is passed over, and a reason says that the party
    holds for now. While the threat itself is undetermined, an unknown one leaves the party open instead.
    """
    known = known_answers(rule_set, answers)
    findings = _findings(rule_set, known)
    by_threat = _by_threat(findings)
    return Identification(
        verdicts={rule.threat: _verdict(rule_set, rule, known, by_threat) for rule in rule_set.rules},
        modifiers=tuple(finding.modifier for finding in findings if finding.holds),
    )


def verdict_on(rule_set: RuleSet, threat_key: str, answers: Mapping[str, Any]) -> Verdict | None:
    """The verdict on one threat as `identify` gives it; None for a threat without a rule."""
    known = known_answers(rule_set, answers)
    by_threat = _by_threat(_findings(rule_set, known))
    rules = (rule for rule in rule_set.rules if rule.threat == threat_key)
    return next((_verdict(rule_set, rule, known, by_threat) for rule in rules), None)


def effect_of(rule_set: RuleSet, before: Mapping[str, Any], after: Mapping[str, Any]) -> Effect:
    """What changes when the answers `before` become `after`: status, party, and modifiers gained or lost."""
    old, new = identify(rule_set, before), identify(rule_set, after)
    changes = (Change(old.verdicts[threat], new.verdicts[threat]) for threat in new.verdicts)
    return Effect(
        before=old,
        after=new,
        changes=tuple(
            change
            for change in changes
            if change.status_changed or change.party_changed or change.before.modifiers != change.after.modifiers
        ),
        modifiers_gained=_without(new.modifiers, old.modifiers),
        modifiers_lost=_without(old.modifiers, new.modifiers),
    )


def _verdict(rule_set: RuleSet, rule: Rule, known: Mapping[str, Known], findings: Mapping[str, Findings]) -> Verdict:
    status, party = _answers(known, rule.reads), _answers(known, rule.party_reads)
    return _settled(rule_set, rule, status, party, findings.get(rule.threat, ()))


@lru_cache(maxsize=REMEMBERED)
def _settled(rule_set: RuleSet, rule: Rule, answers: Answers, party_answers: Answers, findings: Findings) -> Verdict:
    """The verdict on the threat of a rule, with what the modifiers say that are about it."""
    status, reasons = _status(rule_set, rule, answers)
    if status == "not_applicable":
        return Verdict(rule.threat, status, None, reasons, ())
    party, of_party = _party(rule_set, rule, party_answers, status)
    if status == "undetermined":
        return Verdict(rule.threat, status, party, reasons + of_party, ())
    of_modifiers = tuple(reason for finding in findings for reason in finding.reasons)
    modifiers = tuple(finding.modifier.id for finding in findings if finding.holds)
    return Verdict(rule.threat, status, party, reasons + of_party + of_modifiers, modifiers)


def _findings(rule_set: RuleSet, known: Mapping[str, Known]) -> list[Finding]:
    return [_finding(rule_set, each, _answers(known, each.reads)) for each in rule_set.modifiers]


def _by_threat(findings: Iterable[Finding]) -> dict[str, Findings]:
    """What the modifiers say, by the threat they are about."""
    found: dict[str, Findings] = {}
    for finding in findings:
        for threat in finding.modifier.threats:
            found[threat] = (*found.get(threat, ()), finding)
    return found


def _answers(known: Mapping[str, Known], keys: tuple[str, ...]) -> Answers:
    return tuple([known[key] for key in keys])


@lru_cache(maxsize=REMEMBERED)
def _status(rule_set: RuleSet, rule: Rule, answers: Answers) -> tuple[Status, tuple[Reason, ...]]:
    """Whether the threat applies; `answers` are to the questions of `rule.reads`."""
    holds, reasons = _exposure(rule_set, rule.applicable_when, rule.reads, answers)
    if holds and rule.remarks:
        standing = reading_of(rule_set, rule.reads, answers).standing
        reasons += tuple(Reason(each.sentence, "remark") for each in rule.remarks if truth(each.when, standing))
    return STATUSES[holds], reasons


@lru_cache(maxsize=REMEMBERED)
def _exposure(
    rule_set: RuleSet, condition: Condition, reads: tuple[str, ...], answers: Answers
) -> tuple[Truth, tuple[Reason, ...]]:
    """What a condition comes to; the rules that share it, such as those on theft of the model, settle it once."""
    if isinstance(condition, Always):
        return True, (ALWAYS_EXPOSED,)
    return settle(condition, reading_of(rule_set, reads, answers), outcome=EXPOSED, about="status")


@lru_cache(maxsize=REMEMBERED)
def _party(rule_set: RuleSet, rule: Rule, answers: Answers, status: Status) -> tuple[str | None, tuple[Reason, ...]]:
    """Whose the threat is; `answers` are to the questions of `rule.party_reads`."""
    standing = reading_of(rule_set, rule.party_reads, answers).standing
    passed: list[Includes] = []
    doubts: list[Includes] = []
    for entry in rule.responsibility:
        decision = decide(entry.when, standing)
        if decision.truth:
            rests_on = doubts or list(decision.leaves) or passed
            if doubts and status == "undetermined":
                return None, ()
            causes = [leaf_sentence(rule_set, leaf, standing) for leaf in rests_on]
            return entry.party, _party_reasons(entry, causes, rests_on, status, for_now=bool(doubts))
        (doubts if decision.truth is None else passed).extend(decision.leaves)
    return None, ()


def _party_reasons(
    entry: PartyEntry, causes: list[str], rests_on: list[Includes], status: Status, *, for_now: bool
) -> tuple[Reason, ...]:
    """The sentences for a party, with what decides it and whether that may still change."""
    start = "If it applies, the" if status == "undetermined" else "The"
    text = f"{start} responsibility is {RESPONSIBILITY[entry.party]}{' for now' if for_now else ''}"
    text = f"{text}: {joined(causes)}." if causes else f"{text}."
    question = rests_on[0].question if len({leaf.question for leaf in rests_on}) == 1 else None
    reason = Reason(text, "party", question, truth=None if for_now else True)
    return (reason, ASSURANCE) if entry.party == "supplier" else (reason,)


@lru_cache(maxsize=REMEMBERED)
def _finding(rule_set: RuleSet, modifier: Modifier, answers: Answers) -> Finding:
    """Whether a modifier holds and what it says of its threats; `answers` are to the questions of `modifier.reads`."""
    reading = reading_of(rule_set, modifier.reads, answers)
    outcome = EFFECTS.get(modifier.effect, Outcome("makes a difference to it", "makes no difference to it"))
    holds, reasons = settle(modifier.when, reading, outcome=outcome, about="modifier")
    if holds is not None:
        reasons = (Reason(modifier.sentence, "modifier"),) if holds else ()
    return _said(modifier, holds, reasons)


@lru_cache(maxsize=REMEMBERED)
def _said(modifier: Modifier, holds: Truth, reasons: tuple[Reason, ...]) -> Finding:
    """One object for all answers of which a modifier says the same, so that verdicts are remembered by it."""
    return Finding(modifier, holds, reasons)


def _without[T](these: tuple[T, ...], those: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(each for each in these if each not in those)
