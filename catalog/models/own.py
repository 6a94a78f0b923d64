"""An organisation's own threats and controls. They belong to no edition, so every edition leaves them as they are.

Their keys begin with "own-", which no key of an edition does. Only catalog/services.py writes here.
"""

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils import timezone

from catalog.models.entries import ControlText, ThreatText
from catalog.querysets import OwnQuerySet
from catalog.vocabulary import LONGEST_KEY, LONGEST_LINE, OWN


def is_own(field: str) -> models.Q:
    """The condition that a key is of an organisation's own."""
    return models.Q(**{f"{field}__startswith": OWN})


class OwnEntry(models.Model):
    """What own threats and own controls have in common."""

    key = models.CharField(max_length=LONGEST_KEY, unique=True)
    parent_key = models.CharField(max_length=LONGEST_KEY, help_text="The group of the catalog that it stands in.")
    url = models.URLField(blank=True, max_length=LONGEST_LINE)
    is_retired = models.BooleanField(default=False, help_text="Offered no more. Risks that have it keep it.")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = OwnQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.CheckConstraint(condition=is_own("key"), name="%(class)s_key")]


class OwnThreat(ThreatText, OwnEntry):
    """A threat that the Exchange does not have. Without a condition it applies by hand only."""

    applicable_when = models.JSONField(null=True, blank=True, help_text="A condition over the profile, or null.")

    class Meta(OwnEntry.Meta):
        pass

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("catalog:threat", args=[self.key])


class OwnControl(ControlText, OwnEntry):
    """A control that the Exchange does not have."""

    class Meta(OwnEntry.Meta):
        pass

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("catalog:control", args=[self.key])


class OwnLink(models.Model):
    """That a control works against a threat, in the organisation's own judgement; at least one of them is its own."""

    threat_key = models.CharField(max_length=LONGEST_KEY)
    control_key = models.CharField(max_length=LONGEST_KEY)

    objects = OwnQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["threat_key", "control_key"], name="one_own_link_per_pair"),
            models.CheckConstraint(condition=is_own("threat_key") | is_own("control_key"), name="own_link_of_own"),
        ]

    def __str__(self) -> str:
        return f"{self.control_key} against {self.threat_key}"


class OwnRevision(models.Model):
    """A state of all own entries. Each write adds one; its id is never given twice, even when a write is undone.

    So the newest id names what may be kept in a process, as the id of an edition does.
    """

    at = models.DateTimeField(default=timezone.now)

    objects = OwnQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.pk)
