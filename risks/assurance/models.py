"""Who owes what: where an organisation departs from the rules' default, row by row."""

from typing import Self

from django.db import models
from django.utils import timezone

from accounts.models import Team
from risks.register.choices import Party
from risks.systems.models import AISystem
from risks.systems.querysets import TeamScoped


class ResponsibilityQuerySet(TeamScoped):
    def in_force(self) -> Self:
        return self.filter(superseded_at=None)


class Responsibility(models.Model):
    """The party a person set for one threat to one system, with a reason. Without a row the rules' default holds."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    system = models.ForeignKey(AISystem, on_delete=models.PROTECT, related_name="responsibilities")
    threat_key = models.CharField(max_length=60)
    party = models.CharField(max_length=10, choices=Party.choices)
    reason = models.TextField("Reason", max_length=2_000)
    set_by_name = models.CharField(max_length=120)
    at = models.DateTimeField(default=timezone.now)
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = ResponsibilityQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name_plural = "responsibilities"
        constraints = [
            models.UniqueConstraint(
                fields=["system", "threat_key"],
                condition=models.Q(superseded_at=None),
                name="one_responsibility_in_force",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_party_display()} for {self.threat_key}"
