"""The verbs of notifications: telling people, and what they do with what they were told.

No events: that somebody was told, and has read it, is said by the row itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts.models import User
from journal import outbox
from risks.delivery.models import Notification

MAIL_TASK = "delivery.mail_digest"


@dataclass(frozen=True)
class Notice:
    """What a room wants a person to be told; the fields are those of Notification."""

    user_id: int
    team_id: int
    kind: str
    subject: str
    threshold: str
    text: str
    url: str


@transaction.atomic
def notify(notices: Iterable[Notice], *, at: datetime) -> int:
    """Tell people what they were not told yet, and have one mail sent to each; returns to how many a mail goes.

    Safe to repeat and to run twice at once: the database keeps each notice once. A mail that failed before goes along.
    Without a mail server people are told in the application only.
    """
    rows = [Notification(**vars(notice), at=at) for notice in notices]
    Notification.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    if not settings.SENDS_MAIL:
        return 0
    waiting = Notification.objects.unmailed().filter(user__is_active=True).order_by("user_id")
    people = list(waiting.values_list("user_id", flat=True).distinct())
    for user_id in people:
        outbox.send_after_commit(MAIL_TASK, user_id)
    return len(people)


def mark_read(reader: User, pk: int, *, at: datetime) -> None:
    """Say that the reader has seen one notification. Doing it again changes nothing."""
    Notification.objects.visible_to(reader).unread().filter(pk=pk).update(read_at=at)


def mark_all_read(reader: User, *, at: datetime) -> int:
    """Say that the reader has seen all of them; returns how many were new."""
    return Notification.objects.visible_to(reader).unread().update(read_at=at)
