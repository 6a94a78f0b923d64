"""The one command that runs everything: started, refused, killed, started again and stopped, for real."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from embedded import __main__, browser
from embedded.programs import status_of
from embedded.state import Claim, data_folder
from embedded.throwaway import PREFIX, remove_leftovers, throwaway_folder

CHECKOUT = Path(__file__).resolve().parent.parent.parent


type Running = tuple[subprocess.Popen[str], str]  # the process of `up`, and the address it printed


class Installation:
    """A data folder with the commands that a person runs on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def command(self, verb: str, *arguments: str) -> list[str]:
        return [sys.executable, str(CHECKOUT / "dev.py"), verb, "--data", str(self.folder), *arguments]

    def run(self, verb: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            self.command(verb, *arguments), check=False, capture_output=True, text=True, env=environment()
        )

    def start(self) -> Running:
        """Run `up` until it has printed its address; return the process and the address."""
        up = subprocess.Popen(self.command("up", "--port", "0"), stdout=subprocess.PIPE, text=True, env=environment())
        assert up.stdout is not None
        for line in up.stdout:
            if line.startswith("http://"):
                return up, line.split()[0]
        raise AssertionError(f"up ended with {up.wait()} before it was ready")

    def count_people(self) -> str:
        """Ask the database through a management command."""
        question = "from accounts.models import User; print(User.objects.count())"
        result = self.run("manage", "shell", "--no-imports", "-c", question)
        assert result.returncode == 0, result.stderr
        return result.stdout.strip()


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    """A data folder that the tests of this module use one after the other."""
    with throwaway_folder() as folder:
        yield Installation(folder / "data")


@pytest.fixture
def another() -> Iterator[Installation]:
    """A data folder for one test."""
    with throwaway_folder() as folder:
        yield Installation(folder / "data")


@pytest.fixture
def running(installation: Installation) -> Iterator[Running]:
    """`up` on that folder; whatever the test did to it, it is gone afterwards."""
    up, url = installation.start()
    try:
        yield up, url
    finally:
        if up.poll() is None:
            up.terminate()
        up.communicate(timeout=60)


def test_it_runs_and_nothing_survives_a_kill(installation: Installation, running: Running) -> None:
    up, url = running
    processes = descendants(up.pid)

    assert status_of(f"{url}health/ready/") == 200
    second = installation.run("up", "--port", "0")
    assert (second.returncode, second.stderr.count("\n")) == (1, 1)
    assert f"This data is in use by {url.rstrip('/')} (process {up.pid})" in second.stderr
    assert installation.count_people() == "1"

    assert len(processes) > 8
    up.kill()
    assert not survivors(processes, within=20)


def test_manage_finds_a_running_up_wherever_its_data_is(running: Running) -> None:
    if Claim(data_folder(None)).is_held():
        pytest.skip("an `up` of this checkout runs on the usual folder, which comes first")
    question = "from django.conf import settings; print(settings.SITE_URL)"
    command = [sys.executable, "-m", "embedded", "manage", "shell", "--no-imports", "-c", question]
    result = subprocess.run(command, check=True, capture_output=True, text=True, env=environment())
    assert result.stdout.strip() == running[1].rstrip("/")


def test_after_a_kill_it_starts_again_with_its_data_and_stops_in_order(
    installation: Installation, running: Running
) -> None:
    up, url = running
    processes = descendants(up.pid)

    assert status_of(f"{url}health/ready/") == 200
    assert installation.count_people() == "1"
    up.terminate()
    output, _ = up.communicate(timeout=60)

    assert up.returncode == 0
    assert output.strip().endswith("stopped")
    assert not survivors(processes, within=0)


def test_a_command_starts_the_database_for_the_moment(installation: Installation) -> None:
    assert installation.count_people() == "1"
    assert not (installation.folder / "postgres" / "postmaster.pid").exists()


def test_secrets_are_readable_by_nobody_else(installation: Installation) -> None:
    content = json.loads((installation.folder / "state.json").read_text())
    passwords = {value for name, value in content.items() if name.endswith(("password", "_key"))}

    assert len(passwords) == 5
    assert (installation.folder / "state.json").stat().st_mode & 0o077 == 0


def test_logs_which_quote_statements_are_readable_by_nobody_else(installation: Installation) -> None:
    logs = list((installation.folder / "logs").iterdir())

    assert {log.name for log in logs} >= {"postgres.log", "valkey.log"}
    assert [log.name for log in logs if log.stat().st_mode & 0o077] == []


def test_only_leftovers_of_our_own_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    precious, leftover, link = tmp_path / "precious", tmp_path / f"{PREFIX}old", tmp_path / f"{PREFIX}link"
    precious.write_text("kept")
    leftover.mkdir()
    (leftover / "lock").symlink_to(precious)
    link.symlink_to(tmp_path)
    with monkeypatch.context() as somebody_else:
        somebody_else.setattr(os, "geteuid", lambda: leftover.stat().st_uid + 1)
        remove_leftovers()
    assert precious.read_text() == "kept"
    (leftover / "lock").unlink()
    remove_leftovers()
    assert not leftover.exists()
    assert not (tmp_path / "lock").exists()


def test_a_taken_port_is_one_sentence(another: Installation) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        result = another.run("up", "--port", str(port))

    assert (result.returncode, result.stderr) == (1, f"Port {port} is taken: choose another with --port.\n")


def test_a_full_disk_is_one_sentence(
    another: Installation, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    full = shutil.disk_usage("/")._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: full)

    code = __main__.main(["manage", "--data", str(another.folder), "migrate"])

    assert (code, capsys.readouterr().err) == (1, "The disk is full: free some space and try again.\n")


def test_a_file_in_place_of_the_data_folder_is_one_sentence(another: Installation) -> None:
    another.folder.touch()

    result = another.run("up", "--port", "0")

    sentence = f"{another.folder} is no folder: choose another with --data.\n"
    assert (result.returncode, result.stderr) == (1, sentence)


def test_a_missing_browser_is_three_lines(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(browser, "find", lambda: None)
    monkeypatch.setattr(browser, "_ways_to_install", list)

    code = __main__.main(["test"])

    assert (code, capsys.readouterr().err.count("\n")) == (1, 3)


def environment() -> dict[str, str]:
    """What a person's shell would have: nothing of the servers of this run of the tests."""
    ours = ("DB_", "SECRET_KEY", "BROKER_URL", "SITE_URL", "AIEXCHANGE_MODE", "TEST_SUPERUSER_DSN", "DJANGO_", "PORT")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def descendants(pid: int) -> list[int]:
    """Everything that a process started, directly or not."""
    listing = subprocess.run(["ps", "-e", "-o", "pid=,ppid="], check=True, capture_output=True, text=True).stdout
    pairs = [tuple(map(int, line.split())) for line in listing.splitlines()]
    children = [child for child, parent in pairs if parent == pid]
    return children + [grandchild for child in children for grandchild in descendants(child)]


def survivors(processes: list[int], *, within: float) -> list[int]:
    """The processes that are still there after so many seconds."""
    deadline = time.monotonic() + within
    while (left := [pid for pid in processes if is_alive(pid)]) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


def is_alive(pid: int) -> bool:
    """True unless the process is gone, or a zombie that only waits to be counted."""
    listing = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], check=False, capture_output=True, text=True)
    return listing.stdout.strip() != "" and not listing.stdout.startswith("Z")
