"""How API tokens look: a recognisable prefix and 256 random bits. Only the digest is ever stored."""

import hashlib
import secrets
from dataclasses import dataclass

MARK = "airr_"  # lets secret scanners recognise a leaked token
SHOWN = len(MARK) + 6  # characters kept in clear, so that people can tell their tokens apart
LONGEST = 128


@dataclass(frozen=True)
class Secret:
    """A fresh token: `text` is shown once, `prefix` and `digest` are kept."""

    text: str
    prefix: str
    digest: str


def draw() -> Secret:
    text = MARK + secrets.token_urlsafe(32)
    return Secret(text=text, prefix=text[:SHOWN], digest=digest(text))


def digest(text: str) -> str:
    """SHA-256, hexadecimal. Looking a token up by its digest takes the same time for every wrong one."""
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
