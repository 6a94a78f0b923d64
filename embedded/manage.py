"""`dev.py manage`: a manage.py command on the database of `up`, started for the moment when it isn't running."""

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from embedded.programs import PREPARATION, run_commands
from embedded.refusal import Refusal
from embedded.servers import Servers, application_environment
from embedded.state import CHECKOUT, Claim, InUse, State, data_folder, folder_in_use

# These touch no database, so none is started for them.
WITHOUT_DATABASE = {
    "--help",
    "--version",
    "check",
    "collectstatic",
    "diffsettings",
    "findstatic",
    "help",
    "identify_threats",
    "makemigrations",
    "spectacular",
    "version",
}
LONGEST_WAIT = 60.0  # seconds, for another command or for `up` to get going


def manage(arguments: list[str]) -> int:
    """Run one command and return its exit code; `--data DIR` comes before the command."""
    folder, command = _split(arguments)
    if not command or command[0] in WITHOUT_DATABASE:
        return _run(command, _environment(State(folder)))
    with servers_of(folder) as environment:
        return _run(command, environment)


@contextlib.contextmanager
def servers_of(folder: Path) -> Iterator[dict[str, str]]:
    """Yield the environment of the servers on a data folder: those that run, else some for the moment."""
    claim = Claim(folder)
    if not _take_or_find_up(claim):
        yield _environment(State.of(folder))
        return
    servers = Servers(State.of(folder))
    try:
        servers.start()
        if not servers.state.is_prepared:
            run_commands(PREPARATION, _environment(servers.state))
            servers.state.is_prepared = True
            servers.state.save()
        yield _environment(servers.state)
    finally:
        servers.stop()
        claim.release()


def _take_or_find_up(claim: Claim) -> bool:
    """Claim the folder (True), or find that a running `up` serves it (False); wait while neither is so."""
    deadline = time.monotonic() + LONGEST_WAIT
    while time.monotonic() < deadline:
        try:
            claim.take(verb="manage")
        except InUse as in_use:
            if in_use.note.get("url"):
                return False
            time.sleep(0.1)
        else:
            return True
    raise Refusal("Another command has been using this data for a minute: try again when it has finished.")


def _environment(state: State) -> dict[str, str]:
    site_url = state.site_url or "http://127.0.0.1:8000"
    return application_environment(state, site_url=site_url, as_owner=True)


def _split(arguments: list[str]) -> tuple[Path, list[str]]:
    """Take `--data DIR` off the front; without it, the folder of the `up` that runs now is meant."""
    if arguments[:1] == ["--data"] and len(arguments) > 1:
        return data_folder(arguments[1]), arguments[2:]
    if arguments and arguments[0].startswith("--data="):
        return data_folder(arguments[0].partition("=")[2]), arguments[1:]
    return folder_in_use(), arguments


def _run(command: list[str], environment: dict[str, str]) -> int:
    """Run manage.py where the person is, so that relative file names mean what they think."""
    try:
        return subprocess.call([sys.executable, str(CHECKOUT / "manage.py"), *command], env=environment)
    except KeyboardInterrupt:
        return 130
