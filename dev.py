#!/usr/bin/env python3
"""The commands of this project. Needs Python 3.8 or later and a package index, nothing else.

  python3 dev.py up [--port N] [--data DIR] [--demo]   run everything on this machine
  python3 dev.py test [PYTEST ARGS]                    run the tests
  python3 dev.py check                                 lint, types, import contracts, templates, migrations, settings
  python3 dev.py manage [--data DIR] ARGS              run a manage.py command on the database of `up`
  python3 dev.py bench NAME                            run benchmarks/NAME.py on seeded data
  python3 dev.py shots [--out DIR]                     take pictures of every page of the demo
  python3 dev.py lock                                  write requirements/*.txt anew from pyproject.toml

This file prepares .venv with hash-locked packages and hands over to `python -m embedded`, which lives in it.
"""

from __future__ import annotations

import contextlib
import errno
import glob
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from typing import Dict, Iterator, List, NoReturn, Optional

HERE = os.path.dirname(os.path.abspath(__file__))
BOOT = os.path.join(HERE, ".local", "boot")
VENV = os.path.join(HERE, ".venv")
VENV_PYTHON = os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "requirements.json")
OLDEST, BEYOND = (3, 12), (3, 15)

# Which requirements each verb needs; "dev" holds everything that "embedded" does.
VERBS = {"up": "embedded", "manage": "embedded", "test": "dev", "check": "dev", "bench": "dev", "shots": "dev"}
BYTES_FOR_PACKAGES = 1_000_000_000


class Refusal(Exception):
    """Something the person at the keyboard has to mend; its text is the one sentence they read."""


def main(arguments: List[str]) -> int:
    """Prepare the environment that the verb needs, then become `python -m embedded VERB …`."""
    verb = arguments[0] if arguments else ""
    if verb in ("-h", "--help", "help"):
        print(__doc__)
        return 0
    if verb not in VERBS and verb != "lock":
        print(__doc__, file=sys.stderr)
        return 2
    if os.name == "nt":
        raise Refusal(
            "On Windows this needs WSL; or run manage.py, granian and celery on PostgreSQL and Valkey of your own."
        )
    if verb == "lock":
        os.environ["UV"] = find_uv()
        os.environ.update(index_settings())
        become([find_python() or no_python(), "-m", "embedded.locks"])
    prepare(VERBS[verb])
    return become([VENV_PYTHON, "-m", "embedded", *arguments])


def become(command: List[str]) -> NoReturn:
    """Replace this process, so that signals and `kill -9` meet the one that supervises."""
    sys.stdout.flush()
    sys.stderr.flush()
    # Compiled code is kept beside the environment: several processes start at once, and compiling costs each a second.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = os.path.join(HERE, ".local", "pycache")
    python_path = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = HERE + (os.pathsep + python_path if python_path else "")
    os.execv(command[0], command)


def say(text: str) -> None:
    """Tell what is going on, beside the output that another program may want to read."""
    print("* " + text, file=sys.stderr, flush=True)


# The environment: .venv with exactly the locked packages.


def prepare(wanted: str) -> None:
    """Make .venv hold the wanted set of packages; at once when it already does."""
    if is_current(wanted):
        return
    with only_one_at_a_time():
        if is_current(wanted):
            return
        wanted = "dev" if stamp().get("set") == "dev" else wanted  # never take packages away
        refuse_a_full_disk()
        started = time.time()
        uv = find_uv()
        if not works([VENV_PYTHON, "-c", probe_code()]):
            make_venv(uv)
        install(uv, wanted)
        say("packages ready in %.1f s" % (time.time() - started))


def stamp() -> Dict[str, str]:
    """What .venv was last filled with: the set's name and the hash of its requirements file."""
    try:
        with open(STAMP, encoding="utf-8") as file:
            return dict(json.load(file))
    except (OSError, ValueError):
        return {}


def is_current(wanted: str) -> bool:
    """Say whether .venv holds the wanted set, or the larger one, as locked now."""
    found = stamp()
    name = found.get("set", "")
    if name not in (wanted, "dev") or not os.access(VENV_PYTHON, os.X_OK):
        return False
    return found.get("sha256") == sha256(requirements(name))


def requirements(name: str) -> str:
    """Return the path of a set's requirements file."""
    return os.path.join(HERE, "requirements", name + ".txt")


def sha256(path: str) -> str:
    """Return the hash of a file's content."""
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def make_venv(uv: str) -> None:
    """Create .venv with a Python that works; without one, let uv download it."""
    python = find_python()
    if python is None:
        say("no Python 3.12, 3.13 or 3.14 found, asking uv for one")
    command = [uv, "venv", "--quiet", "--clear", "--no-project", "--python", python or "3.13", VENV]
    result = run(command, index_settings())
    if result.returncode:
        if python is None:
            no_python()
        raise Refusal("The environment could not be created: " + last_line(result.stderr))


def install(uv: str, name: str) -> None:
    """Bring .venv to exactly the locked set and note it in the stamp."""
    say("installing packages (requirements/%s.txt)" % name)
    with contextlib.suppress(OSError):
        os.remove(STAMP)
    command = [uv, "pip", "sync", "--quiet", "--require-hashes", "--python", VENV_PYTHON, requirements(name)]
    result = run(command, index_settings())
    if result.returncode:
        explain(result.stderr)
    with open(STAMP, "w", encoding="utf-8") as file:
        json.dump({"set": name, "sha256": sha256(requirements(name))}, file)


def explain(errors: str) -> NoReturn:
    """Turn uv's complaint into one sentence."""
    if re.search(r"no space left|os error 28|disk quota|os error 122", errors, re.IGNORECASE):
        raise OSError(errno.ENOSPC, "disk full")
    if re.search(r"error sending request|failed to fetch|dns error|connect|timed out|offline", errors, re.IGNORECASE):
        raise Refusal(
            "No package index answered: connect to the network, or name your mirror in UV_DEFAULT_INDEX, and try again."
        )
    raise Refusal("The packages could not be installed: " + last_line(errors))


@contextlib.contextmanager
def only_one_at_a_time() -> Iterator[None]:
    """Let a second command wait while the first one fills .venv."""
    import fcntl  # absent on Windows, where main() has already refused

    os.makedirs(os.path.join(HERE, ".local"), exist_ok=True)
    with open(os.path.join(HERE, ".local", "prepare.lock"), "w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def refuse_a_full_disk() -> None:
    """Stop before a half-written environment rather than after it."""
    if shutil.disk_usage(HERE).free < BYTES_FOR_PACKAGES:
        raise OSError(errno.ENOSPC, "disk full")


# The tools: uv and a Python that Django supports.


def find_uv() -> str:
    """Return a uv that runs: from PATH, from an earlier fetch, or fetched now."""
    own = [os.path.join(BOOT, "bin", "uv")]
    for candidate in [shutil.which("uv"), *own]:
        if candidate and works([candidate, "--version"]):
            return candidate
    say("fetching uv")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    result = run([*command, "--target", BOOT, "--upgrade", "uv>=0.9"])
    for candidate in own:
        if works([candidate, "--version"]):
            return candidate
    if "No module named pip" in result.stderr:
        raise Refusal("This Python has no pip to fetch uv with: install uv or pip and try again.")
    if re.search(r"no space left|disk quota", result.stderr, re.IGNORECASE):
        raise OSError(errno.ENOSPC, "disk full")
    raise Refusal("uv could not be fetched, no package index answered: connect to the network or install uv yourself.")


def find_python() -> Optional[str]:
    """Return the first Python from 3.12 to 3.14 that really runs.

    Each is executed: pyenv's shims exist on PATH for every installed version and fail for all but the selected one.
    """
    for candidate in python_candidates():
        found = works([candidate, "-c", probe_code()])
        if found and OLDEST <= tuple(int(part) for part in found.split(".")) < BEYOND:
            return candidate
    return None


def no_python() -> NoReturn:
    """Say that there is no Python to run on."""
    raise Refusal("No Python 3.12, 3.13 or 3.14 was found and none could be downloaded: install one of them.")


def probe_code() -> str:
    """Return what a usable Python prints its version with."""
    return "import sys, ssl, venv; print('%d.%d' % sys.version_info[:2])"


def python_candidates() -> Iterator[str]:
    """Yield where a Python may be: this one, PATH, pyenv, uv's own, Homebrew."""
    yield sys.executable
    for name in ("python3.13", "python3.14", "python3.12", "python3", "python"):
        for folder in os.environ.get("PATH", "").split(os.pathsep):
            path = os.path.join(folder, name)
            if os.access(path, os.X_OK):
                yield path
    pyenv = os.environ.get("PYENV_ROOT", os.path.expanduser("~/.pyenv"))
    uv_own = os.environ.get("UV_PYTHON_INSTALL_DIR", os.path.expanduser("~/.local/share/uv/python"))
    for pattern in (
        os.path.join(pyenv, "versions", "3.1[234].*", "bin", "python3"),
        os.path.join(uv_own, "cpython-3.1[234]*", "bin", "python3"),
        "/opt/homebrew/opt/python@3.1[234]/bin/python3.1[234]",
        "/usr/local/opt/python@3.1[234]/bin/python3.1[234]",
        "/usr/local/bin/python3.1[234]",
    ):
        yield from sorted(glob.glob(pattern), reverse=True)


def index_settings() -> Dict[str, str]:
    """Return pip's index and certificates for uv, which reads neither; a person's own settings for uv win."""
    found = {}
    if not any(os.environ.get(name) for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_INDEX", "UV_CONFIG_FILE")):
        found["UV_DEFAULT_INDEX"] = pip_setting("index-url")
    if not os.environ.get("SSL_CERT_FILE"):
        found["SSL_CERT_FILE"] = pip_setting("cert")
    return {name: value for name, value in found.items() if value}


def pip_setting(name: str) -> str:
    """Return what pip is configured with, by its variables or its files; empty when it isn't."""
    variable = "PIP_" + name.upper().replace("-", "_")
    command = [sys.executable, "-m", "pip", "config", "get", "global." + name]
    return os.environ.get(variable) or works(command) or ""


def works(command: List[str]) -> Optional[str]:
    """Return what a command prints, or None when it fails."""
    try:
        result = run(command, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return result.stdout.strip() if result.returncode == 0 else None


def run(
    command: List[str], extra: Optional[Dict[str, str]] = None, timeout: Optional[float] = None
) -> subprocess.CompletedProcess[str]:
    """Run a command and keep what it says."""
    environment = {**os.environ, **(extra or {})}
    return subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        universal_newlines=True,
        cwd=HERE,
        env=environment,
        timeout=timeout,
        check=False,
    )


def last_line(text: str) -> str:
    """Return the last line that says something."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no reason given"


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Refusal as refusal:
        sys.exit(str(refusal))
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        sys.exit("The disk is full: free some space and try again.")
