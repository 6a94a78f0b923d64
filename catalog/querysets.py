"""Who may read the catalog: everyone who is signed in. One place to say otherwise."""

from typing import Any, Self

from django.db import models

from journal.querysets import Reader


class CatalogQuerySet(models.QuerySet[Any]):
    def visible_to(self, reader: Reader) -> Self:
        return self.all()


class EditionQuerySet(CatalogQuerySet):
    def current(self) -> Self:
        """The edition in force; at most one."""
        return self.filter(terms__isnull=False, terms__until=None)

    def with_standing(self) -> Self:
        """Adds `is_current`."""
        return self.annotate(is_current=models.Exists(self.model.objects.current().filter(pk=models.OuterRef("pk"))))


class TermQuerySet(CatalogQuerySet):
    def current(self) -> Self:
        """The term that has no end yet; at most one."""
        return self.filter(until=None)


class EntryQuerySet(CatalogQuerySet):
    """Rows of an edition."""

    def current(self) -> Self:
        """The rows of the edition in force, in its order."""
        in_force = models.Q(edition__terms__isnull=False, edition__terms__until=None)
        return self.filter(in_force).order_by("position")


class OwnQuerySet(CatalogQuerySet):
    """An organisation's own entries."""

    def in_use(self) -> Self:
        return self.filter(is_retired=False)


class SearchQuerySet(CatalogQuerySet):
    def current(self) -> Self:
        """What can be found now: the edition in force and the organisation's own."""
        own = models.Q(edition=None)
        return self.filter(own | models.Q(edition__terms__isnull=False, edition__terms__until=None))
