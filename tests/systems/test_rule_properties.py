"""What holds for identification whatever the answers: it is total, and knowing more never unsettles what is settled."""

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.profile import Rule
from risks.systems.answers import InvalidAnswersError, asked_questions, missing_questions, validate_answers
from risks.systems.attention import attention_to
from risks.systems.rules import Verdict, identify, verdict_on
from tests.systems.profiles import (
    EDITION,
    QUESTIONS,
    RULES,
    all_answers_to,
    is_asked,
    is_unknown,
    possible,
    valid_answers,
)

type Answers = dict[str, Any]

CALM = settings(deadline=None, derandomize=True, max_examples=200)
SETTLED = ("applicable", "not_applicable")
THREATS = [rule["threat"] for rule in EDITION["rules"]]
MODIFIED = {modifier["id"]: set(modifier.get("threats", [])) for modifier in EDITION["modifiers"]}

values = st.sampled_from([value for question in QUESTIONS.values() for value in question["values"]])
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | values
any_json = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=8) | st.dictionaries(st.sampled_from([*QUESTIONS]) | st.text(max_size=8), inner)
    ),
    max_leaves=30,
)
nearly_answers = st.dictionaries(st.sampled_from([*QUESTIONS]) | st.text(max_size=8), any_json | values)


def validated(sent: Any) -> tuple[Answers | None, dict[str, str]]:
    """The valid answers, or what is wrong with them."""
    try:
        return validate_answers(RULES, sent), {}
    except InvalidAnswersError as refused:
        return None, refused.errors


def completions(answers: Answers, keys: Iterable[str] = QUESTIONS) -> list[Answers]:
    """The same answers with one more: each question that is not answered, with each answer that says something."""
    return [
        {**answers, key: answer}
        for key in keys
        if is_unknown(answers.get(key))
        for answer in possible(key)
        if answer is not None
    ]


def consistent(answers: Answers) -> list[Answers]:
    """Those completions after which all that was said still counts: none makes a question pointless that was answered.

    The rules hold without this, since each also asks for the answer that a follow-up question hangs on.
    """
    return [
        completed
        for completed in completions(answers)
        if all(
            is_unknown(answer) or is_asked(key, completed) == is_asked(key, answers) for key, answer in answers.items()
        )
    ]


def kept(before: Verdict, after: Verdict) -> bool:
    """Whether what was settled about a threat still stands: its status, and whose it is once nothing is waited for.

    A threat that turns out not to apply is nobody's.
    """
    if before.status in SETTLED and after.status != before.status:
        return False
    waits = any(reason.truth is None for reason in before.reasons if reason.about == "party")
    return before.party is None or waits or after.status == "not_applicable" or after.party == before.party


@CALM
@given(valid_answers)
def test_every_threat_with_a_rule_has_a_verdict_with_reasons(answers: Answers) -> None:
    found = identify(RULES, answers)
    assert list(found.verdicts) == THREATS
    for threat, verdict in found.verdicts.items():
        assert verdict.threat == threat
        assert verdict.status in (*SETTLED, "undetermined")
        assert verdict.sentences("status")
        assert all(reason.text.strip() for reason in verdict.reasons)
        assert verdict.status != "not_applicable" or verdict.party is None
        assert verdict.status != "applicable" or verdict.party in ("own", "supplier", "shared")


@CALM
@given(valid_answers)
def test_one_more_answer_never_changes_what_is_settled(answers: Answers) -> None:
    before = identify(RULES, answers).verdicts
    for completed in completions(answers):
        after = identify(RULES, completed).verdicts
        changed = [threat for threat in THREATS if not kept(before[threat], after[threat])]
        assert changed == [], completed


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda rule: rule.threat)
def test_one_more_answer_never_changes_what_a_rule_settled_whatever_was_said(rule: Rule) -> None:
    """A verdict hangs on the questions that its rule reads, so all answers to these are all profiles there are."""
    keys = tuple(key for key in QUESTIONS if key in {*rule.reads, *rule.party_reads})
    for answers in all_answers_to(keys):
        before = verdict_on(RULES, rule.threat, answers)
        for completed in completions(answers, keys):
            after = verdict_on(RULES, rule.threat, completed)
            assert before is not None
            assert after is not None
            assert kept(before, after), (answers, completed)


@CALM
@given(valid_answers)
def test_one_more_answer_never_takes_a_modifier_away(answers: Answers) -> None:
    before = {modifier.id for modifier in identify(RULES, answers).modifiers}
    for completed in consistent(answers):
        assert before <= {modifier.id for modifier in identify(RULES, completed).modifiers}


@CALM
@given(valid_answers, st.sampled_from([*QUESTIONS]))
def test_knowing_less_never_settles_more(answers: Answers, key: str) -> None:
    less = {other: answer for other, answer in answers.items() if other != key}
    before, after = identify(RULES, answers), identify(RULES, less)
    for threat in THREATS:
        assert before.verdicts[threat].status in SETTLED or after.verdicts[threat].status == "undetermined"
    assert set(after.modifiers) <= set(before.modifiers)


@CALM
@given(valid_answers)
def test_unknown_nothing_and_an_empty_list_are_the_same(answers: Answers) -> None:
    said = {key: [] if question["kind"] == "many" else "unknown" for key, question in QUESTIONS.items()}
    one, other = identify(RULES, answers), identify(RULES, {**said, **answers})
    assert (one.verdicts, one.modifiers) == (other.verdicts, other.modifiers)
    assert attention_to(RULES, answers) == attention_to(RULES, {**said, **answers})


@CALM
@given(valid_answers)
def test_modifiers_act_on_applicable_threats_only(answers: Answers) -> None:
    found = identify(RULES, answers)
    holding = {modifier.id for modifier in found.modifiers}
    for threat, verdict in found.verdicts.items():
        acting = {each for each in holding if threat in MODIFIED[each]}
        assert set(verdict.modifiers) == (acting if verdict.status == "applicable" else set())


@CALM
@given(valid_answers)
def test_points_to_look_into_change_no_verdict(answers: Answers) -> None:
    before = identify(RULES, answers)
    points = attention_to(RULES, answers)
    after = identify(RULES, answers)
    assert (before.verdicts, before.modifiers) == (after.verdicts, after.modifiers)
    assert all(attention.reasons for attention in points)
    order = [point["id"] for point in EDITION["attention"]]
    assert [attention.point.id for attention in points] == sorted({a.point.id for a in points}, key=order.index)


@CALM
@given(valid_answers)
def test_one_more_answer_takes_no_point_away_and_unsettles_none(answers: Answers) -> None:
    before = {each.point.id: each for each in attention_to(RULES, answers)}
    for completed in consistent(answers):
        after = {each.point.id: each for each in attention_to(RULES, completed)}
        assert before.keys() <= after.keys(), completed
        for key, attention in before.items():
            assert attention.answer_is in (None, after[key].answer_is), completed


@CALM
@given(valid_answers)
def test_what_is_missing_is_asked(answers: Answers) -> None:
    asked = asked_questions(RULES, answers)
    assert set(missing_questions(RULES, answers)) <= set(asked)
    assert all(is_unknown(answers.get(question.key)) for question in missing_questions(RULES, answers))


@CALM
@given(any_json | nearly_answers)
def test_validation_takes_any_json_and_refuses_it_in_sentences_or_settles_it_for_good(sent: Any) -> None:
    valid, errors = validated(sent)
    assert len(errors) <= 20
    assert bool(errors) == (valid is None)
    assert all(sentence.endswith(".") and sentence.isprintable() for sentence in errors.values())
    if valid is not None:
        assert validate_answers(RULES, valid) == valid
        assert set(valid) == set(sent)


@CALM
@given(valid_answers)
def test_validation_keeps_what_valid_answers_say(answers: Answers) -> None:
    valid = validate_answers(RULES, answers)
    assert valid.keys() == answers.keys()
    for key, answer in answers.items():
        assert sorted(valid[key]) == sorted(answer) if isinstance(answer, list) else valid[key] == answer
    assert identify(RULES, valid).verdicts == identify(RULES, answers).verdicts


def nested(depth: int) -> Any:
    inner: Any = "rag"
    for _ in range(depth):
        inner = [inner]
    return inner


@pytest.mark.parametrize(
    "sent",
    [
        {"augmentation": ["rag"] * 1_000_000},
        {"augmentation": nested(100_000)},
        {f"question {number}": "yes" for number in range(100_000)},
        {"run_by": "o" * 10_000_000},
        {float("nan"): 1, None: 2, (): 3},
    ],
    ids=["long list", "deep list", "many names", "long text", "no names"],
)
def test_validation_ends_soon_whatever_the_size(sent: Any) -> None:
    with pytest.raises(InvalidAnswersError) as refused:
        validate_answers(RULES, sent)
    assert len(refused.value.errors) <= 20
    assert all(len(sentence) < 300 for sentence in refused.value.errors.values())
