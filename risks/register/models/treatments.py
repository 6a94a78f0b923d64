"""What is done about a risk and what is said of it: treatment, measures, acceptance, comments."""

from datetime import date

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.models import Team
from accounts.querysets import TeamScoped
from risks.register.choices import AcceptanceState, TreatmentOption, TreatmentStatus
from risks.register.models.risks import Risk
from risks.register.querysets import (
    AcceptanceQuerySet,
    MeasureQuerySet,
    TreatmentQuerySet,
)


class Treatment(models.Model):
    """What is done about a risk from one moment on: option, owner, due date and status. Each change is a new row."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    risk = models.ForeignKey(Risk, on_delete=models.PROTECT, related_name="treatments")
    option = models.CharField("Option", max_length=10, choices=TreatmentOption.choices)
    plan = models.TextField("What will be done", max_length=4_000)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="treatments")
    due = models.DateField("Due")
    status = models.CharField(max_length=12, choices=TreatmentStatus.choices, default=TreatmentStatus.OPEN)
    note = models.TextField("Note", max_length=2_000, blank=True)
    to_whom = models.CharField("To whom", max_length=200, blank=True)
    by_what = models.CharField("By what contract or insurance", max_length=300, blank=True)
    remains = models.TextField("What remains with us", max_length=2_000, blank=True)
    decided_by = models.CharField("Who decided", max_length=120, blank=True)
    set_by_name = models.CharField(max_length=120)
    at = models.DateTimeField(default=timezone.now)
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = TreatmentQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["risk"], condition=models.Q(superseded_at=None), name="one_treatment_in_force"
            ),
            models.CheckConstraint(
                condition=models.Q(due__range=("2000-01-01", "2100-12-31")),
                name="treatment_due_in_our_time",
                violation_error_message="The due date must lie between 2000 and 2100.",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "due"], condition=models.Q(superseded_at=None), name="treatment_of_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.get_option_display()}, due {self.due}"

    def is_late(self, *, at: date) -> bool:
        """Whether it was due before the day `at` and is not done."""
        return self.due < at and self.status != TreatmentStatus.DONE


class Measure(models.Model):
    """A step of a mitigation: the control of the catalog that it puts in place, with an owner and a due date.

    One that is dropped keeps its row and no longer counts.
    """

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    risk = models.ForeignKey(Risk, on_delete=models.PROTECT, related_name="measures")
    control_key = models.CharField("Control", max_length=60)
    text = models.CharField("What is done", max_length=500)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="measures")
    due = models.DateField("Due")
    status = models.CharField(max_length=12, choices=TreatmentStatus.choices, default=TreatmentStatus.OPEN)
    note = models.TextField("Note", max_length=2_000, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        ordering = ["due", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(due__range=("2000-01-01", "2100-12-31")),
                name="measure_due_in_our_time",
                violation_error_message="The due date must lie between 2000 and 2100.",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "due"], condition=models.Q(dropped_at=None), name="measure_of_owner"),
        ]

    def __str__(self) -> str:
        return self.text

    def is_late(self, *, at: date) -> bool:
        """Whether it was due before the day `at` and is neither done nor dropped."""
        return self.due < at and self.status != TreatmentStatus.DONE and self.dropped_at is None


class Acceptance(models.Model):
    """The word of two people that a risk is lived with until a day: one proposes, another decides.

    What was judged is frozen in it: rating, scale, edition, profile. It ends by its date, by a change of what it rests
    on, or by a new one. Nobody decides on their own proposal: the database refuses it (migration 0009).
    """

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    risk = models.ForeignKey(Risk, on_delete=models.PROTECT, related_name="acceptances")
    state = models.CharField(max_length=10, choices=AcceptanceState.choices, default=AcceptanceState.PROPOSED)
    reason = models.TextField("Why it can be lived with", max_length=4_000)
    conditions = models.TextField("Conditions", max_length=2_000, blank=True)
    until = models.DateField("Until")
    likelihood = models.PositiveSmallIntegerField()
    impact = models.PositiveSmallIntegerField()
    level = models.PositiveSmallIntegerField()
    scale = models.CharField(max_length=40)
    is_outside = models.BooleanField("Outside appetite")
    edition = models.CharField("Catalog edition", max_length=20)
    profile_number = models.PositiveIntegerField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_note = models.TextField(max_length=2_000, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=500, blank=True)

    objects = AcceptanceQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["risk"],
                condition=models.Q(state="proposed"),
                name="one_acceptance_proposed",
                violation_error_message="An acceptance of this risk waits for a decision already.",
            ),
            models.UniqueConstraint(
                fields=["risk"], condition=models.Q(state="approved"), name="one_acceptance_in_force"
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("proposed_by")),
                name="acceptance_decided_by_another",
                violation_error_message="Nobody decides on their own proposal.",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=("approved", "refused", "expired", "stale", "renewed"))
                | models.Q(decided_by__isnull=False, decided_at__isnull=False),
                name="acceptance_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(until__range=("2000-01-01", "2100-12-31")),
                name="acceptance_until_in_our_time",
                violation_error_message="The date must lie between 2000 and 2100.",
            ),
        ]
        indexes = [
            models.Index(fields=["until"], condition=models.Q(state="approved"), name="acceptance_to_expire"),
        ]

    def __str__(self) -> str:
        return f"Acceptance until {self.until}"


class Comment(models.Model):
    """What somebody said about a risk, in Markdown. Taken back, it leaves its place."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    risk = models.ForeignKey(Risk, on_delete=models.PROTECT, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    author_name = models.CharField(max_length=120)
    text = models.TextField("Comment", max_length=10_000)
    at = models.DateTimeField(default=timezone.now)
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects = TeamScoped.as_manager()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.author_name} on {self.risk_id}"
