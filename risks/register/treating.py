"""Treating a risk: deciding what is done about it, by whom and until when, and saying how far that is."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.access import owner_in
from journal.recording import Actor, record
from journal.writing import create, differences
from risks.register.acceptances import must_be_accepted
from risks.register.access import must_edit, must_update
from risks.register.choices import TreatmentOption, TreatmentStatus
from risks.register.models import Risk, Treatment
from risks.register.services import (
    LONGEST_NOTE,
    LONGEST_TEXT,
    held_risk,
    locked_risk,
    must_be_at,
    must_be_open,
    step_on,
    supersede,
    text_within,
)
from risks.systems.access import must_be_active

TREATED, UPDATED = "risk.treated", "treatment.updated"
FIRST_DUE, LAST_DUE = date(2000, 1, 1), date(2100, 12, 31)


@transaction.atomic
def treat_risk(
    risk_id: int,
    *,
    actor: Actor,
    option: str,
    plan: str,
    owner_id: int | None,
    due: date | None,
    expected_version: int | None,
) -> Risk:
    """Decide what is done about a risk, by whom and until when. The decision before stays readable.

    Another option begins anew as open; with the same option the status stays. Raises Conflict, ValidationError,
    NotAllowed.
    """
    risk = locked_risk(risk_id, actor, expected_version)
    must_be_open(risk)
    values = _decision(risk, option=option, plan=plan, owner_id=owner_id, due=due)
    before: Treatment | None = risk.treatments.in_force().select_related("owner").first()
    if before is not None and not differences(before, **values):
        return risk
    if before is not None and before.option == option:
        values |= {"status": before.status, "note": before.note}
    else:
        values |= {"status": TreatmentStatus.OPEN.value, "note": ""}
    _put_in_force(risk, before, values, actor, TREATED)
    return risk


@transaction.atomic
def update_treatment(risk_id: int, *, actor: Actor, status: str, note: str, expected_version: int | None) -> Risk:
    """Say how far the treatment of a risk is. For editors and the treatment's own owner.

    Raises Conflict, ValidationError, NotAllowed.
    """
    risk = held_risk(risk_id)
    before: Treatment | None = risk.treatments.in_force().select_related("owner").first()
    if before is None:
        must_edit(actor, risk.team_id)
        raise ValidationError("No treatment is chosen yet. Choose one first.")
    must_update(actor, before)
    must_be_active(risk.system)
    must_be_at(risk, expected_version)
    must_be_open(risk)
    if status not in TreatmentStatus.values:
        raise ValidationError({"status": "Choose open, in progress, blocked or done."})
    if before.option == TreatmentOption.ACCEPT and status == TreatmentStatus.DONE and status != before.status:
        must_be_accepted(risk)
    values = {"status": status, "note": text_within("note", note, LONGEST_NOTE)}
    if differences(before, **values):
        kept = {name: getattr(before, name) for name in ("option", "plan", "owner", "due")}
        _put_in_force(risk, before, kept | values, actor, UPDATED, reason=values["note"])
    return risk


def _decision(risk: Risk, *, option: str, plan: str, owner_id: int | None, due: date | None) -> dict[str, Any]:
    if option not in TreatmentOption.values:
        raise ValidationError({"option": "Choose mitigate, transfer, avoid or accept."})
    plan = text_within("plan", plan, LONGEST_TEXT, needed="Say what will be done.")
    owner = owner_in(risk.team_id, owner_id)
    if due is None or not FIRST_DUE <= due <= LAST_DUE:
        raise ValidationError({"due": f"Choose a day from {FIRST_DUE.year} to {LAST_DUE.year}."})
    return {"option": option, "plan": plan, "owner": owner, "due": due}


def _put_in_force(
    risk: Risk, before: Treatment | None, values: dict[str, Any], actor: Actor, verb: str, *, reason: str = ""
) -> None:
    """Replace the treatment in force by a new row, and leave the event."""
    now = timezone.now()
    supersede(before, now)
    create(Treatment(team_id=risk.team_id, risk=risk, set_by_name=actor.display_name, at=now, **values))
    step_on(risk)
    pairs = {name: [getattr(before, name, None), value] for name, value in values.items() if name != "note"}
    changes = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    record(risk, verb, actor=actor, changes=changes, reason=reason)
