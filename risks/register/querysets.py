"""Which risks a reader may see, and the adjectives of risks.

What is in force is joined, not copied: at most one rating of a kind and one treatment are in force (the database sees
to it), so a join adds no rows and no counter can drift.
"""

from datetime import date
from typing import Any, Self

from django.db.models import F, FilteredRelation, Prefetch, Q

from accounts.querysets import TeamScoped
from risks.register.choices import RatingKind, RiskState, TreatmentStatus
from risks.systems.querysets import Dated


def in_state(state: str, *, path: str = "") -> Q:
    """The condition on risks in a state, or on rows that lead to them by a `path` such as "risk__"."""
    archived = Q(**{f"{path}system__archived_at__isnull": False})
    dismissed = Q(**{f"{path}dismissed_at__isnull": False})
    conditions = {
        RiskState.OPEN: ~dismissed & ~archived,
        RiskState.DISMISSED: dismissed & ~archived,
        RiskState.ARCHIVED: archived,
    }
    return conditions[RiskState(state)]


class RiskQuerySet(TeamScoped):
    def open(self) -> Self:
        """Those that count as work: not dismissed, and of a system that is not archived."""
        return self.filter(in_state(RiskState.OPEN))

    def with_rating(self, kind: str = RatingKind.CURRENT) -> Self:
        """Adds `rated_likelihood`, `rated_impact` and `rated_level` of the rating in force; null when not rated."""
        return self._joining_rating(kind).annotate(
            rated_likelihood=F(f"{kind}_rating__likelihood"),
            rated_impact=F(f"{kind}_rating__impact"),
            rated_level=F(f"{kind}_rating__level"),
        )

    def with_levels(self) -> Self:
        """Adds `inherent_level`, `current_level` and `target_level` of the ratings in force; null when not rated."""
        risks = self
        for kind in RatingKind.values:
            risks = risks._joining_rating(kind).annotate(**{f"{kind}_level": F(f"{kind}_rating__level")})
        return risks

    def with_treatment(self) -> Self:
        """Adds option, status, due date and owner of the treatment in force; null when none is chosen."""
        in_force = Q(treatments__superseded_at=None)
        return self.annotate(plan=FilteredRelation("treatments", condition=in_force)).annotate(
            treatment_option=F("plan__option"),
            treatment_status=F("plan__status"),
            treatment_due=F("plan__due"),
            treatment_owner_id=F("plan__owner_id"),
            treatment_owner_name=F("plan__owner__name"),
        )

    def with_parts(self) -> Self:
        """Loads system, team and what is in force of both; five queries. parts.py reads what this has loaded."""
        treatments = self._in_force("treatments").select_related("owner")
        return self.select_related("system", "team").prefetch_related(
            Prefetch("ratings", self._in_force("ratings"), to_attr="ratings_in_force"),
            Prefetch("treatments", treatments, to_attr="treatments_in_force"),
            Prefetch("system__profiles", self._in_force("system", "profiles"), to_attr="profiles_in_force"),
            Prefetch(
                "system__responsibilities",
                self._in_force("system", "responsibilities"),
                to_attr="responsibilities_in_force",
            ),
        )

    def _joining_rating(self, kind: str) -> Self:
        in_force = Q(ratings__kind=kind, ratings__superseded_at=None)
        return self.annotate(**{f"{kind}_rating": FilteredRelation("ratings", condition=in_force)})

    def _in_force(self, *path: str) -> Any:
        """The rows in force at the end of a path of relations. Models import this module, so it cannot import them."""
        model: Any = self.model
        for name in path:
            model = model._meta.get_field(name).related_model
        return model._default_manager.in_force()


class TreatmentQuerySet(Dated):
    def unfinished(self) -> Self:
        return self.in_force().exclude(status=TreatmentStatus.DONE)

    def overdue(self, *, at: date) -> Self:
        """Unfinished and due before the day `at`."""
        return self.unfinished().filter(due__lt=at)

    def of_open_risks(self) -> Self:
        """Of risks that count as work."""
        return self.filter(in_state(RiskState.OPEN, path="risk__"))

    def of_owner(self, user: Any) -> Self:
        return self.filter(owner_id=user.pk)
