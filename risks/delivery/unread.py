"""Who asks, read together with their teams and how many notifications wait for them: one query, on every page."""

import json
from functools import cache
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, JSONArray

from accounts.models import Membership, User
from accounts.roles import SEES_ALL_TEAMS
from risks.delivery.models import Notification


class SignedIn(ModelBackend):
    """Django's own way to sign in. Its person carries `unread`, the same count as Notification's visible_to."""

    def get_user(self, user_id: Any) -> User | None:
        sql, params = _compiled()
        person: Any = next(iter(User.objects.raw(sql, [*params, user_id])), None)
        if person is None or not self.user_can_authenticate(person):
            return None
        person.team_roles = dict(json.loads(person.memberships_set or "[]"))
        known: User = person
        return known


@cache
def _compiled() -> tuple[str, tuple[Any, ...]]:
    """The statement with all its values but the last, the person's id: building it anew costs more than it takes."""
    people = User.objects.annotate(unread=_unread(), memberships_set=_memberships())
    sql, params = people.filter(pk=0).order_by().query.sql_with_params()
    return sql, tuple(params[:-1])


def _unread() -> Coalesce:
    member = Membership.objects.filter(user_id=OuterRef("user_id"), team_id=OuterRef("team_id"))
    seen = Q(user__organisation_role__in=SEES_ALL_TEAMS) | Exists(member)
    mine = Notification.objects.unread().filter(seen, user_id=OuterRef("pk")).order_by()
    counted = mine.values("user_id").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


def _memberships() -> Subquery:
    """Pairs of team and role."""
    mine = Membership.objects.filter(user_id=OuterRef("pk")).order_by().values("user_id")
    return Subquery(mine.annotate(pairs=JSONBAgg(JSONArray("team_id", "role"))).values("pairs"))
