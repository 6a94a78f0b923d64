"""django-stubs' plugin for mypy, which reads our settings: they refuse to start without an environment."""

import os
import secrets

from mypy_django_plugin.main import plugin

os.environ.setdefault("AIEXCHANGE_MODE", "test")
os.environ.setdefault("SITE_URL", "http://127.0.0.1:8000")
os.environ.setdefault("BROKER_URL", "redis://127.0.0.1:1/0")
for _name in ("SECRET_KEY", "DB_PASSWORD"):
    os.environ.setdefault(_name, secrets.token_urlsafe(64))

__all__ = ["plugin"]
