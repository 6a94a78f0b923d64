"""What the lists of risks show: the rows, and the tabs with their counts."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils import timezone

from accounts.models import User
from catalog.reading import Catalog
from risks.register.another_look import reasons_to_look
from risks.register.choices import RiskState, TreatmentOption, TreatmentStatus
from risks.register.filter_values import ANY_STATE
from risks.register.filters import RiskFilter
from risks.register.models import Risk
from risks.register.parts import party_of
from risks.register.querysets import RiskQuerySet
from risks.register.rules import Scale
from risks.register.tallies import Tally, tallies_of
from risks.register.threats import title_of
from risks.systems.choices import Party

PER_PAGE = 50


@dataclass(frozen=True)
class Row:
    """A risk in a list, on the day `at`."""

    risk: Any  # a Risk with its rating, system and owner, and with what the columns need besides
    title: str
    level: int | None
    word: str
    moves: tuple[int | None, int | None, int | None]
    option: str
    status: str
    status_word: str
    owner: str
    due: date | None
    is_late: bool
    needs_look: bool
    state_word: str  # empty for an open risk
    catalog: Catalog
    scale: Scale
    at: date
    is_tied: bool = False  # by priority: no order is meant between it and the row above

    @property
    def expected_loss(self) -> float | None:
        """Of the rating that the list is about; see Scale.expected_loss."""
        likelihood, impact = self.risk.rated_likelihood, self.risk.rated_impact
        return self.scale.expected_loss(likelihood, impact) if likelihood and impact else None

    @property
    def next_review(self) -> date | None:
        """The last day for the next review; none for a risk that is not rated, or does not count."""
        risk = self.risk
        if risk.reviewed_at is None or risk.current_level is None or self.state_word:
            return None
        return self.scale.next_review(risk.current_level, timezone.localdate(risk.reviewed_at))

    @property
    def party(self) -> Party | None:
        """Who answers for the threat; the list was loaded for that column."""
        return party_of(self.risk, self.catalog)


@dataclass(frozen=True)
class Tab:
    """A view that people open often, with how many risks it holds."""

    key: str
    label: str
    query: str
    tally: Tally
    is_open: bool

    @property
    def count(self) -> int:
        return self.tally.number


def risks_for_list(reader: User, kind: str, needs: Collection[str] = ()) -> RiskQuerySet:
    """Every risk the reader may see, in whatever state, with what a row shows.

    `needs` are what columns ask for besides (Column.needs): the team, the acceptance in force, the party.
    """
    risks: RiskQuerySet = Risk.objects.visible_to(reader)
    risks = risks.with_rating(kind).select_related("system", "treatment_owner")
    if "team" in needs:
        risks = risks.select_related("team")
    if "acceptance" in needs:
        risks = risks.with_acceptance()
    return risks.with_party() if "party" in needs else risks


def rows_of(risks: Iterable[Any], catalog: Catalog, scale: Scale, *, at: date) -> list[Row]:
    """Rows of risks from `risks_for_list`, on the day `at`."""
    return [_row(risk, catalog, scale, at) for risk in risks]


def _row(risk: Any, catalog: Catalog, scale: Scale, at: date) -> Row:
    status, due = risk.treatment_status, risk.treatment_due
    return Row(
        risk=risk,
        title=title_of(catalog, risk.threat_key),
        level=risk.rated_level,
        word=scale.word(risk.rated_level) if risk.rated_level else "",
        moves=(risk.inherent_level, risk.current_level, risk.target_level),
        option=TreatmentOption(risk.treatment_option).label if risk.treatment_option else "",
        status=status or "",
        status_word=TreatmentStatus(status).label if status else "",
        owner=risk.treatment_owner.name if risk.treatment_owner else "",
        due=due,
        is_late=due is not None and due < at and status != TreatmentStatus.DONE,
        needs_look=bool(reasons_to_look(catalog, edition=risk.edition, threat_key=risk.threat_key)),
        state_word="" if risk.state == RiskState.OPEN else risk.state.label.lower(),
        catalog=catalog,
        scale=scale,
        at=at,
    )


def tabs_and_tally(reader: User, wanted: RiskFilter, *, at: date) -> tuple[list[Tab], Tally]:
    """The tabs with their counts, and how many risks the whole filter lets through; one query.

    A tab keeps the filters it does not ask about itself, so its count is what a click on it shows.
    """
    rest = wanted.without_rating_and_treatment()
    asked_for: dict[str, tuple[str, dict[str, Any]]] = {
        "all": ("All", {}),
        "outside": ("Outside appetite", {"outside": True}),
        "unrated": ("Not rated", {"unrated": True}),
        "overdue": ("Overdue", {"overdue": True}),
        "mine": ("Mine", {"owner": (reader.pk,)}),
        "look": ("Another look", {"look": True}),
    }
    filters = {key: (label, replace(rest, **own)) for key, (label, own) in asked_for.items()}
    # The filters that all tabs share are put together once.
    risks: RiskQuerySet = Risk.objects.visible_to(reader)
    shared = rest.narrow(risks.with_rating(wanted.kind), at=at)
    alone = RiskFilter(state=ANY_STATE, kind=wanted.kind, looks=rest.looks, beyond=rest.beyond)
    counted = {key: shared.filter(replace(alone, **own).condition(at=at)) for key, (_, own) in asked_for.items()}
    open_tab = next((key for key, (_, tab) in filters.items() if tab == wanted), "wanted")
    if open_tab == "wanted":
        counted["wanted"] = wanted.narrow(risks, at=at)
    tallies = tallies_of(counted)
    tabs = [
        Tab(key, label, tab.query(), tallies[key], is_open=key == open_tab) for key, (label, tab) in filters.items()
    ]
    # Another look is only ever needed after a new edition; the tab would be in the way before.
    return [tab for tab in tabs if tab.key != "look" or tab.count or tab.is_open], tallies[open_tab]
