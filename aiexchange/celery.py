"""The Celery application: JSON only, late acknowledgement, tasks found in each subject's `tasks.py`."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aiexchange.settings")

app = Celery("aiexchange")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@beat_init.connect  # type: ignore[untyped-decorator]
def catch_up(**_: Any) -> None:
    """What was due while the scheduler was down is done as it starts. Without a broker, the next hour does it."""
    app.send_task("register.end_acceptances", retry=False)
