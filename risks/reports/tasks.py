"""What the worker and the scheduler run. Both may run twice."""

from celery import shared_task
from django.utils import timezone

from risks.reports import making


@shared_task(name=making.TASK)
def make_export(export_id: int) -> None:
    making.make_export(export_id)


@shared_task(name="reports.requeue_jobs")
def requeue_jobs() -> int:
    return making.requeue_jobs(at=timezone.now())
