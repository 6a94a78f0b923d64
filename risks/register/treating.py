"""Treating a risk: deciding what is done about it, by whom and until when, and saying how far that is."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.access import owner_in
from accounts.models import User
from journal.recording import Actor, Entry, record_all
from journal.writing import differences, insert_all
from risks.register.acceptances import must_be_accepted
from risks.register.access import must_edit, must_update
from risks.register.choices import TreatmentOption, TreatmentStatus
from risks.register.measures import drop_unfinished, must_be_finished
from risks.register.models import Risk, Treatment
from risks.register.services import (
    LONGEST_NOTE,
    LONGEST_TEXT,
    held_risk,
    locked_risk,
    must_be_at,
    must_be_open,
    step_all_on,
    supersede_all,
    text_within,
)
from risks.register.time_requests import ENDED_BY_DONE, ENDED_BY_MOVE, WITHDRAWN, end_all_waiting
from risks.register.treatment_rules import DETAILS, PLANS
from risks.systems.access import must_be_active

TREATED, UPDATED = "risk.treated", "treatment.updated"
FIRST_DUE, LAST_DUE = date(2000, 1, 1), date(2100, 12, 31)
NO_TREATMENT = "No treatment is chosen yet. Choose one first."
NOTHING_TO_CHANGE = "Say what is to change: owner, due date or status."
NEW_EACH_TIME = ("id", "team", "risk", "set_by_name", "at", "superseded_at")  # of a row of a treatment


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
    details: Mapping[str, str | None] | None = None,
) -> Risk:
    """Decide what is done about a risk, by whom and until when. The decision before stays readable.

    `details` are the texts that the option asks for beside the plan (treatment_rules.DETAILS); what is left out stays
    as it is while the option does. Another option begins anew as open; with the same option the status stays. Raises
    Conflict, ValidationError, NotAllowed.

    Measures belong to mitigating: with another option those that are not finished are dropped.
    """
    risk = locked_risk(risk_id, actor, expected_version)
    must_be_open(risk)
    before: Treatment | None = risk.treatments.in_force().select_related("owner").first()
    values = _decision(risk, option=option, plan=plan, owner_id=owner_id, due=due)
    values |= _details(before, option=option, given=details or {})
    if before is not None and not differences(before, **values):
        return risk
    if before is not None and before.option == option:
        values |= {"status": before.status, "note": before.note}
    else:
        values |= {"status": TreatmentStatus.OPEN.value, "note": ""}
    _put_in_force([Put(risk, before, values, TREATED)], actor)
    return risk


@transaction.atomic
def update_treatment(risk_id: int, *, actor: Actor, status: str, note: str, expected_version: int | None) -> Risk:
    """Say how far the treatment of a risk is. For editors and the treatment's own owner.

    Raises Conflict, ValidationError, NotAllowed.
    """
    change = Change(status=status, note=note)
    return change_treatment(risk_id, actor=actor, change=change, expected_version=expected_version)


@dataclass(frozen=True)
class Change:
    """What is to change of a treatment in force; None stays as it is.

    A note is about a status: without one, another status has none, and the same status keeps its own.
    """

    owner_id: int | None = None
    due: date | None = None
    status: str | None = None
    note: str | None = None

    @property
    def is_decision(self) -> bool:
        """Whether it takes an editor: a treatment's own owner says how far it is, and no more."""
        return self.owner_id is not None or self.due is not None

    @property
    def is_empty(self) -> bool:
        return not self.is_decision and self.status is None and not self.note


@transaction.atomic
def change_treatment(risk_id: int, *, actor: Actor, change: Change, expected_version: int | None) -> Risk:
    """Change owner, due date or status of the treatment in force, and nothing else of it. For many: changing.py.

    Editors change all of these, its own owner says how far it is. Raises Conflict, ValidationError, NotAllowed.
    """
    risk = held_risk(risk_id)
    before: Treatment | None = risk.treatments.in_force().select_related("owner").first()
    must_change(actor, risk, before, change)
    must_be_at(risk, expected_version)
    change = checked_change(change)
    values = changed_values(risk, before, change, lambda team_id: owner_in(team_id, change.owner_id))
    if before is not None:
        write_changes([(risk, before, values)], actor, note=change.note)
    return risk


def must_change(actor: Actor, risk: Risk, before: Treatment | None, change: Change) -> None:
    """Raises NotAllowed for a person who may not change this of the treatment, and while the system is archived."""
    if before is None or change.is_decision:
        must_edit(actor, risk.team_id)
    else:
        must_update(actor, before)
    must_be_active(risk.system)


def checked_change(change: Change) -> Change:
    """The change without space around its note. Raises ValidationError for what no treatment can have."""
    if change.is_empty:
        raise ValidationError(NOTHING_TO_CHANGE)
    if change.due is not None:
        must_be_in_our_time(change.due)
    if change.status is not None and change.status not in TreatmentStatus.values:
        raise ValidationError({"status": "Choose open, in progress, blocked or done."})
    return replace(change, note=None if change.note is None else text_within("note", change.note, LONGEST_NOTE))


def changed_values(
    risk: Risk, before: Treatment | None, change: Change, owner_of: Callable[[int], User]
) -> dict[str, Any]:
    """The values of the treatment that a checked change makes others; `owner_of` finds the new owner for a team.

    Raises ValidationError where the treatment cannot be changed so.
    """
    must_be_open(risk)
    if before is None:
        raise ValidationError(NO_TREATMENT)
    wanted: dict[str, Any] = {"due": change.due, "status": change.status, "note": change.note}
    if change.owner_id is not None:
        wanted["owner"] = owner_of(risk.team_id)
    if change.note is None and change.status not in (None, before.status):
        wanted["note"] = ""
    pairs = differences(before, **{name: value for name, value in wanted.items() if value is not None})
    values = {name: pair[1] for name, pair in pairs.items()}
    if before.option == TreatmentOption.ACCEPT and values.get("status") == TreatmentStatus.DONE:
        must_be_accepted(risk)
    if before.option == TreatmentOption.MITIGATE and values.get("status") == TreatmentStatus.DONE:
        must_be_finished(risk)
    if {"status", "note"} & values.keys():
        blocked_needs_note(values.get("status", before.status), values.get("note", before.note))
    return values


def write_changes(
    changed: Iterable[tuple[Risk, Treatment, Mapping[str, Any]]], actor: Actor, *, note: str | None = None
) -> None:
    """Put treatments in force with these values changed, and leave an event each; without any, nothing happens."""
    _put_in_force(
        [
            Put(
                risk,
                before,
                {**carried_over(before), **values},
                TREATED if {"owner", "due"} & values.keys() else UPDATED,
                note or "",
            )
            for risk, before, values in changed
            if values
        ],
        actor,
    )


def move_due(risk: Risk, before: Treatment, due: date, actor: Actor, verb: str, *, reason: str) -> None:
    """Put the treatment in force with another day; what is asked has been checked (asking_time.py)."""
    _put_in_force([Put(risk, before, {**carried_over(before), "due": due}, verb, reason)], actor)


def blocked_needs_note(status: str, note: str) -> None:
    """Raises ValidationError for work that waits while nobody says for what."""
    if status == TreatmentStatus.BLOCKED and not note:
        raise ValidationError({"note": "Say what it waits for."})


def carried_over(before: Treatment) -> dict[str, Any]:
    """All that a treatment says, for the row that takes its place."""
    return {each.name: getattr(before, each.name) for each in Treatment._meta.fields if each.name not in NEW_EACH_TIME}


def _decision(risk: Risk, *, option: str, plan: str, owner_id: int | None, due: date | None) -> dict[str, Any]:
    if option not in TreatmentOption.values:
        raise ValidationError({"option": "Choose mitigate, transfer, avoid or accept."})
    plan = text_within("plan", plan, LONGEST_TEXT, needed=PLANS[TreatmentOption(option)].needed)
    owner = owner_in(risk.team_id, owner_id)
    return {"option": option, "plan": plan, "owner": owner, "due": must_be_in_our_time(due)}


def must_be_in_our_time(due: date | None) -> date:
    """The day. Raises ValidationError for none and for one in an absurd year."""
    if due is None or not FIRST_DUE <= due <= LAST_DUE:
        raise ValidationError({"due": f"Choose a day from {FIRST_DUE.year} to {LAST_DUE.year}."})
    return due


def _details(before: Treatment | None, *, option: str, given: Mapping[str, str | None]) -> dict[str, Any]:
    """The texts of the option; those of the others are empty, and refused when somebody says them all the same."""
    stays = before is not None and before.option == option
    values = {}
    for name, detail in DETAILS.items():
        said = given.get(name)
        if detail.option != option:
            if said and said.strip():
                raise ValidationError({name: detail.misplaced})
            values[name] = ""
        elif said is None and stays:
            values[name] = getattr(before, name)
        else:
            values[name] = text_within(name, said or "", detail.longest, needed=detail.needed)
    return values


@dataclass(frozen=True)
class Put:
    """A treatment that comes into force, with all its values, in the place of the one before."""

    risk: Risk
    before: Treatment | None
    values: Mapping[str, Any]
    verb: str
    reason: str = ""

    @property
    def changes(self) -> dict[str, list[Any]]:
        """What differs, as [before, after]; a note is told as the reason."""
        pairs = {name: [getattr(self.before, name, None), value] for name, value in self.values.items()}
        return {name: pair for name, pair in pairs.items() if name != "note" and (pair[0] or None) != (pair[1] or None)}

    @property
    def ends_mitigating(self) -> bool:
        before = self.before
        return before is not None and before.option == TreatmentOption.MITIGATE != self.values["option"]

    @property
    def is_done(self) -> bool:
        return bool(self.values["status"] == TreatmentStatus.DONE)

    @property
    def ends_waiting(self) -> bool:
        """Whether nobody has to decide any more about a request for more time."""
        return self.is_done or bool({"option", "owner", "due"} & self.changes.keys())


def _put_in_force(puts: Sequence[Put], actor: Actor) -> None:
    """Replace the treatments in force by new rows, and leave an event each; as many statements for many as for one.

    Measures outlive mitigating only when done.
    """
    now = timezone.now()
    supersede_all([each.before for each in puts if each.before is not None], now)
    insert_all(
        [
            Treatment(team_id=each.risk.team_id, risk=each.risk, set_by_name=actor.display_name, at=now, **each.values)
            for each in puts
        ]
    )
    step_all_on([each.risk for each in puts])
    more: dict[int, dict[str, list[Any]]] = {each.risk.pk: {} for each in puts}
    for each in puts:
        if each.ends_mitigating:
            more[each.risk.pk] |= drop_unfinished(each.risk, now=now)
    for is_done, why in ((True, ENDED_BY_DONE), (False, ENDED_BY_MOVE)):
        of_these = [each.risk.pk for each in puts if each.ends_waiting and each.is_done == is_done]
        for pk in end_all_waiting(of_these, why, now=now):
            more[pk] |= WITHDRAWN
    record_all(
        [Entry(each.risk, each.verb, each.changes | more[each.risk.pk], each.reason) for each in puts], actor=actor
    )
