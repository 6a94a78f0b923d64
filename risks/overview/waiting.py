"""What waits for one person, each as one thing on a risk: work they own, decisions that are theirs, overdue reviews."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import OrganisationRole
from catalog.reading import Catalog
from pages.templatetags.pages import day
from risks.register.access import may_update
from risks.register.choices import RiskState
from risks.register.filter_values import REVIEW_OVERDUE
from risks.register.filters import RiskFilter
from risks.register.models import Acceptance, Measure, Risk, TimeRequest, Treatment
from risks.register.querysets import in_state
from risks.register.rules import Scale
from risks.register.threats import title_of

SOON = timedelta(days=7)
MOST = 200  # requests for more time on one page

type Requests = Mapping[tuple[int, int | None], TimeRequest]  # by the risk and, where it is about one, the measure


@dataclass(frozen=True)
class Waiting:
    """One thing on a risk. `due` is None for what has no day of its own.

    `work` is a treatment or a measure that the person owns, `asked` the request for more time that waits about it or,
    without `work`, that the person may decide. `url` is where anything else is decided.
    """

    what: str
    text: str
    risk: Risk
    title: str
    level: int | None
    word: str
    due: date | None
    at: date
    work: Treatment | Measure | None = None
    may_update: bool = False
    may_move: bool = False
    asked: TimeRequest | None = None
    url: str = ""
    action: str = ""

    @property
    def is_late(self) -> bool:
        return self.due is not None and self.due < self.at

    @property
    def is_soon(self) -> bool:
        """Whether it is due in the next seven days."""
        return self.due is not None and self.at <= self.due <= self.at + SOON

    @property
    def earliest(self) -> date:
        """The first day that more time can be asked until."""
        return max(self.at, (self.due or self.at) + timedelta(days=1))

    @property
    def version(self) -> int:
        """What a form about it says was read."""
        return self.work.version if isinstance(self.work, Measure) else self.risk.version

    @property
    def key(self) -> str:
        """Tells its fields from those of the others on the page."""
        measure = self.work.pk if isinstance(self.work, Measure) else 0
        return f"{self.risk.pk}-{measure}"

    @property
    def status_url(self) -> str:
        return self._address("status", "update_measure")

    @property
    def time_url(self) -> str:
        return self._address("needs_time", "measure_needs_time")

    def _address(self, of_treatment: str, of_measure: str) -> str:
        if isinstance(self.work, Measure):
            return reverse(f"register:{of_measure}", args=[self.risk.pk, self.work.pk])
        return reverse(f"register:{of_treatment}", args=[self.risk.pk])


@dataclass(frozen=True)
class Reader:
    """Who reads, by what scale and catalog, on which day."""

    person: User
    catalog: Catalog
    scale: Scale
    at: date

    def waiting(self, what: str, text: str, risk: Risk, due: date | None, **more: Any) -> Waiting:
        level = risk.current_level
        word = self.scale.word(level) if level else ""
        return Waiting(what, text, risk, title_of(self.catalog, risk.threat_key), level, word, due, self.at, **more)

    def work(self, work: Any, requests: Requests) -> Waiting:
        """A treatment or a measure that the person owns."""
        is_measure = isinstance(work, Measure)
        return self.waiting(
            "Measure" if is_measure else "Treatment",
            work.text if is_measure else work.plan,
            work.risk,
            work.due,
            work=work,
            may_update=may_update(self.person, work),
            may_move=self.person.may_edit(work.team_id),
            asked=requests.get((work.risk_id, work.pk if is_measure else None)),
        )


def in_order(found: Iterable[Waiting]) -> tuple[Waiting, ...]:
    """The first due first, what has no day last."""
    return tuple(sorted(found, key=lambda each: (each.due or date.max, each.risk.number, each.key)))


def others_of(reader: Reader, requests: Requests) -> list[Waiting]:
    """Everything but treatments; three queries: measures, acceptances and reviews."""
    person, scale = reader.person, reader.scale
    found = [reader.work(row, requests) for row in measures_of(person)]
    found += [
        reader.waiting(
            "Decide",
            f"{row.proposed_by.name} asks to accept it until {day(row.until)}.",
            row.risk,
            None,
            url=reverse("register:decide_acceptance", args=[row.pk]),
            action="Decide",
        )
        for row in acceptances_to_decide(person)
    ]
    found += [
        reader.waiting("Decide", _asks(row), row.risk, row.due, asked=row)
        for row in requests.values()
        if person.may_edit(row.team_id)
    ]
    for risk in reviews_of(person, scale, at=reader.at):
        due = scale.next_review(risk.current_level, timezone.localtime(risk.reviewed_at).date())
        url = reverse("register:review_risk", args=[risk.pk]) if person.may_edit(risk.team_id) else ""
        text = "Does it still stand as it was judged?"
        found.append(reader.waiting("Review", text, risk, due, url=url, action="Review"))
    return found


def measures_of(person: User) -> Any:
    """Unfinished measures of open risks that the person owns and may see."""
    mine = Measure.objects.visible_to(person).unfinished().filter(in_state(RiskState.OPEN, path="risk__"), owner=person)
    return mine.select_related("risk__system")


def requests_about(person: User) -> Requests:
    """Requests for more time that wait and that the person asked or may decide, the oldest first."""
    rows = TimeRequest.objects.visible_to(person).waiting().of_open_risks().with_work()
    if not person.edits_all_teams:
        rows = rows.filter(Q(team_id__in=person.edited_team_ids()) | Q(asked_by=person))
    return {(row.risk_id, row.measure_id): row for row in rows.order_by("asked_at", "pk")[:MOST]}


def acceptances_to_decide(person: User) -> Any:
    """Proposals of others: inside appetite for who may edit the team, outside for security officers (access.py)."""
    rows = Acceptance.objects.visible_to(person).waiting().filter(in_state(RiskState.OPEN, path="risk__"))
    rows = rows.exclude(proposed_by=person).select_related("risk__system", "proposed_by")
    if person.organisation_role != OrganisationRole.OFFICER:
        rows = rows.filter(is_outside=False)
    return rows if person.edits_all_teams else rows.filter(team_id__in=person.edited_team_ids())


def reviews_of(person: User, scale: Scale, *, at: date) -> Any:
    """Open risks whose review is overdue, of systems or treatments that the person owns."""
    wanted = RiskFilter(review=REVIEW_OVERDUE, review_days=scale.review_days)
    mine = Q(treatment_owner=person) | Q(system__owner=person)
    return wanted.narrow(Risk.objects.visible_to(person), at=at).filter(mine).select_related("system")


def _asks(asked: TimeRequest) -> str:
    what = f"“{asked.measure.text}”" if asked.measure else "the treatment"
    return f"{asked.asked_by.name} asks for time until {day(asked.asked_until)} for {what}."
