"""The inventory: AI systems and the dated answers of their profiles."""

from django.conf import settings
from django.core.validators import MinLengthValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone

from accounts.models import Team
from risks.systems.querysets import AISystemQuerySet, Dated


class AISystem(models.Model):
    """Something with AI in it that the organisation builds or buys."""

    number = models.PositiveIntegerField(unique=True, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="systems")
    name = models.CharField("Name", max_length=120, validators=[MinLengthValidator(2)])
    purpose = models.TextField("Purpose", max_length=2_000)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="systems"
    )
    supplier = models.CharField("Supplier", max_length=120, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = AISystemQuerySet.as_manager()

    class Meta:
        verbose_name = "AI system"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "name"],
                name="one_system_per_name_and_team",
                violation_error_message="This team has a system of this name already.",
            ),
            # Children refer to (team, id), so that no row can point across teams.
            models.UniqueConstraint(fields=["team", "id"], name="system_of_team"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("systems:detail", args=[self.pk])

    @property
    def reference(self) -> str:
        """What people quote: AIS-0001."""
        return f"AIS-{self.number:04d}"


class Profile(models.Model):
    """The answers about a system from one moment on. A change of answers is a new row; the old one stays readable."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    system = models.ForeignKey(AISystem, on_delete=models.PROTECT, related_name="profiles")
    number = models.PositiveIntegerField()
    answers = models.JSONField(default=dict, blank=True)
    answered_by_name = models.CharField(max_length=120)
    at = models.DateTimeField(default=timezone.now)
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = Dated.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["system", "number"], name="one_profile_per_number"),
            models.UniqueConstraint(
                fields=["system"], condition=models.Q(superseded_at=None), name="one_current_profile"
            ),
        ]

    def __str__(self) -> str:
        return f"Profile {self.number} of {self.system}"
