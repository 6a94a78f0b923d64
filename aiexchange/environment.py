"""Reads settings from the environment, and refuses to start on what must not go into production."""

import os
from pathlib import Path
from typing import Literal

from django.core.exceptions import ImproperlyConfigured

type Mode = Literal["production", "embedded", "test"]
MODES: tuple[Mode, ...] = ("production", "embedded", "test")

SHORTEST_SECRET_KEY = 50  # characters; the bound of Django's own deployment check
SHORTEST_PASSWORD = 16
EXAMPLES = ("changeme", "change-me", "example", "insecure", "secret-key", "password", "postgres", "default", "xxxx")


def read(name: str, default: str = "") -> str:
    """The value of NAME, or the content of the file that NAME_FILE points to, without surrounding space."""
    path = os.environ.get(f"{name}_FILE")
    if not path:
        return os.environ.get(name, default).strip()
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE names a file that cannot be read: {error.strerror}.") from error


def read_list(name: str, default: list[str]) -> list[str]:
    """A comma-separated value as a list without empty entries."""
    return [part.strip() for part in read(name).split(",") if part.strip()] or default


def read_mode() -> Mode:
    """`production` unless told otherwise; anything unknown refuses, so that a typing error never loosens a setting."""
    value = read("AIEXCHANGE_MODE", "production")
    for mode in MODES:
        if value == mode:
            return mode
    raise ImproperlyConfigured("AIEXCHANGE_MODE must be production, embedded or test.")


def read_secret(name: str, *, shortest: int) -> str:
    """A secret that is there, long enough and no example.

    Raises ImproperlyConfigured with one sentence that names the setting and never its value.
    """
    value = read(name)
    if not value:
        raise ImproperlyConfigured(f"{name} is not set: give {name} or {name}_FILE.")
    if len(value) < shortest:
        raise ImproperlyConfigured(f"{name} is too short: use at least {shortest} random characters.")
    if is_example(value):
        raise ImproperlyConfigured(f"{name} looks like an example: make a random one for this installation.")
    return value


def is_example(value: str) -> bool:
    """True for text that someone copied from a page rather than drew at random."""
    lowered = value.lower()
    return len(set(value)) < 8 or any(word in lowered for word in EXAMPLES)


def read_hosts(site_host: str) -> list[str]:
    """The hosts this installation answers to; a wildcard refuses, since links and cookies would follow any name."""
    hosts = read_list("ALLOWED_HOSTS", [site_host])
    if any(host.strip(".") in ("", "*") for host in hosts):
        raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts; a wildcard is refused.")
    return hosts
