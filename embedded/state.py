"""What an installation on this machine remembers between starts: its secrets and where its servers answer."""

import contextlib
import errno
import fcntl
import json
import os
import secrets
import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from embedded.refusal import Refusal

CHECKOUT = Path(__file__).resolve().parent.parent
LATEST = CHECKOUT / ".local" / "served"  # the path of the data folder that `up` served last
LEAST_SPACE = 200_000_000  # bytes; a fresh database takes about 60 MB


def data_folder(name: str | None) -> Path:
    """Return the folder that a person named, or the usual one inside the checkout."""
    return Path(name).expanduser().resolve() if name else CHECKOUT / ".local" / "data"


def folder_in_use() -> Path:
    """Return the folder that a running `up` of this checkout serves; the usual one when it does, or when none runs."""
    usual = data_folder(None)
    if not Claim(usual).is_held():
        with contextlib.suppress(OSError):
            folder = Path(LATEST.read_text())
            if Claim(folder).is_held():
                return folder
    return usual


def remember_folder(folder: Path) -> None:
    """Note which folder `up` serves, so that `manage` finds it without being told."""
    LATEST.parent.mkdir(exist_ok=True)
    LATEST.write_text(str(folder))


def make_folder(folder: Path) -> Path:
    """Create a folder that only we can read; root's lets the servers' account through to files of its own."""
    try:
        folder.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise Refusal(f"{folder} is no folder: choose another with --data.") from None
    return folder


def refuse_full_disk(folder: Path) -> None:
    """Stop before a database runs out of space half-way."""
    if shutil.disk_usage(folder).free < LEAST_SPACE:
        raise OSError(errno.ENOSPC, "disk full")


def _password() -> str:
    return secrets.token_urlsafe(32)


@dataclass
class State:
    """The content of state.json, which only its owner can read."""

    folder: Path
    secret_key: str = field(default_factory=lambda: secrets.token_urlsafe(64))
    superuser_password: str = field(default_factory=_password)
    owner_password: str = field(default_factory=_password)
    app_password: str = field(default_factory=_password)
    broker_password: str = field(default_factory=_password)
    postgres_port: int = 0
    broker_port: int = 0
    site_url: str = ""
    servers: str = ""  # the folder of the servers' own files, when they can't live in `folder`
    is_prepared: bool = False  # tables exist and the catalog is loaded
    has_demo: bool = False  # the demo organisation was built

    @classmethod
    def of(cls, folder: Path) -> "State":
        """Read the state of a data folder; a new folder gets new secrets."""
        path = folder / "state.json"
        if not path.exists():
            if (folder / "postgres").exists():
                raise Refusal(f"{folder} holds a database but its passwords ({path.name}) are gone: restore that file.")
            state = cls(folder)
            state.save()
            return state
        return cls(folder, **json.loads(path.read_text()))

    def save(self) -> None:
        """Write the state so that a crash leaves either the old one or the new one."""
        content: dict[str, Any] = {name: value for name, value in asdict(self).items() if name != "folder"}
        unfinished = self.folder / "state.json.new"
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "w") as file:
            json.dump(content, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(self.folder / "state.json")


class InUse(Exception):
    """Another process works on this data folder; `note` is what it says about itself."""

    def __init__(self, note: dict[str, Any]) -> None:
        super().__init__("in use")
        self.note = note


class Claim:
    """The right to run servers on a data folder; it ends with the process that holds it, however that ends."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "lock"
        self.file: IO[str] | None = None

    def take(self, **note: str) -> None:
        """Claim the folder, which is made if need be, or raise InUse with the holder's note."""
        make_folder(self.path.parent)
        file = self.path.open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            raise InUse(self.holder()) from None
        self.file = file
        self.say(**note)

    def is_held(self) -> bool:
        """Say whether a process works on the folder now."""
        try:
            with self.path.open() as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    def say(self, **note: str) -> None:
        """Leave a note for whoever comes by while the claim is held."""
        assert self.file is not None
        self.file.seek(0)
        self.file.truncate()
        json.dump({"process": os.getpid(), **note}, self.file)
        self.file.flush()

    def holder(self) -> dict[str, Any]:
        """Return the note of the process that holds the claim; empty when it is just being written."""
        try:
            return dict(json.loads(self.path.read_text()))
        except ValueError:
            return {}

    def release(self) -> None:
        """Give the folder back."""
        if self.file is not None:
            self.file.close()
            self.file = None
