"""The inventory: suppliers, AI systems, their components, and the dated answers of their profiles."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinLengthValidator, URLValidator
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone

from accounts.models import Team
from risks.systems.choices import (
    AiActClass,
    ComponentKind,
    Criticality,
    DataCategory,
    Delivery,
    HostedBy,
    Stage,
    SupplierKind,
)
from risks.systems.querysets import AISystemQuerySet, ComponentQuerySet, Dated, ImportDraftQuerySet, SupplierQuerySet

if TYPE_CHECKING:
    from journal.models import Event

MOST_TAGS, MOST_LINKS = 20, 20


class Supplier(models.Model):
    """Somebody outside who builds or hosts components. The organisation has one list of them; ADR 9 says why."""

    name = models.CharField("Name", max_length=120, validators=[MinLengthValidator(2)])
    kind = models.CharField("What they do for us", max_length=12, choices=SupplierKind.choices)
    contact = models.CharField("Contact", max_length=200, blank=True)
    link = models.URLField("Link", max_length=500, blank=True, validators=[URLValidator(["http", "https"])])
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = SupplierQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="one_supplier_per_name",
                violation_error_message="There is a supplier of this name already.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("suppliers:detail", args=[self.pk])


class AISystem(models.Model):
    """Something with AI in it that the organisation builds or buys.

    What nobody has said yet is empty, not a default: stage, criticality, the class by the EU AI Act. `links` are
    objects with `title` and `url`. A system that is archived keeps all its rows and is left out of lists and counts.

    `stamp` is given by the database: another number, never one that was, whenever the profile, a review, a dismissal or
    which risks there are has changed. What follows from these may be remembered for a stamp (ADR 12).
    """

    number = models.PositiveIntegerField(unique=True, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="systems")
    name = models.CharField("Name", max_length=120, validators=[MinLengthValidator(2)])
    purpose = models.TextField("Purpose", max_length=2_000)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="systems"
    )
    stage = models.CharField("Lifecycle stage", max_length=12, choices=Stage.choices, blank=True)
    criticality = models.CharField("Business criticality", max_length=10, choices=Criticality.choices, blank=True)
    ai_act_class = models.CharField("Class by the EU AI Act", max_length=24, choices=AiActClass.choices, blank=True)
    ai_act_reason = models.TextField("Why this class", max_length=2_000, blank=True)
    data_categories = ArrayField(
        models.CharField(max_length=12, choices=DataCategory.choices), verbose_name="Data", default=list, blank=True
    )
    tags = ArrayField(models.CharField(max_length=40), size=MOST_TAGS, default=list, blank=True)
    links = models.JSONField(default=list, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    stamp = models.BigIntegerField(default=0, editable=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = AISystemQuerySet.as_manager()

    supplier_names: list[str]  # from AISystemQuerySet.for_list, which is how pages and the API fetch a system
    archiving: "Event | None" = None  # how it was archived, from access.system_to_see

    class Meta:
        verbose_name = "AI system"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "name"],
                name="one_system_per_name_and_team",
                violation_error_message="This team has a system of this name already.",
            ),
            models.CheckConstraint(
                condition=models.Q(ai_act_class="") | ~models.Q(ai_act_reason=""),
                name="ai_act_class_with_reason",
                violation_error_message="Say why the system has this class by the EU AI Act.",
            ),
            # Children refer to (team, id), so that no row can point across teams.
            models.UniqueConstraint(fields=["team", "id"], name="system_of_team"),
        ]
        indexes = [
            models.Index(fields=["name", "id"], name="system_by_name"),
            models.Index(fields=["id"], condition=~models.Q(archived_at=None), name="system_archived"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("systems:detail", args=[self.pk])

    @property
    def reference(self) -> str:
        """What people quote: AIS-0001."""
        return f"AIS-{self.number:04d}"


class Component(models.Model):
    """A part of a system: what it is, who built it, where it runs and how it comes to us.

    `supplier` built or hosts it. Where it runs and how it is delivered are empty while nobody has said so. One that is
    taken away keeps its row.
    """

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    system = models.ForeignKey(AISystem, on_delete=models.PROTECT, related_name="components")
    name = models.CharField("Name", max_length=120, validators=[MinLengthValidator(2)])
    kind = models.CharField("Kind", max_length=16, choices=ComponentKind.choices)
    supplier = models.ForeignKey(
        Supplier, on_delete=models.PROTECT, null=True, blank=True, related_name="components", verbose_name="Supplier"
    )
    hosted_by = models.CharField("Hosted by", max_length=10, choices=HostedBy.choices, blank=True)
    delivery = models.CharField("How it comes to us", max_length=10, choices=Delivery.choices, blank=True)
    note = models.TextField("Note", max_length=2_000, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)
    removed_reason = models.TextField("Why it was removed", max_length=2_000, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ComponentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["system", "kind", "name"],
                condition=models.Q(removed_at=None),
                name="one_component_per_kind_and_name",
                violation_error_message="This system has a component of this kind and name already.",
            ),
            models.CheckConstraint(
                condition=~models.Q(hosted_by="supplier") | models.Q(supplier__isnull=False),
                name="hosting_supplier_is_named",
                violation_error_message="Name the supplier who hosts it.",
            ),
            models.UniqueConstraint(fields=["team", "id"], name="component_of_team"),
        ]

    def __str__(self) -> str:
        return self.name


class ComponentVersion(models.Model):
    """The version of a component from one moment on: a model's release, a data set's snapshot. The past ones stay."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    component = models.ForeignKey(Component, on_delete=models.PROTECT, related_name="versions")
    label = models.CharField("Version", max_length=120)
    note = models.CharField("What is different", max_length=500, blank=True)
    set_by_name = models.CharField(max_length=120)
    at = models.DateTimeField(default=timezone.now)
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = Dated.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["component"], condition=models.Q(superseded_at=None), name="one_version_in_force"
            ),
        ]

    def __str__(self) -> str:
        return self.label


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


class ImportDraft(models.Model):
    """A file that somebody wants to import, kept while they look at what it would do. Theirs alone, and not for long.

    `team` takes what names no team itself. The file is gone once it is imported.
    """

    uploader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    file_name = models.CharField(max_length=120, blank=True)
    content = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    imported_at = models.DateTimeField(null=True, blank=True)

    objects = ImportDraftQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("systems:import_draft", args=[self.pk])
