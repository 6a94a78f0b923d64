"""`dev.py check`: everything that can be said about the code without running its tests; every step runs."""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from embedded import locks
from embedded.servers import FOREIGN
from embedded.state import CHECKOUT

API_SCHEMA = CHECKOUT / "docs" / "openapi.yaml"
MANAGE = [sys.executable, "manage.py"]


@dataclass(frozen=True)
class Step:
    """One check: a program that must succeed, or a function that returns what is wrong."""

    name: str
    command: list[str] = field(default_factory=list)
    function: Callable[[], str] | None = None
    environment: Mapping[str, str] = field(default_factory=dict)


def check(arguments: list[str]) -> int:
    """Run every step and tell its outcome in a line; 1 when any failed."""
    os.chdir(CHECKOUT)
    failed = [step.name for step in _steps() if not _passes(step)]
    if failed:
        print(f"\nfailed: {', '.join(failed)}")
    return 1 if failed else 0


def _steps() -> list[Step]:
    tool = [sys.executable, "-m"]
    loopback, production = _settings("test", "http://127.0.0.1:8000"), _settings("production", "https://risks.test")
    return [
        Step("requirements are as pyproject.toml declares", function=_stale_locks),
        Step("ruff", [*tool, "ruff", "check", "--quiet", "."]),
        Step("ruff format", [*tool, "ruff", "format", "--quiet", "--check", "."]),
        Step("import contracts", ["lint-imports", "--no-cache"]),
        Step("templates", [*tool, "djlint", "templates", "--lint", "--quiet"]),
        # Without its cache, since what mypy finds must not depend on what it had looked at before.
        Step("types", [*tool, "mypy", "--no-incremental", "."]),
        Step("no migration is missing", [*MANAGE, "makemigrations", "--check", "--dry-run"], environment=loopback),
        Step(
            "production settings",
            [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"],
            environment=production,
        ),
        Step("docs/openapi.yaml is as the code has it", function=_stale_schema),
    ]


def _passes(step: Step) -> bool:
    """Run one step, print its line, and what it complained about."""
    began = time.monotonic()
    complaint = step.function() if step.function else _run(step.command, step.environment)[1]
    outcome = "FAILED" if complaint else "ok"
    print(f"{outcome:6} {step.name} ({time.monotonic() - began:.1f} s)", flush=True)
    if complaint:
        print("\n".join("       " + line for line in complaint.strip().splitlines()), flush=True)
    return not complaint


def _run(command: list[str], environment: Mapping[str, str]) -> tuple[str, str]:
    """Return what a program printed, and its complaint: everything it said when it failed, else nothing."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    own["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    result = subprocess.run(command, capture_output=True, text=True, check=False, env={**own, **environment})
    complaint = result.stdout + result.stderr or f"exit code {result.returncode}"
    return result.stdout, complaint if result.returncode else ""


def _settings(mode: str, site_url: str) -> dict[str, str]:
    """Return throw-away settings with which the project loads; no server answers there."""
    return {
        "AIEXCHANGE_MODE": mode,
        "SITE_URL": site_url,
        "SECRET_KEY": secrets.token_urlsafe(64),
        "DB_HOST": "127.0.0.1",
        "DB_PORT": "1",
        "DB_PASSWORD": secrets.token_urlsafe(32),
        "DB_POOL": "0",
        "BROKER_URL": "redis://127.0.0.1:1/0",
        "BEHIND_PROXY": "1",
        "PYTHONWARNINGS": "ignore::RuntimeWarning",  # makemigrations misses the database it doesn't need
    }


def _stale_locks() -> str:
    return "" if locks.are_current() else "run: python3 dev.py lock"


def _stale_schema() -> str:
    """Compare the committed API schema with what the code generates now."""
    if not API_SCHEMA.exists():
        return ""
    command = [*MANAGE, "spectacular", "--validate", "--fail-on-warn"]
    schema, complaint = _run(command, _settings("test", "http://127.0.0.1:8000"))
    if complaint or schema == API_SCHEMA.read_text():
        return complaint
    return "run: python3 dev.py manage spectacular --file docs/openapi.yaml"
