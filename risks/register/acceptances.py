"""Which acceptances hold. An approved one is over at the moment its grounds change, before anything has marked it.

Profile and edition lie in rooms that know nothing of the register; so what rests on them is compared when it is read,
one by one (ending_now) and as a condition for counts (holding). Both say the same; a task marks the rows afterwards.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from catalog import reading
from catalog.reading import Catalog
from journal.writing import create
from risks.register.acceptance_rules import Ending, Grounds, ending_of
from risks.register.another_look import needs_look, reasons_to_look
from risks.register.choices import Accepted, RatingKind, TreatmentOption, TreatmentStatus
from risks.register.models import Acceptance, Rating, Risk, Treatment
from risks.register.querysets import AcceptanceQuerySet
from risks.register.rules import Scale
from risks.register.scales import current_scale, outside_appetite
from risks.register.time_requests import ENDED_BY_DONE, WITHDRAWN, end_all_waiting
from risks.systems.models import Profile

SOON = timedelta(days=30)  # when the first reminder goes out


def holding(rows: AcceptanceQuerySet, catalog: Catalog, scale: Scale, *, at: date) -> AcceptanceQuerySet:
    """Of these acceptances, those that hold on the day `at`."""
    profiles = Profile.objects.in_force().filter(system_id=OuterRef("risk__system_id")).values("number")
    inside = rows.in_force().annotate(
        rated_likelihood=F("risk__current_likelihood"),
        rated_impact=F("risk__current_impact"),
        answered=Coalesce(Subquery(profiles[:1]), 0),
    )
    found: AcceptanceQuerySet = inside.filter(
        Q(is_outside=True) | ~outside_appetite(scale),
        ~needs_look(catalog, threat="risk__threat_key"),
        until__gte=at,
        likelihood=F("risk__current_likelihood"),
        impact=F("risk__current_impact"),
        level=F("risk__current_level"),
        profile_number=F("answered"),
    )
    return found


def accepted_as(catalog: Catalog, scale: Scale, words: Collection[str], at: date) -> Q:
    """The condition on risks whose acceptance is, on the day `at`, what one of these words of Accepted says."""
    rows = Acceptance.objects.order_by()
    holds = holding(rows, catalog, scale, at=at)
    waits, lasts = Q(pk__in=rows.waiting().values("risk_id")), Q(pk__in=holds.values("risk_id"))
    conditions = {
        Accepted.NONE: ~waits & ~lasts,
        Accepted.PROPOSED: waits,
        Accepted.IN_FORCE: lasts,
        Accepted.EXPIRING: Q(pk__in=ending_soon(holds, at=at).values("risk_id")),
    }
    return reduce(or_, (conditions[Accepted(word)] for word in words))


def ending_soon(holds: AcceptanceQuerySet, *, at: date) -> AcceptanceQuerySet:
    """Of acceptances that hold on the day `at`, those whose last day is within 30 days."""
    return holds.filter(until__lte=at + SOON)


def ending_now(
    acceptance: Acceptance, risk: Risk, catalog: Catalog, scale: Scale, *, profile_number: int, at: date
) -> Ending | None:
    """Why an acceptance, approved or proposed, no longer rests on what is in force of its risk; None while it does."""
    return ending_of(
        _frozen(acceptance),
        grounds_of(risk, scale, profile_number=profile_number),
        until=acceptance.until,
        news=reasons_to_look(catalog, edition=acceptance.edition, threat_key=risk.threat_key),
        at=at,
    )


def grounds_of(risk: Risk, scale: Scale, *, profile_number: int) -> Grounds | None:
    """What a word about a risk would rest on now; None while it is not rated. `profile_number` is 0 without answers."""
    likelihood, impact, level = risk.current_likelihood, risk.current_impact, risk.current_level
    if likelihood is None or impact is None or level is None:
        return None
    is_outside = scale.is_outside_appetite(likelihood, impact, team_id=risk.team_id)
    return Grounds(likelihood, impact, level, is_outside, profile_number)


def with_acceptance(ratings: Any) -> Any:
    """Adds `is_accepted`: whether an acceptance of the rated risk is in force. Nothing unrated is ever accepted."""
    return ratings.annotate(is_accepted=Exists(Acceptance.objects.in_force().filter(risk=OuterRef("risk_id"))))


def end_by_rating(risk: Risk, rating: Rating, *, by: str, now: datetime) -> dict[str, list[Any]]:
    """End the acceptance in force when a new rating is another than the one accepted; returns what changed by that."""
    if rating.kind != RatingKind.CURRENT:
        return {}
    acceptance: Acceptance | None = risk.acceptances.in_force().first()
    if acceptance is None:
        return {}
    frozen = _frozen(acceptance)
    rated = Grounds(rating.likelihood, rating.impact, rating.level, frozen.is_outside, frozen.profile_number)
    ending = ending_of(frozen, rated, until=acceptance.until, news=(), at=acceptance.until)
    return end_in_force(acceptance, risk, ending, by=by, now=now) if ending else {}


def end_in_force(
    acceptance: Acceptance, risk: Risk, ending: Ending, *, by: str, now: datetime, reopen: bool = True
) -> dict[str, list[Any]]:
    """Write that an acceptance is over, and open its risk again; returns what changed."""
    changes: dict[str, list[Any]] = {"acceptance": [acceptance.state, ending.state.value]}
    acceptance.state, acceptance.ended_at, acceptance.ended_why = ending.state, now, ending.why
    acceptance.save(update_fields=["state", "ended_at", "ended_why"])
    if not reopen:
        return changes
    return changes | _move_accepting(risk, TreatmentStatus.DONE, TreatmentStatus.OPEN, by=by, now=now)


def must_be_accepted(risk: Risk) -> None:
    """Accepting is not done by saying so: raises ValidationError while no acceptance holds today.

    One that is over, though nothing has marked it yet, is none.
    """
    today = timezone.localdate()
    if not holding(risk.acceptances.all(), reading.current(), current_scale(), at=today).exists():
        raise ValidationError({"status": "Accepting is done once another person has approved it. Propose it first."})


def finish_accepting(risk: Risk, *, by: str, now: datetime) -> dict[str, list[Any]]:
    """A treatment of option accept is done once the acceptance is approved; returns what changed."""
    return _move_accepting(risk, None, TreatmentStatus.DONE, by=by, now=now)


def _move_accepting(
    risk: Risk, before: TreatmentStatus | None, after: TreatmentStatus, *, by: str, now: datetime
) -> dict[str, list[Any]]:
    """Bring a treatment of option accept from one status to another, by a new row. Opened again it is due at once."""
    row: Treatment | None = risk.treatments.in_force().filter(option=TreatmentOption.ACCEPT).first()
    if row is None or row.status == after or (before is not None and row.status != before):
        return {}
    row.superseded_at = now
    row.save(update_fields=["superseded_at"])
    changes: dict[str, list[Any]] = {"status": [row.status, after.value]}
    due = max(row.due, timezone.localdate(now)) if after == TreatmentStatus.OPEN else row.due
    if due != row.due:
        changes["due"] = [row.due, due]
    said = {"option": row.option, "plan": row.plan, "owner_id": row.owner_id, "set_by_name": by}
    create(Treatment(team_id=row.team_id, risk=risk, status=after, due=due, at=now, **said))
    if after == TreatmentStatus.DONE and end_all_waiting([risk.pk], ENDED_BY_DONE, now=now):
        changes |= WITHDRAWN
    return changes


def _frozen(row: Acceptance) -> Grounds:
    return Grounds(row.likelihood, row.impact, row.level, row.is_outside, row.profile_number)
