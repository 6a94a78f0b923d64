"""The verbs of a review: dismissing threats, taking that back, and deciding about all that waits in one go.

As in services.py: the system is held first, so that two people never decide about the same threat at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from catalog import reading
from catalog.reading import Catalog
from journal.errors import Conflict
from journal.recording import Actor, record
from journal.writing import create, differences, lock, next_number, save, share_turn
from risks.register.choices import Origin
from risks.register.models import Dismissal, Review, Risk
from risks.register.reviews import ReviewState, review_state
from risks.register.services import (
    DISMISSED_HERE,
    locked_system,
    reasons_to_register,
    record_review,
    register_threat,
    supersede,
    text_within,
)
from risks.register.threats import key_of, told_of
from risks.systems.models import AISystem

DISMISSED, TAKEN_BACK = "threat.dismissed", "dismissal.ended"  # on the system
RISK_DISMISSED, REOPENED, KEPT = "risk.dismissed", "risk.reopened", "risk.kept"

LONGEST_REASON = 2_000  # characters
MOST_ERRORS = 20

REGISTER, DISMISS, WAIT, KEEP = "register", "dismiss", "wait", "keep"
NEEDED = {DISMISS: "Say why it needs no risk here.", KEEP: "Say why it stays in the register."}
KEEP_OR_DISMISS = "Say whether it stays in the register or is dismissed."
OPEN, GONE = "open", "dismissed"


@dataclass(frozen=True)
class Decision:
    """What a person decided about one threat: register, dismiss, wait or keep. A reason goes with dismiss and keep.

    `version` is what they had before them of its risk (ReviewState.version_of); None skips the check.
    """

    choice: str
    reason: str = ""
    version: int | None = None


@transaction.atomic
def dismiss_threat(
    system_id: int, *, actor: Actor, threat_key: str, reason: str, expected_version: int | None = None
) -> Dismissal:
    """Say that a threat needs no risk here: one that applies, that is not known yet, or that is in the register.

    Its risk is dismissed with it and keeps its ratings and history. `expected_version` is what the caller had read of
    it (ReviewState.version_of); None skips the check. Raises Conflict with the ReviewState of now, ValidationError,
    NotAllowed.
    """
    system, catalog = _held_system(system_id, actor), reading.current()
    state, key = review_state(system, catalog), key_of(catalog, threat_key)
    if expected_version not in (None, state.version_of(key)):
        raise Conflict(state)
    if problem := _no_dismissal(state, key):
        raise ValidationError({"threat": problem})
    return _dismiss(state, key, _reason(DISMISS, reason), actor)


@transaction.atomic
def take_back_dismissal(
    system_id: int, *, actor: Actor, threat_key: str, reason: str, expected: int | None = None
) -> AISystem:
    """End the dismissal of a threat; its risk, if it has one, is open again, with all that was said of it.

    `expected` is the id of the dismissal that the caller had read; None skips the check. Raises Conflict with the one
    in force, ValidationError, NotAllowed.
    """
    system, catalog = _held_system(system_id, actor), reading.current()
    key = key_of(catalog, threat_key)
    rows = [row for row in system.dismissals.in_force() if key_of(catalog, row.threat_key) == key]
    if not rows:
        raise ValidationError({"threat": "This threat is not dismissed."})
    if expected is not None and expected not in {row.pk for row in rows}:
        raise Conflict(rows[0])
    reason = text_within("reason", reason, LONGEST_REASON, needed="Say why it counts again.")
    now = timezone.now()
    for row in rows:
        supersede(row, now)
        if row.risk_id is not None:
            risk = lock(Risk, row.risk_id)
            save(risk, differences(risk, dismissed_at=None))
            record(risk, REOPENED, actor=actor, changes={"state": [GONE, OPEN]}, reason=reason)
    record(system, TAKEN_BACK, actor=actor, changes={"threat": [None, key]}, reason=reason)
    return system


@transaction.atomic
def review_threats(
    system_id: int,
    *,
    actor: Actor,
    decisions: Mapping[str, Decision],
    expected_profile: int | None = None,
    expected_edition: str | None = None,
) -> Review:
    """Decide about the threats of a system by their keys, all of it or nothing, and put the review on record.

    Threats without a decision wait, except those that no longer apply: each of these must be kept or dismissed.
    `expected_profile` and `expected_edition` are what the person had before them, 0 for a system without answers; None
    skips the check. Nothing is dismissed whose risk has changed since they read it. Raises Conflict with the
    ReviewState of now, ValidationError with a sentence per threat, NotAllowed.
    """
    system, catalog = _held_system(system_id, actor), reading.current()
    state = review_state(system, catalog)
    if expected_profile not in (None, state.number) or expected_edition not in (None, state.edition):
        raise Conflict(state)
    if any(each.choice == DISMISS and has_changed(state, catalog, key, each) for key, each in decisions.items()):
        raise Conflict(state)
    decided = _checked(state, catalog, decisions)
    of = {choice: [key for key, each in decided.items() if each.choice == choice] for choice in NEEDED}
    registered = _register(state, catalog, [key for key, each in decided.items() if each.choice == REGISTER], actor)
    for key in of[DISMISS]:
        _dismiss(state, key, decided[key].reason, actor)
    for key in of[KEEP]:
        for risk in state.open_risks(key):
            record(risk, KEPT, actor=actor, reason=decided[key].reason)
    outcome = {"registered": registered, "dismissed": of[DISMISS], "kept": of[KEEP]}
    return record_review(state, actor=actor, decided=outcome)


def _held_system(system_id: int, actor: Actor) -> AISystem:
    """The system, held, to decide about several of its risks."""
    share_turn("scale")  # whoever moves the scale locks many risks too
    return locked_system(system_id, actor)


def has_changed(state: ReviewState, catalog: Catalog, key: str, decision: Decision) -> bool:
    """Whether the risk of a threat is another one than was before the person who decided about it."""
    return decision.version not in (None, state.version_of(key_of(catalog, key)))


def _checked(state: ReviewState, catalog: Catalog, decisions: Mapping[str, Decision]) -> dict[str, Decision]:
    """The decisions by the keys of today, without space around their reasons. Raises ValidationError."""
    found: dict[str, Decision] = {}
    errors: dict[str, str] = {}
    for given, decision in decisions.items():
        key = key_of(catalog, given)
        if problem := _problem(state, catalog, key, decision):
            errors[given] = problem
        elif key in found:
            errors[given] = "This threat is decided about twice, under two of its keys."
        found[key] = Decision(decision.choice, decision.reason.strip())
        if len(errors) >= MOST_ERRORS:
            break
    for row in state.difference.rows:
        if row.needs_choice and row.threat not in found:
            errors[row.threat] = KEEP_OR_DISMISS
    if errors:
        raise ValidationError(errors)
    return found


def _problem(state: ReviewState, catalog: Catalog, key: str, decision: Decision) -> str:
    """What is wrong with a decision, as a sentence; empty when nothing is."""
    if told_of(catalog, key) is None:
        return "This is not a threat of the catalog."
    is_open = bool(state.open_risks(key))
    wanted = next((row for row in state.difference.rows if row.threat == key), None)
    if decision.choice in NEEDED:
        if problem := _no_keeping(is_open) if decision.choice == KEEP else _no_dismissal(state, key):
            return problem
        try:
            _reason(decision.choice, decision.reason)
        except ValidationError as error:
            return " ".join(error.messages)
        return ""
    if decision.choice not in (REGISTER, WAIT):
        return "Choose register, dismiss, wait or keep."
    if wanted and wanted.needs_choice:
        return KEEP_OR_DISMISS
    if decision.reason.strip():
        return "A reason is kept only with a dismissal. Choose to dismiss it, or clear the reason."
    if decision.choice == REGISTER and not is_open:
        if key in state.dismissals:
            return DISMISSED_HERE
        if _status(state, key) not in ("applicable", "undetermined"):
            return "The rules do not hold this threat. Add it by hand."
    return ""


def _no_keeping(is_open: bool) -> str:
    return "" if is_open else "It is not in the register, so there is nothing to keep."


def _no_dismissal(state: ReviewState, key: str) -> str:
    """Why a threat cannot be dismissed; empty when it can."""
    if state.open_risks(key):
        return ""
    if key in state.dismissals:
        return "This threat is dismissed already."
    if _status(state, key) not in ("applicable", "undetermined"):
        return "This threat does not apply to the system, so there is nothing to dismiss."
    return ""


def _status(state: ReviewState, key: str) -> str:
    verdict = state.verdicts.get(key)
    return verdict.status if verdict else ""


def _reason(choice: str, reason: str) -> str:
    return text_within("reason", reason, LONGEST_REASON, needed=NEEDED[choice])


def _register(state: ReviewState, catalog: Catalog, keys: list[str], actor: Actor) -> list[str]:
    """Put threats into the register that are not in it yet; the keys of those."""
    new = [key for key in keys if not state.open_risks(key)]
    numbers = count(next_number(Risk, "risk")) if new else count()
    for key, number in zip(new, numbers, strict=False):
        verdict = state.verdicts[key]
        register_threat(
            state.system,
            catalog,
            key,
            actor=actor,
            number=number,
            reasons=reasons_to_register(verdict),
            origin=Origin.RULE if verdict.status == "applicable" else Origin.HAND,
        )
    return new


def _dismiss(state: ReviewState, key: str, reason: str, actor: Actor) -> Dismissal:
    """Dismiss a threat with every open risk that stands for it: two, where an edition made one threat of two."""
    system, now = state.system, timezone.now()
    risks: list[Risk | None] = [lock(Risk, risk.pk) for risk in state.open_risks(key)]
    for risk in risks or [None]:
        row = create(
            Dismissal(
                team_id=system.team_id,
                system=system,
                risk=risk,
                threat_key=risk.threat_key if risk else key,
                reason=reason,
                dismissed_by_name=actor.display_name,
                at=now,
            )
        )
        if risk:
            save(risk, differences(risk, dismissed_at=now))
            record(risk, RISK_DISMISSED, actor=actor, changes={"state": [OPEN, GONE]}, reason=reason)
    record(system, DISMISSED, actor=actor, changes={"threat": [None, key]}, reason=reason)
    return row
