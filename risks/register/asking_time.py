"""The verbs of more time: who owns a treatment or a measure asks for a later day, who may edit the team decides.

As in services.py: the risk is held first, its version steps on, and each write leaves one event on it. A granted
request moves the day in the same write.
"""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from journal.errors import Conflict
from journal.recording import record
from journal.writing import create, lock, save
from pages.templatetags.pages import day
from risks.register.access import must_edit, must_update, must_withdraw_time
from risks.register.choices import TimeState, TreatmentStatus
from risks.register.measuring import must_be_workable
from risks.register.models import Measure, Risk, TimeRequest, Treatment
from risks.register.services import LONGEST_NOTE, held_risk, must_be_at, must_be_open, step_on, text_within
from risks.register.time_requests import ENDED_BY_MOVE, end_waiting
from risks.register.treating import NO_TREATMENT, move_due, must_be_in_our_time
from risks.systems.access import must_be_active

ASKED, GRANTED, REFUSED, WITHDRAWN = "time.asked", "time.granted", "time.refused", "time.withdrawn"

WAITS = "More time is asked for already. It waits for a decision."
IS_DONE = "It is done already."
PASSED = "The day that was asked for has passed. Refuse it, and let it be asked anew."


@transaction.atomic
def ask_time(
    risk_id: int,
    *,
    actor: User,
    until: date | None,
    note: str,
    expected_version: int | None,
    measure_id: int | None = None,
    at: date | None = None,
) -> TimeRequest:
    """Ask for a later day for the treatment of a risk, or for one of its measures.

    Who may edit the team moves the day at once. `expected_version` is that of the risk, or of the measure; `at` is the
    day of today. Raises Conflict with the risk or the measure, ValidationError, NotAllowed.
    """
    risk = held_risk(risk_id)
    measure, treatment = _work(risk, measure_id, actor, expected_version)
    work = measure or treatment
    if work.status == TreatmentStatus.DONE:
        raise ValidationError(IS_DONE)
    note = text_within("note", note, LONGEST_NOTE, needed="Say why it needs more time.")
    until, now = _later(until, work.due, at=at or timezone.localdate()), timezone.now()
    asked = TimeRequest(
        team_id=risk.team_id, risk=risk, measure=measure, due=work.due, asked_until=until, note=note, asked_by=actor
    )
    if actor.may_edit(risk.team_id):
        asked.state, asked.decided_by, asked.decided_at = TimeState.GRANTED, actor, now
        create(asked)
        _move(risk, measure, treatment, until, actor, ASKED, reason=note)
    else:
        if risk.time_requests.waiting().filter(measure=measure).exists():
            raise ValidationError(WAITS)
        create(asked)
        _leave(risk, measure, ASKED, actor, {"until": [work.due, until]}, reason=note)
    return asked


@transaction.atomic
def decide_time(request_id: int, *, actor: User, grant: bool, note: str, at: date | None = None) -> TimeRequest:
    """Grant or refuse more time; granted, the day is moved in the same write. `at` is the day of today.

    Raises Conflict with the request when it is decided already, ValidationError, NotAllowed.
    """
    asked, risk = _held(request_id)
    must_edit(actor, risk.team_id)
    must_be_active(risk.system)
    if asked.state != TimeState.WAITING:
        raise Conflict(asked)
    must_be_open(risk)
    note = text_within("note", note, LONGEST_NOTE, needed="" if grant else "Say why it is refused.")
    if grant and asked.asked_until < (at or timezone.localdate()):
        raise ValidationError(PASSED)
    _end(asked, TimeState.GRANTED if grant else TimeState.REFUSED, by=actor, note=note)
    if grant:
        treatment: Treatment = risk.treatments.in_force().select_related("owner").get()
        _move(risk, asked.measure, treatment, asked.asked_until, actor, GRANTED, reason=note)
    else:
        _leave(risk, asked.measure, REFUSED, actor, {"until": [asked.asked_until, None]}, reason=note)
    return asked


@transaction.atomic
def withdraw_time(request_id: int, *, actor: User) -> TimeRequest:
    """Take a request back: one's own, and for editors anyone's. Raises Conflict with the request, NotAllowed."""
    asked, risk = _held(request_id)
    must_withdraw_time(actor, asked)
    must_be_active(risk.system)
    if asked.state != TimeState.WAITING:
        raise Conflict(asked)
    _end(asked, TimeState.WITHDRAWN, by=actor, note="")
    _leave(risk, asked.measure, WITHDRAWN, actor, {"until": [asked.asked_until, None]})
    return asked


def _work(
    risk: Risk, measure_id: int | None, actor: User, expected_version: int | None
) -> tuple[Measure | None, Treatment]:
    """What more time is asked for, once this person may say how far it is and nothing stands against it."""
    if measure_id is not None:
        measure: Measure = risk.measures.select_related("owner").get(pk=measure_id)
        must_update(actor, measure)
        return measure, must_be_workable(risk, measure, expected_version)
    treatment: Treatment | None = risk.treatments.in_force().select_related("owner").first()
    if treatment is None:
        must_edit(actor, risk.team_id)
        raise ValidationError(NO_TREATMENT)
    must_update(actor, treatment)
    must_be_active(risk.system)
    must_be_at(risk, expected_version)
    must_be_open(risk)
    return None, treatment


def _later(until: date | None, due: date, *, at: date) -> date:
    try:
        until = must_be_in_our_time(until)
    except ValidationError as error:
        raise ValidationError({"until": error.messages}) from None
    if until <= due:
        raise ValidationError({"until": f"Choose a day after {day(due)}, when it is due now."})
    if until < at:
        raise ValidationError({"until": "Choose a day that has not passed."})
    return until


def _held(request_id: int) -> tuple[TimeRequest, Risk]:
    """The request behind the lock of its risk."""
    risk = held_risk(TimeRequest.objects.values_list("risk_id", flat=True).get(pk=request_id))
    asked = lock(TimeRequest, request_id)
    asked.risk = risk
    return asked, risk


def _end(asked: TimeRequest, state: TimeState, *, by: User, note: str) -> None:
    asked.state, asked.decided_by, asked.decided_at, asked.decision_note = state, by, timezone.now(), note
    asked.full_clean()
    asked.save()


def _move(
    risk: Risk, measure: Measure | None, treatment: Treatment, until: date, actor: User, verb: str, *, reason: str
) -> None:
    if measure is None:
        move_due(risk, treatment, until, actor, verb, reason=reason)
    else:
        due = measure.due
        end_waiting(risk, measure, ENDED_BY_MOVE, now=timezone.now())
        save(measure, {"due": [due, until]})
        _leave(risk, measure, verb, actor, {"due": [due, until]}, reason=reason)


def _leave(
    risk: Risk, measure: Measure | None, verb: str, actor: User, changes: dict[str, list[Any]], *, reason: str = ""
) -> None:
    """Step the risk on and leave the event on it, which names the measure where it is about one."""
    step_on(risk)
    named = {"measure": [measure.text, measure.text]} if measure else {}
    record(risk, verb, actor=actor, changes=named | changes, reason=reason)
