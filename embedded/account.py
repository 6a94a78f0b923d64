"""The account that servers run as when we are root, which PostgreSQL refuses to run as."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from embedded.refusal import Refusal

EXISTING = ("postgres", "nobody")  # in this order; none is ever created


@dataclass(frozen=True)
class Account:
    """An unprivileged account of this machine."""

    name: str
    uid: int
    gid: int

    def popen_arguments(self) -> dict[str, Any]:
        """Return the arguments with which subprocess runs a program as this account and nothing more."""
        return {"user": self.uid, "group": self.gid, "extra_groups": [], "cwd": "/"}

    def can_execute(self, path: Path) -> bool:
        """Say whether this account may run a program, or enter a folder, at `path`."""
        command = ["/bin/sh", "-c", 'test -x "$1"', "sh", str(path)]
        return subprocess.run(command, check=False, **self.popen_arguments()).returncode == 0

    def own(self, path: Path) -> None:
        """Hand a file or an empty folder over to this account."""
        os.chown(path, self.uid, self.gid)


def server_account() -> Account | None:
    """Return the account to run servers as, or None when we are not root and they run as ourselves."""
    if os.geteuid() != 0:
        return None
    for name in EXISTING:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise Refusal("PostgreSQL doesn't run as root, and there is no account postgres or nobody to run it as.")
