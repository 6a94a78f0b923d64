"""Which notifications a reader may see."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models

if TYPE_CHECKING:
    from accounts.models import User


class NotificationQuerySet(models.QuerySet[Any]):
    def visible_to(self, reader: "User") -> Self:
        """One's own, of teams that one still sees."""
        mine = self.filter(user_id=reader.pk)
        return mine if reader.sees_all_teams else mine.filter(team_id__in=reader.team_ids())

    def unread(self) -> Self:
        return self.filter(read_at=None)

    def unmailed(self) -> Self:
        return self.filter(mailed_at=None)
