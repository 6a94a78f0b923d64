"""Risks, their dated ratings and treatments, dismissals, reviews, and who answers for a threat.

A risk is one threat to one system.
"""

from datetime import date

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from accounts.models import Team
from risks.register.choices import Origin, RatingKind, RiskState, TreatmentOption, TreatmentStatus
from risks.register.querysets import RiskQuerySet, TreatmentQuerySet
from risks.systems.choices import Party
from risks.systems.models import AISystem, Profile
from risks.systems.querysets import Dated


class Risk(models.Model):
    """One threat to one AI system, by the threat's stable key, with the reasons it was registered for.

    One that is dismissed keeps its ratings and history and no longer counts; the dismissal in force says why.
    """

    number = models.PositiveIntegerField(unique=True, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="risks")
    system = models.ForeignKey(AISystem, on_delete=models.PROTECT, related_name="risks")
    threat_key = models.CharField("Threat", max_length=60)
    edition = models.CharField("Catalog edition", max_length=20, help_text="The edition it was judged by.")
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.RULE)
    reasons = models.JSONField(default=list, blank=True)
    description = models.TextField("What it means here", max_length=4_000, blank=True)
    dismissed_at = models.DateTimeField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = RiskQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["system", "threat_key"],
                name="one_risk_per_threat_and_system",
                violation_error_message="This threat is in the register of this system already.",
            ),
            models.UniqueConstraint(fields=["team", "id"], name="risk_of_team"),
            # A dismissal refers to (system, risk), so that it can never dismiss the risk of another system.
            models.UniqueConstraint(fields=["system", "id"], name="risk_of_system"),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("register:risk", args=[self.pk])

    @property
    def reference(self) -> str:
        """What people quote: RSK-0042."""
        return f"RSK-{self.number:04d}"

    @property
    def state(self) -> RiskState:
        """As RiskQuerySet's in_state; the system comes with it."""
        if self.system.archived_at is not None:
            return RiskState.ARCHIVED
        return RiskState.OPEN if self.dismissed_at is None else RiskState.DISMISSED


class Rating(models.Model):
    """A judgement of likelihood and impact from one moment on. A new one supersedes it; it stays as it was judged."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    risk = models.ForeignKey(Risk, on_delete=models.PROTECT, related_name="ratings")
    kind = models.CharField(max_length=10, choices=RatingKind.choices)
    scale = models.CharField(max_length=40)
    edition = models.CharField("Catalog edition", max_length=20, help_text="The one in force at that moment.")
    likelihood = models.PositiveSmallIntegerField()
    impact = models.PositiveSmallIntegerField()
    level = models.PositiveSmallIntegerField()
    reason = models.TextField(max_length=4_000)
    rated_by_name = models.CharField(max_length=120)
    at = models.DateTimeField(default=timezone.now)
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = Dated.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["risk", "kind"], condition=models.Q(superseded_at=None), name="one_rating_in_force"
            ),
            models.CheckConstraint(
                condition=models.Q(likelihood__range=(1, 7), impact__range=(1, 7), level__range=(1, 7)),
                name="rating_on_a_scale",
                violation_error_message="Likelihood and impact are levels of the scale.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.likelihood} × {self.impact}"


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


class Dismissal(models.Model):
    """A person's word that a threat which applies by the rules needs no risk here, with the reason. It stays visible.

    It is about the threat to the system; where the threat was in the register already, its risk is dismissed with it.
    Taking it back ends the row.
    """

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    system = models.ForeignKey(AISystem, on_delete=models.PROTECT, related_name="dismissals")
    risk = models.ForeignKey(Risk, on_delete=models.PROTECT, null=True, blank=True, related_name="dismissals")
    threat_key = models.CharField(max_length=60)
    reason = models.TextField("Reason", max_length=2_000)
    dismissed_by_name = models.CharField(max_length=120)
    at = models.DateTimeField(default=timezone.now)
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = Dated.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["system", "threat_key"],
                condition=models.Q(superseded_at=None),
                name="one_dismissal_in_force",
                violation_error_message="This threat is dismissed already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.threat_key} dismissed"


class Review(models.Model):
    """What a person had before them when they confirmed a system's threats: the profile and the edition.

    The next review is about what has changed since. `profile` is None for a system without answers.
    """

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    system = models.ForeignKey(AISystem, on_delete=models.PROTECT, related_name="reviews")
    profile = models.ForeignKey(Profile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    edition = models.CharField("Catalog edition", max_length=20)
    reviewed_by_name = models.CharField(max_length=120)
    at = models.DateTimeField(default=timezone.now)
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = Dated.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["system"], condition=models.Q(superseded_at=None), name="one_review_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"Review of {self.system_id} by edition {self.edition}"


class Responsibility(models.Model):
    """The party a person set for one threat to one system, with a reason. Without a row the rules' default holds.

    It is about the threat, not the risk: it may be set before the risk is registered, and holds for it from then on.
    """

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    system = models.ForeignKey(AISystem, on_delete=models.PROTECT, related_name="responsibilities")
    threat_key = models.CharField(max_length=60)
    party = models.CharField(max_length=10, choices=Party.choices)
    reason = models.TextField("Reason", max_length=2_000)
    set_by_name = models.CharField(max_length=120)
    at = models.DateTimeField(default=timezone.now)
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = Dated.as_manager()

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
