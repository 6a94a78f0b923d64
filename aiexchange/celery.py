"""The Celery application: JSON only, late acknowledgement, tasks found in each subject's `tasks.py`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aiexchange.settings")

app = Celery("aiexchange")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
