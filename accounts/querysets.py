"""Which people, teams and tokens a reader may see."""

from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.base_user import BaseUserManager
from django.db import models
from django.utils import timezone

from accounts.roles import EDITS_ALL_TEAMS, OWNS_RISKS

if TYPE_CHECKING:
    from accounts.models import User


class UserQuerySet(models.QuerySet[Any]):
    def visible_to(self, reader: "User") -> Self:
        """Everyone for organisation-wide roles; for members the people of their own teams, and themselves."""
        if reader.sees_all_teams:
            return self.all()
        in_my_teams = models.Q(memberships__team_id__in=reader.team_ids())
        return self.filter(models.Q(pk=reader.pk) | in_my_teams).distinct()

    def active(self) -> Self:
        return self.filter(is_active=True)

    def able_to_own(self, *team_ids: int) -> Self:
        """Active people who may own a treatment in one of the teams: editors, risk owners, and who edits all teams."""
        in_team = models.Q(memberships__team_id__in=team_ids, memberships__role__in=OWNS_RISKS)
        everywhere = models.Q(organisation_role__in=EDITS_ALL_TEAMS)
        return self.active().filter(in_team | everywhere).distinct().order_by("name", "pk")


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, username: str | None) -> "User":
        """Sign-in does not care for the case of an e-mail address."""
        return self.get(email__iexact=username)


class TeamQuerySet(models.QuerySet[Any]):
    def visible_to(self, reader: "User") -> Self:
        if reader.sees_all_teams:
            return self.all()
        return self.filter(pk__in=reader.team_ids())

    def editable_by(self, reader: "User") -> Self:
        """Teams whose register this person may change."""
        if reader.edits_all_teams:
            return self.all()
        return self.filter(pk__in=reader.edited_team_ids())


class TeamScoped(models.QuerySet[Any]):
    """Rows that carry their team."""

    def visible_to(self, reader: "User") -> Self:
        if reader.sees_all_teams:
            return self.all()
        return self.filter(team_id__in=reader.team_ids())


class ApiTokenQuerySet(models.QuerySet[Any]):
    def visible_to(self, reader: "User") -> Self:
        """A token belongs to one person; nobody else sees it."""
        return self.filter(user_id=reader.pk)

    def usable(self, *, at: Any = None) -> Self:
        """Tokens that open the door at a moment: not revoked, not expired, of an active person."""
        now = at or timezone.now()
        return self.filter(revoked_at=None, expires_at__gt=now, user__is_active=True)
