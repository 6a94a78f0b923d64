"""Which AI systems and profiles a reader may see, and the adjectives of both."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models

if TYPE_CHECKING:
    from accounts.models import User


class TeamScoped(models.QuerySet[Any]):
    """Rows that carry their team."""

    def visible_to(self, reader: "User") -> Self:
        if reader.sees_all_teams:
            return self.all()
        return self.filter(team_id__in=reader.team_ids())


class AISystemQuerySet(TeamScoped):
    def for_list(self) -> Self:
        return self.select_related("team", "owner").order_by("number")


class ProfileQuerySet(TeamScoped):
    def in_force(self) -> Self:
        """The profile of each system that holds now."""
        return self.filter(superseded_at=None)
