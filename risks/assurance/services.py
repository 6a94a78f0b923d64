"""The verbs of responsibility: the only writers of who answers for a threat."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from journal.errors import Conflict
from journal.recording import Actor, record
from journal.writing import create, lock, save
from risks.assurance.matrix import Duty, matrix_of
from risks.assurance.models import Responsibility
from risks.register.choices import Party
from risks.register.models import Risk
from risks.systems.access import must_edit
from risks.systems.models import AISystem

SET = "responsibility.set"

LONGEST_REASON = 2_000  # characters


@transaction.atomic
def set_responsibility(
    system_id: int,
    *,
    actor: Actor,
    threat_key: str,
    party: str,
    reason: str,
    expected_version: int | None = None,
) -> Duty:
    """Say who answers for a threat to a system from now on, and why. An empty party goes back to the rules' default.

    What was set before stays readable, with its dates. The same party for the same reason changes nothing.
    `expected_version` is the version of the duty that was read (see Duty); None skips the check. Raises Conflict with
    the duty as it is now, ValidationError, NotAllowed.
    """
    system = lock(AISystem, system_id)
    must_edit(actor, system.team_id)
    before = _duty(system, threat_key)
    if expected_version is not None and before.version != expected_version:
        raise Conflict(before)
    reason = _reason(party, reason)
    if not _differs(before, party, reason):
        return before
    _put_in_force(system, before, party, reason, actor)
    after = _duty(system, threat_key)
    _tell_the_risk(before, after)
    changes: dict[str, list[Any]] = {"threat": [None, before.threat.key], "party": [before.party, after.party]}
    record(system, SET, actor=actor, changes=changes, reason=reason)
    return after


def _duty(system: AISystem, threat_key: str) -> Duty:
    duty = matrix_of(system).duty(threat_key)
    if duty is None:
        raise ValidationError({"threat": "This threat does not apply to the system, so nobody answers for it."})
    return duty


def _reason(party: str, reason: str) -> str:
    """The reason without space around; only going back to the rules needs none."""
    reason = reason.strip()
    errors = {}
    if party and party not in Party.values:
        errors["party"] = "Choose own, supplier or shared."
    if party and not reason:
        errors["reason"] = "Say why it is not as the rules have it."
    if len(reason) > LONGEST_REASON:
        errors["reason"] = f"Keep this within {LONGEST_REASON:,} characters; it has {len(reason):,}."
    if errors:
        raise ValidationError(errors)
    return reason


def _differs(before: Duty, party: str, reason: str) -> bool:
    if before.setting is None:
        return bool(party)
    return (before.setting.party, before.setting.reason) != (party, reason)


def _put_in_force(system: AISystem, before: Duty, party: str, reason: str, actor: Actor) -> None:
    """End what was set before and begin the next at the same moment. The rules' default needs no row."""
    now = timezone.now()
    Responsibility.objects.filter(pk=before.version).update(superseded_at=now)
    if party:
        create(
            Responsibility(
                team_id=system.team_id,
                system=system,
                threat_key=before.threat.key,
                party=party,
                reason=reason,
                set_by_name=actor.display_name,
                at=now,
            )
        )


def _tell_the_risk(before: Duty, after: Duty) -> None:
    """The register shows the party too, and cannot look up to this subject: the risk is kept in step."""
    if before.risk is None:
        return
    risk = lock(Risk, before.risk.pk)
    if risk.party != (after.party or ""):
        save(risk, {"party": [risk.party, after.party or ""]})
