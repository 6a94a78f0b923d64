"""What people are reminded of: what they own and is due or overdue, acceptances that are about to end, and more time
that is asked for or was decided.

Each step is told once (delivery keeps that). A run that was missed is made up for: what is due in five days and was
never told of is told as the step of seven days, not of all steps before it.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from accounts.models import User
from accounts.roles import OrganisationRole, TeamRole
from catalog import reading
from catalog.reading import Catalog
from pages.templatetags.pages import day
from risks.delivery.services import Notice, notify
from risks.register.choices import RiskState, TimeState
from risks.register.models import Acceptance, Measure, TimeRequest, Treatment
from risks.register.querysets import in_state
from risks.register.threats import title_of

DUE_IN = (1, 7)  # days before, the nearest first
EXPIRES_IN = (1, 7, 30)
OVERDUE = "overdue"
RECENTLY = timedelta(days=7)  # what was decided before then is told to nobody any more


def remind(*, at: datetime) -> int:
    """Tell everyone what they should hear on the day of `at`; returns to how many people a mail goes."""
    today = timezone.localtime(at).date()
    catalog = reading.current()
    told = (*_owned(today, catalog), *_ending(today, catalog), *_asked(catalog), *_decided(at, catalog))
    return notify(told, at=at)


def step_of(due: date, today: date, steps: tuple[int, ...]) -> str:
    """The step that a day has reached: the least number of days that it lies within, OVERDUE, or none."""
    left = (due - today).days
    if left < 0:
        return OVERDUE
    return next((str(step) for step in steps if left <= step), "")


def _owned(today: date, catalog: Catalog) -> Iterator[Notice]:
    """Of unfinished treatments and measures of open risks, to their owners."""
    soon = {"due__lte": today + timedelta(days=max(DUE_IN))}
    treatments = Treatment.objects.unfinished().of_open_risks().filter(**soon)
    measures = Measure.objects.unfinished().filter(in_state(RiskState.OPEN, path="risk__"), **soon)
    for name, rows in (("treatment", treatments), ("measure", measures)):
        for row in rows.select_related("risk__system", "owner").prefetch_related("owner__memberships"):
            if _may_see(row.owner, row.team_id):
                step = step_of(row.due, today, DUE_IN)
                kind = OVERDUE if step == OVERDUE else "due"
                since = "was due" if kind == OVERDUE else "is due"
                text = f"The {name} of {_what(row, catalog)} {since} {day(row.due)}."
                subject = f"{name}:{row.risk_id if name == 'treatment' else row.pk}:{row.due.isoformat()}"
                yield _notice(row.owner, row, kind, subject, step, text)


def _ending(today: date, catalog: Catalog) -> Iterator[Notice]:
    """Of acceptances in force, to those who proposed and decided them."""
    ending = Acceptance.objects.in_force().filter(
        in_state(RiskState.OPEN, path="risk__"), until__range=(today, today + timedelta(days=max(EXPIRES_IN)))
    )
    people = ("proposed_by__memberships", "decided_by__memberships")
    rows = ending.select_related("risk__system", "proposed_by", "decided_by").prefetch_related(*people)
    for row in rows:
        for person in (row.proposed_by, row.decided_by):
            if _may_see(person, row.team_id):
                text = f"The acceptance of {_what(row, catalog)} ends {day(row.until)}."
                yield _notice(
                    person, row, "expires", f"acceptance:{row.pk}", step_of(row.until, today, EXPIRES_IN), text
                )


def _asked(catalog: Catalog) -> Iterator[Notice]:
    """Of more time that waits for a decision, to the editors of the team and, where it has none, to the officers."""
    rows = TimeRequest.objects.waiting().of_open_risks().with_work()
    people = User.objects.filter(is_active=True)
    officers = list(people.filter(organisation_role=OrganisationRole.OFFICER))
    editors: dict[int, list[User]] = {}
    for person in people.filter(memberships__role=TeamRole.EDITOR).prefetch_related("memberships").distinct():
        for membership in person.memberships.all():
            if membership.role == TeamRole.EDITOR:
                editors.setdefault(membership.team_id, []).append(person)
    for row in rows:
        text = f"{row.asked_by.name[:60]} asks for time until {day(row.asked_until)} for {_what(row, catalog)[:-1]}."
        for person in editors.get(row.team_id, officers):
            yield _notice(person, row, "asked", f"time:{row.pk}", "asked", text)


def _decided(at: datetime, catalog: Catalog) -> Iterator[Notice]:
    """Of more time that somebody else granted or refused lately, to whoever asked."""
    states = (TimeState.GRANTED, TimeState.REFUSED)
    rows = TimeRequest.objects.filter(state__in=states, decided_at__gte=at - RECENTLY).exclude(decided_by=F("asked_by"))
    for row in rows.with_work().prefetch_related("asked_by__memberships"):
        if _may_see(row.asked_by, row.team_id):
            verb = row.get_state_display().lower()
            text = f"More time until {day(row.asked_until)} for {_what(row, catalog)} is {verb}."
            yield _notice(row.asked_by, row, "decided", f"time:{row.pk}", row.state, text)


def _may_see(person: User, team_id: int) -> bool:
    """As User.may_see, from memberships that are loaded already."""
    return person.is_active and (
        person.sees_all_teams or any(each.team_id == team_id for each in person.memberships.all())
    )


def _what(row: Any, catalog: Catalog) -> str:
    return f"{row.risk.reference}, {title_of(catalog, row.risk.threat_key)[:80]} ({row.risk.system.name[:80]}),"


def _notice(person: User, row: Any, kind: str, subject: str, threshold: str, text: str) -> Notice:
    return Notice(person.pk, row.team_id, kind, subject, threshold, text, row.risk.get_absolute_url())
