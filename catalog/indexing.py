"""What of an edition, and of an organisation's own entries, search can find: rows of text and the words in them."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.postgres.search import SearchVector

from catalog.models import Edition, OwnControl, OwnThreat, SearchEntry, SearchWord
from catalog.vocabulary import LONGEST_KEY, LONGEST_LINE, Found

SHORTEST_WORD = 4  # letters; shorter ones are found as they are typed or not at all

type Content = dict[str, Any]


def index_edition(edition: Edition, content: Content) -> None:
    """Write what search needs of a new edition."""
    rows = list(_rows_of(content))
    for row in rows:
        row.edition = edition
    _write(rows, edition)


def index_own() -> None:
    """Write anew what search needs of the organisation's own entries; there are few of them."""
    SearchEntry.objects.filter(edition=None).delete()
    SearchWord.objects.filter(edition=None).delete()
    rows = [_own_threat(threat) for threat in OwnThreat.objects.in_use()]
    rows += [_own_control(control) for control in OwnControl.objects.in_use()]
    _write(rows, None)


def _write(rows: list[SearchEntry], edition: Edition | None) -> None:
    """The rows with their documents, and the words in them.

    Names weigh more than texts. Stems find other forms of a word, whole words find what is still being typed.
    """
    SearchEntry.objects.bulk_create(rows)
    stems = SearchVector("names", weight="A", config="english") + SearchVector("text", weight="C", config="english")
    words = SearchVector("names", weight="A", config="simple") + SearchVector("text", weight="D", config="simple")
    SearchEntry.objects.filter(edition=edition).update(document=stems + words)
    SearchWord.objects.bulk_create(_words_in(rows, edition))


def words_of(text: str) -> list[str]:
    """The words of a text as search compares them: small letters and digits."""
    return re.findall(r"[^\W_]+", text.casefold())


def trigrams_of(word: str) -> list[str]:
    """Three characters in a row each, with a blank before and after the word: "ai" has " ai" and "ai "."""
    padded = f" {word} "
    return sorted({padded[start : start + 3] for start in range(max(len(padded) - 2, 1))})


def _rows_of(content: Content) -> Iterator[SearchEntry]:
    for threat in content["threats"]:
        yield _row(
            Found.THREAT,
            threat["key"],
            threat["title"],
            threat["summary"],
            [threat["number"], *threat["aliases"], *threat["other_names"], *(v["title"] for v in threat["variants"])],
            [threat[name] or "" for name in ("how", "hurts", "applies", "likelihood", "impact", "in_rag", "in_agents")]
            + [variant["text"] for variant in threat["variants"]],
        )
    for group in content["control_groups"]:
        yield _row(
            Found.GROUP, group["key"], group["title"], group["purpose"], [group["number"] or ""], [group["start"]]
        )
    for control in content["controls"]:
        texts = [control[name] for name in ("practice", "effort_reason", "trade_off", "done_by_note")]
        yield _row(
            Found.CONTROL,
            control["key"],
            control["name"],
            control["purpose"],
            control["aliases"],
            [*texts, *control["evidence"], *_standards_of(content, control["key"])],
        )
    for framework in content["frameworks"]:
        names = [framework["version"], framework["publisher"], framework["family"]]
        yield _row(Found.FRAMEWORK, framework["key"], framework["title"], framework["about"], names, framework["notes"])
    titles = {framework["key"]: f"{framework['title']} {framework['version']}" for framework in content["frameworks"]}
    for item in content["items"]:
        lead = item["text"] or titles[item["framework"]]
        key = f"{item['framework']}/{item['id']}"
        yield _row(Found.ITEM, key, f"{item['id']} {item['title']}", lead, [], [titles[item["framework"]]])
    for concern in content["concerns"]:
        parts = concern["parts"]
        texts = [text for part in parts for text in (part["text"], *part["checklist"])]
        names = [part["title"] for part in parts]
        yield _row(Found.CONCERN, concern["key"], concern["title"], concern["lead"], names, texts)
    for question in content["questions"]:
        labels = list(question["labels"].values())
        yield _row(Found.QUESTION, question["key"], question["text"], question["hint"], [], labels)


def _standards_of(content: Content, control: str) -> Iterator[str]:
    for standard in content["standards"]:
        if standard["control"] == control:
            yield " ".join(filter(None, [standard["standard"], standard["clause"], standard["title"]]))


def _own_threat(threat: OwnThreat) -> SearchEntry:
    texts = [threat.how, threat.hurts, threat.applies, threat.likelihood, threat.impact]
    texts += [threat.in_rag or "", threat.in_agents or "", *(variant["text"] for variant in threat.variants)]
    names = [*threat.other_names, *(variant["title"] for variant in threat.variants)]
    return _row(Found.THREAT, threat.key, threat.title, threat.summary, names, texts)


def _own_control(control: OwnControl) -> SearchEntry:
    texts = [control.practice, control.effort_reason, control.trade_off, control.done_by_note, *control.evidence]
    return _row(Found.CONTROL, control.key, control.name, control.purpose, [], texts)


def _row(kind: Found, key: str, title: str, lead: str, names: Iterable[str], texts: Iterable[str]) -> SearchEntry:
    said, text = " ".join([title, key, *names]), " ".join([lead, *texts])
    # The index takes words as search does. Left to itself it would take "AML.T0051" for the name of a host.
    names, text = " ".join(words_of(said)), " ".join(words_of(text))
    return SearchEntry(kind=kind, key=key, title=title[:LONGEST_LINE], names=names, lead=lead, text=text)


def _words_in(rows: Iterable[SearchEntry], edition: Edition | None) -> Iterator[SearchWord]:
    found = {word for row in rows for word in words_of(f"{row.names} {row.text}")}
    for word in sorted(found):
        if SHORTEST_WORD <= len(word) <= LONGEST_KEY and not word.isdigit():
            yield SearchWord(edition=edition, word=word, trigrams=trigrams_of(word))
