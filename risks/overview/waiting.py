"""What else waits for one person: measures they own, acceptances they may decide, reviews of what they own."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from catalog.reading import Catalog
from pages.templatetags.pages import day
from risks.register.choices import RiskState, TreatmentStatus
from risks.register.filter_values import REVIEW_OVERDUE
from risks.register.filters import RiskFilter
from risks.register.models import Acceptance, Measure, Risk
from risks.register.querysets import in_state
from risks.register.rules import Scale
from risks.register.threats import title_of

SOON = timedelta(days=7)


@dataclass(frozen=True)
class Waiting:
    """One thing on a risk. `due` is None for what has no day of its own; `status` is that of a measure."""

    what: str
    text: str
    risk: Risk
    title: str
    level: int | None
    word: str
    due: date | None
    is_late: bool
    is_soon: bool
    status: str = ""
    status_word: str = ""


def waiting_for(person: User, catalog: Catalog, scale: Scale, *, at: date) -> tuple[Waiting, ...]:
    """Everything on the day `at`, the latest first, what has no day last; three queries."""

    def waiting(what: str, text: str, risk: Risk, due: date | None, **more: Any) -> Waiting:
        level = risk.current_level
        word = scale.word(level) if level else ""
        is_late = due is not None and due < at
        is_soon = due is not None and at <= due <= at + SOON
        title = title_of(catalog, risk.threat_key)
        return Waiting(what, text, risk, title, level, word, due, is_late, is_soon, **more)

    found = [
        waiting("Measure", row.text, row.risk, row.due, status=row.status, status_word=_word(row.status))
        for row in measures_of(person)
    ]
    found += [
        waiting("Decide", f"{row.proposed_by.name} asks to accept it until {day(row.until)}.", row.risk, None)
        for row in acceptances_to_decide(person)
    ]
    for risk in reviews_of(person, scale, at=at):
        due = scale.next_review(risk.current_level, timezone.localtime(risk.reviewed_at).date())
        found.append(waiting("Review", "Does it still stand as it was judged?", risk, due))
    return tuple(sorted(found, key=lambda each: (each.due or date.max, each.risk.number)))


def measures_of(person: User) -> Any:
    """Unfinished measures of open risks that the person owns and may see."""
    mine = Measure.objects.visible_to(person).unfinished().filter(in_state(RiskState.OPEN, path="risk__"), owner=person)
    return mine.select_related("risk__system")


def acceptances_to_decide(person: User) -> Any:
    """Proposals of others: inside appetite for editors of the team, all of them for those who edit every team."""
    rows = Acceptance.objects.visible_to(person).waiting().filter(in_state(RiskState.OPEN, path="risk__"))
    rows = rows.exclude(proposed_by=person).select_related("risk__system", "proposed_by")
    return rows if person.edits_all_teams else rows.filter(team_id__in=person.edited_team_ids(), is_outside=False)


def reviews_of(person: User, scale: Scale, *, at: date) -> Any:
    """Open risks whose review is overdue, of systems or treatments that the person owns."""
    wanted = RiskFilter(review=REVIEW_OVERDUE, review_days=scale.review_days)
    mine = Q(treatment_owner=person) | Q(system__owner=person)
    return wanted.narrow(Risk.objects.visible_to(person), at=at).filter(mine).select_related("system")


def _word(status: str) -> str:
    return str(TreatmentStatus(status).label)
