"""What the worker runs. It may run twice."""

from celery import shared_task
from django.utils import timezone

from risks.delivery import mailing, services


@shared_task(name=services.MAIL_TASK)
def mail_digest(user_id: int) -> None:
    mailing.mail_digest(user_id, at=timezone.now())
