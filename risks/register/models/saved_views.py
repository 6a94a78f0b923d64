"""Ways to look at the register that people keep."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from risks.register.querysets import (
    SavedViewQuerySet,
)


class SavedView(models.Model):
    """A way to look at the register that somebody keeps: the query string of its filter, order, columns, density.

    Shared ones are for everyone; each reader sees only the risks that are theirs to see.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="saved_views")
    name = models.CharField("Name", max_length=80)
    query = models.CharField(max_length=2_000, blank=True)
    is_shared = models.BooleanField("Share it with everyone", default=False)
    version = models.PositiveIntegerField(default=1)
    at = models.DateTimeField(default=timezone.now)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"],
                name="one_view_per_name_and_owner",
                violation_error_message="You have a view of this name already.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("register:view", args=[self.pk])
