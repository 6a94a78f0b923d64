"""Who may read the journal."""

from typing import Any, Protocol, Self

from django.db import models


class Reader(Protocol):
    """What a queryset asks of the person who reads."""

    @property
    def sees_all_teams(self) -> bool: ...

    def team_ids(self) -> list[int]: ...


class EventQuerySet(models.QuerySet[Any]):
    def visible_to(self, reader: Reader) -> Self:
        """Events of the reader's teams; all events, also those without a team, for organisation-wide roles."""
        if reader.sees_all_teams:
            return self.all()
        return self.filter(team_id__in=reader.team_ids())

    def of(self, obj: models.Model) -> Self:
        """Events of one object, newest first."""
        return self.filter(object_type=obj._meta.model_name, object_id=str(obj.pk)).order_by("-sequence")


class OutboxQuerySet(models.QuerySet[Any]):
    def visible_to(self, reader: Reader) -> Self:
        """Nobody: messages are between us and the workers."""
        return self.none()

    def waiting(self) -> Self:
        return self.filter(sent_at=None).order_by("id")
