"""The scheduler asks for this every few seconds, so that a broker that was down loses nothing."""

from celery import shared_task

from journal import outbox


@shared_task(name="journal.relay_outbox")
def relay_outbox() -> int:
    return outbox.relay()
