"""Reviewing a risk when its time has come: a person says that it stands as it is judged, and why.

To judge it anew is a rating (services.rate_risk), which counts as a review as well.
"""

from django.core.exceptions import ValidationError
from django.db import transaction

from catalog import reading
from journal.errors import Conflict
from journal.recording import Actor, record
from journal.writing import create, differences
from risks.register.models import Risk, RiskReview
from risks.register.services import LONGEST_NOTE, locked_risk, must_be_open, step_on, text_within

REVIEWED = "risk.reviewed"


@transaction.atomic
def review_risk(
    risk_id: int, *, actor: Actor, reason: str, expected_version: int | None, expected_edition: str | None = None
) -> Risk:
    """Say that a risk stands as it is judged, by the edition in force, and why. The next review counts from now.

    `expected_edition` is the one that the person saw in force; None skips that check. Raises Conflict, ValidationError,
    NotAllowed.
    """
    risk = locked_risk(risk_id, actor, expected_version)
    must_be_open(risk)
    if risk.current_level is None:
        raise ValidationError("This risk is not rated yet. Rate it instead.")
    edition = reading.current().edition
    if expected_edition is not None and expected_edition != edition:
        raise Conflict(risk)
    reason = text_within("reason", reason, LONGEST_NOTE, needed="Say why it stands.")
    said = {"edition": edition, "reason": reason, "reviewed_by_name": actor.display_name}
    create(RiskReview(team_id=risk.team_id, risk=risk, **said))
    changes = differences(risk, edition=edition)
    risk.edition = edition
    step_on(risk, "edition")
    record(risk, REVIEWED, actor=actor, changes=changes, reason=reason)
    return risk
