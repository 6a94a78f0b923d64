"""The questions and rules of an edition. catalog.profile gives their fields their meaning."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from catalog.models.editions import Entry, once_per_edition
from catalog.models.entries import Threat
from catalog.vocabulary import (
    LONGEST_KEY,
    LONGEST_LINE,
    Effect,
    PointContext,
    QuestionKind,
)


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


class Point(Entry):
    """Something to look into after answers. catalog.profile gives its fields their meaning."""

    key = models.CharField(max_length=LONGEST_KEY)
    context = models.CharField(max_length=10, choices=PointContext.choices)
    when = models.JSONField()
    question = models.CharField(max_length=LONGEST_LINE)
    why = models.TextField()
    settled_by = models.JSONField(null=True)
    threats = ArrayField(models.CharField(max_length=LONGEST_KEY), null=True)
    controls = ArrayField(models.CharField(max_length=LONGEST_KEY), null=True)
    url = models.URLField()

    class Meta(Entry.Meta):
        constraints: ClassVar = [once_per_edition("key", "point_key")]

    def __str__(self) -> str:
        return self.question
