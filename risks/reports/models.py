"""Jobs that a worker takes up. The row is the truth; a message on the broker only says its number."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
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

    def unfinished(self) -> Self:
        return self.filter(state__in=(ExportState.QUEUED, ExportState.RUNNING))

    def for_page(self) -> Self:
        """Without the file, which only its download needs."""
        return self.defer("content")

    def to_take_up(self, *, at: datetime) -> Self:
        """Queued, or held by a worker whose lease has run out."""
        return self.filter(Q(state=ExportState.QUEUED) | Q(state=ExportState.RUNNING, lease_until__lt=at))

    def left_lying(self, *, at: datetime) -> Self:
        """Unfinished, and nobody is on it: a message or a worker was lost."""
        return self.unfinished().filter(Q(lease_until=None) | Q(lease_until__lt=at))


class Export(models.Model):
    """A file of the register, made in the background with the requester's rights of that moment.

    Until `lease_until` a running export belongs to its worker, and a queued one is taken to be on its way to one.
    `teams` are those whose risks the file holds: whoever lost one of them no longer gets the file.
    """

    requester = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="exports")
    filters = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=ExportState.choices, default=ExportState.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=300, blank=True)
    file_name = models.CharField(max_length=120, blank=True)
    content = models.BinaryField(null=True, blank=True)
    teams = models.JSONField(default=list, blank=True)
    edition = models.CharField("Catalog edition", max_length=20, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"Export {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("reports:export", args=[self.pk])

    @property
    def is_unfinished(self) -> bool:
        return self.state in (ExportState.QUEUED, ExportState.RUNNING)

    @property
    def is_ready(self) -> bool:
        return self.state == ExportState.DONE

    @property
    def share(self) -> int:
        """How much of it is made, 0 to 100."""
        return 100 * self.done // self.total if self.total else 0
