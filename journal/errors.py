"""The two refusals beside ValidationError. Services raise them; pages and API translate them."""

from typing import Any


class NotAllowed(Exception):
    """The person may see the object, yet not do this to it. The message is a sentence for them."""


class Conflict(Exception):
    """Someone was faster: the row is no longer at the version the caller had read.

    `current` is the row as it is now, so that a page can show both versions.
    """

    def __init__(self, current: Any) -> None:
        super().__init__("Someone else changed this in the meantime.")
        self.current = current
