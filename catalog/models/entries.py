"""Impacts, threats and controls of an edition, and what works against what."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from catalog.models.editions import Entry, once_per_edition
from catalog.vocabulary import (
    LONGEST_KEY,
    LONGEST_LINE,
    ControlArea,
    ControlType,
    Doer,
    Effort,
    Lifecycle,
    Party,
    Property,
    Strength,
    Surface,
    ThreatKind,
)


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


class ThreatText(models.Model):
    """What is said of a threat, whoever says it: the catalog, or an organisation of its own."""

    title = models.CharField(max_length=LONGEST_LINE)
    surface = models.CharField(max_length=20, choices=Surface.choices)
    lifecycle = models.CharField(max_length=20, choices=Lifecycle.choices)
    impacts = ArrayField(models.CharField(max_length=LONGEST_KEY), blank=True)
    other_names = ArrayField(models.CharField(max_length=LONGEST_LINE), blank=True, default=list)
    summary = models.TextField()
    how = models.TextField(blank=True)
    hurts = models.TextField(blank=True)
    applies = models.TextField(blank=True)
    likelihood = models.TextField(blank=True)
    impact = models.TextField(blank=True)
    variants = models.JSONField(blank=True, default=list, help_text="Kinds of attack: [{title, text}].")
    in_rag = models.TextField(null=True, blank=True)  # noqa: DJ001 as in the data file
    in_agents = models.TextField(null=True, blank=True)  # noqa: DJ001 as in the data file
    fits = models.JSONField(
        blank=True, default=dict, help_text="Per kind of model: yes, low, no, or null where nobody says."
    )
    assets_hurt = ArrayField(models.CharField(max_length=LONGEST_KEY), blank=True, default=list)
    assets_attacked = ArrayField(models.CharField(max_length=LONGEST_KEY), blank=True, default=list)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title


class Threat(ThreatText, Entry):
    """A threat, or a group of threats."""

    key = models.CharField(max_length=LONGEST_KEY)
    number = models.CharField(max_length=20)
    kind = models.CharField(max_length=10, choices=ThreatKind.choices)
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="children")
    aliases = ArrayField(models.CharField(max_length=LONGEST_KEY))
    url = models.URLField()
    is_restricted = models.BooleanField(help_text="The source ties it to a kind of model; else silence means yes.")
    is_variant = models.BooleanField(help_text="Judged with its group: `not_derived` in the data file.")

    class Meta(Entry.Meta):
        constraints: ClassVar = [once_per_edition("key", "threat_key")]


class ControlGroup(Entry):
    """A heading under which controls stand. Those of a threat have the key of that threat."""

    key = models.CharField(max_length=LONGEST_KEY)
    number = models.CharField(max_length=20, null=True)  # noqa: DJ001 the controls of a threat have none
    title = models.CharField(max_length=LONGEST_LINE)
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="children")
    url = models.URLField()
    is_threat_group = models.BooleanField()
    purpose = models.TextField()
    start = models.TextField()

    class Meta(Entry.Meta):
        constraints: ClassVar = [once_per_edition("key", "control_group_key")]

    def __str__(self) -> str:
        return self.title


class ControlText(models.Model):
    """What is said of a control, whoever says it: the catalog, or an organisation of its own."""

    name = models.CharField(max_length=LONGEST_LINE)
    types = ArrayField(models.CharField(max_length=40, choices=ControlType.choices), blank=True)
    lifecycle = ArrayField(models.CharField(max_length=20, choices=Lifecycle.choices), blank=True)
    essentials = ArrayField(models.CharField(max_length=LONGEST_KEY), blank=True)
    purpose = models.TextField()
    practice = models.TextField(blank=True)
    effort = models.CharField(max_length=10, choices=Effort.choices)
    effort_reason = models.TextField(blank=True)
    trade_off = models.TextField(blank=True)
    evidence = ArrayField(models.TextField(), blank=True)
    done_by = ArrayField(models.CharField(max_length=10, choices=Doer.choices), blank=True)
    done_by_note = models.TextField(blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Control(ControlText, Entry):
    """Something to do against threats."""

    key = models.CharField(max_length=LONGEST_KEY)
    source_name = models.CharField(max_length=LONGEST_LINE)
    group = models.CharField(max_length=40, choices=ControlArea.choices)
    parent = models.ForeignKey(ControlGroup, on_delete=models.CASCADE, related_name="controls")
    url = models.URLField()
    aliases = ArrayField(models.CharField(max_length=LONGEST_KEY))
    is_delegable = models.BooleanField(help_text="The source lets a provider leave it to whoever deploys.")
    qualifier = models.CharField(max_length=LONGEST_LINE, null=True)  # noqa: DJ001 as in the data file

    class Meta(Entry.Meta):
        constraints: ClassVar = [once_per_edition("key", "control_key")]


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
