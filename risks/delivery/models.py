"""What people were told."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.models import Team
from risks.delivery.querysets import NotificationQuerySet


class Notification(models.Model):
    """One thing one person is told, once: `kind` says why, `subject` about what, `threshold` at which step of it.

    "due", "treatment:12:2026-12-01", "7": the treatment of risk 12, due on 1 December, is due in seven days. A new due
    date makes a new subject, so it is told anew. Whoever no longer sees the team no longer sees what is told of it.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=80)
    threshold = models.CharField(max_length=20)
    text = models.CharField(max_length=300)
    url = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "subject", "threshold"], name="told_once"),
        ]
        indexes = [
            models.Index(fields=["user"], condition=models.Q(read_at=None), name="notification_unread"),
            models.Index(fields=["user"], condition=models.Q(mailed_at=None), name="notification_unmailed"),
        ]

    def __str__(self) -> str:
        return self.text
