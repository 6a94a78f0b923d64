"""What search looks through: one row per thing that can be found, and the words that a typing error may have meant."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from catalog.models.editions import Edition
from catalog.querysets import SearchQuerySet
from catalog.vocabulary import LONGEST_KEY, LONGEST_LINE, Found


class SearchEntry(models.Model):
    """Something that can be found. Without an edition it is an organisation's own."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, null=True, related_name="search_entries")
    kind = models.CharField(max_length=20, choices=Found.choices)
    key = models.CharField(max_length=LONGEST_LINE, help_text="Of the entry; for an item framework/id.")
    title = models.CharField(max_length=LONGEST_LINE)
    names = models.TextField(help_text="Title, number, key, earlier keys and other names.")
    lead = models.TextField(help_text="The sentence that a result shows.")
    text = models.TextField(help_text="Everything else that is said of it.")
    document = SearchVectorField(null=True, help_text="Filled by catalog/indexing.py once the texts are there.")

    objects = SearchQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [GinIndex(fields=["document"], name="search_document")]

    def __str__(self) -> str:
        return self.title


class SearchWord(models.Model):
    """A word that occurs, with its trigrams: three letters in a row, so that near misses share some of them."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, null=True, related_name="search_words")
    word = models.CharField(max_length=LONGEST_KEY)
    trigrams = ArrayField(models.CharField(max_length=3))

    objects = SearchQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [GinIndex(fields=["trigrams"], name="search_trigrams")]

    def __str__(self) -> str:
        return self.word
