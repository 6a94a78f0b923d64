"""Which risks a reader may see, and the adjectives of risks."""

from datetime import date
from typing import Any, Self

from django.db.models import F, FilteredRelation, Q

from risks.register.choices import RatingKind, TreatmentStatus
from risks.systems.querysets import TeamScoped


class RiskQuerySet(TeamScoped):
    def with_rating(self, kind: str = RatingKind.CURRENT) -> Self:
        """Adds `rated_likelihood`, `rated_impact` and `rated_level` of the rating in force; null when not rated."""
        in_force = Q(ratings__kind=kind, ratings__superseded_at=None)
        return self.annotate(rating=FilteredRelation("ratings", condition=in_force)).annotate(
            rated_likelihood=F("rating__likelihood"),
            rated_impact=F("rating__impact"),
            rated_level=F("rating__level"),
        )

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


class RatingQuerySet(TeamScoped):
    def in_force(self) -> Self:
        return self.filter(superseded_at=None)


class TreatmentQuerySet(TeamScoped):
    def in_force(self) -> Self:
        return self.filter(superseded_at=None)

    def unfinished(self) -> Self:
        return self.in_force().exclude(status=TreatmentStatus.DONE)

    def overdue(self, *, at: date) -> Self:
        """Unfinished and due before the day `at`."""
        return self.unfinished().filter(due__lt=at)

    def of_owner(self, user: Any) -> Self:
        return self.filter(owner_id=user.pk)


