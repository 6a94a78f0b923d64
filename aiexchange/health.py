"""Two questions of whoever runs this: does the process live, and can it do its work? Neither answer tells a secret."""

from functools import cache

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from aiexchange.celery import app

LONGEST_QUERY = "2s"
LONGEST_CONNECT = 2.0  # seconds


@require_safe
@never_cache
@login_not_required
def live(request: HttpRequest) -> JsonResponse:
    """200 while the process answers at all; restart it when it doesn't."""
    return JsonResponse({"status": "live"})


@require_safe
@never_cache
@login_not_required
def ready(request: HttpRequest) -> JsonResponse:
    """200 when pages can be served and jobs be taken, else 503 with the part that is missing; send no one here then."""
    parts = {**_database(), "broker": _broker()}
    is_ready = all(answer == "ok" for answer in parts.values())
    status = "ready" if is_ready else "unavailable"
    return JsonResponse({"status": status, **parts}, status=200 if is_ready else 503)


def _database() -> dict[str, str]:
    """Whether the database answers, and whether it has every table this release expects."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL statement_timeout = '{LONGEST_QUERY}'")
            applied = MigrationRecorder(connection).applied_migrations()
    except (DatabaseError, OSError):
        return {"database": "unreachable", "migrations": "unknown"}
    return {"database": "ok", "migrations": "ok" if _expected() <= applied.keys() else "missing"}


@cache
def _expected() -> frozenset[tuple[str, str]]:
    """The migrations that this release brings."""
    return frozenset(MigrationLoader(None).graph.nodes)


def _broker() -> str:
    """Whether jobs can be handed over."""
    try:
        with app.connection_for_write(connect_timeout=LONGEST_CONNECT) as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=LONGEST_CONNECT)
            broker.default_channel.close()
    except (OperationalError, OSError):
        return "unreachable"
    return "ok"
