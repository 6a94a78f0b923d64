"""Why a verdict is what it is: the sentences, and that they are true, sufficient and no more than needed."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

import pytest
from hypothesis import given, settings

from catalog.profile import All, Always, Condition, Includes, parse_rule_set
from risks.systems.answers import profile_standing
from risks.systems.reasons import Reason, leaf_sentence
from risks.systems.rules import identify
from tests.systems.profiles import (
    ADDED,
    BOUGHT,
    CHATBOT,
    EDITION,
    OWN,
    QUESTIONS,
    RULES,
    all_answers_to,
    expected_party,
    expected_status,
    holds,
    possible,
    valid_answers,
)

SLOW = settings(deadline=None, derandomize=True)
COMBINATIONS = [
    pytest.param(rule.threat, tuple(dict.fromkeys(rule.reads + rule.party_reads)), id=rule.threat)
    for rule in RULES.rules
]


def reasons(threat: str, answers: dict[str, Any]) -> tuple[Reason, ...]:
    return identify(RULES, answers).verdicts[threat].reasons


def texts(threat: str, answers: dict[str, Any]) -> list[str]:
    return [reason.text for reason in reasons(threat, answers)]


@pytest.mark.parametrize(
    ("threat", "answers", "sentences"),
    [
        (
            "airesourceexhaustion",
            {"run_by": "supplier"},
            [
                "Every AI system is exposed to this threat.",
                "The responsibility is shared with the supplier: a supplier runs the model.",
            ],
        ),
        (
            "indirectpromptinjection",
            CHATBOT,
            [
                "It uses generative AI.",
                "Data that others can write ends up in its prompt.",
                "The responsibility is ours.",
                "The impact is higher because its output triggers actions.",
                (
                    "Untrusted data, sensitive data within reach and a way to send data out come together (the lethal "
                    "trifecta), so an attacker can have data exfiltrated."
                ),
            ],
        ),
        (
            "indirectpromptinjection",
            {"model_types": ["genai"], "untrusted_data_in_prompt": "yes", "triggers_actions": "yes"},
            [
                "It uses generative AI.",
                "Data that others can write ends up in its prompt.",
                "The responsibility is ours.",
                "The impact is higher because its output triggers actions.",
                (
                    "It is not known yet whether its actions can send data outside; “No” keeps data exfiltration "
                    "out of its impact."
                ),
                (
                    "It is not known yet whether it can reach sensitive data while it acts; “No” keeps data "
                    "exfiltration out of its impact."
                ),
            ],
        ),
        (
            "runtimemodelpoison",
            BOUGHT,
            [
                "Every AI system is exposed to this threat.",
                "The responsibility is the supplier's: a supplier runs the model.",
                "The supplier owes us assurance, which stands in place of controls of our own.",
                (
                    "It is not known yet whether its output triggers actions; “Yes” raises its impact, “No” does not "
                    "raise it."
                ),
            ],
        ),
        (
            "modelinversionandmembership",
            {**OWN, "training_data_sensitive": "yes", "model_types": ["predictive", "genai"]},
            [
                "We train or fine-tune the model.",
                "We train it with sensitive data.",
                "For generative models this risk is low.",
                "The responsibility is ours.",
            ],
        ),
        (
            "modelinversionandmembership",
            {**OWN, "training_data_sensitive": "yes", "model_types": ["predictive"]},
            ["We train or fine-tune the model.", "We train it with sensitive data.", "The responsibility is ours."],
        ),
        ("devdataleak", BOUGHT, ["We neither train nor fine-tune the model."]),
        (
            "augmentationdataleak",
            {"augmentation": ["none"]},
            [
                "No retrieved documents are added to a prompt.",
                "No memory of earlier steps or sessions is added to a prompt.",
                "It works without a system prompt.",
            ],
        ),
        (
            "augmentationdatamanipulation",
            {},
            [
                (
                    "The question “What is added to the prompt?” has no answer yet; “Retrieved documents (RAG)”, "
                    "“Memory of earlier steps or sessions” or “System prompt” "
                    "makes this threat apply, “Nothing” rules it out."
                ),
                "If it applies, the responsibility is ours.",
            ],
        ),
        (
            "supplymodelpoison",
            {},
            [
                (
                    "It is not known yet whether someone else trained the model; “A supplier, or it is an open model” "
                    "makes this threat apply, an answer without it rules it out."
                ),
                "If it applies, the responsibility is shared with the supplier.",
            ],
        ),
        (
            "devmodelpoison",
            {},
            ["The question “Who trained the model?” has no answer yet; any answer makes this threat apply."],
        ),
        (
            "modelinversionandmembership",
            {"training_data_sensitive": "yes"},
            [
                (
                    "It is not known yet whether we train or fine-tune the model; “We did” makes this threat apply, an "
                    "answer without it rules it out."
                ),
                "If it applies, the responsibility is ours.",
            ],
        ),
        (
            "inputdataleak",
            {"run_by": "own"},
            [
                "It is not known yet whether its input is sensitive; “Yes” makes this threat apply.",
                "The question “What is added to the prompt?” has no answer yet.",
                "It is not known yet whether the data added to its prompt is sensitive.",
                "If it applies, the responsibility is ours: no supplier runs the model.",
            ],
        ),
        (
            "datapoison",
            {**BOUGHT, **ADDED, "triggers_actions": "no"},
            [
                "The model, or the model it builds on, was trained by someone else.",
                (
                    "The responsibility is the supplier's for now: it is not known yet who can influence what it "
                    "retrieves or remembers."
                ),
                "The supplier owes us assurance, which stands in place of controls of our own.",
            ],
        ),
    ],
)
def test_reasons_are_plain_sentences(threat: str, answers: dict[str, Any], sentences: list[str]) -> None:
    assert texts(threat, answers) == sentences


def test_a_reason_names_the_answer_it_rests_on() -> None:
    assert reasons("devdataleak", BOUGHT) == (
        Reason("We neither train nor fine-tune the model.", "status", "trained_by", "own", False),
    )


@pytest.mark.parametrize(
    ("key", "value", "answers", "sentence"),
    [
        (
            "untrusted_data_in_prompt",
            "yes",
            {"model_types": ["predictive"], "untrusted_data_in_prompt": "yes"},
            (
                "The question “Does data that others can write end up in the prompt?” is not asked, because it uses "
                "no generative AI."
            ),
        ),
        (
            "corpus_influenced_by_others",
            "yes",
            {"augmentation": ["system_prompt"]},
            (
                "The question “Can others than trusted engineers influence what it retrieves or remembers?” is not "
                "asked, because no retrieved documents are added to a prompt and no memory of earlier steps or "
                "sessions is added to a prompt."
            ),
        ),
        (
            "autonomy",
            "loops",
            {"triggers_actions": "no"},
            "The question “How much does it decide by itself?” is not asked, because its output triggers no actions.",
        ),
        (
            "output_can_contain_training_data",
            "yes",
            {**BOUGHT, "training_data_sensitive": "no"},
            (
                "The question “Can its output contain that sensitive training data?” is not asked, because we neither "
                "train nor fine-tune the model."
            ),
        ),
        (
            "output_can_contain_training_data",
            "yes",
            {**OWN, "training_data_sensitive": "no"},
            (
                "The question “Can its output contain that sensitive training data?” is not asked, because we do not "
                "train it with sensitive data."
            ),
        ),
    ],
)
def test_a_reason_about_a_question_that_is_not_asked_says_why(
    key: str, value: str, answers: dict[str, Any], sentence: str
) -> None:
    assert leaf_sentence(RULES, Includes(key, value), profile_standing(RULES, answers)) == sentence


def test_a_verdict_rests_on_a_question_that_is_not_asked_where_the_rule_leaves_nothing_else() -> None:
    data = {
        **EDITION,
        "rules": [
            {
                "threat": "agentescape",
                "applicable_when": {"question": "actions_can_send_data", "is": "yes"},
                "responsibility": [{"party": "own"}],
            }
        ],
        "modifiers": [],
    }
    found = identify(parse_rule_set(data), {"triggers_actions": "no", "actions_can_send_data": "yes"})
    assert found.verdicts["agentescape"].status == "not_applicable"
    assert [reason.text for reason in found.verdicts["agentescape"].reasons] == [
        "The question “Can those actions send data outside?” is not asked, because its output triggers no actions."
    ]


# Held against every combination of answers that a rule can tell apart.


@pytest.mark.parametrize(("threat", "keys"), COMBINATIONS)
def test_every_verdict_follows_the_contract(threat: str, keys: tuple[str, ...]) -> None:
    for answers in all_answers_to(keys):
        found = identify(RULES, answers).verdicts[threat]
        assert (found.status, found.party) == (expected_status(threat, answers), expected_party(threat, answers))


@pytest.mark.parametrize(("threat", "keys"), COMBINATIONS)
def test_an_answer_more_never_changes_a_settled_status(threat: str, keys: tuple[str, ...]) -> None:
    for answers in all_answers_to(keys):
        settled = identify(RULES, answers).verdicts[threat].status
        if settled == "undetermined":
            continue
        for key in keys:
            for answer in possible(key) if key not in answers else ():
                assert identify(RULES, {**answers, key: answer}).verdicts[threat].status == settled


@pytest.mark.parametrize(("threat", "keys"), COMBINATIONS)
def test_reasons_are_sufficient_and_each_is_needed(threat: str, keys: tuple[str, ...]) -> None:
    condition = next(rule.applicable_when for rule in RULES.rules if rule.threat == threat)
    for answers in all_answers_to(keys):
        found = identify(RULES, answers).verdicts[threat]
        if found.status == "undetermined" or isinstance(condition, Always):
            continue
        leaves = {
            Includes(reason.question, reason.value): reason.truth
            for reason in found.reasons
            if reason.about == "status" and reason.question and reason.value
        }
        assert from_leaves(condition, leaves) is (found.status == "applicable")
        for leaf in leaves:
            assert from_leaves(condition, {each: truth for each, truth in leaves.items() if each != leaf}) is None


@pytest.mark.parametrize(("threat", "keys"), COMBINATIONS)
def test_what_is_waited_for_says_truly_what_it_would_settle(threat: str, keys: tuple[str, ...]) -> None:
    for answers in all_answers_to(keys):
        found = identify(RULES, answers).verdicts[threat]
        waiting = [reason for reason in found.reasons if reason.about == "status" and reason.truth is None]
        assert bool(waiting) == (found.status == "undetermined")
        for reason in waiting:
            key = str(reason.question)
            then = [(answer, expected_status(threat, {**answers, key: answer})) for answer in possible(key) if answer]
            enough = any(
                all(status == "applicable" for answer, status in then if value in answer)
                for value in QUESTIONS[key]["values"]
                if value != "unknown"
            )
            assert enough == ("makes this threat apply" in reason.text)
            assert any(status == "not_applicable" for _, status in then) == ("rules it out" in reason.text)


@SLOW
@given(valid_answers)
def test_any_profile_gets_a_verdict_with_reasons_on_every_threat(answers: dict[str, Any]) -> None:
    found = identify(RULES, answers)
    for threat, verdict in found.verdicts.items():
        assert (verdict.status, verdict.party) == (expected_status(threat, answers), expected_party(threat, answers))
        assert verdict.reasons
    for text in chain.from_iterable(texts(threat, answers) for threat in found.verdicts):
        assert text[0].isupper()
        assert text.endswith(".")
        assert ".." not in text
    holding = [modifier["id"] for modifier in EDITION["modifiers"] if holds(modifier["when"], answers)]
    assert [modifier.id for modifier in found.modifiers] == holding
    assert sum(found.counts[status] for status in ("applicable", "not_applicable", "undetermined")) == 22


@SLOW
@given(valid_answers)
def test_answers_to_questions_that_are_not_asked_change_nothing(answers: dict[str, Any]) -> None:
    unasked = profile_standing(RULES, answers).unasked
    assert identify(RULES, {key: answers[key] for key in answers if key not in unasked}) == identify(RULES, answers)


def from_leaves(condition: Condition, leaves: dict[Includes, bool | None]) -> bool | None:
    """The truth of a condition of which only some leaves are known."""
    if isinstance(condition, Includes):
        return leaves.get(condition)
    assert not isinstance(condition, Always)
    parts = [from_leaves(part, leaves) for part in condition.parts]
    decisive = not isinstance(condition, All)
    return decisive if decisive in parts else None if None in parts else not decisive


def every_sentence() -> Iterator[str]:
    for question in RULES.questions:
        for sentences in question.sentences.values():
            yield from (sentences.if_true, sentences.if_false, sentences.if_unknown)


def test_every_sentence_can_stand_inside_another() -> None:
    assert all(sentence.endswith(".") and sentence[0].isupper() for sentence in every_sentence())
