"""Profiles for the tests of identification, and a second, slower reading of the contract to hold the rules against."""

from collections.abc import Iterator, Mapping
from itertools import chain, combinations, product
from typing import Any

from hypothesis import strategies as st

from catalog.content import read_content
from catalog.profile import PACKAGED_EDITION, packaged_rule_set

RULES = packaged_rule_set()
EDITION: dict[str, Any] = read_content(PACKAGED_EDITION)
QUESTIONS: dict[str, Any] = {question["key"]: question for question in EDITION["questions"]}
RULE_DATA: dict[str, Any] = {rule["threat"]: rule for rule in EDITION["rules"]}
STATUS_OF = {True: "applicable", False: "not_applicable", None: "undetermined"}

ADDED = {"augmentation": ["rag"]}
OWN = {"trained_by": ["own"]}
BOUGHT = {"trained_by": ["supplier"], "run_by": "supplier"}

CHATBOT = {
    "model_types": ["genai"],
    "trained_by": ["supplier"],
    "run_by": "supplier",
    "attacker_can_provide_input": "yes",
    "output_can_cause_harm": "yes",
    "classification_task": "no",
    "text_output": "yes",
    "input_data_sensitive": "yes",
    "untrusted_data_in_prompt": "yes",
    "augmentation": ["rag", "system_prompt"],
    "augmentation_stored": "yes",
    "augmentation_data_sensitive": "yes",
    "corpus_influenced_by_others": "no",
    "triggers_actions": "yes",
    "actions_can_send_data": "yes",
    "sensitive_data_reachable": "yes",
    "structured_agent_messages": "no",
    "autonomy": "acts",
}


def possible(key: str) -> list[Any]:
    """Every valid answer to a question, None for none at all."""
    question = QUESTIONS[key]
    if question["kind"] != "many":
        return [None, *(value for value in question["values"] if value != "unknown")]
    joinable = [value for value in question["values"] if value != "none"]
    several = chain.from_iterable(combinations(joinable, size) for size in range(1, len(joinable) + 1))
    return [None, *map(list, several), *([value] for value in question["values"] if value == "none")]


def all_answers_to(keys: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Every combination of answers to these questions, unanswered ones included."""
    for answers in product(*(possible(key) for key in keys)):
        yield {key: answer for key, answer in zip(keys, answers, strict=True) if answer is not None}


def _answer(key: str) -> st.SearchStrategy[Any]:
    question = QUESTIONS[key]
    if question["kind"] != "many":
        return st.sampled_from(question["values"])
    return st.sampled_from([[], *(answer for answer in possible(key) if answer)])


valid_answers = st.fixed_dictionaries({}, optional={key: _answer(key) for key in QUESTIONS})


# The contract once more, word by word over the raw data: no parsing, no caching, no reasons.


def is_asked(key: str, answers: Mapping[str, Any]) -> bool:
    for other, values in (QUESTIONS[key]["asked_if"] or {}).items():
        given: Any = answers.get(other)
        if not is_asked(other, answers):
            return False
        if is_unknown(given):
            continue
        if not any(value in given if isinstance(given, list) else value == given for value in values):
            return False
    return True


def is_unknown(answer: Any) -> bool:
    return answer is None or answer == "unknown" or answer == []


def holds(condition: Any, answers: Mapping[str, Any]) -> bool | None:
    if condition == "always":
        return True
    if "all" in condition:
        parts = [holds(part, answers) for part in condition["all"]]
        return False if False in parts else None if None in parts else True
    if "any" in condition:
        parts = [holds(part, answers) for part in condition["any"]]
        return True if True in parts else None if None in parts else False
    key = condition["question"]
    answer: Any = answers.get(key)
    if not is_asked(key, answers):
        return condition.get("is") == "no" and QUESTIONS[key]["kind"] == "yes_no"
    if is_unknown(answer):
        return None
    return bool(condition["has"] in answer if "has" in condition else condition["is"] == answer)


def expected_status(threat: str, answers: Mapping[str, Any]) -> str:
    return STATUS_OF[holds(RULE_DATA[threat]["applicable_when"], answers)]


def expected_party(threat: str, answers: Mapping[str, Any]) -> str | None:
    status = expected_status(threat, answers)
    if status == "not_applicable":
        return None
    for entry in RULE_DATA[threat]["responsibility"]:
        matches = holds(entry.get("if", "always"), answers)
        if matches:
            return str(entry["party"])
        if matches is None and status == "undetermined":
            return None
    return None
