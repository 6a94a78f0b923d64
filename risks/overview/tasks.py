"""What the scheduler has run. It may run twice."""

from celery import shared_task
from django.utils import timezone

from risks.overview import reminders


@shared_task(name="overview.remind")
def remind() -> int:
    return reminders.remind(at=timezone.now())
