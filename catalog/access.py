"""Who may change the catalog: put an edition in force, and keep the organisation's own entries."""

from typing import Any

from journal.errors import NotAllowed


def may_keep_catalog(person: Any) -> bool:
    """Whether a person keeps the catalog for the whole organisation: security officers and administrators."""
    return bool(getattr(person, "edits_all_teams", True))


def must_keep_catalog(actor: Any) -> None:
    """Raises NotAllowed for a person who does not keep the catalog. The system itself may."""
    if not may_keep_catalog(actor):
        raise NotAllowed("Only security officers and administrators change the catalog.")
