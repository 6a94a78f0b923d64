"""A Valkey server of our own as Celery's broker: loopback only, with a password, its queue kept between starts."""

import contextlib
import signal
import socket
import subprocess
import time
from pathlib import Path

from embedded import process
from embedded.account import Account
from embedded.refusal import Refusal

LONGEST_START = 30.0  # seconds, to read a long queue back


class Valkey:
    """One server in one folder; `port` is known once it has started."""

    def __init__(self, folder: Path, *, program: Path, account: Account | None, password: str, log: Path) -> None:
        self.folder = folder
        self.program = program
        self.account = account
        self.password = password
        self.log = log
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Return the broker's address for Celery."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start the server and wait until it answers; settings go in by a pipe, so that no file holds the password."""
        if not self.folder.exists():
            self.folder.mkdir(mode=0o700)
            if self.account:
                self.account.own(self.folder)
        self.port = process.free_port()
        self.process = process.start([self.program, "-"], account=self.account, log=self.log, text_in=self._settings())
        deadline = time.monotonic() + LONGEST_START
        while self.process.poll() is None and time.monotonic() < deadline:
            if self.ask(self.port, "PING") == "+PONG":
                return
            time.sleep(0.02)
        self.stop()
        raise Refusal(f"Valkey did not start (log: {self.log})")

    def stop(self) -> None:
        """End the server; its queue is on disk."""
        if self.process is not None:
            process.stop(self.process, signal.SIGTERM, patience=15)
            self.process = None

    def stop_leftover(self, port: int) -> None:
        """End the server that an earlier start left running, where the kernel didn't do it for us."""
        if port and self.ask(port, "PING") == "+PONG":
            self.ask(port, "SHUTDOWN")

    def ask(self, port: int, command: str) -> str:
        """Return the first line that the server answers to one command; empty when nobody answers."""
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            connection.sendall(f"AUTH {self.password}\r\n{command}\r\n".encode())
            with connection.makefile("r", encoding="utf-8", newline="\r\n") as answers:
                return answers.readline() and answers.readline().strip()
        return ""

    def _settings(self) -> str:
        """Return the server's configuration."""
        return "\n".join(
            [
                "bind 127.0.0.1",
                f"port {self.port}",
                f"requirepass {self.password}",
                f'dir "{self.folder}"',
                "appendonly yes",
                "appendfsync everysec",
                'save ""',
                "maxmemory-policy noeviction",
                "",
            ]
        )
