"""Who may read the catalog: everyone who is signed in. One place to say otherwise."""

from typing import Any, Self

from django.db import models

from journal.querysets import Reader


class EditionQuerySet(models.QuerySet[Any]):
    def visible_to(self, reader: Reader) -> Self:
        return self.all()

    def current(self) -> Self:
        """The edition in force; at most one."""
        return self.filter(is_current=True)


class EntryQuerySet(models.QuerySet[Any]):
    """Rows of an edition."""

    def visible_to(self, reader: Reader) -> Self:
        return self.all()

    def current(self) -> Self:
        """The rows of the edition in force, in its order."""
        return self.filter(edition__is_current=True).order_by("position")

    def known_as(self, key: str) -> Self:
        """Rows with this key, or with it among their old ones. For rows that have aliases."""
        return self.filter(models.Q(key=key) | models.Q(aliases__contains=[key]))
