"""The project: settings, the site map, Celery, WSGI and health. Wiring only."""

from aiexchange.celery import app as celery_app

__all__ = ["celery_app"]
