"""Full-text search over the catalog, in PostgreSQL: the beginning of a word is enough, and a slip is forgiven.

No extension is needed: near misses are found by trigrams kept in an array (catalog.models.SearchWord), and settled by
the number of letters that differ.
"""

from dataclasses import dataclass
from functools import reduce
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import Case, CharField, Count, F, FloatField, Func, IntegerField, Q, Value, When
from rapidfuzz.distance import OSA

from catalog.indexing import SHORTEST_WORD, trigrams_of, words_of
from catalog.models import SearchEntry, SearchWord
from catalog.vocabulary import Found
from journal.querysets import Reader

LONGEST_QUERY = 200  # characters
MOST_WORDS = 8  # of a query; more say no more
MOST_RESULTS = 50
CANDIDATES = 40  # near words that are compared letter by letter
BELOW_ONE = 32  # PostgreSQL's rank / (rank + 1), so that a title that is the query always comes first
FIRST = (Found.THREAT, Found.CONTROL)  # what people mostly look for, before items of other frameworks
SHORT = 5  # letters: up to here one slip is forgiven, beyond it two


@dataclass(frozen=True)
class Result:
    """Something that was found."""

    kind: Found
    key: str
    title: str
    lead: str
    is_ours: bool


@dataclass(frozen=True)
class Results:
    """What a search found. `corrected` is the query that was searched instead, empty when it was the typed one.

    `counts` holds how many were found of each kind, whatever kind was asked for.
    """

    query: str
    corrected: str
    found: tuple[Result, ...]
    counts: dict[Found, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def search(query: str, *, reader: Reader, kind: Found | None = None) -> Results:
    """What fits all words of a query, the closest first; MOST_RESULTS at most. Two queries when something fits.

    Only when nothing fits are words that occur nowhere replaced by the nearest ones that do.
    """
    words = words_of(query[:LONGEST_QUERY])[:MOST_WORDS]
    if not words:
        return Results(query, "", (), {})
    counts = _counts(words, reader)
    corrected = ""
    if not counts:
        nearest = nearest_words(words, reader)
        if nearest != words:
            words, corrected = nearest, " ".join(nearest)
            counts = _counts(words, reader)
    return Results(query, corrected if counts else "", _found(words, reader, kind) if counts else (), counts)


def nearest_words(words: list[str], reader: Reader) -> list[str]:
    """The words, with each that begins none of the catalog's replaced by the nearest one."""
    known = SearchWord.objects.visible_to(reader).current()
    begun = reduce(lambda q, word: q | Q(word__startswith=word), words, Q(pk__in=()))
    starts = set(known.filter(begun).values_list("word", flat=True))
    strange = [w for w in words if len(w) >= SHORTEST_WORD and not any(each.startswith(w) for each in starts)]
    if not strange:
        return words
    near = _near(known, strange)
    return [_nearest(word, near) if word in strange else word for word in words]


def _counts(words: list[str], reader: Reader) -> dict[Found, int]:
    rows = _matching(words, reader).order_by().values("kind").annotate(count=Count("pk"))
    counts = dict(rows.values_list("kind", "count"))
    return {kind: counts[kind] for kind in Found if kind in counts}


def _found(words: list[str], reader: Reader, kind: Found | None) -> tuple[Result, ...]:
    rows = _matching(words, reader)
    if kind is not None:
        rows = rows.filter(kind=kind)
    said = " ".join(words)
    fits = Case(
        When(title__iexact=said, then=Value(3.0)),
        When(names__startswith=said, then=Value(2.0)),
        When(names__contains=said, then=Value(1.0)),
        default=Value(0.0),
        output_field=FloatField(),
    )
    ours = Case(When(kind__in=FIRST, then=Value(0.5)), default=Value(0.0), output_field=FloatField())
    order = Case(*(When(kind=each, then=place) for place, each in enumerate(Found)), output_field=IntegerField())
    ranked = rows.annotate(
        rank=SearchRank(F("document"), _query(words), normalization=BELOW_ONE) + fits + ours, order=order
    )
    return tuple(
        Result(Found(row.kind), row.key, row.title, row.lead, row.edition_id is None)
        for row in ranked.order_by("-rank", "order", "pk").defer("document", "names", "text")[:MOST_RESULTS]
    )


def _matching(words: list[str], reader: Reader) -> Any:
    return SearchEntry.objects.visible_to(reader).current().filter(document=_query(words))


def _query(words: list[str]) -> Any:
    """All words, each as its stem or as the beginning of a word. They are letters and digits, so they quote nothing."""
    parts = [
        SearchQuery(f"{word}:*", search_type="raw", config="english")
        | SearchQuery(f"{word}:*", search_type="raw", config="simple")
        for word in words
    ]
    return reduce(lambda query, part: query & part, parts)


def _near(known: Any, strange: list[str]) -> list[str]:
    """For each strange word the CANDIDATES that share most of its trigrams; one query for all."""
    parts = []
    for word in strange:
        trigrams = Value(trigrams_of(word), output_field=ArrayField(CharField()))
        rows = known.filter(trigrams__overlap=trigrams).annotate(shared=Shared(F("trigrams"), trigrams))
        parts.append(rows.order_by("-shared", "word").values_list("word", flat=True)[:CANDIDATES])
    return list(parts[0].union(*parts[1:]) if len(parts) > 1 else parts[0])


class Shared(Func):
    """How many elements two arrays have in common."""

    template = "cardinality(ARRAY(SELECT unnest(%(expressions)s)))"
    arg_joiner = ") INTERSECT SELECT unnest("
    output_field = IntegerField()


def _nearest(word: str, near: list[str]) -> str:
    """The word that differs in the fewest letters, as a whole or as the beginning; the word itself if all are far."""

    def differs(other: str) -> float:
        whole = OSA.distance(word, other)
        return min(whole, OSA.distance(word, other[: len(word)]) + 0.5)

    allowed = 1.5 if len(word) <= SHORT else 2.5
    best = min(near, key=lambda other: (differs(other), other), default=word)
    return best if differs(best) <= allowed else word
