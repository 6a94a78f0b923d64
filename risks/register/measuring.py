"""The verbs of measures: the steps of a mitigation, each with the control it puts in place, an owner and a day.

As in services.py: the risk is held first, its version steps on, and each write leaves one event on it. What others may
have changed meanwhile is told by the version of the measure, so that work on one disturbs nobody at another.
"""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.access import owner_in
from catalog import reading
from journal.errors import Conflict
from journal.recording import Actor, record
from journal.writing import create, differences, save
from risks.register.access import must_edit, must_update
from risks.register.choices import TreatmentOption, TreatmentStatus
from risks.register.measures import control_of, drop
from risks.register.models import Measure, Risk, Treatment
from risks.register.services import LONGEST_NOTE, held_risk, must_be_open, step_on, text_within
from risks.register.time_requests import ENDED_BY_DONE, ENDED_BY_MOVE, end_waiting
from risks.register.treating import blocked_needs_note, must_be_in_our_time
from risks.systems.access import must_be_active

ADDED, CHANGED, UPDATED, DROPPED = "measure.added", "measure.changed", "measure.updated", "measure.dropped"

LONGEST_MEASURE = 500  # characters
MOST_MEASURES = 100  # of one risk: the most that its page shows
ONLY_MITIGATE = "Measures belong to a treatment that mitigates. Choose mitigate first."
TREATMENT_DONE = "The treatment is done. Open it again first."
IS_DROPPED = "This measure is dropped already."
NO_SUCH_CONTROL = "Choose a control of the catalog."
ON_THE_LIST = "This measure is on the list already."
TOO_MANY = f"A risk has at most {MOST_MEASURES} measures. Drop one first, or put two together."


@transaction.atomic
def add_measure(
    risk_id: int, *, actor: Actor, control_key: str, text: str, owner_id: int | None, due: date | None
) -> Measure:
    """Add a step to the mitigation of a risk. It only adds, so it asks for no version; the same one twice is refused.

    Raises ValidationError, NotAllowed.
    """
    risk = held_risk(risk_id)
    must_edit(actor, risk.team_id)
    must_be_active(risk.system)
    treatment = _must_mitigate(risk)
    if treatment.status == TreatmentStatus.DONE:
        raise ValidationError(TREATMENT_DONE)
    values = _values(risk, None, control_key=control_key, text=text, owner_id=owner_id, due=due)
    present = list(risk.measures.present().values_list("control_key", "text"))
    if (values["control_key"], values["text"]) in present:
        raise ValidationError({"text": ON_THE_LIST})
    if len(present) >= MOST_MEASURES:
        raise ValidationError(TOO_MANY)
    measure = create(Measure(team_id=risk.team_id, risk=risk, **values))
    _leave(risk, measure, ADDED, actor, {name: [None, value] for name, value in values.items()})
    return measure


@transaction.atomic
def change_measure(
    risk_id: int,
    measure_id: int,
    *,
    actor: Actor,
    control_key: str,
    text: str,
    owner_id: int | None,
    due: date | None,
    expected_version: int | None,
) -> Measure:
    """Change what is done, by whom and until when. Raises Conflict with the measure, ValidationError, NotAllowed."""
    risk = held_risk(risk_id)
    measure = risk.measures.select_related("owner").get(pk=measure_id)
    must_edit(actor, risk.team_id)
    must_be_workable(risk, measure, expected_version)
    values = _values(risk, measure, control_key=control_key, text=text, owner_id=owner_id, due=due)
    changes = differences(measure, **values)
    if changes:
        before = measure.text
        save(measure, changes)
        if {"owner", "due"} & changes.keys():
            changes |= end_waiting(risk, measure, ENDED_BY_MOVE, now=timezone.now())
        _leave(risk, measure, CHANGED, actor, {"text": [before, before], **changes})
    return measure


@transaction.atomic
def update_measure(
    risk_id: int, measure_id: int, *, actor: Actor, status: str, note: str, expected_version: int | None
) -> Measure:
    """Say how far a measure is. For editors and the measure's own owner.

    Raises Conflict with the measure, ValidationError, NotAllowed.
    """
    risk = held_risk(risk_id)
    measure = risk.measures.select_related("owner").get(pk=measure_id)
    must_update(actor, measure)
    treatment = must_be_workable(risk, measure, expected_version)
    if status not in TreatmentStatus.values:
        raise ValidationError({"status": "Choose open, in progress, blocked or done."})
    note = text_within("note", note, LONGEST_NOTE)
    blocked_needs_note(status, note)
    changes = differences(measure, status=status, note=note)
    if "status" in changes and treatment.status == TreatmentStatus.DONE and status != TreatmentStatus.DONE:
        raise ValidationError(TREATMENT_DONE)
    if changes:
        save(measure, changes)
        changes.pop("note", None)
        if status == TreatmentStatus.DONE:
            changes |= end_waiting(risk, measure, ENDED_BY_DONE, now=timezone.now())
        _leave(risk, measure, UPDATED, actor, {"text": [measure.text] * 2, **changes}, reason=note)
    return measure


@transaction.atomic
def drop_measure(risk_id: int, measure_id: int, *, actor: Actor, reason: str, expected_version: int | None) -> Measure:
    """Say that a measure is not done after all; it stays in the history.

    Raises Conflict with the measure, ValidationError, NotAllowed.
    """
    risk = held_risk(risk_id)
    measure: Measure = risk.measures.get(pk=measure_id)
    must_edit(actor, risk.team_id)
    must_be_workable(risk, measure, expected_version)
    reason = text_within("reason", reason, LONGEST_NOTE, needed="Say why it is dropped.")
    drop(measure, now=timezone.now())
    _leave(risk, measure, DROPPED, actor, {"text": [measure.text, None]}, reason=reason)
    return measure


def must_be_workable(risk: Risk, measure: Measure, expected_version: int | None) -> Treatment:
    """The treatment that the measure belongs to, once nothing stands against working on it."""
    must_be_active(risk.system)
    if measure.dropped_at is not None:
        raise ValidationError(IS_DROPPED)
    if expected_version is not None and measure.version != expected_version:
        raise Conflict(measure)
    return _must_mitigate(risk)


def _must_mitigate(risk: Risk) -> Treatment:
    must_be_open(risk)
    treatment: Treatment | None = risk.treatments.in_force().first()
    if treatment is None or treatment.option != TreatmentOption.MITIGATE:
        raise ValidationError(ONLY_MITIGATE)
    return treatment


def _values(
    risk: Risk, measure: Measure | None, *, control_key: str, text: str, owner_id: int | None, due: date | None
) -> dict[str, Any]:
    if measure is None or control_key != measure.control_key:  # one that the catalog has no more may stay
        control = control_of(reading.current(), control_key)
        if control is None:
            raise ValidationError({"control": NO_SUCH_CONTROL})
        control_key = control.key
    text = text_within("text", text, LONGEST_MEASURE, needed="Say what is done.")
    owner = owner_in(risk.team_id, owner_id)
    return {"control_key": control_key, "text": text, "owner": owner, "due": must_be_in_our_time(due)}


def _leave(
    risk: Risk, measure: Measure, verb: str, actor: Actor, changes: dict[str, list[Any]], *, reason: str = ""
) -> None:
    """Step the risk on and leave the event on it; what the measure says names it, whether it changed or not."""
    names = {"text": "measure", "control_key": "control"}
    step_on(risk)
    said = {names.get(name, name): pair for name, pair in changes.items()}
    record(risk, verb, actor=actor, changes=said, reason=reason)
