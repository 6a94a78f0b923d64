"""The texts of the packaged edition: none is empty, twice there, too long or a placeholder. No database."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

from tests.catalog.packaged_edition import EDITION, keys

LONGEST_TEXT = 600  # characters: fits the width of a page without scrolling
LONGEST_SENTENCE = 30  # words
LONGEST_SHARED_RUN = 8  # words that two entries may have in common
FILLER = ("leverage", "robust", "ensure that", "various", "in order to", "utilise", "crucial", "comprehensive")
PLACEHOLDERS = ("still to be written", "todo", "tbd", "lorem", "placeholder", "xxx")
Entry = tuple[str, str]  # where a text stands (an item and its field), and the text


def prose() -> Iterator[tuple[str, Entry]]:
    """Every text in full sentences, under the item it belongs to."""
    for threat in EDITION["threats"]:
        item = f"threat {threat['key']}"
        for name in ("summary", "how", "hurts", "applies", "likelihood", "impact", "in_rag", "in_agents"):
            if threat[name] is not None:
                yield item, (name, threat[name])
        for variant in threat["variants"]:
            yield item, ("variant", variant["text"])
    for group in EDITION["control_groups"]:
        for name in ("purpose", "start"):
            yield f"group {group['key']}", (name, group[name])
    for control in EDITION["controls"]:
        item = f"control {control['key']}"
        for name in ("purpose", "practice", "effort_reason", "trade_off", "done_by_note"):
            yield item, (name, control[name])
        for text in control["evidence"]:
            yield item, ("evidence", text)
    for framework in EDITION["frameworks"]:
        for text in (framework["about"], *framework["notes"]):
            yield f"framework {framework['key']}", ("about", text)
    for entry in EDITION["items"]:
        if entry["text"]:
            yield f"item {entry['framework']} {entry['id']}", ("text", entry["text"])
    for concern in EDITION["concerns"]:
        item = f"concern {concern['key']}"
        yield item, ("lead", concern["lead"])
        for part in concern["parts"]:
            yield item, ("part", part["text"])
            for text in part["checklist"]:
                yield item, ("checklist", text)
    for question in EDITION["questions"]:
        item = f"question {question['key']}"
        yield item, ("hint", question["hint"])
        for value, sentences in question["sentences"].items():
            for name, sentence in sentences.items():
                yield item, (f"sentences.{value}.{name}", sentence)
    for rule in EDITION["rules"]:
        item = f"rule {rule['threat']}"
        if "note" in rule:
            yield item, ("note", rule["note"])
        for remark in rule.get("remarks", []):
            yield item, ("remark", remark["sentence"])
    for modifier in EDITION["modifiers"]:
        yield f"modifier {modifier['id']}", ("sentence", modifier["sentence"])
    for point in EDITION["attention"]:
        yield f"point {point['id']}", ("why", point["why"])


def titles() -> Iterator[str]:
    """Every text that is a title, a name, a label or a question."""
    for collection in ("impacts", "threats", "control_groups", "question_groups", "frameworks", "items", "concerns"):
        yield from keys(collection, "title")
    yield from (variant["title"] for threat in EDITION["threats"] for variant in threat["variants"])
    yield from (part["title"] for concern in EDITION["concerns"] for part in concern["parts"])
    yield from keys("controls", "name")
    yield from keys("controls", "source_name")
    yield from keys("attention", "question")
    for question in EDITION["questions"]:
        yield question["text"]
        yield from question["labels"].values()


def faults(is_fault: Callable[[str], bool]) -> list[str]:
    return [f"{item}, {name}: {text}" for item, (name, text) in prose() if is_fault(text)]


def sentences_of(text: str) -> list[str]:
    return re.split(r"(?<=[.?])\s+", text)


def words_of(text: str) -> list[str]:
    return re.findall(r"[\w'’-]+", text.lower())


def test_questions_end_with_a_question_mark() -> None:
    texts = [*keys("questions", "text"), *keys("attention", "question")]
    assert [text for text in texts if not text.endswith("?")] == []


def test_nothing_is_empty_or_padded() -> None:
    texts = [*titles(), *(text for _, (_, text) in prose())]
    assert [text for text in texts if not text or text != " ".join(text.split())] == []


def test_texts_are_whole_sentences() -> None:
    assert faults(lambda text: not text.endswith(".") or not text[0].isupper()) == []


def test_texts_are_short() -> None:
    assert faults(lambda text: len(text) > LONGEST_TEXT) == []
    assert faults(lambda text: any(len(each.split()) > LONGEST_SENTENCE for each in sentences_of(text))) == []


def test_texts_keep_to_their_number_of_sentences() -> None:
    most = {"how": 4, "likelihood": 3, "impact": 3, "purpose": 1, "practice": 3, "evidence": 1, "text": 4, "part": 4}
    counts = [(item, name, len(sentences_of(text))) for item, (name, text) in prose()]
    assert [each for each in counts if each[2] > most.get(each[1], 2)] == []
    assert [each for each in counts if each[1] == "how" and each[2] < 2] == []


def test_no_text_is_a_placeholder() -> None:
    assert faults(lambda text: any(word in words_of(text) or word in text.lower() for word in PLACEHOLDERS)) == []


def test_every_threat_says_what_a_rating_needs() -> None:
    leaves = [threat for threat in EDITION["threats"] if threat["kind"] == "threat"]
    assert [threat["key"] for threat in leaves if len(threat["variants"]) < 2] == []
    agents = [threat["key"] for threat in EDITION["threats"] if threat["fits"]["agentic"] == "yes"]
    assert [key for key in agents if not form_of(key, "in_agents")] == []


def form_of(key: str, form: str) -> str | None:
    return next(threat[form] for threat in EDITION["threats"] if threat["key"] == key)


def test_every_control_says_what_it_costs_and_how_to_tell_that_it_works() -> None:
    for control in EDITION["controls"]:
        assert control["effort"] in ("low", "medium", "high"), control["key"]
        assert 2 <= len(control["evidence"]) <= 4, control["key"]
        assert control["done_by"], control["key"]


def test_texts_carry_no_filler() -> None:
    assert faults(lambda text: any(word in text.lower() for word in FILLER)) == []


def test_no_text_appears_twice() -> None:
    texts = [*(text for _, (_, text) in prose()), *keys("questions", "text"), *keys("attention", "question")]
    assert [text for text, count in Counter(texts).items() if count > 1] == []


def test_no_two_items_share_a_run_of_nine_words() -> None:
    items = defaultdict(set)
    size = LONGEST_SHARED_RUN + 1
    for item, (_, text) in prose():
        words = words_of(text)
        for start in range(len(words) - size + 1):
            items[" ".join(words[start : start + size])].add(item)
    assert {run: found for run, found in items.items() if len(found) > 1} == {}


def test_names_of_controls_change_only_the_case_of_the_source() -> None:
    for control in EDITION["controls"]:
        assert control["name"].upper() == control["source_name"]
        assert control["name"][0].isupper()
