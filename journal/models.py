"""The witness: one Event per write, and one Outbox row per thing that leaves the process.

Neither refers to other tables by key. A foreign key with ON DELETE CASCADE would let the deletion of a user take
events along even where the role may not delete them, because PostgreSQL runs referential actions as the table's owner.
"""

from django.db import models
from django.db.models.functions import Now

from journal.querysets import EventQuerySet, OutboxQuerySet


class Event(models.Model):
    """Something a person or the system did, as it was on that day. Never changed, never removed."""

    sequence = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Now())
    actor_id = models.TextField(blank=True, default="")
    actor_name = models.TextField()
    credential = models.TextField(blank=True, default="")
    verb = models.TextField()
    object_type = models.TextField()
    object_id = models.TextField(blank=True, default="")
    object_label = models.TextField(blank=True, default="")
    team_id = models.BigIntegerField(null=True)
    changes = models.JSONField(default=dict)
    reason = models.TextField(blank=True, default="")
    request_id = models.TextField(blank=True, default="")

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-sequence"]
        indexes = [
            models.Index(fields=["object_type", "object_id", "-sequence"], name="event_of_object"),
            models.Index(fields=["team_id", "-sequence"], name="event_of_team"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_label}"


class Outbox(models.Model):
    """A message that must leave the process, written in the transaction that caused it."""

    task = models.TextField()
    arguments = models.JSONField(default=list)
    created_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["id"], condition=models.Q(sent_at=None), name="outbox_waiting")]

    def __str__(self) -> str:
        return f"{self.task} {self.arguments}"
