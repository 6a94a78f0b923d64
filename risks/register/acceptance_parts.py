"""What pages show of acceptances: each with its state as of now, in words, and what the reader may do with it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F

from accounts.models import User
from catalog.reading import Catalog
from pages.templatetags.pages import day
from risks.register.acceptance_rules import Ending
from risks.register.acceptances import ending_now, ending_soon, holding
from risks.register.access import may_propose, may_withdraw, why_no_decision
from risks.register.choices import AcceptanceState, RiskState
from risks.register.models import Acceptance, Risk
from risks.register.parts import profile_number_of, rows_below
from risks.register.rules import Scale
from risks.register.threats import title_of
from risks.systems.models import Profile

MOST = 200  # rows of each kind on one page
MOST_OF_RISK = 20  # on the page of a risk; the API has all of them


@dataclass(frozen=True)
class Told:
    """One acceptance. `ending` says why it rests on nothing any more, whether or not a task has marked it yet."""

    row: Acceptance
    title: str
    state: AcceptanceState
    ending: Ending | None
    rated: str
    no_decision: str
    may_withdraw: bool

    @property
    def is_waiting(self) -> bool:
        return self.state == AcceptanceState.PROPOSED

    @property
    def holds(self) -> bool:
        return self.state == AcceptanceState.APPROVED

    @property
    def may_decide(self) -> bool:
        return self.is_waiting and not self.no_decision

    @property
    def heading(self) -> str:
        """The state as people say it."""
        words = {
            AcceptanceState.PROPOSED: "Waits for a decision",
            AcceptanceState.APPROVED: f"Accepted until {day(self.row.until)}",
            AcceptanceState.REFUSED: "Refused",
            AcceptanceState.WITHDRAWN: "Withdrawn",
            AcceptanceState.EXPIRED: "Expired",
            AcceptanceState.STALE: "No longer holds",
            AcceptanceState.RENEWED: "Renewed",
        }
        return words[self.state]

    @property
    def why(self) -> str:
        """Why it is over, or cannot be approved any more."""
        return self.ending.why if self.ending else self.row.ended_why


@dataclass(frozen=True)
class AcceptancePart:
    """The acceptances of one risk: those that matter now, and those before them."""

    now: tuple[Told, ...]
    earlier: tuple[Told, ...]
    may_propose: bool
    is_renewal: bool
    needs_rating: bool


def acceptance_part(risk: Risk, reader: User, catalog: Catalog, scale: Scale, *, at: date) -> AcceptancePart:
    """What the page of a risk shows; the risk comes from `risk_to_see`. One query."""
    rows = rows_below(risk, "acceptances", _latest)
    number = profile_number_of(risk)
    told = [_told(row, risk, reader, catalog, scale, number=number, at=at) for row in rows]
    lasting = [each for each in told if each.is_waiting or each.holds]
    now = lasting if any(each.holds for each in lasting) else told[: len(lasting) + 1]
    is_open = risk.state == RiskState.OPEN
    return AcceptancePart(
        now=tuple(now),
        earlier=tuple(each for each in told if each not in now),
        may_propose=is_open
        and risk.current_level is not None
        and may_propose(reader, risk.team_id)
        and not any(each.is_waiting for each in told),
        is_renewal=any(each.holds for each in told),
        needs_rating=is_open and risk.current_level is None,
    )


def _latest(rows: Any) -> Any:
    """What stands, and of what is over the last to end."""
    found = rows.select_related("proposed_by", "decided_by")
    return found.order_by(F("ended_at").desc(nulls_first=True), "-proposed_at", "-pk")[:MOST_OF_RISK]


def told_of_acceptance(row: Acceptance, reader: User, catalog: Catalog, scale: Scale, *, at: date) -> Told:
    """One acceptance that came with its risk; one query."""
    profile = Profile.objects.in_force().filter(system_id=row.risk.system_id).first()
    return _told(row, row.risk, reader, catalog, scale, number=profile.number if profile else 0, at=at)


def waiting_for(reader: User, catalog: Catalog, scale: Scale, *, at: date) -> list[Told]:
    """Proposals that wait in the teams of the reader, the oldest first; two queries."""
    rows = Acceptance.objects.visible_to(reader).waiting().of_open_risks().with_risk().order_by("proposed_at", "pk")
    return told_of_acceptances(rows[:MOST], reader, catalog, scale, at=at)


def expiring_for(reader: User, catalog: Catalog, scale: Scale, *, at: date) -> list[Told]:
    """Those that hold and end soon, the first to end first; two queries."""
    rows = holding(Acceptance.objects.visible_to(reader), catalog, scale, at=at).of_open_risks().with_risk()
    soon = ending_soon(rows, at=at).order_by("until", "pk")
    return told_of_acceptances(soon[:MOST], reader, catalog, scale, at=at)


def told_of_acceptances(
    found: Iterable[Acceptance], reader: User, catalog: Catalog, scale: Scale, *, at: date
) -> list[Told]:
    """Acceptances that come with their risks (with_risk); one query more."""
    rows = list(found)
    profiles = Profile.objects.in_force().filter(system_id__in={row.risk.system_id for row in rows})
    numbers = dict(profiles.values_list("system_id", "number"))
    return [
        _told(row, row.risk, reader, catalog, scale, number=numbers.get(row.risk.system_id, 0), at=at) for row in rows
    ]


def _told(row: Acceptance, risk: Risk, reader: User, catalog: Catalog, scale: Scale, *, number: int, at: date) -> Told:
    state, ending = AcceptanceState(row.state), None
    if state in (AcceptanceState.PROPOSED, AcceptanceState.APPROVED):
        ending = ending_now(row, risk, catalog, scale, profile_number=number, at=at)
    if ending is not None and state == AcceptanceState.APPROVED:
        state = ending.state
    lasts = state in (AcceptanceState.PROPOSED, AcceptanceState.APPROVED)
    return Told(
        row=row,
        title=title_of(catalog, risk.threat_key),
        state=state,
        ending=ending,
        rated=_rated(row, scale),
        no_decision=why_no_decision(reader, row),
        may_withdraw=lasts and risk.system.archived_at is None and may_withdraw(reader, row),
    )


def _rated(row: Acceptance, scale: Scale) -> str:
    """What was judged; the word only while the scale is the one it was judged on."""
    word = f", {scale.word(row.level)}" if row.scale == scale.key else " on an earlier scale"
    return f"{row.likelihood} × {row.impact}{word}"
