"""Which answers a profile takes, which questions it asks, and which it still waits for."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risks.systems.answers import (
    WHOLE,
    InvalidAnswersError,
    asked_questions,
    missing_questions,
    validate_answers,
)
from tests.systems.profiles import CHATBOT, QUESTIONS, RULES, is_asked, is_unknown, valid_answers


def errors_of(answers: object) -> dict[str, str]:
    with pytest.raises(InvalidAnswersError) as refusal:
        validate_answers(RULES, answers)
    return refusal.value.errors


def asked(answers: dict[str, Any]) -> list[str]:
    return [question.key for question in asked_questions(RULES, answers)]


def missing(answers: dict[str, Any]) -> list[str]:
    return [question.key for question in missing_questions(RULES, answers)]


def test_valid_answers_come_back_in_the_order_of_the_profile() -> None:
    answers = validate_answers(RULES, {"run_by": "own", "augmentation": ["memory", "rag"], "model_types": ["genai"]})
    assert answers == {"model_types": ["genai"], "run_by": "own", "augmentation": ["rag", "memory"]}
    assert list(answers) == ["model_types", "run_by", "augmentation"]


def test_unknown_and_empty_answers_stay_as_they_were_given() -> None:
    answers = {"model_types": [], "run_by": "unknown"}
    assert validate_answers(RULES, answers) == answers


def test_answers_to_questions_that_are_not_asked_are_kept() -> None:
    answers = {"triggers_actions": "no", "autonomy": "loops"}
    assert validate_answers(RULES, answers) == answers


@pytest.mark.parametrize(
    ("key", "answer", "sentence"),
    [
        ("colour", "red", "The profile has no question “colour”."),
        ("Run_by", "own", "The profile has no question “Run_by”."),
        ("x" * 5_000, "own", f"The profile has no question “{'x' * 40}…”."),
        ("a\nb\ud800", "own", "The profile has no question “a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}”."),
        ("run_by", "maybe", "“maybe” is not an answer to this question; it takes “own”, “supplier” or “unknown”."),
        ("run_by", "", "“” is not an answer to this question; it takes “own”, “supplier” or “unknown”."),
        ("run_by", "Own", "“Own” is not an answer to this question; it takes “own”, “supplier” or “unknown”."),
        ("run_by", None, "This question takes one of “own”, “supplier” or “unknown”, not null."),
        ("run_by", ["own"], "This question takes one of “own”, “supplier” or “unknown”, not a list."),
        ("run_by", {"own": 1}, "This question takes one of “own”, “supplier” or “unknown”, not an object."),
        ("text_output", True, "This question takes one of “yes”, “no” or “unknown”, not true or false."),
        ("text_output", 1, "This question takes one of “yes”, “no” or “unknown”, not a number."),
        ("text_output", float("nan"), "This question takes one of “yes”, “no” or “unknown”, not a number."),
        ("text_output", b"yes", "This question takes one of “yes”, “no” or “unknown”, not something else."),
        ("trained_by", "own", "This question takes a list of “own” or “supplier”, not text."),
        ("trained_by", None, "This question takes a list of “own” or “supplier”, not null."),
        ("trained_by", {"own": True}, "This question takes a list of “own” or “supplier”, not an object."),
        ("trained_by", ["unknown"], "“unknown” is not an answer to this question; it takes “own” or “supplier”."),
        ("trained_by", [None], "The list for this question takes “own” or “supplier”, not null."),
        ("trained_by", [[["own"]]], "The list for this question takes “own” or “supplier”, not a list."),
        ("trained_by", ["own", "own"], "“own” is listed twice."),
        ("trained_by", ["own"] * 9, "This question has 2 possible answers, and the list holds 9."),
        ("augmentation", ["none", "rag"], "“none” cannot stand together with other answers."),
        ("augmentation", ["memory", "none"], "“none” cannot stand together with other answers."),
    ],
)
def test_what_a_profile_does_not_take_is_named_in_a_sentence(key: str, answer: Any, sentence: str) -> None:
    assert list(errors_of({key: answer, "text_output": answer if key == "text_output" else "yes"}).values()) == [
        sentence
    ]


def test_every_wrong_answer_is_named_at_once() -> None:
    errors = errors_of({"run_by": "me", "colour": 1, "text_output": "yes", "trained_by": "own"})
    assert list(errors) == ["run_by", "colour", "trained_by"]


@pytest.mark.parametrize(
    ("junk", "kind"), [(None, "null"), ([], "a list"), ("yes", "text"), (3, "a number"), (True, "true or false")]
)
def test_a_profile_is_an_object(junk: object, kind: str) -> None:
    assert errors_of(junk) == {WHOLE: f"A profile is an object of questions and answers, not {kind}."}


def test_a_flood_of_wrong_keys_gets_a_bounded_answer() -> None:
    assert len(errors_of({f"key {number}": "x" * 1_000 for number in range(1_000)})) == 20


def test_a_key_that_is_no_text_is_refused() -> None:
    assert list(errors_of({10**5000: "yes"}).values()) == ["The profile has no question “a number”."]


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(["own", "none"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)


@settings(deadline=None, derandomize=True)
@given(st.dictionaries(st.sampled_from(list(QUESTIONS)) | st.text(max_size=60), junk, max_size=6) | junk)
def test_any_junk_is_either_valid_or_refused_with_sentences(answers: Any) -> None:
    try:
        errors = {} if validate_answers(RULES, answers).keys() == answers.keys() else {"lost": "something"}
    except InvalidAnswersError as refusal:
        errors = refusal.errors or {"nothing": "said"}
    assert all(sentence.endswith(".") and sentence.isprintable() for sentence in errors.values())


@settings(deadline=None, derandomize=True)
@given(valid_answers)
def test_valid_answers_are_taken_as_they_are(answers: dict[str, Any]) -> None:
    assert validate_answers(RULES, answers) == answers
    assert list(validate_answers(RULES, answers)) == [key for key in QUESTIONS if key in answers]


AUGMENTATION_QUESTIONS = ["augmentation_stored", "augmentation_data_sensitive", "corpus_influenced_by_others"]
TRAINING_QUESTIONS = ["training_data_sensitive", "output_can_contain_training_data", "model_is_intellectual_property"]
ACTION_QUESTIONS = ["actions_can_send_data", "sensitive_data_reachable", "autonomy"]


def test_every_question_is_asked_of_an_empty_profile() -> None:
    assert asked({}) == missing({}) == list(QUESTIONS)


@pytest.mark.parametrize(
    ("answers", "unasked"),
    [
        ({"model_types": []}, []),
        ({"model_types": ["genai", "predictive"]}, []),
        ({"model_types": ["predictive", "heuristic"]}, ["untrusted_data_in_prompt"]),
        ({"augmentation": ["none"]}, AUGMENTATION_QUESTIONS),
        ({"augmentation": ["system_prompt"]}, ["corpus_influenced_by_others"]),
        ({"augmentation": ["memory"]}, []),
        ({"trained_by": ["own", "supplier"]}, []),
        ({"trained_by": ["supplier"]}, TRAINING_QUESTIONS),
        ({"trained_by": ["own"], "training_data_sensitive": "no"}, ["output_can_contain_training_data"]),
        ({"training_data_sensitive": "no"}, ["output_can_contain_training_data"]),
        ({"trained_by": ["own"], "training_data_sensitive": "unknown"}, []),
        # Not asked itself, training_data_sensitive would fit: what depends on it is not asked either.
        ({"trained_by": ["supplier"], "training_data_sensitive": "yes"}, TRAINING_QUESTIONS),
        ({"triggers_actions": "no"}, ACTION_QUESTIONS),
        ({"triggers_actions": "unknown"}, []),
        ({"triggers_actions": "yes"}, []),
    ],
)
def test_a_question_is_asked_when_what_it_depends_on_fits_or_is_unknown(
    answers: dict[str, Any], unasked: list[str]
) -> None:
    assert asked(answers) == [key for key in QUESTIONS if key not in unasked]


@pytest.mark.parametrize("nothing", ["unknown", None])
def test_an_unknown_answer_still_misses(nothing: str | None) -> None:
    answers = {**CHATBOT, "run_by": nothing} if nothing else {k: v for k, v in CHATBOT.items() if k != "run_by"}
    assert missing(answers) == ["run_by"]


def test_an_empty_list_still_misses() -> None:
    assert missing({**CHATBOT, "model_types": []}) == ["model_types"]


def test_a_complete_profile_misses_nothing_though_some_questions_are_not_asked() -> None:
    assert missing(CHATBOT) == []
    assert len(asked(CHATBOT)) == 18


@settings(deadline=None, derandomize=True)
@given(valid_answers)
def test_asked_and_missing_follow_the_contract(answers: dict[str, Any]) -> None:
    assert asked(answers) == [key for key in QUESTIONS if is_asked(key, answers)]
    assert missing(answers) == [key for key in asked(answers) if is_unknown(answers.get(key))]
