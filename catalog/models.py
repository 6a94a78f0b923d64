"""Editions of the catalog and the rows that belong to them. Only catalog/loading.py writes here.

An edition is immutable: its rows are never changed. A correction is another edition. Rows of other subjects refer to
threats and controls by their stable key, never by their id. Fields are named as in the data file.
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from catalog.querysets import EditionQuerySet, EntryQuerySet
from catalog.vocabulary import (
    LONGEST_KEY,
    LONGEST_LINE,
    ControlArea,
    ControlType,
    Effect,
    Lifecycle,
    Party,
    Property,
    QuestionKind,
    Strength,
    Surface,
    ThreatKind,
)


class Edition(models.Model):
    """A dated state of the catalog; one of them is in force."""

    key = models.CharField(max_length=20, unique=True, help_text="The date as text: 2026-08-22.")
    released = models.DateField()
    source = models.JSONField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the content, see catalog.content.digest_of.")
    loaded_at = models.DateTimeField(default=timezone.now, editable=False)
    is_current = models.BooleanField(default=False)

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-released"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["is_current"],
                condition=models.Q(is_current=True),
                name="one_current_edition",
                violation_error_message="Another edition is in force already.",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Entry(models.Model):
    """A row of an edition, at its place in the order of the data file."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="%(class)ss")
    position = models.PositiveIntegerField()

    objects = EntryQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering: ClassVar = ["edition", "position"]


def once_per_edition(field: str, name: str) -> models.UniqueConstraint:
    """The constraint that a key names one row of an edition."""
    return models.UniqueConstraint(fields=["edition", field], name=name)


class Impact(Entry):
    """One of the Exchange's impacts. Six numbers, seven codes: the third is split in two."""

    code = models.CharField(max_length=LONGEST_KEY)
    number = models.PositiveSmallIntegerField()
    letter = models.CharField(max_length=1, null=True)  # noqa: DJ001 the source gives none to the last
    title = models.CharField(max_length=LONGEST_LINE)
    property = models.CharField(max_length=20, choices=Property.choices)

    class Meta(Entry.Meta):
        constraints: ClassVar = [once_per_edition("code", "impact_code")]

    def __str__(self) -> str:
        return self.title


class Threat(Entry):
    """A threat, or a group of threats."""

    key = models.CharField(max_length=LONGEST_KEY)
    number = models.CharField(max_length=20)
    title = models.CharField(max_length=LONGEST_LINE)
    kind = models.CharField(max_length=10, choices=ThreatKind.choices)
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="children")
    surface = models.CharField(max_length=20, choices=Surface.choices)
    lifecycle = models.CharField(max_length=20, choices=Lifecycle.choices)
    impacts = ArrayField(models.CharField(max_length=LONGEST_KEY))
    aliases = ArrayField(models.CharField(max_length=LONGEST_KEY))
    url = models.URLField()
    summary = models.TextField()
    how = models.TextField()
    is_variant = models.BooleanField(help_text="Judged with its group: `not_derived` in the data file.")

    class Meta(Entry.Meta):
        constraints: ClassVar = [once_per_edition("key", "threat_key")]

    def __str__(self) -> str:
        return self.title


class ControlGroup(Entry):
    """A heading under which controls stand. Those of a threat have the key of that threat."""

    key = models.CharField(max_length=LONGEST_KEY)
    number = models.CharField(max_length=20, null=True)  # noqa: DJ001 the controls of a threat have none
    title = models.CharField(max_length=LONGEST_LINE)
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="children")
    url = models.URLField()
    is_threat_group = models.BooleanField()

    class Meta(Entry.Meta):
        constraints: ClassVar = [once_per_edition("key", "control_group_key")]

    def __str__(self) -> str:
        return self.title


class Control(Entry):
    """Something to do against threats."""

    key = models.CharField(max_length=LONGEST_KEY)
    name = models.CharField(max_length=LONGEST_LINE)
    source_name = models.CharField(max_length=LONGEST_LINE)
    group = models.CharField(max_length=40, choices=ControlArea.choices)
    parent = models.ForeignKey(ControlGroup, on_delete=models.CASCADE, related_name="controls")
    types = ArrayField(models.CharField(max_length=40, choices=ControlType.choices))
    lifecycle = ArrayField(models.CharField(max_length=20, choices=Lifecycle.choices))
    url = models.URLField()
    aliases = ArrayField(models.CharField(max_length=LONGEST_KEY))
    purpose = models.TextField()
    practice = models.TextField()

    class Meta(Entry.Meta):
        constraints: ClassVar = [once_per_edition("key", "control_key")]

    def __str__(self) -> str:
        return self.name


class ThreatControl(Entry):
    """That a control works against a threat, and why the source says so."""

    threat = models.ForeignKey(Threat, on_delete=models.CASCADE, related_name="links")
    control = models.ForeignKey(Control, on_delete=models.CASCADE, related_name="links")
    via = ArrayField(models.CharField(max_length=LONGEST_KEY + 10))
    strength = models.CharField(max_length=20, choices=Strength.choices)
    party = ArrayField(models.CharField(max_length=10, choices=Party.choices))
    condition = models.TextField(null=True)  # noqa: DJ001 as in the data file
    excluded = models.BooleanField(help_text="The source says that it gives no protection here.")
    note = models.TextField(null=True)  # noqa: DJ001 as in the data file

    class Meta(Entry.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["threat", "control"], name="one_link_per_pair")]

    def __str__(self) -> str:
        return f"{self.control} against {self.threat}"


class QuestionGroup(Entry):
    """A part of the profile."""

    key = models.CharField(max_length=LONGEST_KEY)
    title = models.CharField(max_length=LONGEST_LINE)

    class Meta(Entry.Meta):
        constraints: ClassVar = [once_per_edition("key", "question_group_key")]

    def __str__(self) -> str:
        return self.title


class Question(Entry):
    """A question of the profile. catalog.profile gives its fields their meaning."""

    key = models.CharField(max_length=LONGEST_KEY)
    group = models.ForeignKey(QuestionGroup, on_delete=models.CASCADE, related_name="questions")
    kind = models.CharField(max_length=10, choices=QuestionKind.choices)
    values = ArrayField(models.CharField(max_length=LONGEST_KEY))
    asked_if = models.JSONField(null=True)
    text = models.TextField()
    hint = models.TextField()
    labels = models.JSONField()
    sentences = models.JSONField()

    class Meta(Entry.Meta):
        constraints: ClassVar = [once_per_edition("key", "question_key")]

    def __str__(self) -> str:
        return self.text


class Rule(Entry):
    """When a threat applies, and whose it is. catalog.profile gives its fields their meaning."""

    threat = models.ForeignKey(Threat, on_delete=models.CASCADE, related_name="rules")
    applicable_when = models.JSONField()
    responsibility = models.JSONField()
    remarks = models.JSONField(null=True)
    note = models.TextField(null=True)  # noqa: DJ001 as in the data file

    class Meta(Entry.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["threat"], name="one_rule_per_threat")]

    def __str__(self) -> str:
        return f"When {self.threat} applies"


class Modifier(Entry):
    """What answers say beyond whether a threat applies."""

    key = models.CharField(max_length=LONGEST_KEY)
    when = models.JSONField()
    effect = models.CharField(max_length=40, choices=Effect.choices)
    threats = ArrayField(models.CharField(max_length=LONGEST_KEY), null=True)
    controls = ArrayField(models.CharField(max_length=LONGEST_KEY), null=True)
    source = models.CharField(max_length=LONGEST_KEY)
    sentence = models.TextField()

    class Meta(Entry.Meta):
        constraints: ClassVar = [once_per_edition("key", "modifier_key")]

    def __str__(self) -> str:
        return self.sentence
