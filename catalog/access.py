"""Who may change the catalog: put an edition in force, and keep the organisation's own entries."""

from typing import Any

from journal.errors import NotAllowed
from journal.recording import SYSTEM


def may_keep_catalog(person: Any) -> bool:
    """Whether somebody keeps the catalog for all: security officers, administrators, and the system itself."""
    return person is SYSTEM or bool(getattr(person, "edits_all_teams", False))


def must_keep_catalog(actor: Any) -> None:
    """Raises NotAllowed for a person who does not keep the catalog. The system itself may."""
    if not may_keep_catalog(actor):
        raise NotAllowed("Only security officers and administrators change the catalog.")
