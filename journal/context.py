"""The request that is being served, for events and log lines: its id and the credential it came with."""

import logging
import uuid
from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="")
credential: ContextVar[str] = ContextVar("credential", default="")


def new_request_id() -> str:
    """An id that sorts by time, drawn by us: an id sent by a client could forge a log line."""
    return uuid.uuid4().hex


class RequestIdFilter(logging.Filter):
    """Puts the request id on each log record; a dash outside requests."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get() or "-"
        return True
