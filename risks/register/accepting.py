"""The verbs of acceptance: one person proposes, another decides, and what no longer holds is ended.

As in services.py: the risk is held first, its version steps on, and each change leaves one event on it.
"""

import logging
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from catalog import reading
from catalog.reading import Catalog
from journal.errors import Conflict
from journal.recording import SYSTEM, record
from journal.writing import create, lock
from risks.register.acceptance_rules import Ending, Grounds, problem_with
from risks.register.acceptances import end_in_force, ending_now, finish_accepting, grounds_of, holding
from risks.register.access import must_decide, must_propose, must_withdraw
from risks.register.choices import AcceptanceState, RatingKind
from risks.register.models import Acceptance, Rating, Risk
from risks.register.rules import Scale
from risks.register.scales import current_scale
from risks.register.services import (
    LONGEST_NOTE,
    LONGEST_TEXT,
    held_risk,
    must_be_at,
    must_be_open,
    step_on,
    text_within,
)
from risks.systems.access import must_be_active
from risks.systems.identification import current_profile

PROPOSED, APPROVED, REFUSED = "acceptance.proposed", "acceptance.approved", "acceptance.refused"
WITHDRAWN, EXPIRED, STALE = "acceptance.withdrawn", "acceptance.expired", "acceptance.stale"

NOT_RATED = "Rate the risk as it is now first: what nobody has judged cannot be accepted."
LONGEST_WITHDRAWAL = 500  # characters
WAITS = "An acceptance of this risk waits for a decision already."
RENEWED = "A new acceptance took its place."

log = logging.getLogger(__name__)


@transaction.atomic
def propose_acceptance(
    risk_id: int,
    *,
    actor: User,
    reason: str,
    conditions: str,
    until: date | None,
    expected_version: int | None,
    at: date | None = None,
) -> Acceptance:
    """Ask that a risk is lived with as it is rated now, up to and with the day `until`.

    Rating, scale, edition and profile are frozen in it. While another one is in force this asks to renew it. `at` is
    the day of today. Raises Conflict with the risk, ValidationError, NotAllowed.
    """
    risk = held_risk(risk_id)
    must_propose(actor, risk.team_id)
    must_be_active(risk.system)
    must_be_at(risk, expected_version)
    grounds = _grounds_to_propose(risk)
    reason = text_within("reason", reason, LONGEST_TEXT, needed="Say why it can be lived with.")
    conditions = text_within("conditions", conditions, LONGEST_NOTE)
    problem = problem_with(until, is_outside=grounds.is_outside, at=at or timezone.localdate())
    if problem or until is None:
        raise ValidationError({"until": problem})
    rating: Rating = risk.ratings.in_force().get(kind=RatingKind.CURRENT)
    acceptance = create(
        Acceptance(
            team_id=risk.team_id,
            risk=risk,
            reason=reason,
            conditions=conditions,
            until=until,
            likelihood=grounds.likelihood,
            impact=grounds.impact,
            level=grounds.level,
            scale=rating.scale,
            is_outside=grounds.is_outside,
            edition=reading.current().edition,
            profile_number=grounds.profile_number,
            proposed_by=actor,
        )
    )
    step_on(risk)
    record(risk, PROPOSED, actor=actor, changes={"until": [None, until]}, reason=reason)
    return acceptance


@transaction.atomic
def decide_acceptance(
    acceptance_id: int, *, actor: User, approve: bool, note: str, at: date | None = None
) -> Acceptance:
    """Approve or refuse what another person proposed. Approved, it takes the place of the one in force.

    What was judged must still be so: a proposal whose grounds have changed can only be refused. `at` is the day of
    today. Raises Conflict with the acceptance when it is decided already, ValidationError, NotAllowed.
    """
    acceptance, risk = _held(acceptance_id)
    must_decide(actor, acceptance)
    must_be_active(risk.system)
    if acceptance.state != AcceptanceState.PROPOSED:
        raise Conflict(acceptance)
    needed = "" if approve else "Say why it is refused."
    acceptance.decision_note = text_within("note", note, LONGEST_NOTE, needed=needed)
    now = timezone.now()
    acceptance.decided_by, acceptance.decided_at = actor, now
    changes = {}
    if approve:
        _must_still_be_so(acceptance, risk, at=at or timezone.localdate())
        changes["until"] = [_end_for_renewal(risk, actor), acceptance.until]
        acceptance.state = AcceptanceState.APPROVED
    else:
        acceptance.state, acceptance.ended_at = AcceptanceState.REFUSED, now
    acceptance.full_clean()
    acceptance.save()
    if approve:
        changes |= finish_accepting(risk, by=actor.display_name, now=now)
    step_on(risk)
    verb = APPROVED if approve else REFUSED
    record(risk, verb, actor=actor, changes=changes, reason=acceptance.decision_note)
    return acceptance


@transaction.atomic
def withdraw_acceptance(acceptance_id: int, *, actor: User, reason: str) -> Acceptance:
    """Take back a proposal, or end an acceptance in force before its day; the risk is open again by that.

    Raises Conflict with the acceptance when it is over already, ValidationError, NotAllowed.
    """
    acceptance, risk = _held(acceptance_id)
    must_withdraw(actor, acceptance)
    must_be_active(risk.system)
    if acceptance.state not in (AcceptanceState.PROPOSED, AcceptanceState.APPROVED):
        raise Conflict(acceptance)
    reason = text_within("reason", reason, LONGEST_WITHDRAWAL, needed="Say why it is withdrawn.")
    ending = Ending(AcceptanceState.WITHDRAWN, reason)
    was_proposed, now = acceptance.state == AcceptanceState.PROPOSED, timezone.now()
    changes = end_in_force(acceptance, risk, ending, by=actor.display_name, now=now, reopen=not was_proposed)
    step_on(risk)
    record(risk, WITHDRAWN, actor=actor, changes=changes, reason=reason)
    return acceptance


def end_acceptances(*, at: date) -> int:
    """End every acceptance that no longer holds on the day `at`, and open its risk again; returns how many.

    Each in a transaction of its own: one that cannot be ended stops no other, and is tried again next time. Whatever
    somebody holds at this moment is left to the next time too. Running it twice changes nothing.
    """
    catalog, scale = reading.current(), current_scale()
    still = holding(Acceptance.objects.all(), catalog, scale, at=at).values("pk")
    over = list(Acceptance.objects.in_force().exclude(pk__in=still).order_by("pk").values_list("pk", flat=True))
    ended = 0
    for key in over:
        try:
            ended += _end_if_over(key, catalog, scale, at=at)
        except Exception:
            log.exception("Acceptance %s could not be ended.", key)
    return ended


@transaction.atomic
def _end_if_over(acceptance_id: int, catalog: Catalog, scale: Scale, *, at: date) -> bool:
    """End one acceptance unless it holds after all, is over already, or somebody is at its risk."""
    risks = Risk.objects.select_for_update(skip_locked=True, of=("self",)).select_related("system")
    risk: Risk | None = risks.filter(acceptances=acceptance_id).first()
    acceptance: Acceptance | None = Acceptance.objects.in_force().filter(pk=acceptance_id).first()
    if risk is None or acceptance is None:
        return False
    number = _profile_number(risk)
    ending = ending_now(acceptance, risk, catalog, scale, profile_number=number, at=at)
    if ending is None:
        return False
    changes = end_in_force(acceptance, risk, ending, by=SYSTEM.display_name, now=timezone.now())
    step_on(risk)
    verb = EXPIRED if ending.state == AcceptanceState.EXPIRED else STALE
    record(risk, verb, actor=SYSTEM, changes=changes, reason=ending.why)
    return True


def _held(acceptance_id: int) -> tuple[Acceptance, Risk]:
    """The acceptance and its risk, system and risk held first as everywhere. Raises Acceptance.DoesNotExist."""
    risk = held_risk(Acceptance.objects.values_list("risk_id", flat=True).get(pk=acceptance_id))
    return lock(Acceptance, acceptance_id), risk


def _grounds_to_propose(risk: Risk) -> Grounds:
    """What a proposal rests on. Raises ValidationError for a risk that nobody can ask to accept now."""
    must_be_open(risk)
    grounds = grounds_of(risk, current_scale(), profile_number=_profile_number(risk))
    if grounds is None:
        raise ValidationError(NOT_RATED)
    if risk.acceptances.waiting().exists():
        raise ValidationError(WAITS)
    return grounds


def _must_still_be_so(acceptance: Acceptance, risk: Risk, *, at: date) -> None:
    must_be_open(risk)
    number = _profile_number(risk)
    ending = ending_now(acceptance, risk, reading.current(), current_scale(), profile_number=number, at=at)
    if ending is not None:
        raise ValidationError(f"{ending.why} Refuse this, and let it be proposed anew.")


def _profile_number(risk: Risk) -> int:
    """The number of the profile in force of its system; 0 without answers."""
    profile = current_profile(risk.system)
    return profile.number if profile else 0


def _end_for_renewal(risk: Risk, actor: User) -> date | None:
    """End the acceptance in force, if there is one, for the one that takes its place; returns its last day."""
    before: Acceptance | None = risk.acceptances.in_force().first()
    if before is None:
        return None
    ending = Ending(AcceptanceState.RENEWED, RENEWED)
    end_in_force(before, risk, ending, by=actor.display_name, now=timezone.now(), reopen=False)
    return before.until
