"""Risks, their dated ratings, dismissals, reviews, and who answers for a threat. A risk is one threat to one system."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from accounts.models import Team
from accounts.querysets import TeamScoped
from risks.register.choices import Origin, RatingKind, RiskState
from risks.register.querysets import RiskQuerySet
from risks.systems.choices import Party
from risks.systems.models import AISystem, Profile
from risks.systems.querysets import Dated

NOT_DISMISSED = models.Q(dismissed_at=None)
# What the heatmap and the figures of the home page count by, so that counting reads the index alone. `system` stands
# beside whatever is counted, since the risks of archived systems do not count.
FIGURES = ("system", "team", "current_level", "treatment_option", "treatment_status", "treatment_due", "reviewed_at")
WORST_FIRST = models.F("current_level").desc(nulls_last=True)
# Orders of the register (orders.py): column and whether descending. Nulls come last both ways, so each way has its own.
ORDERS = {
    "level_up": ("current_level", False),
    "due_down": ("treatment_due", True),
    "inherent": ("inherent_level", True),
    "inherent_up": ("inherent_level", False),
    "target": ("target_level", True),
    "target_up": ("target_level", False),
    "reviewed": ("reviewed_at", False),
    "reviewed_down": ("reviewed_at", True),
}


def _order(name: str, column: str, *, is_descending: bool) -> models.Index:
    field = models.F(column)
    first = field.desc(nulls_last=True) if is_descending else field.asc(nulls_last=True)
    return models.Index(first, "number", condition=NOT_DISMISSED, name=f"risk_by_{name}")


def _standing_number() -> "models.PositiveSmallIntegerField[int | None, int | None]":
    """A number of the rating in force; null while there is none."""
    return models.PositiveSmallIntegerField(null=True, editable=False)


class Risk(models.Model):
    """One threat to one AI system, by the threat's stable key, with the reasons it was registered for.

    One that is dismissed keeps its ratings and history and no longer counts; the dismissal in force says why.

    What is in force of its ratings and its treatment stands on the row too, so that lists of many risks read one table.
    The database writes these columns itself when a rating or treatment is written, and refuses everyone else (ADR 10).
    So it does with `reviewed_at`, from which the next review counts: the later of the current rating and the last
    review (migration 0011); null while it is not rated.
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
    inherent_likelihood = _standing_number()
    inherent_impact = _standing_number()
    inherent_level = _standing_number()
    current_likelihood = _standing_number()
    current_impact = _standing_number()
    current_level = _standing_number()
    target_likelihood = _standing_number()
    target_impact = _standing_number()
    target_level = _standing_number()
    treatment_option = models.CharField(max_length=10, null=True, editable=False)  # noqa: DJ001  # null: none chosen
    treatment_status = models.CharField(max_length=12, null=True, editable=False)  # noqa: DJ001
    treatment_due = models.DateField(null=True, editable=False)
    treatment_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, editable=False)
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
        # The orders and figures of lists, of the risks that are not dismissed: what people look at all day.
        indexes = [
            models.Index(WORST_FIRST, "number", condition=NOT_DISMISSED, name="risk_by_level"),
            models.Index("team", WORST_FIRST, "number", condition=NOT_DISMISSED, name="risk_by_team_and_level"),
            models.Index(
                fields=["treatment_due", "number"],
                include=("system", "treatment_status"),
                condition=NOT_DISMISSED,
                name="risk_by_due",
            ),
            models.Index(
                fields=["current_level", "reviewed_at"],
                include=("system",),
                condition=NOT_DISMISSED,
                name="risk_by_review",
            ),
            models.Index(fields=["treatment_owner", "treatment_due"], condition=NOT_DISMISSED, name="risk_by_owner"),
            models.Index(
                fields=["treatment_status", "current_level", "treatment_due"],
                include=("system",),
                condition=NOT_DISMISSED,
                name="risk_by_status",
            ),
            models.Index(
                fields=["current_likelihood", "current_impact", "number"],
                include=FIGURES,
                condition=NOT_DISMISSED,
                name="risk_by_place",
            ),
            models.Index(fields=["updated_at", "number"], condition=NOT_DISMISSED, name="risk_by_change"),
            *(_order(name, column, is_descending=down) for name, (column, down) in ORDERS.items()),
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
    """A judgement of likelihood and impact from one moment on. A new one supersedes it; it stays as it was judged.

    `factors` hold what was said of each likelihood factor, `areas` the impact level in each area that was judged; the
    worst of these leads. `moved_from` says where it lay on an earlier scale, for one that was moved with the scale.
    """

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    risk = models.ForeignKey(Risk, on_delete=models.PROTECT, related_name="ratings")
    kind = models.CharField(max_length=10, choices=RatingKind.choices)
    scale = models.CharField(max_length=40)
    edition = models.CharField("Catalog edition", max_length=20, help_text="The one in force at that moment.")
    likelihood = models.PositiveSmallIntegerField()
    impact = models.PositiveSmallIntegerField()
    level = models.PositiveSmallIntegerField()
    reason = models.TextField(max_length=4_000)
    factors = models.JSONField(default=dict, blank=True)
    areas = models.JSONField(default=dict, blank=True)
    moved_from = models.CharField(max_length=200, blank=True)
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


class RiskReview(models.Model):
    """A person's word that a risk stands as it is judged. From that moment on the next review counts.

    `reason` is empty where it was said after another look, for which the catalog gave the occasion.
    """

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    risk = models.ForeignKey(Risk, on_delete=models.PROTECT, related_name="reviews")
    edition = models.CharField("Catalog edition", max_length=20, help_text="The one in force at that moment.")
    reason = models.TextField(max_length=2_000, blank=True)
    reviewed_by_name = models.CharField(max_length=120)
    at = models.DateTimeField(default=timezone.now)

    objects = TeamScoped.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.risk_id} stands"


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
