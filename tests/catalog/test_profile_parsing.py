"""Reading the rule set of an edition: the packaged one is whole, and a malformed one is refused with its place."""

import copy
import re
from collections.abc import Callable
from typing import Any

import pytest

from catalog.content import read_content
from catalog.profile import PACKAGED_EDITION, All, Always, AnyOf, Includes, packaged_rule_set, parse_rule_set

EDITION: dict[str, Any] = read_content(PACKAGED_EDITION)
YES = {"question": "text_output", "is": "yes"}

type Break = Callable[[dict[str, Any]], object]


def rule(data: dict[str, Any], threat: str) -> dict[str, Any]:
    return next(each for each in data["rules"] if each["threat"] == threat)


def test_the_packaged_rule_set_is_whole() -> None:
    rules = packaged_rule_set()
    assert rules.edition == "2026-08-22"
    assert (len(rules.questions), len(rules.rules), len(rules.modifiers), len(rules.groups)) == (21, 22, 3, 5)
    assert rules.question("run_by").choices == ("own", "supplier")
    assert packaged_rule_set() is rules


def test_conditions_become_small_objects() -> None:
    rules = {each.threat: each for each in packaged_rule_set().rules}
    assert rules["genericsecthreats"].applicable_when == Always()
    assert rules["agentescape"].applicable_when == Includes("triggers_actions", "yes")
    assert rules["evasion"].applicable_when == All(
        (Includes("classification_task", "yes"), Includes("attacker_can_provide_input", "yes"))
    )
    assert rules["devmodelpoison"].applicable_when == AnyOf(
        (Includes("trained_by", "own"), Includes("trained_by", "supplier"))
    )


def test_a_rule_reads_the_questions_it_names_and_those_that_decide_whether_they_are_asked() -> None:
    rules = {each.threat: each for each in packaged_rule_set().rules}
    assert rules["modelexfiltration"].reads == (
        "trained_by",
        "attacker_can_provide_input",
        "classification_task",
        "model_is_intellectual_property",
    )
    assert rules["modelexfiltration"].party_reads == ("run_by",)
    modifier = next(each for each in packaged_rule_set().modifiers if each.id == "lethal_trifecta")
    assert modifier.reads == (
        "model_types",
        "untrusted_data_in_prompt",
        "triggers_actions",
        "actions_can_send_data",
        "sensitive_data_reachable",
    )


def test_a_list_can_be_answered_with_any_combination_or_with_none() -> None:
    answers = packaged_rule_set().question("augmentation").possible_answers
    assert len(answers) == 8
    assert frozenset({"none"}) in answers
    assert frozenset({"rag", "memory", "system_prompt"}) in answers


def test_no_says_the_opposite_of_yes() -> None:
    sentences = packaged_rule_set().question("text_output").sentences
    assert sentences["no"].if_true == sentences["yes"].if_false == "Its output is not text."


@pytest.mark.parametrize(
    ("spoil", "place"),
    [
        (lambda data: data.pop("edition"), "the edition: the text “edition” is missing."),
        (lambda data: data.pop("questions"), "questions: a list is missing."),
        (lambda data: data.update(rules=[3]), "rules[0]: this is not an object."),
        (lambda data: data["questions"][2].pop("text"), "questions[2] (run_by): the text “text” is missing."),
        (
            lambda data: data["questions"][2].update(kind="few"),
            "questions[2] (run_by): “few” is not a kind of question.",
        ),
        (lambda data: data["questions"][2].update(key="trained_by"), "questions[2] (trained_by): there are two"),
        (lambda data: data["questions"][2].update(values=["own", "own"]), "“values” lists something twice."),
        (
            lambda data: data["questions"][3].update(values=["yes"]),
            "a yes_no question has the values yes, no and unknown",
        ),
        (lambda data: data["questions"][0]["values"].append("unknown"), "so “unknown” is not one of its values."),
        (lambda data: data["questions"][2].update(group="elsewhere"), "there is no question group “elsewhere”."),
        (lambda data: data["questions"][2]["labels"].pop("own"), "(run_by).labels: the text “own” is missing."),
        (lambda data: data["questions"][2]["sentences"].pop("own"), "(run_by).sentences: the object “own” is missing."),
        (
            lambda data: data["questions"][2]["sentences"]["own"].pop("false"),
            ".sentences.own: the text “false” is missing.",
        ),
        (
            lambda data: data["questions"][2].update(asked_if={}),
            "questions[2] (run_by).asked_if: this is neither null nor",
        ),
        (
            lambda data: data["questions"][2].update(asked_if={"run_by": ["own"]}),
            "“run_by” is not an earlier question.",
        ),
        (lambda data: data["questions"][2].update(asked_if={"autonomy": ["acts"]}), "“autonomy” is not an earlier"),
        (
            lambda data: data["questions"][2].update(asked_if={"trained_by": ["me"]}),
            "“me” is not a value of “trained_by”.",
        ),
        (lambda data: data["rules"].append(data["rules"][0]), "there are two rules for “directpromptinjection”."),
        (
            lambda data: rule(data, "evasion").pop("applicable_when"),
            "(evasion).applicable_when: this is not a condition.",
        ),
        (
            lambda data: rule(data, "evasion").update(applicable_when="never"),
            "applicable_when: this is not a condition.",
        ),
        (
            lambda data: rule(data, "evasion").update(applicable_when={"all": []}),
            "applicable_when: this is not a condition.",
        ),
        (lambda data: rule(data, "evasion").update(applicable_when={**YES, "has": "yes"}), "this is not a condition."),
        (
            lambda data: rule(data, "evasion").update(
                applicable_when={"all": [YES, {"any": [{**YES, "is": "maybe"}]}]}
            ),
            "(evasion).applicable_when.all[1].any[0]: “maybe” is not a value of “text_output”",
        ),
        (lambda data: rule(data, "evasion").update(applicable_when={**YES, "is": ["yes"]}), "is not a value of"),
        (
            lambda data: rule(data, "evasion").update(applicable_when={"question": "colour", "is": "red"}),
            "rules[3] (evasion).applicable_when: “colour” is not a question.",
        ),
        (
            lambda data: rule(data, "evasion").update(applicable_when={"question": "trained_by", "is": "own"}),
            "“is” does not fit a question of kind many.",
        ),
        (
            lambda data: rule(data, "evasion").update(applicable_when={"question": "text_output", "has": "yes"}),
            "“has” does not fit a question of kind yes_no.",
        ),
        (
            lambda data: rule(data, "evasion").update(applicable_when={"question": "augmentation", "has": "none"}),
            "“none” is not a value of “augmentation” that a condition can name.",
        ),
        (lambda data: rule(data, "evasion").update(responsibility=[]), "(evasion).responsibility: no party is named."),
        (lambda data: rule(data, "evasion").update(responsibility=[{"party": "us"}]), "“us” is not a party."),
        (
            lambda data: rule(data, "evasion").update(responsibility=[{"party": "own"}, {"party": "shared"}]),
            "(evasion).responsibility: an entry without “if” can only be the last.",
        ),
        (
            lambda data: rule(data, "evasion").update(remarks=[{"when": YES}]),
            ".remarks[0]: the text “sentence” is missing.",
        ),
        (lambda data: data["modifiers"][0].pop("sentence"), "modifiers[0] (actions_raise_impact): the text “sentence”"),
        (lambda data: data["modifiers"][0]["threats"].append("flood"), ".threats: there is no rule for “flood”."),
        (lambda data: data["attention"][0].pop("why"), "attention[0] (R01): the text “why” is missing."),
        (lambda data: data["attention"][0].pop("when"), "attention[0] (R01).when: this is not a condition."),
        (lambda data: data["attention"][0].update(context="chat"), "attention[0] (R01): “chat” is not a context."),
        (
            lambda data: data["attention"][0].update(settled_by="always"),
            "attention[0] (R01).settled_by: this is not one answer to one question.",
        ),
        (
            lambda data: data["attention"][0].update(when={"question": "pages", "is": "yes"}),
            "attention[0] (R01).when: “pages” is not a question.",
        ),
    ],
)
def test_a_malformed_rule_set_is_refused_with_its_place(spoil: Break, place: str) -> None:
    data = copy.deepcopy(EDITION)
    spoil(data)
    with pytest.raises(ValueError, match=re.escape(place)):
        parse_rule_set(data)


def test_an_edition_is_an_object() -> None:
    with pytest.raises(ValueError, match=r"^The edition is not an object\.$"):
        parse_rule_set([])  # type: ignore[arg-type]
