"""The two refusals beside ValidationError, and what the database gives up on. Pages and API translate them."""

import logging
from typing import Any

from django.db import OperationalError
from psycopg import errors as postgres

BUSY = "Something large is being done at the moment. Nothing of what was sent is saved; try again in a minute."
BUSY_FOR = 30  # seconds after which a program may try again
_GIVEN_UP = (
    postgres.LockNotAvailable,
    postgres.QueryCanceled,
    postgres.DeadlockDetected,
    postgres.SerializationFailure,
)

log = logging.getLogger(__name__)


class NotAllowed(Exception):
    """The person may see the object, yet not do this to it. The message is a sentence for them."""


class Conflict(Exception):
    """Someone was faster: the row is no longer at the version the caller had read.

    `current` is the row as it is now, so that a page can show both versions.
    """

    def __init__(self, current: Any) -> None:
        super().__init__("Someone else changed this in the meantime.")
        self.current = current


def is_busy(error: BaseException) -> bool:
    """Whether the database gave up waiting for others, or on what took too long: it may well work later.

    Nobody has to mend anything, so it is logged as a warning.
    """
    is_given_up = isinstance(error, OperationalError) and isinstance(error.__cause__, _GIVEN_UP)
    if is_given_up:
        log.warning("The database gave up: %s", error)
    return is_given_up
