"""Real processes on the database of the tests: a web server and a Celery worker; and a broker that is down."""

import os
import re
from collections.abc import Iterator

import pytest
from celery import Celery

from aiexchange.celery import app
from embedded import process, programs
from embedded.process import free_port
from embedded.refusal import Refusal


def run_time_environment(**changes: str) -> dict[str, str]:
    """The environment of web and workers: all that the tests know except the powerful passwords."""
    withheld = ("DB_OWNER_", "TEST_SUPERUSER_DSN", "DJANGO_ALLOW_ASYNC_UNSAFE")
    return {name: value for name, value in os.environ.items() if not name.startswith(withheld)} | changes


@pytest.fixture
def broker_down() -> Iterator[None]:
    """Messages go to a port where nobody listens."""
    Celery("nobody", broker="redis://127.0.0.1:1/0", set_as_current=True)
    yield
    app.set_current()


@pytest.fixture(scope="session")
def server(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A granian process on the test database; its address. Use it with `committed_db`."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    log = tmp_path_factory.mktemp("server") / "web.log"
    child = process.start(programs.web(port), environment=run_time_environment(SITE_URL=url), log=log)
    try:
        _wait(lambda: programs.is_ready(f"{url}/health/live/"), child, "web server", log)
        yield url
    finally:
        process.stop(child, patience=10)


@pytest.fixture(scope="session")
def worker(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A Celery worker on the test database and the broker of this run, which starts empty."""
    from aiexchange.celery import app

    app.control.purge()
    log = tmp_path_factory.mktemp("worker") / "worker.log"
    command = programs.worker(processes=1, log_level="info")
    child = process.start(command, environment=run_time_environment(), log=log)
    try:
        _wait(lambda: re.search(r"celery@\S+ ready", log.read_text()) is not None, child, "worker", log)
        yield
    finally:
        process.stop(child, patience=10)


def _wait(is_ready, child, name, log) -> None:
    """Wait for a process; when it fails, show what it said."""
    try:
        programs.wait_until(is_ready, child, name)
    except Refusal as refusal:
        pytest.fail(f"{refusal}\n{log.read_text()[-3000:]}", pytrace=False)
