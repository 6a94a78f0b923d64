"""The processes of the application itself: web, worker, scheduler; and how to tell that they are ready."""

import http
import http.client
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from embedded import process
from embedded.refusal import Refusal

LONGEST_START = 60.0  # seconds
PYTHON = sys.executable
SEPARATOR = "--"  # between two management commands of one process
QUIETLY = ("--verbosity", "0")
# What makes an empty database one that the application can use.
PREPARATION = [["prepare_database", *QUIETLY], ["load_catalog", *QUIETLY]]


def web(port: int, *, workers: int = 1) -> list[str]:
    """Return the command of the web server; one thread per worker, since more only fight over the interpreter."""
    command = [PYTHON, "-m", "granian", "--interface", "wsgi", "aiexchange.wsgi:application"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--workers", str(workers), "--blocking-threads", "1"]
    return [*command, "--workers-kill-timeout", "5", "--log-level", "warning"]


def worker(*, processes: int = 2, log_level: str = "warning") -> list[str]:
    """Return the command of a Celery worker, without the chatter with others that would cost a second at the start."""
    hush = "ignore:You're running the worker with superuser"  # root was the person's choice
    command = [PYTHON, "-W", hush, "-m", "celery", "-A", "aiexchange", "--quiet"]
    command += ["worker", "-c", str(processes), "-l", log_level]
    return [*command, "--without-gossip", "--without-mingle", "--without-heartbeat"]


def scheduler(schedule: Path) -> list[str]:
    """Return the command of Celery's scheduler, which remembers its last runs in the file `schedule`."""
    command = [PYTHON, "-m", "celery", "-A", "aiexchange", "--quiet", "beat"]
    return [*command, "-s", str(schedule), "--pidfile=", "-l", "warning"]


def run_commands(commands: Sequence[Sequence[str]], environment: Mapping[str, str]) -> None:
    """Run management commands one after the other in one process; refuse when one fails."""
    words = [word for command in commands for word in (SEPARATOR, *command)][1:]
    child = process.start([PYTHON, "-m", "embedded.commands", *words], environment=environment)
    try:
        code = child.wait()
    finally:
        process.stop(child, patience=5)
    if code:
        raise Refusal(f"The database could not be prepared (exit code {code}); the reason stands above.")


def wait_until(condition: Callable[[], bool], child: subprocess.Popen[bytes], name: str) -> None:
    """Wait until a process is ready; refuse when it ends before, or takes too long."""
    deadline = time.monotonic() + LONGEST_START
    while not condition():
        if child.poll() is not None:
            raise Refusal(f"The {name} ended while starting (exit code {child.returncode}).")
        if time.monotonic() > deadline:
            raise Refusal(f"The {name} was not ready after {LONGEST_START:.0f} seconds.")
        time.sleep(0.05)


def is_ready(url: str) -> bool:
    """Say whether a page answers 200; refuse when it is broken, since asking again would not mend it."""
    status = status_of(url)
    if status == http.HTTPStatus.INTERNAL_SERVER_ERROR:
        raise Refusal("The web server can't run the application; the reason stands above.")
    return status == http.HTTPStatus.OK


def status_of(url: str) -> int:
    """Return the status that a GET of this address brings, 0 when nobody answers."""
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=5)
    try:
        connection.request("GET", address.path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()
