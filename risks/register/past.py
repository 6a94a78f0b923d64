"""The register as a day in the past ended: ratings and treatments of then, the risks that counted, the scale of then.

Read from the dated rows. A risk is there from its registration on, and stays with its system. What is kept only as it
is now (tags, suppliers, what the catalog says of an edition) cannot be asked of the past, and says so.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import BigIntegerField, DateTimeField, F, FilteredRelation, Q
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast
from django.utils import timezone

from journal.models import Event
from risks.register.choices import RiskState
from risks.register.filter_values import ANY_STATE
from risks.register.filters import Columns, RiskFilter
from risks.register.models import Dismissal
from risks.register.querysets import RiskQuerySet
from risks.register.rules import Scale
from risks.register.scales import scale_at
from risks.systems.life_cycle import RESTORED
from risks.systems.models import AISystem

FIRST_YEAR = 2000
THEN = Columns("treatment_then__option", "treatment_then__status", "treatment_then__due", "treatment_then__owner")
NOT_OF_THE_PAST = {
    "look": "Which risks needed another look is not kept for past days.",
    "review": "Which reviews were overdue is not kept for past days.",
    "tag": "Tags are kept as they are now, not for past days.",
    "supplier": "Suppliers of components are kept as they are now, not for past days.",
    "acceptance": "Which acceptances held is not kept for past days.",
}


@dataclass(frozen=True)
class Past:
    """A day as it ended: `moment` is the first one after it, `scale` the one in force then."""

    day: date
    moment: datetime
    scale: Scale


def day_in_the_past(text: str, *, today: date) -> date | None:
    """The day an address asks for; None for today. Raises ValidationError with a sentence."""
    try:
        day = date.fromisoformat(text) if len(text) == len("2026-01-31") else None
    except ValueError:
        day = None
    if day is None:
        raise ValidationError({"at": f"“{text[:40]}” is not a day. Write it as {today}."})
    if day > today:
        raise ValidationError({"at": f"{day} is still to come. Ask for a day up to today, {today}."})
    if day.year < FIRST_YEAR:
        raise ValidationError({"at": f"The register does not go back to {day}. Ask for a day from {FIRST_YEAR} on."})
    return None if day == today else day


def end_of(day: date) -> datetime:
    """The first moment after a day."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def past_of(day: date) -> Past:
    """One query."""
    return past_at(end_of(day), day=day)


def past_at(moment: datetime, *, day: date) -> Past:
    return Past(day, moment, scale_at(moment))


def archived_then(past: Past) -> Q:
    """The condition on risks whose system was archived: it still is, or was restored only later.

    A system keeps the moment of its last archiving. Earlier ones stand in the event of each restoring, which tells from
    when to when it was.
    """
    still = AISystem.objects.order_by().filter(archived_at__lt=past.moment)
    start = Cast(KeyTextTransform(0, KeyTransform("archived_at", "changes")), DateTimeField())
    since = Event.objects.order_by().filter(object_type="aisystem", verb=RESTORED, at__gte=past.moment)
    restored = since.annotate(start=start, system=Cast("object_id", BigIntegerField())).filter(start__lt=past.moment)
    return Q(system_id__in=still.values("pk")) | Q(system_id__in=restored.values("system"))


def risks_then(risks: RiskQuerySet, kind: str, past: Past) -> RiskQuerySet:
    """Those that were registered by then, with `rated_…` of the rating of then, and the treatment of then by THEN."""
    found: Any = risks.filter(created_at__lt=past.moment).alias(
        rating_then=FilteredRelation("ratings", condition=Q(ratings__kind=kind) & in_force_then("ratings__", past)),
        treatment_then=FilteredRelation("treatments", condition=in_force_then("treatments__", past)),
    )
    return found.annotate(  # type: ignore[no-any-return]
        rated_likelihood=F("rating_then__likelihood"),
        rated_impact=F("rating_then__impact"),
        rated_level=F("rating_then__level"),
    )


def narrow_then(risks: RiskQuerySet, wanted: RiskFilter, past: Past) -> RiskQuerySet:
    """The risks that passed the filter when the day ended."""
    state = state_then(wanted.state, past)
    return risks_then(risks, wanted.kind, past).filter(wanted.condition(at=past.day, columns=THEN, state=state))


def in_force_then(path: str, past: Past) -> Q:
    """The condition on dated rows at the end of a `path`: begun by then and not superseded yet."""
    lasted = Q((f"{path}superseded_at", None)) | Q((f"{path}superseded_at__gte", past.moment))
    return Q((f"{path}at__lt", past.moment)) & lasted


def state_then(state: str, past: Past) -> Q:
    """The condition on risks that were in a state of the filter."""
    if state == ANY_STATE:
        return Q()
    archived = archived_then(past)
    rows = Dismissal.objects.order_by().filter(in_force_then("", past), risk__isnull=False)
    dismissed = Q(pk__in=rows.values("risk_id"))
    return {
        RiskState.OPEN: ~dismissed & ~archived,
        RiskState.DISMISSED: dismissed & ~archived,
        RiskState.ARCHIVED: archived,
    }[RiskState(state)]


def refused_of_the_past(wanted: RiskFilter) -> dict[str, str]:
    """A sentence per filter that is asked for and cannot be asked of a past day."""
    return {name: said for name, said in NOT_OF_THE_PAST.items() if name in wanted.params()}
