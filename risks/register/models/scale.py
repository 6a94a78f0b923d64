"""The scale as data, in versions, and the teams' own lines of appetite on it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from accounts.models import Team
from risks.register.querysets import (
    ScaleQuerySet,
)
from risks.systems.querysets import Dated


class ScaleVersion(models.Model):
    """The organisation's scale from one moment on. Its content never changes; ratings name it by its key."""

    key = models.CharField(max_length=40, unique=True)
    number = models.PositiveIntegerField(unique=True)
    content = models.JSONField()
    reason = models.TextField("Why", max_length=2_000)
    set_by_name = models.CharField(max_length=120)
    at = models.DateTimeField(default=timezone.now)
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = ScaleQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            # All rows in force have the same null, so a second one would be alike.
            models.UniqueConstraint(
                fields=["superseded_at"],
                condition=models.Q(superseded_at=None),
                nulls_distinct=False,
                name="one_scale_in_force",
            ),
        ]

    def __str__(self) -> str:
        return f"Scale {self.number}"


class TeamAppetite(models.Model):
    """A team's own line of appetite on the scale in force. Without a row the organisation's line holds."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="appetites")
    steps = ArrayField(models.PositiveSmallIntegerField())
    reason = models.TextField("Why", max_length=2_000)
    set_by_name = models.CharField(max_length=120)
    at = models.DateTimeField(default=timezone.now)
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = Dated.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["team"], condition=models.Q(superseded_at=None), name="one_appetite_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"Appetite of {self.team}"
