"""What the scheduler runs for the register. It may run twice, or late: pages never wait for it."""

from datetime import date

from celery import shared_task
from django.utils import timezone

from risks.register import accepting


@shared_task(name="register.end_acceptances")
def end_acceptances(at: str | None = None) -> int:
    """End what is not accepted any more on the day `at` (2026-11-26), today when it is left out."""
    return accepting.end_acceptances(at=date.fromisoformat(at) if at else timezone.localdate())
