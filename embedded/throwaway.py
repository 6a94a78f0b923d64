"""Servers for one run of tests, benchmarks or pictures: made in a temporary folder and gone afterwards."""

import contextlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from embedded.account import server_account
from embedded.servers import Servers
from embedded.state import Claim, InUse, State

PREFIX = "aiexchange-throwaway-"


@contextlib.contextmanager
def throwaway_folder() -> Iterator[Path]:
    """Yield a new folder that is removed at the end, or by the next run when this one is killed."""
    remove_leftovers()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX)).resolve()
    claim = Claim(folder)
    claim.take()
    if server_account():
        folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        claim.release()


@contextlib.contextmanager
def throwaway_servers() -> Iterator[Servers]:
    """Yield running servers on a folder of their own."""
    with throwaway_folder() as folder:
        servers = Servers(State.of(folder), is_durable=False)
        try:
            servers.start()
            yield servers
        finally:
            servers.stop()


def remove_leftovers() -> None:
    """Remove what killed runs left behind: folders that nobody claims any more."""
    for folder in filter(_is_ours, Path(tempfile.gettempdir()).resolve().glob(PREFIX + "*")):
        claim = Claim(folder)
        with contextlib.suppress(InUse, OSError):
            claim.take()
            _stop_leftover_servers(folder)
            shutil.rmtree(folder, ignore_errors=True)
        claim.release()


def _is_ours(folder: Path) -> bool:
    """Say whether we made a folder: in a place that everyone can write to, somebody may lay out one as a trap."""
    try:
        found = folder.lstat()
    except FileNotFoundError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()


def _stop_leftover_servers(folder: Path) -> None:
    """End servers that the kernel didn't end together with their supervisor."""
    with contextlib.suppress(Exception):  # a half-made folder has nothing to stop
        servers = Servers(State.of(folder), is_durable=False)
        servers.postgres.stop_leftover(servers.state.postgres_port)
        servers.valkey.stop_leftover(servers.state.broker_port)
