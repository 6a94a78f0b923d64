"""One mail per person with all they were told since the last one."""

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction

from accounts.models import User
from risks.delivery.models import Notification

MOST_LINES = 50  # of one mail; the page has all of them


@transaction.atomic
def mail_digest(user_id: int, *, at: datetime) -> int:
    """Mail a person what waits; returns how many notifications the mail holds, 0 when there was nothing to send.

    The rows are held while the mail goes out, so two workers never send the same. When the mail server refuses, nothing
    is marked and the next run of the reminders tries again. What the person no longer sees is dropped unsent.
    """
    reader: User | None = User.objects.active().filter(pk=user_id).first()
    if reader is None:
        return 0
    unmailed = Notification.objects.unmailed().filter(user=reader)
    waiting = list(unmailed.select_for_update(skip_locked=True).order_by("at", "pk"))
    rows = [row for row in waiting if reader.may_see(row.team_id)]
    Notification.objects.filter(pk__in=[row.pk for row in waiting if row not in rows]).delete()
    if not rows:
        return 0
    EmailMessage(subject=_subject(rows), body=_body(reader, rows), to=[reader.email]).send()
    Notification.objects.filter(pk__in=[row.pk for row in rows]).update(mailed_at=at)
    return len(rows)


def _subject(rows: list[Notification]) -> str:
    return rows[0].text if len(rows) == 1 else f"{len(rows)} reminders from the AI risk register"


def _body(reader: User, rows: list[Notification]) -> str:
    lines = [f"{row.text}\n{settings.SITE_URL.rstrip('/')}{row.url}" for row in rows[:MOST_LINES]]
    more = len(rows) - MOST_LINES
    if more > 0:
        lines.append(f"And {more} more:\n{settings.SITE_URL.rstrip('/')}/notifications/")
    return "\n\n".join([f"{reader.name},", *lines]) + "\n"
