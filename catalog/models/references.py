"""What an edition says beside threats and controls: standards, frameworks, concerns, tables of the source."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from catalog.models.editions import Entry, once_per_edition
from catalog.models.entries import Control, Threat
from catalog.vocabulary import (
    LONGEST_ITEM,
    LONGEST_KEY,
    LONGEST_LINE,
    Basis,
    Coverage,
    Reading,
    Relation,
    Target,
)


class Reference(Entry):
    """Something about a control or a threat, exactly one of the two."""

    control = models.ForeignKey(Control, on_delete=models.CASCADE, null=True, related_name="%(class)ss")
    threat = models.ForeignKey(Threat, on_delete=models.CASCADE, null=True, related_name="%(class)ss")

    class Meta(Entry.Meta):
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(control=None, threat__isnull=False) | models.Q(control__isnull=False, threat=None),
                name="%(class)s_of_one",
            )
        ]


class Standard(Reference):
    """A standard that the source names for a control or a threat, and how far it covers that."""

    standard = models.CharField(max_length=LONGEST_LINE)
    clause = models.CharField(max_length=LONGEST_LINE, null=True)  # noqa: DJ001 as in the data file
    title = models.CharField(max_length=LONGEST_LINE, null=True)  # noqa: DJ001 as in the data file
    coverage = models.CharField(max_length=10, choices=Coverage.choices)
    qualifier = models.CharField(max_length=LONGEST_LINE, null=True)  # noqa: DJ001 as in the data file
    particularity = models.BooleanField(help_text="The source adds what is particular to AI.")
    scope = models.CharField(max_length=LONGEST_LINE, null=True)  # noqa: DJ001 as in the data file
    url = models.URLField(null=True)  # noqa: DJ001 as in the data file

    def __str__(self) -> str:
        return " ".join(filter(None, [self.standard, self.clause]))


class OpenCre(Reference):
    """An entry of OpenCRE that the source names."""

    cre = models.CharField(max_length=LONGEST_ITEM)
    title = models.CharField(max_length=LONGEST_LINE)
    url = models.URLField()

    def __str__(self) -> str:
        return f"OpenCRE {self.cre}"


class Framework(Entry):
    """A list, standard or law outside the Exchange, in one of its own editions (`version`)."""

    key = models.CharField(max_length=LONGEST_KEY)
    title = models.CharField(max_length=LONGEST_LINE)
    version = models.CharField(max_length=LONGEST_LINE)
    family = models.CharField(max_length=LONGEST_KEY, help_text="Shared by the editions of one framework.")
    publisher = models.CharField(max_length=LONGEST_LINE)
    url = models.URLField()
    licence = models.CharField(max_length=LONGEST_LINE, null=True)  # noqa: DJ001 as in the data file
    about = models.TextField()
    notes = ArrayField(models.TextField())
    roles = models.JSONField()
    dates = models.JSONField(help_text="When which part of a law applies: [{scope, date}].")
    classes = models.JSONField()

    class Meta(Entry.Meta):
        constraints: ClassVar = [once_per_edition("key", "framework_key")]

    def __str__(self) -> str:
        return f"{self.title} {self.version}"


class FrameworkItem(Entry):
    """An entry of a framework, under the id and title that the framework gives it."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="items")
    identity = models.CharField(max_length=LONGEST_ITEM, help_text="`id` in the data file.")
    title = models.CharField(max_length=LONGEST_LINE)
    is_own_title = models.BooleanField(help_text="The framework gives no title; this one is ours.")
    url = models.URLField()
    parent = models.CharField(max_length=LONGEST_ITEM, null=True)  # noqa: DJ001 as in the data file
    kind = models.CharField(max_length=LONGEST_LINE, null=True)  # noqa: DJ001 as in the data file
    text = models.TextField(null=True)  # noqa: DJ001 as in the data file
    replaced_by = models.CharField(max_length=LONGEST_LINE, null=True)  # noqa: DJ001 as in the data file

    class Meta(Entry.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["framework", "identity"], name="one_item_per_id"),
        ]

    def __str__(self) -> str:
        return f"{self.identity} {self.title}"


class ItemLink(Entry):
    """That an item of a framework has to do with an entry of the catalog, and what that rests on."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="links")
    item = models.CharField(max_length=LONGEST_ITEM)
    target = models.CharField(max_length=10, choices=Target.choices)
    key = models.CharField(max_length=LONGEST_KEY)
    basis = models.CharField(max_length=10, choices=Basis.choices)
    relation = models.CharField(max_length=10, choices=Relation.choices, null=True)  # noqa: DJ001 as in the data file
    reading = models.CharField(max_length=10, choices=Reading.choices, null=True)  # noqa: DJ001 as in the data file
    added_late = models.BooleanField(help_text="Added by the second reader, so read by one person only.")
    note = models.CharField(max_length=LONGEST_LINE, null=True)  # noqa: DJ001 as in the data file

    class Meta(Entry.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["framework", "item", "target", "key"], name="one_link_per_item_and_entry"),
        ]

    def __str__(self) -> str:
        return f"{self.item} to {self.key}"


class Concern(Entry):
    """What the Exchange puts beside security, as a page with checklists; outside the scope of the register."""

    key = models.CharField(max_length=LONGEST_KEY)
    title = models.CharField(max_length=LONGEST_LINE)
    url = models.URLField()
    lead = models.TextField()
    parts = models.JSONField(help_text="[{title, text, checklist}].")
    threats = ArrayField(models.CharField(max_length=LONGEST_KEY))
    controls = ArrayField(models.CharField(max_length=LONGEST_KEY))

    class Meta(Entry.Meta):
        constraints: ClassVar = [once_per_edition("key", "concern_key")]

    def __str__(self) -> str:
        return self.title


class Exhibit(Entry):
    """A row of one of the source's tables and pictures, as in the data file; `section` names which."""

    section = models.CharField(max_length=LONGEST_KEY)
    content = models.JSONField()

    class Meta(Entry.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "section", "position"], name="one_row_per_place"),
        ]

    def __str__(self) -> str:
        return f"{self.section} {self.position}"
