"""Gives every run of pytest servers of its own; loaded with `-p`, since pytest-django reads settings before conftest.

What the tests find: `default` connects as the powerless app role, `owner` as the schema's owner, and
`TEST_SUPERUSER_DSN` is for cleaning up. Workers of pytest-xdist share the servers of the run that started them.
"""

import contextlib
import os
from collections.abc import Iterator

import pytest

from embedded.servers import application_environment
from embedded.throwaway import throwaway_servers

SUPERUSER_DSN = "TEST_SUPERUSER_DSN"
XDIST_WORKER = "PYTEST_XDIST_WORKER"  # gw0, gw1, … in a worker of pytest-xdist
SITE_URL = "http://127.0.0.1:8000"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Start the servers and point the settings at them."""
    if SUPERUSER_DSN not in os.environ:
        stack = contextlib.ExitStack()
        early_config.add_cleanup(stack.close)
        servers = stack.enter_context(throwaway_servers())
        os.environ |= application_environment(servers.state, site_url=SITE_URL, as_owner=True, mode="test")
        os.environ[SUPERUSER_DSN] = servers.postgres.dsn()
        stack.callback(os.environ.pop, SUPERUSER_DSN)
    os.environ["BROKER_URL"] = _own_queue(os.environ["BROKER_URL"])
    _own_corner_of_the_broker()
    # Playwright's sync API keeps an event loop running in the thread of the tests.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    yield


def _own_corner_of_the_broker() -> None:
    """Give each worker of pytest-xdist a database of the broker, so that none takes up another's messages."""
    number = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    address, _, _ = os.environ["BROKER_URL"].rpartition("/")
    os.environ["BROKER_URL"] = f"{address}/{number}"


def _own_queue(broker_url: str) -> str:
    """Return the broker's address with a database of its own per worker of pytest-xdist, as each has its own tables."""
    number = os.environ.get(XDIST_WORKER, "gw-1").removeprefix("gw")
    return f"{broker_url.rpartition('/')[0]}/{int(number) + 1}"
