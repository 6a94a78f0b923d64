"""Jobs that a worker takes up. The row is the truth; a message on the broker only says its number."""

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

if TYPE_CHECKING:
    from accounts.models import User


class ExportState(models.TextChoices):
    QUEUED = "queued", "Waiting for a worker"
    RUNNING = "running", "Being made"
    DONE = "done", "Ready"
    FAILED = "failed", "Failed"


class ExportQuerySet(models.QuerySet[Any]):
    def visible_to(self, reader: "User") -> Self:
        """An export holds what its requester may see, so it is theirs alone."""
        return self.filter(requester_id=reader.pk)

    def left_lying(self, *, at: Any) -> Self:
        """Queued, or taken up by a worker whose lease has run out."""
        return self.filter(Q(state=ExportState.QUEUED) | Q(state=ExportState.RUNNING, lease_until__lt=at))


class Export(models.Model):
    """A file of the register, made in the background with the requester's rights of that moment."""

    requester = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="exports")
    filters = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=ExportState.choices, default=ExportState.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    file_name = models.CharField(max_length=120, blank=True)
    content = models.BinaryField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"Export {self.pk}"
