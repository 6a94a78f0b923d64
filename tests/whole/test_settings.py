"""H1: production starts only on settings that deserve the word, and says in one line what is wrong."""

import os
import secrets
import subprocess
import sys

import pytest

GOOD = {
    "AIEXCHANGE_MODE": "production",
    "SECRET_KEY": secrets.token_urlsafe(64),
    "SITE_URL": "https://risks.example.org",
    "DB_PASSWORD": secrets.token_urlsafe(24),
    "BROKER_URL": "redis://:" + secrets.token_urlsafe(24) + "@127.0.0.1:1/0",
}
BAD = [
    ({"SECRET_KEY": None}, "SECRET_KEY is not set"),
    ({"SECRET_KEY": "kX8w2mQz7"}, "SECRET_KEY is too short"),
    ({"SECRET_KEY": "change-me-" + "x7Kq" * 20}, "SECRET_KEY looks like an example"),
    ({"SECRET_KEY": "a" * 80}, "SECRET_KEY looks like an example"),
    ({"SECRET_KEY": None, "SECRET_KEY_FILE": "/nowhere/key"}, "SECRET_KEY_FILE names a file that cannot be read"),
    ({"DB_PASSWORD": None}, "DB_PASSWORD is not set"),
    ({"DB_PASSWORD": "postgres"}, "DB_PASSWORD is too short"),
    ({"DB_PASSWORD": "postgres-password-1"}, "DB_PASSWORD looks like an example"),
    ({"DB_OWNER_USER": "owner", "DB_OWNER_PASSWORD": None}, "DB_OWNER_PASSWORD is not set"),
    ({"BROKER_URL": None}, "BROKER_URL is not set"),
    ({"ALLOWED_HOSTS": "*"}, "a wildcard is refused"),
    ({"ALLOWED_HOSTS": "risks.example.org,*"}, "a wildcard is refused"),
    ({"SITE_URL": None}, "SITE_URL must be"),
    ({"SITE_URL": "http://risks.example.org"}, "must begin with https"),
    ({"AIEXCHANGE_MODE": "debug"}, "AIEXCHANGE_MODE must be"),
]


def start(changes: dict[str, str | None], *command: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py as an operator would, with these settings and nothing of the tests' own."""
    known = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    given = known | {name: value for name, value in (GOOD | changes).items() if value is not None}
    program = [sys.executable, "manage.py", *(command or ("check",))]
    return subprocess.run(program, env=given, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("changes", "says"), BAD, ids=[says for _, says in BAD])
def test_production_refuses_to_start(changes: dict[str, str | None], says: str) -> None:
    done = start(changes)
    assert done.returncode != 0
    assert says in done.stderr.strip().splitlines()[-1]
    for name, value in changes.items():
        if value and ("PASSWORD" in name or "KEY" in name) and not name.endswith("_FILE"):
            assert value not in done.stderr


def test_good_settings_pass_the_deployment_check_without_a_warning() -> None:
    done = start({}, "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr
    assert "no issues (0 silenced)" in done.stdout


def test_there_is_no_debug_switch() -> None:
    done = start(
        {"DEBUG": "1", "DJANGO_DEBUG": "True"},
        "shell",
        "--no-imports",
        "-c",
        "from django.conf import settings;"
        "print(settings.DEBUG, settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_NAME)",
    )
    assert done.stdout.split() == ["False", "True", "__Host-session"]
