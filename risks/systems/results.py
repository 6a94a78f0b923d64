"""What answers and verdicts say, as people read them: progress, counts, reasons, and what a change would change."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from catalog.facts import ThreatFacts
from catalog.profile import UNKNOWN, Point, Question, RuleSet
from catalog.reading import Catalog
from risks.systems.answers import asked_questions, missing_questions
from risks.systems.attention import Attention
from risks.systems.choices import Party
from risks.systems.reasons import Reason
from risks.systems.rules import RESPONSIBILITY, Change, Effect, Identification, Verdict

TRIFECTA = "lethal_trifecta"  # the modifier that people know by this name
NO_ANSWER = "No answer"
NOT_KNOWN = "I don't know yet"

GAINED = {"raises_impact": "its impact goes up", "adds_impact_data_exfiltration": "data exfiltration joins its impact"}
LOST = {
    "raises_impact": "its impact is no longer raised",
    "adds_impact_data_exfiltration": "data exfiltration leaves its impact",
}


@dataclass(frozen=True)
class Progress:
    """How far a profile is. "I don't know yet" is no answer here; a question that is not asked does not count."""

    answered: int
    asked: int
    untouched: int

    @property
    def missing(self) -> int:
        return self.asked - self.answered


@dataclass(frozen=True)
class ThreatLine:
    """One threat as a line of a list: the verdict, and its reasons parted by what they are about.

    `waits` has each question that the verdict waits for, with the sentence about it; `impact_waits` the questions that
    may still change the impact of a threat that applies. `duty` leaves out a sentence that says no more than the party.
    `variants` are the kinds of attack that are judged with it, `look_into` the open points that concern it.
    """

    threat: ThreatFacts
    verdict: Verdict
    why: tuple[str, ...]
    waits: tuple[tuple[Question, str], ...]
    duty: tuple[str, ...]
    more: tuple[str, ...]
    impact_waits: tuple[Question, ...]
    variants: tuple[ThreatFacts, ...] = ()
    look_into: tuple[Point, ...] = ()

    @property
    def has_trifecta(self) -> bool:
        """Whether the lethal trifecta acts on it."""
        return TRIFECTA in self.verdict.modifiers


@dataclass(frozen=True)
class Total:
    """One line of the totals; `change` says how it moved against what is saved, None when nothing is compared."""

    number: int
    words: str
    status: str
    change: str | None


def questions_to_show(rule_set: RuleSet, answers: Mapping[str, Any]) -> list[Question]:
    """The questions that stand on the page: asked, and their turn has come.

    One that follows from another waits until that one is answered, be it with "I don't know yet". One that has an
    answer already does not wait.
    """
    shown: dict[str, Question] = {}
    for question in asked_questions(rule_set, answers):
        if question.key in answers or all(key in shown and key in answers for key, _ in question.asked_if):
            shown[question.key] = question
    return list(shown.values())


def progress(rule_set: RuleSet, answers: Mapping[str, Any]) -> Progress:
    shown = {question.key for question in questions_to_show(rule_set, answers)}
    missing = shown.intersection(question.key for question in missing_questions(rule_set, answers))
    return Progress(answered=len(shown) - len(missing), asked=len(shown), untouched=len(shown - answers.keys()))


def threat_lines(
    catalog: Catalog, identification: Identification, answers: Mapping[str, Any], attention: Iterable[Attention] = ()
) -> dict[str, list[ThreatLine]]:
    """The threats of each status, in the order of the catalog. Every status is there."""
    on_page = places_of(catalog.rule_set, answers)
    points = [each.point for each in attention if each.is_open]
    lines: dict[str, list[ThreatLine]] = {"applicable": [], "undetermined": [], "not_applicable": []}
    for key, threat in catalog.threats.items():
        if verdict := identification.verdicts.get(key):
            line = _line(threat, verdict, on_page)
            if verdict.status != "not_applicable":
                look_into = tuple(point for point in points if key in point.threats)
                variants = tuple(child for child in catalog.children_of(key) if child.is_variant)
                line = replace(line, variants=variants, look_into=look_into)
            lines[verdict.status].append(line)
    return lines


def counts_sentence(identification: Identification) -> str:
    """ "14 threats apply, 2 of them are the supplier's, 1 is not known yet, 7 do not apply"."""
    counts = identification.counts
    parts = [f"{counts['applicable']} {_plural(counts['applicable'], 'threat applies', 'threats apply')}"]
    if supplier := counts["supplier"]:
        parts.append(f"{supplier} of them {_plural(supplier, 'is', 'are')} the supplier's")
    if open_ones := counts["undetermined"]:
        parts.append(f"{open_ones} {_plural(open_ones, 'is', 'are')} not known yet")
    if off := counts["not_applicable"]:
        parts.append(f"{off} {_plural(off, 'does', 'do')} not apply")
    return ", ".join(parts)


def totals(now: Identification, before: Identification | None = None) -> list[Total]:
    """The counts as lines, against those before if given."""
    counts, old = now.counts, before.counts if before else None
    shown = (
        ("applicable", "applicable", _plural(counts["applicable"], "applies", "apply")),
        ("supplier", "applicable", "of them the supplier's"),
        ("undetermined", "undetermined", "not known yet"),
        ("not_applicable", "not_applicable", _plural(counts["not_applicable"], "does not apply", "do not apply")),
    )
    return [
        Total(counts[name], words, status, _moved(counts[name] - old[name]) if old else None)
        for name, status, words in shown
    ]


def changes_in_words(catalog: Catalog, effect: Effect) -> list[tuple[ThreatFacts, str]]:
    """Each threat that an unsaved change touches, with what happens to it."""
    return [(catalog.threats[change.threat], _change_in_words(catalog, change)) for change in effect.changes]


def left_out(catalog: Catalog, identification: Identification) -> list[tuple[str, list[ThreatFacts]]]:
    """Why threats do not apply, the reason that rules out most of them first."""
    causes: dict[str, list[ThreatFacts]] = {}
    for verdict in identification.verdicts.values():
        if verdict.status == "not_applicable":
            why = " ".join(verdict.sentences("status"))
            causes.setdefault(why, []).append(catalog.threats[verdict.threat])
    return sorted(causes.items(), key=lambda cause: -len(cause[1]))


def answer_in_words(question: Question, answer: Any) -> str:
    """An answer by its labels. An empty list was said on purpose, nothing at all was not."""
    if answer is None:
        return NO_ANSWER
    values: Sequence[str] = answer if isinstance(answer, list) else [answer]
    known = [question.labels.get(value, value) for value in values if value != UNKNOWN]
    return ", ".join(known) or NOT_KNOWN


def places_of(rule_set: RuleSet, answers: Mapping[str, Any]) -> dict[str, Question]:
    """For each question asked the one to answer first: itself, or the one whose answer brings it onto the page."""
    shown = {question.key for question in questions_to_show(rule_set, answers)}
    places: dict[str, Question] = {}
    for question in asked_questions(rule_set, answers):
        waits_for = [key for key, _ in question.asked_if if key not in answers]
        places[question.key] = question if question.key in shown else places[waits_for[0]]
    return places


def _line(threat: ThreatFacts, verdict: Verdict, places: Mapping[str, Question]) -> ThreatLine:
    about_status = [reason for reason in verdict.reasons if reason.about == "status"]
    about_impact = [reason for reason in verdict.reasons if reason.about in ("remark", "modifier")]
    plain = f"responsibility is {RESPONSIBILITY.get(verdict.party or '', '')}."
    return ThreatLine(
        threat=threat,
        verdict=verdict,
        why=tuple(reason.text for reason in about_status if reason.truth is not None),
        waits=_waits(about_status, places),
        duty=tuple(text for text in verdict.sentences("party") if not text.endswith(plain)),
        more=tuple(reason.text for reason in about_impact if reason.truth is not None),
        impact_waits=tuple(question for question, _ in _waits(about_impact, places)),
    )


def _waits(reasons: Iterable[Reason], places: Mapping[str, Question]) -> tuple[tuple[Question, str], ...]:
    """The questions to answer next, each with the first sentence that waits for it."""
    waits: dict[str, tuple[Question, str]] = {}
    for reason in reasons:
        if reason.truth is None and reason.question:
            question = places[reason.question]
            waits.setdefault(question.key, (question, reason.text))
    return tuple(waits.values())


def _change_in_words(catalog: Catalog, change: Change) -> str:
    words = []
    if change.status_changed:
        words.append(_new_status(change.before.status, change.after.status))
    elif change.party_changed:
        words.append(f"duty {_party(change.before)} → {_party(change.after)}")
    if not change.status_changed:
        effects = {modifier.id: modifier.effect for modifier in catalog.rule_set.modifiers}
        words += [GAINED.get(effects[each], "touched") for each in change.modifiers_gained]
        words += [LOST.get(effects[each], "touched") for each in change.modifiers_lost]
    return ", ".join(words)


def _new_status(before: str, after: str) -> str:
    if after == "undetermined":
        return "no longer known"
    if after == "applicable":
        return "now applies"
    return "no longer applies" if before == "applicable" else "does not apply"


def _party(verdict: Verdict) -> str:
    return Party(verdict.party).label.lower() if verdict.party else "not known"


def _moved(by: int) -> str:
    return "same" if by == 0 else f"{by} more" if by > 0 else f"{-by} fewer"


def _plural(number: int, one: str, many: str) -> str:
    return one if number == 1 else many
