"""The rules of identification as tables: when each threat applies, does not, or is not known yet; and whose it is."""

from typing import Any

import pytest

from risks.systems.rules import Verdict, effect_of, identify
from tests.systems.profiles import ADDED, BOUGHT, CHATBOT, EDITION, OWN, RULE_DATA, RULES

type Answers = dict[str, Any]
type Cases = dict[str, list[Answers]]

GENAI = {"model_types": ["genai"]}
PREDICTIVE = {"model_types": ["predictive", "heuristic"]}
OPEN_INPUT = {"attacker_can_provide_input": "yes"}
CLASSIFIES = {"classification_task": "yes"}
NO_ADDED = {"augmentation": ["none"]}
VALUABLE = {"model_is_intellectual_property": "yes"}
WORTHLESS = {"model_is_intellectual_property": "no"}
SENSITIVE_TRAINING = {**OWN, "training_data_sensitive": "yes"}
SENSITIVE_ADDED = {**ADDED, "augmentation_data_sensitive": "yes"}

WORTH_STEALING: Cases = {
    "applicable": [
        {**OWN, **VALUABLE},
        {**OWN, **CLASSIFIES, **OPEN_INPUT},
        {**OWN, **WORTHLESS, **CLASSIFIES, **OPEN_INPUT},
    ],
    "not_applicable": [
        BOUGHT,
        {**BOUGHT, **VALUABLE, **CLASSIFIES, **OPEN_INPUT},
        {**OWN, **WORTHLESS, "classification_task": "no"},
        {**OWN, **WORTHLESS, "attacker_can_provide_input": "no"},
        {**WORTHLESS, "classification_task": "no"},
    ],
    "undetermined": [
        {},
        OWN,
        VALUABLE,
        {**OWN, **WORTHLESS},
        {**OWN, **WORTHLESS, **CLASSIFIES},
        {**OWN, **OPEN_INPUT},
    ],
}
LEARNT_FROM_SENSITIVE_DATA: Cases = {
    "applicable": [SENSITIVE_TRAINING, {**SENSITIVE_TRAINING, "trained_by": ["own", "supplier"]}],
    "not_applicable": [BOUGHT, {**SENSITIVE_TRAINING, **BOUGHT}, {"training_data_sensitive": "no"}],
    "undetermined": [{}, OWN, {"training_data_sensitive": "yes"}],
}
ALWAYS: Cases = {
    "applicable": [{}, CHATBOT, {**PREDICTIVE, **OWN, **NO_ADDED}],
    "not_applicable": [],
    "undetermined": [],
}

TABLE: dict[str, Cases] = {
    "directpromptinjection": {
        "applicable": [{**GENAI, **OPEN_INPUT, "output_can_cause_harm": "yes"}],
        "not_applicable": [
            PREDICTIVE,
            {"attacker_can_provide_input": "no"},
            {**GENAI, **OPEN_INPUT, "output_can_cause_harm": "no"},
        ],
        "undetermined": [{}, {**GENAI, **OPEN_INPUT}, {**OPEN_INPUT, "output_can_cause_harm": "yes"}],
    },
    "indirectpromptinjection": {
        "applicable": [{**GENAI, "untrusted_data_in_prompt": "yes"}],
        "not_applicable": [
            PREDICTIVE,
            {**PREDICTIVE, "untrusted_data_in_prompt": "yes"},
            {"untrusted_data_in_prompt": "no"},
        ],
        "undetermined": [{}, GENAI, {"untrusted_data_in_prompt": "yes"}],
    },
    "agentmessagestructuremanipulation": {
        "applicable": [{"structured_agent_messages": "yes"}],
        "not_applicable": [{"structured_agent_messages": "no"}],
        "undetermined": [{}, {"structured_agent_messages": "unknown"}],
    },
    "evasion": {
        "applicable": [{**CLASSIFIES, **OPEN_INPUT}],
        "not_applicable": [{"classification_task": "no"}, {**CLASSIFIES, "attacker_can_provide_input": "no"}],
        "undetermined": [{}, CLASSIFIES, OPEN_INPUT],
    },
    "disclosureinoutput": {
        "applicable": [
            {**SENSITIVE_TRAINING, "output_can_contain_training_data": "yes"},
            SENSITIVE_ADDED,
            {**BOUGHT, "augmentation": ["memory"], "augmentation_data_sensitive": "yes"},
            {**BOUGHT, "augmentation": ["system_prompt"], "augmentation_data_sensitive": "yes"},
        ],
        "not_applicable": [
            {**BOUGHT, **NO_ADDED},
            {**BOUGHT, **NO_ADDED, "augmentation_data_sensitive": "yes"},
            {**SENSITIVE_TRAINING, "output_can_contain_training_data": "no", "augmentation_data_sensitive": "no"},
            {"training_data_sensitive": "no", "output_can_contain_training_data": "yes", **NO_ADDED},
        ],
        "undetermined": [{}, BOUGHT, NO_ADDED, {**BOUGHT, **ADDED}, {**BOUGHT, "augmentation_data_sensitive": "yes"}],
    },
    "modelinversionandmembership": LEARNT_FROM_SENSITIVE_DATA,
    "modelexfiltration": WORTH_STEALING,
    "airesourceexhaustion": ALWAYS,
    "datapoison": {
        "applicable": [OWN, BOUGHT, {**ADDED, "corpus_influenced_by_others": "yes"}],
        "not_applicable": [],  # someone trained the model, and both answers make it apply
        "undetermined": [{}, NO_ADDED, ADDED, {"corpus_influenced_by_others": "yes"}],
    },
    "devmodelpoison": {"applicable": [OWN, BOUGHT], "not_applicable": [], "undetermined": [{}]},
    "supplymodelpoison": {
        "applicable": [BOUGHT, {"trained_by": ["own", "supplier"]}],
        "not_applicable": [OWN],
        "undetermined": [{}, {"trained_by": []}],
    },
    "devdataleak": LEARNT_FROM_SENSITIVE_DATA,
    "devmodelleak": WORTH_STEALING,
    "devcodeleak": WORTH_STEALING,
    "genericsecthreats": ALWAYS,
    "runtimemodelpoison": ALWAYS,
    "runtimemodelleak": WORTH_STEALING,
    "outputcontainsconventionalinjection": {
        "applicable": [{"text_output": "yes"}],
        "not_applicable": [{"text_output": "no"}],
        "undetermined": [{}],
    },
    "inputdataleak": {
        "applicable": [{"input_data_sensitive": "yes"}, SENSITIVE_ADDED],
        "not_applicable": [
            {"input_data_sensitive": "no", **NO_ADDED},
            {"input_data_sensitive": "no", "augmentation_data_sensitive": "no"},
        ],
        "undetermined": [{}, {"input_data_sensitive": "no"}, {"input_data_sensitive": "no", **ADDED}, NO_ADDED],
    },
    "augmentationdataleak": {
        "applicable": [{**ADDED, "augmentation_stored": "yes"}, SENSITIVE_ADDED],
        "not_applicable": [
            NO_ADDED,
            {**NO_ADDED, "augmentation_stored": "yes"},
            {"augmentation_stored": "no", "augmentation_data_sensitive": "no"},
        ],
        "undetermined": [{}, ADDED, {**ADDED, "augmentation_stored": "no"}, {"augmentation_stored": "yes"}],
    },
    "augmentationdatamanipulation": {
        "applicable": [{"augmentation": [value]} for value in ("rag", "memory", "system_prompt")],
        "not_applicable": [NO_ADDED],
        "undetermined": [{}, {"augmentation": []}],
    },
    "agentescape": {
        "applicable": [{"triggers_actions": "yes"}],
        "not_applicable": [{"triggers_actions": "no"}],
        "undetermined": [{}],
    },
}


def verdict(threat: str, answers: Answers) -> Verdict:
    return identify(RULES, answers).verdicts[threat]


def texts(threat: str, answers: Answers) -> list[str]:
    return [reason.text for reason in verdict(threat, answers).reasons]


@pytest.mark.parametrize(
    ("threat", "status", "answers"),
    [
        pytest.param(threat, status, answers, id=f"{threat}-{status}-{number}")
        for threat, statuses in TABLE.items()
        for status, cases in statuses.items()
        for number, answers in enumerate(cases)
    ],
)
def test_a_threat_applies_when_its_condition_holds(threat: str, status: str, answers: Answers) -> None:
    assert verdict(threat, answers).status == status


def test_every_threat_with_a_rule_gets_a_verdict_in_the_order_of_the_rules() -> None:
    assert list(identify(RULES, {}).verdicts) == list(RULE_DATA)
    assert set(TABLE) == set(RULE_DATA)
    assert len(RULE_DATA) == 22


def test_variants_of_evasion_are_no_risks_of_their_own() -> None:
    assert len(EDITION["not_derived"]) == 5
    assert not set(EDITION["not_derived"]) & set(identify(RULES, CHATBOT).verdicts)


MINE = {"run_by": "own"}
THEIRS = {"run_by": "supplier"}
PROMPTED = TABLE["directpromptinjection"]["applicable"][0]
INFLUENCED = {**ADDED, "corpus_influenced_by_others": "yes"}

PARTIES: list[tuple[str, Answers, str | None]] = [
    ("directpromptinjection", {**PROMPTED, "trained_by": ["supplier"]}, "shared"),
    ("directpromptinjection", {**PROMPTED, "trained_by": ["own", "supplier"]}, "shared"),
    ("directpromptinjection", {**PROMPTED, **OWN}, "own"),
    ("indirectpromptinjection", {**GENAI, "untrusted_data_in_prompt": "yes", **BOUGHT}, "own"),
    ("agentmessagestructuremanipulation", {"structured_agent_messages": "yes", **BOUGHT}, "own"),
    ("evasion", {**CLASSIFIES, **OPEN_INPUT, **BOUGHT}, "own"),
    ("disclosureinoutput", {**SENSITIVE_ADDED, **BOUGHT}, "own"),
    ("modelinversionandmembership", {**SENSITIVE_TRAINING, **THEIRS}, "own"),
    ("modelexfiltration", {**OWN, **VALUABLE, **THEIRS}, "shared"),
    ("modelexfiltration", {**OWN, **VALUABLE, **MINE}, "own"),
    ("airesourceexhaustion", THEIRS, "shared"),
    ("airesourceexhaustion", MINE, "own"),
    ("datapoison", OWN, "own"),
    ("datapoison", {"trained_by": ["own", "supplier"]}, "own"),
    ("datapoison", {**BOUGHT, **INFLUENCED}, "own"),
    ("datapoison", {**BOUGHT, "augmentation": ["system_prompt"], "corpus_influenced_by_others": "yes"}, "supplier"),
    ("datapoison", {**BOUGHT, **NO_ADDED}, "supplier"),
    ("datapoison", INFLUENCED, "own"),
    ("devmodelpoison", OWN, "own"),
    ("devmodelpoison", {"trained_by": ["own", "supplier"]}, "own"),
    ("devmodelpoison", BOUGHT, "supplier"),
    ("supplymodelpoison", BOUGHT, "shared"),
    ("devdataleak", {**SENSITIVE_TRAINING, **THEIRS}, "own"),
    ("devmodelleak", {**OWN, **VALUABLE, **THEIRS}, "own"),
    ("devcodeleak", {**OWN, **VALUABLE, **THEIRS}, "own"),
    ("genericsecthreats", THEIRS, "shared"),
    ("genericsecthreats", MINE, "own"),
    ("runtimemodelpoison", THEIRS, "supplier"),
    ("runtimemodelpoison", MINE, "own"),
    ("runtimemodelleak", {**OWN, **VALUABLE, **THEIRS}, "shared"),
    ("runtimemodelleak", {**OWN, **VALUABLE, **MINE}, "own"),
    ("outputcontainsconventionalinjection", {"text_output": "yes", **BOUGHT}, "own"),
    ("inputdataleak", {"input_data_sensitive": "yes", **THEIRS}, "shared"),
    ("inputdataleak", {"input_data_sensitive": "yes", **MINE}, "own"),
    ("augmentationdataleak", {**SENSITIVE_ADDED, **BOUGHT}, "own"),
    ("augmentationdatamanipulation", {**ADDED, **BOUGHT}, "own"),
    ("agentescape", {"triggers_actions": "yes", **BOUGHT}, "own"),
]


@pytest.mark.parametrize(("threat", "answers", "party"), PARTIES)
def test_an_applicable_threat_is_the_party_s_of_the_first_entry_that_holds(
    threat: str, answers: Answers, party: str
) -> None:
    assert verdict(threat, answers).status == "applicable"
    assert verdict(threat, answers).party == party


def test_every_party_of_every_rule_is_tried() -> None:
    tried = {(threat, party) for threat, _, party in PARTIES}
    named = {(threat, entry["party"]) for threat, rule in RULE_DATA.items() for entry in rule["responsibility"]}
    assert tried == named


def test_a_party_not_known_yet_holds_for_now_when_the_threat_applies() -> None:
    found = verdict("runtimemodelpoison", {})
    assert (found.status, found.party) == ("applicable", "own")
    assert found.reasons[1].text == (
        "The responsibility is ours for now: it is not known yet whether a supplier runs the model."
    )
    assert (found.reasons[1].question, found.reasons[1].truth) == ("run_by", None)
    assert verdict("datapoison", {**BOUGHT, **ADDED}).party == "supplier"  # becomes ours if others influence the store


@pytest.mark.parametrize(
    ("threat", "answers", "party"),
    [
        ("modelexfiltration", {}, None),
        ("modelexfiltration", THEIRS, "shared"),
        ("devmodelpoison", {}, None),
        ("devmodelleak", {}, "own"),
        ("supplymodelpoison", {}, "shared"),
    ],
)
def test_an_undetermined_threat_names_its_party_only_when_it_is_settled(
    threat: str, answers: Answers, party: str | None
) -> None:
    assert verdict(threat, answers).status == "undetermined"
    assert verdict(threat, answers).party == party


def test_a_threat_that_does_not_apply_is_nobody_s() -> None:
    assert verdict("evasion", {"classification_task": "no"}).party is None


RAISED = next(modifier for modifier in EDITION["modifiers"] if modifier["effect"] == "raises_impact")["threats"]
EXPOSED_TO_EXFILTRATION = ["directpromptinjection", "indirectpromptinjection", "outputcontainsconventionalinjection"]
TRIFECTA = {
    "untrusted_data_in_prompt": "yes",
    "actions_can_send_data": "yes",
    "sensitive_data_reachable": "yes",
}


def modifiers(answers: Answers) -> list[str]:
    return [modifier.id for modifier in identify(RULES, answers).modifiers]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, []),
        ({"triggers_actions": "yes"}, ["actions_raise_impact"]),
        ({"triggers_actions": "no"}, []),
        (TRIFECTA, ["lethal_trifecta"]),
        ({**TRIFECTA, "triggers_actions": "yes"}, ["actions_raise_impact", "lethal_trifecta"]),
        ({**TRIFECTA, "triggers_actions": "no"}, []),  # what actions can do is not asked where there are none
        ({**TRIFECTA, **PREDICTIVE}, []),  # nor is the prompt of a model that has none
        *(({**TRIFECTA, key: "no"}, []) for key in TRIFECTA),
        *(({**TRIFECTA, key: "unknown"}, []) for key in TRIFECTA),
        (BOUGHT, ["own_mitigation_after_training"]),
        (OWN, []),
        (CHATBOT, ["actions_raise_impact", "lethal_trifecta", "own_mitigation_after_training"]),
    ],
)
def test_a_modifier_holds_when_its_condition_does(answers: Answers, expected: list[str]) -> None:
    assert modifiers(answers) == expected


def test_modifiers_act_on_the_applicable_ones_of_their_threats() -> None:
    found = identify(RULES, CHATBOT).verdicts
    acting = {threat: each.modifiers for threat, each in found.items() if each.modifiers}
    applicable = [threat for threat, each in found.items() if each.status == "applicable"]
    assert acting == {
        threat: tuple(
            modifier
            for modifier, threats in (("actions_raise_impact", RAISED), ("lethal_trifecta", EXPOSED_TO_EXFILTRATION))
            if threat in threats
        )
        for threat in applicable
        if threat in (*RAISED, *EXPOSED_TO_EXFILTRATION)
    }
    assert found["evasion"].status == "not_applicable"  # a threat of the modifier that is left alone


def test_the_optional_control_is_named() -> None:
    assert [modifier.controls for modifier in identify(RULES, BOUGHT).modifiers] == [("poisonrobustmodel",)]


def test_counts_add_up() -> None:
    counts = identify(RULES, CHATBOT).counts
    assert counts == {
        "applicable": 14,
        "not_applicable": 8,
        "undetermined": 0,
        "own": 6,
        "shared": 5,
        "supplier": 3,
    }


def test_an_effect_names_the_threats_that_change_and_how() -> None:
    before = {**CHATBOT, "actions_can_send_data": "unknown", "structured_agent_messages": "unknown"}
    effect = effect_of(RULES, before, {**CHATBOT, "structured_agent_messages": "yes"})
    changes = {change.threat: change for change in effect.changes}
    assert list(changes) == [
        "directpromptinjection",
        "indirectpromptinjection",
        "agentmessagestructuremanipulation",
        "outputcontainsconventionalinjection",
    ]
    settled = changes["agentmessagestructuremanipulation"]
    assert (settled.before.status, settled.after.status) == ("undetermined", "applicable")
    assert settled.status_changed
    assert not settled.party_changed
    assert changes["directpromptinjection"].modifiers_gained == ("lethal_trifecta",)
    assert changes["directpromptinjection"].modifiers_lost == ()
    assert [modifier.id for modifier in effect.modifiers_gained] == ["lethal_trifecta"]
    assert effect.modifiers_lost == ()


def test_an_effect_names_a_change_of_party_and_what_is_lost() -> None:
    effect = effect_of(RULES, CHATBOT, {**CHATBOT, **OWN, "run_by": "own", "triggers_actions": "no"})
    changes = {change.threat: change for change in effect.changes}
    assert changes["runtimemodelpoison"].party_changed
    assert (changes["runtimemodelpoison"].before.party, changes["runtimemodelpoison"].after.party) == (
        "supplier",
        "own",
    )
    assert changes["runtimemodelpoison"].modifiers_lost == ("actions_raise_impact",)
    assert changes["supplymodelpoison"].after.status == "not_applicable"
    assert len(effect.modifiers_lost) == 3


def test_the_same_answers_have_no_effect() -> None:
    effect = effect_of(RULES, CHATBOT, {**CHATBOT, "augmentation": ["system_prompt", "rag"]})
    assert (effect.changes, effect.modifiers_gained, effect.modifiers_lost) == ((), (), ())
    assert effect.before == effect.after
