"""The verb of responsibility: departing from the rules, and going back to them. The register keeps the rows."""

from django.core.exceptions import ValidationError
from django.db import transaction

from journal.errors import Conflict
from journal.recording import Actor
from journal.writing import lock
from risks.assurance.matrix import Duty, matrix_of
from risks.register.services import assign_party
from risks.systems.access import must_change
from risks.systems.choices import Party
from risks.systems.models import AISystem

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
    must_change(actor, system)
    before = _duty(system, threat_key)
    if expected_version is not None and before.version != expected_version:
        raise Conflict(before)
    reason = _reason(party, reason)
    if not _differs(before, party, reason):
        return before
    assign_party(system_id, actor=actor, threat_key=before.threat.key, party=party, reason=reason)
    return _duty(system, threat_key)


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
