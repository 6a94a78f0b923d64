"""Who asks, read together with how many notifications wait for them: one query for both, on every page."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import Membership, User
from accounts.roles import SEES_ALL_TEAMS
from risks.delivery.models import Notification


class SignedIn(ModelBackend):
    """Django's own way to sign in. Its person carries `unread`, the same count as Notification's visible_to."""

    def get_user(self, user_id: Any) -> User | None:
        person: User | None = User.objects.annotate(unread=_unread()).filter(pk=user_id).first()
        return person if person is not None and self.user_can_authenticate(person) else None


def _unread() -> Coalesce:
    member = Membership.objects.filter(user_id=OuterRef("user_id"), team_id=OuterRef("team_id"))
    seen = Q(user__organisation_role__in=SEES_ALL_TEAMS) | Exists(member)
    mine = Notification.objects.unread().filter(seen, user_id=OuterRef("pk")).order_by()
    counted = mine.values("user_id").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))
