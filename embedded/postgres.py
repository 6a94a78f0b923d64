"""A PostgreSQL server of our own: loopback TCP only, a password for every role, its data kept between starts."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import psycopg

from embedded import process
from embedded.account import Account
from embedded.refusal import Refusal

SUPERUSER = "aiexchange_super"
# A cluster that is thrown away need not survive a power cut.
CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
# A killed server leaves children and a pid file behind for a moment.
LEFTOVER = ("lock file", "pre-existing shared memory", "Address already in use", "could not bind")
LONGEST_START = 60.0  # seconds; recovery after a crash takes a while on a slow disk


class Postgres:
    """One cluster in one folder; `port` is known once it has started."""

    def __init__(
        self,
        folder: Path,
        *,
        programs: Path,
        account: Account | None,
        password: str,
        log: Path,
        options: Sequence[str] = (),
    ) -> None:
        self.folder = folder
        self.programs = programs
        self.account = account
        self.password = password
        self.log = log
        self.options = options
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def is_careless(self) -> bool:
        """True for a cluster that may lose its data."""
        return "fsync=off" in self.options

    def start(self) -> None:
        """Create the cluster if there is none, start it and wait until its superuser can log in."""
        if not (self.folder / "PG_VERSION").exists():
            self._create()
        deadline = time.monotonic() + LONGEST_START
        while not self._try_to_start(deadline):
            reason = self._reason()
            if time.monotonic() > deadline or not any(sign in reason for sign in LEFTOVER):
                raise Refusal(f"PostgreSQL did not start: {reason or 'it did not answer'} (log: {self.log})")
            time.sleep(0.2)

    def stop(self) -> None:
        """End the server: connections are cut, everything committed is on disk."""
        if self.process is not None:
            process.stop(self.process, signal.SIGQUIT if self.is_careless else signal.SIGINT, patience=30)
            self.process = None

    def stop_leftover(self, port: int) -> None:
        """End the server that an earlier start left running on this folder, where the kernel didn't do it for us."""
        pid_file = self.folder / "postmaster.pid"
        if port and pid_file.exists() and self.answers(port):
            with contextlib.suppress(ValueError, IndexError, ProcessLookupError):
                os.kill(int(pid_file.read_text().split()[0]), signal.SIGINT)

    def dsn(self, database: str = "postgres", *, port: int | None = None) -> str:
        """Return how the superuser connects."""
        return psycopg.conninfo.make_conninfo(
            host="127.0.0.1", port=port or self.port, user=SUPERUSER, password=self.password, dbname=database
        )

    def answers(self, port: int) -> bool:
        """Say whether a server on this port lets our superuser in and serves our folder."""
        try:
            with psycopg.connect(self.dsn(port=port), connect_timeout=2) as connection:
                row = connection.execute("SHOW data_directory").fetchone()
        except psycopg.OperationalError:
            return False
        return row is not None and Path(row[0]) == self.folder

    def _create(self) -> None:
        """Run initdb beside the final place and rename, so that a half-made cluster is never taken for a whole one."""
        unfinished = self.folder.with_name(self.folder.name + ".new")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        if self.account:
            self.account.own(unfinished)
        with self._password_file() as path:
            command = [self.programs / "initdb", "-D", unfinished, "-U", SUPERUSER, "--pwfile", path]
            command += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"]
            command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"]
            result = subprocess.run(
                [*command, *(["--no-sync"] if self.is_careless else [])],
                check=False,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                **(self.account.popen_arguments() if self.account else {}),
            )
        if result.returncode:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise Refusal(_creation_failed(result.stderr))
        unfinished.rename(self.folder)

    @contextlib.contextmanager
    def _password_file(self):  # type: ignore[no-untyped-def]
        """Hold the superuser's password in a file that only the server's account can read."""
        descriptor, name = tempfile.mkstemp(dir=self.folder.parent)
        path = Path(name)
        try:
            with open(descriptor, "w") as file:
                file.write(self.password)
            if self.account:
                self.account.own(path)
            yield path
        finally:
            path.unlink()

    def _try_to_start(self, deadline: float) -> bool:
        """Start the server once, on a fresh port; False when it ended or didn't answer in time."""
        self.port = process.free_port()
        self.log_start = self.log.stat().st_size if self.log.exists() else 0
        settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "timezone=UTC", *self.options]
        self.process = process.start(
            [self.programs / "postgres", "-D", self.folder, "-p", str(self.port), *_as_options(settings)],
            account=self.account,
            log=self.log,
            at_parent_death=signal.SIGQUIT if self.is_careless else signal.SIGINT,
        )
        while self.process.poll() is None and time.monotonic() < deadline:
            if self.answers(self.port):
                return True
            time.sleep(0.03)
        self.stop()
        return False

    def _reason(self) -> str:
        """Return why the last start failed, in the server's own words."""
        with self.log.open("rb") as file:
            file.seek(self.log_start)
            lines = file.read().decode(errors="replace").splitlines()
        said = [line.partition("FATAL:")[2] or line.partition("could not")[2] for line in lines]
        return next((line.strip() for line in reversed(said) if line), "")


def _as_options(settings: Sequence[str]) -> list[str]:
    """Return settings as PostgreSQL takes them on its command line."""
    return [word for setting in settings for word in ("-c", setting)]


def _creation_failed(errors: str) -> str:
    """Turn initdb's complaint into one sentence."""
    if "No space left" in errors or "quota" in errors:
        return "The disk is full: free some space and try again."
    lines = [line for line in errors.splitlines() if "error" in line.lower() or "fatal" in line.lower()]
    return "PostgreSQL could not create its files: " + (lines or errors.splitlines() or ["no reason given"])[0]
