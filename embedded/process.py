"""Starts and ends child processes so that none of them outlives its parent.

On Linux the kernel itself signals a child whose parent is gone (PR_SET_PDEATHSIG), which also covers `kill -9`.
"""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from embedded.account import Account

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def start(
    command: Sequence[str | Path],
    *,
    environment: Mapping[str, str] | None = None,
    account: Account | None = None,
    log: Path | None = None,
    text_in: str | None = None,
    at_parent_death: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start a program as the leader of a process group of its own, so that Ctrl-C reaches only the supervisor.

    `log` collects its output, readable by us alone, else it writes where we do; `text_in` is all it can read.
    """
    with contextlib.ExitStack() as stack:
        output = stack.enter_context(open(log, "ab", opener=_for_our_eyes)) if log else None
        process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL if text_in is None else subprocess.PIPE,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=_tie_to_this_process(at_parent_death),
            **(account.popen_arguments() if account else {}),
        )
    if process.stdin and text_in is not None:
        with contextlib.suppress(BrokenPipeError), process.stdin as pipe:
            pipe.write(text_in.encode())
    return process


def stop(process: subprocess.Popen[bytes], how: signal.Signals = signal.SIGTERM, *, patience: float) -> None:
    """Ask a program to end and wait for that."""
    if process.poll() is None:
        process.send_signal(how)
    await_end(process, patience=patience)


def await_end(process: subprocess.Popen[bytes], *, patience: float) -> None:
    """Wait for a program that was asked to end; after `patience` seconds kill it and everything it started."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(patience)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def free_port() -> int:
    """Return a TCP port that nobody uses on the loopback address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def port_is_free(port: int) -> bool:
    """Say whether a server could listen on this port of the loopback address."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _for_our_eyes(path: str, flags: int) -> int:
    """Open a log that nobody else can read: PostgreSQL writes failed statements into its own, with their values."""
    descriptor = os.open(path, flags, mode=0o600)
    os.fchmod(descriptor, 0o600)
    return descriptor


def _tie_to_this_process(how: signal.Signals) -> Callable[[], None] | None:
    """Return what a new child runs first: ask the kernel for `how` when this process is gone."""
    libc, parent = _libc, os.getpid()
    if libc is None:
        return None

    def tie() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(how))
        if os.getppid() != parent:  # it died before the line above
            os.kill(os.getpid(), signal.SIGKILL)

    return tie
