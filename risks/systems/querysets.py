"""The adjectives of AI systems, and of rows that hold from one moment on."""

from typing import Self

from accounts.querysets import TeamScoped


class Dated(TeamScoped):
    """Rows of a team that are superseded, never changed."""

    def in_force(self) -> Self:
        """Those that hold now; the database allows one at a time."""
        return self.filter(superseded_at=None)


class AISystemQuerySet(TeamScoped):
    def for_list(self) -> Self:
        return self.select_related("team", "owner").order_by("number")
