"""`dev.py up`: everything on this machine as one tree of processes, until Ctrl-C, SIGTERM or the end of one of them."""

import argparse
import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from types import FrameType
from typing import NoReturn

from embedded import process, programs
from embedded.refusal import Refusal
from embedded.servers import Servers, application_environment
from embedded.state import Claim, InUse, State, data_folder, remember_folder

CREATE_ADMINISTRATOR = ["create_admin", "--email", "admin@example.org"]
# How long each may take to end by itself; the worker finishes what it is doing.
PATIENCE = {"web server": 8.0, "scheduler": 5.0, "worker": 20.0}
# A worker whose supervisor was killed has no database any more: what it was doing is delivered again.
AT_PARENT_DEATH = {"web server": signal.SIGTERM, "scheduler": signal.SIGKILL, "worker": signal.SIGKILL}


class Stop(BaseException):
    """A signal asked us to stop."""


def up(arguments: list[str]) -> int:
    """Start everything, print the address, wait; the exit code is 0 when a person stopped it."""
    options = _options(arguments)
    port = options.port or process.free_port()
    if not process.port_is_free(port):
        raise Refusal(f"Port {port} is taken: choose another with --port.")
    claim = Claim(data_folder(options.data))
    _claim(claim)
    remember_folder(claim.path.parent)
    with contextlib.suppress(Stop), _signals():
        tree = Tree(Servers(State.of(claim.path.parent)), f"http://127.0.0.1:{port}")
        try:
            tree.start(port, with_demo=options.demo)
            claim.say(verb="up", url=tree.url)
            tree.wait()
        finally:
            _ignore_signals()
            tree.stop()
            claim.release()
    print("stopped", flush=True)
    return 0


class Tree:
    """The servers and the processes of the application, in the order in which they start."""

    def __init__(self, servers: Servers, url: str) -> None:
        self.servers = servers
        self.url = url
        self.children: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, port: int, *, with_demo: bool) -> None:
        """Start all; the address is printed as soon as the web server is ready."""
        began = time.monotonic()
        state = self.servers.state
        self.servers.start()
        if state.servers:
            print(f"The database's files are in {state.servers}, since its account can't enter {state.folder}.")
        if state.is_prepared:  # there is seldom anything to do, and web is not ready before it is done
            self._start("web server", programs.web(port))
        self._prepare(with_demo=with_demo)
        if not self.children:
            self._start("web server", programs.web(port))
        programs.wait_until(
            lambda: programs.is_ready(f"{self.url}/health/ready/"), self.children["web server"], "web server"
        )
        self._start("worker", programs.worker())
        self._start("scheduler", programs.scheduler(state.folder / "schedule"))
        print(f"\n{self.url}/  (ready in {time.monotonic() - began:.1f} s; Ctrl-C stops everything)\n", flush=True)

    def wait(self) -> NoReturn:
        """Watch the processes; refuse to go on without one of them."""
        while True:
            for name, child in self.children.items():
                if child.poll() is not None:
                    raise Refusal(f"The {name} ended by itself (exit code {child.returncode}), so everything stops.")
            time.sleep(0.3)

    def stop(self) -> None:
        """End all: first who takes work, then who does it, then what keeps it."""
        if self.children:
            print("stopping …", flush=True)
        for child in self.children.values():
            if child.poll() is None:
                child.terminate()
        for name in ("web server", "scheduler", "worker"):
            if name in self.children:
                process.await_end(self.children[name], patience=PATIENCE[name])
        self.servers.stop()

    def _prepare(self, *, with_demo: bool) -> None:
        """Migrate, load the catalog and make the first people."""
        state = self.servers.state
        demo = [["demo"]] if with_demo and not state.has_demo else []
        commands = [*programs.PREPARATION, *demo, CREATE_ADMINISTRATOR]
        programs.run_commands(commands, application_environment(state, site_url=self.url, as_owner=True))
        state.is_prepared, state.has_demo, state.site_url = True, state.has_demo or with_demo, self.url
        state.save()

    def _start(self, name: str, command: list[str]) -> None:
        """Start a process of the application, without the owner's password."""
        environment = application_environment(self.servers.state, site_url=self.url)
        self.children[name] = process.start(command, environment=environment, at_parent_death=AT_PARENT_DEATH[name])


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dev.py up", description="Run everything on this machine.")
    usual = os.environ.get("PORT", "8000")
    parser.add_argument("--port", type=int, default=usual, help="port of the web server; 0 takes any free one")
    parser.add_argument("--data", metavar="DIR", help="where the data is kept (default: .local/data)")
    parser.add_argument("--demo", action="store_true", help="add a demo organisation")
    return parser.parse_args(arguments)


def _claim(claim: Claim) -> None:
    """Claim the data folder, or say who has it."""
    try:
        claim.take(verb="up")
    except InUse as in_use:
        where = in_use.note.get("url", "another command")
        number = in_use.note.get("process", "unknown")
        raise Refusal(
            f"This data is in use by {where} (process {number}): stop that first or choose another folder with --data."
        ) from None


@contextlib.contextmanager
def _signals() -> Iterator[None]:
    """Turn the signals that ask us to end into an exception."""

    def stop(number: int, frame: FrameType | None) -> NoReturn:
        _ignore_signals()  # a second one must not interrupt what the first one began
        raise Stop

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    yield


def _ignore_signals() -> None:
    """Let nothing interrupt the orderly end; it is bounded in time."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
