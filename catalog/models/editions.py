"""Editions of the catalog, and when which was in force."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from catalog.querysets import EditionQuerySet, EntryQuerySet, TermQuerySet


class Edition(models.Model):
    """A dated state of the catalog. Which one is in force, and since when, is said by Term."""

    key = models.CharField(max_length=20, unique=True, help_text="The date as text: 2026-08-22.")
    released = models.DateField()
    source = models.JSONField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the content, see catalog.content.digest_of.")
    loaded_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-released"]

    def __str__(self) -> str:
        return self.key


class Term(models.Model):
    """A time in which an edition was in force. The one without an end is in force now; at most one has none."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="terms")
    since = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True)
    put_by_name = models.CharField(max_length=120)

    objects = TermQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-since", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                models.ExpressionWrapper(models.Q(until=None), output_field=models.BooleanField()),
                condition=models.Q(until=None),
                name="one_edition_in_force",
                violation_error_message="Another edition is in force already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition} since {self.since:%Y-%m-%d}"


class Entry(models.Model):
    """A row of an edition, at its place in the order of the data file."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="%(class)ss")
    position = models.PositiveIntegerField()

    objects = EntryQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering: ClassVar = ["edition", "position"]


def once_per_edition(field: str, name: str) -> models.UniqueConstraint:
    """The constraint that a key names one row of an edition."""
    return models.UniqueConstraint(fields=["edition", field], name=name)
