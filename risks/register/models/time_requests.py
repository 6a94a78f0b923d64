"""Asking for more time: a risk owner asks, somebody who may edit the team decides."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.models import Team
from risks.register.choices import TimeState
from risks.register.models.risks import Risk
from risks.register.models.treatments import Measure
from risks.register.querysets import TimeRequestQuerySet


class TimeRequest(models.Model):
    """The wish for a later due date of a risk's treatment, or of one of its measures where `measure` names it.

    Whoever may edit the team moves a date at once: their row begins as granted. One is withdrawn by whoever asked, or
    when what it was about is done, dropped or has another day already.
    """

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    risk = models.ForeignKey(Risk, on_delete=models.PROTECT, related_name="time_requests")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, null=True, blank=True, related_name="time_requests")
    due = models.DateField("Due when it was asked")
    asked_until = models.DateField("Until")
    note = models.TextField("Why it needs more time", max_length=2_000)
    state = models.CharField(max_length=10, choices=TimeState.choices, default=TimeState.WAITING)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_note = models.TextField(max_length=2_000, blank=True)

    objects = TimeRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["risk"],
                condition=models.Q(state="waiting", measure=None),
                name="one_time_request_of_treatment",
                violation_error_message="More time is asked for already. It waits for a decision.",
            ),
            models.UniqueConstraint(
                fields=["measure"],
                condition=models.Q(state="waiting"),
                name="one_time_request_of_measure",
                violation_error_message="More time is asked for already. It waits for a decision.",
            ),
            models.CheckConstraint(
                condition=models.Q(asked_until__range=("2000-01-01", "2100-12-31")),
                name="time_request_in_our_time",
                violation_error_message="The due date must lie between 2000 and 2100.",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=("granted", "refused"))
                | models.Q(decided_by__isnull=False, decided_at__isnull=False),
                name="time_request_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"More time until {self.asked_until}"
