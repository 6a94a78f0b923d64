"""Finds a Chromium for browser tests and pictures, or installs one where that is possible."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from embedded.refusal import Refusal

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "chromium-headless-shell", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/snap/bin/chromium",
)
# A browser that only talks to the page under test, and starts the same everywhere.
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
MISSING = """There is no Chromium for the browser tests, and none could be installed.
Install Chromium or Google Chrome, or set CHROMIUM_PATH to where it is, and try again.
To run everything else: python3 dev.py test -m 'not browser'"""


def launch(playwright: "Playwright") -> "Browser":
    """Start the browser; refuse when there is none."""
    path = find()
    if path is None:
        raise Refusal(MISSING)
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium's sandbox doesn't work for root
    return playwright.chromium.launch(executable_path=path, args=[*FLAGS, *sandbox])


def find_or_install() -> str:
    """Return the path of a browser; refuse with three lines when there is none and none can be installed."""
    found = find()
    for command in [] if found else _ways_to_install():
        print(f"* no browser found, trying: {command[-1][:100]}", file=sys.stderr, flush=True)
        subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, timeout=900)
        found = find()
        if found:
            break
    if not found:
        raise Refusal(MISSING)
    return found


def find() -> str | None:
    """Return the path of a browser: CHROMIUM_PATH, from PATH, from its usual place, or playwright's own."""
    named = os.environ.get("CHROMIUM_PATH")
    if named:
        return named
    on_path = [path for name in NAMES if (path := shutil.which(name))]
    in_place = [path for path in PLACES if Path(path).exists()]
    return next(iter([*on_path, *in_place]), None) or _playwrights_own()


def _playwrights_own() -> str | None:
    """Return the browser that `playwright install` put on this machine, if it did."""
    cache = Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache") / "ms-playwright"
    folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or cache)
    patterns = ("chromium-*/chrome-*/chrome", "chromium_headless_shell-*/chrome-*/*headless*shell")
    return next((str(path) for pattern in patterns for path in sorted(folder.glob(pattern), reverse=True)), None)


def _ways_to_install() -> list[list[str]]:
    """Return the commands that may bring a browser here: Debian's package, then playwright's download."""
    ways = [[sys.executable, "-m", "playwright", "install", "--only-shell", "chromium"]]
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if shutil.which("apt-get") and (not sudo or shutil.which("sudo")):
        script = "apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium"
        ways.insert(0, [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "sh", "-c", script])
    return ways
