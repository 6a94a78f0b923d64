"""Side effects leave through here: a row in the caller's transaction, sent after the commit, again until it is out."""

from typing import Any

from celery import current_app
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from journal.models import Outbox

BATCH = 100  # rows per round of the relay


def send_after_commit(task: str, *arguments: Any) -> None:
    """Have `task` run in a worker once this transaction has committed.

    The row is the promise; sending right after the commit is only the quick way. Every task may run twice.
    """
    row = Outbox.objects.create(task=task, arguments=list(arguments))
    transaction.on_commit(lambda: _send(row), robust=True)


def relay() -> int:
    """Send what still waits, oldest first; returns how many went out. Two relays never send the same row at once."""
    with transaction.atomic():
        rows = list(Outbox.objects.waiting().select_for_update(skip_locked=True)[:BATCH])
        return sum(_send(row) for row in rows)


def _send(row: Outbox) -> bool:
    try:
        current_app.send_task(row.task, args=row.arguments, retry=False)
    except (OperationalError, OSError):
        Outbox.objects.filter(pk=row.pk).update(attempts=row.attempts + 1)
        return False
    Outbox.objects.filter(pk=row.pk).update(sent_at=timezone.now(), attempts=row.attempts + 1)
    return True
