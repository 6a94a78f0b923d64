"""The packaged edition as its files have it, for tests that need no database."""

from typing import Any

from catalog.content import read_content
from catalog.profile import PACKAGED_EDITION

EDITION: dict[str, Any] = read_content(PACKAGED_EDITION)


def keys(collection: str, name: str = "key") -> list[Any]:
    return [item[name] for item in EDITION[collection]]
