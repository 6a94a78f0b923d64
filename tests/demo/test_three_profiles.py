"""Three systems of the demo beside the source: what its tree and its one-page table say of each, written by hand.

H… are questions of the Exchange's decision tree, HU… what it says of every system, I-… rows of its one-page table, RR…
its rules on who is responsible (https://owaspai.org/go/threatmodel/). Two threats are in none of them: their sections
say when they apply.
"""

from typing import Any

import pytest

from catalog.profile import packaged_rule_set
from demo.judgements import JUDGEMENTS
from demo.systems import SYSTEMS
from risks.systems.attention import attention_to
from risks.systems.rules import identify

RULES = packaged_rule_set()
ANSWERS: dict[str, dict[str, Any]] = {system.key: system.answers for system in SYSTEMS}
NO = ("not_applicable", None)
OWN, SHARED, SUPPLIER = (("applicable", party) for party in ("own", "shared", "supplier"))

# Threat by threat: a hosted chatbot with retrieval, an in-house fraud classifier, an autonomous coding agent.
TABLE = {
    # H01, H01a, H01b: generative, attackers give it input, its output can do harm. The model's supplier aligns it.
    "directpromptinjection": (SHARED, NO, SHARED),
    # H01c, I-02: generative, and untrusted data is put into the prompt.
    "indirectpromptinjection": (OWN, NO, OWN),
    # Its section: structured messages between agents or tools.
    "agentmessagestructuremanipulation": (NO, NO, OWN),
    # H05, I-03: a classification task whose input an adversary can influence.
    "evasion": (NO, OWN, NO),
    # H09a, H10, I-10, I-12: data added to the prompt; or own sensitive training data, which a verdict can't contain.
    "disclosureinoutput": (OWN, NO, OWN),
    # H09a, I-13: own training on sensitive data.
    "modelinversionandmembership": (NO, OWN, NO),
    # H11, I-15: own training, and the model is intellectual property or can be evaded.
    "modelexfiltration": (NO, OWN, NO),
    # HU1, I-18: always. A supplier that runs the model may have countermeasures: RR4.
    "airesourceexhaustion": (SHARED, OWN, SHARED),
    # H02, I-07: own training; RR5 gives that of others to the supplier; R02 makes an open corpus ours.
    "datapoison": (OWN, OWN, OWN),
    # H02, I-06, RR5: whoever trains.
    "devmodelpoison": (SUPPLIER, OWN, SUPPLIER),
    # H02, I-08: a model from a supplier, who prevents it while we manage the supply chain.
    "supplymodelpoison": (SHARED, NO, SHARED),
    # H09a, I-14: own training on sensitive data.
    "devdataleak": (NO, OWN, NO),
    # H11, I-17.
    "devmodelleak": (NO, OWN, NO),
    # H11.
    "devcodeleak": (NO, OWN, NO),
    # HU2, I-21: always; shared with whoever hosts a component: RR4.
    "genericsecthreats": (SHARED, OWN, SHARED),
    # H04, I-04, RR6: always, with whoever runs the model.
    "runtimemodelpoison": (SUPPLIER, OWN, SUPPLIER),
    # H11, I-16.
    "runtimemodelleak": (NO, OWN, NO),
    # H13, I-20: text output.
    "outputcontainsconventionalinjection": (OWN, NO, OWN),
    # H12, I-19: sensitive input; shared when a supplier runs the model.
    "inputdataleak": (SHARED, OWN, SHARED),
    # H03a, I-11: the added data is stored, or sensitive.
    "augmentationdataleak": (OWN, NO, OWN),
    # H03, I-05: data is added to the prompt.
    "augmentationdatamanipulation": (OWN, NO, OWN),
    # Its section: a model that acts.
    "agentescape": (OWN, OWN, OWN),
}
TRIFECTA = {"directpromptinjection", "indirectpromptinjection", "outputcontainsconventionalinjection"}  # H07
RETRIEVAL = [f"R0{number}" for number in range(1, 10)]
AGENT = [f"A0{number}" for number in range(1, 7)]

THREE = pytest.mark.parametrize(("place", "key"), list(enumerate(("assistant", "fraud", "code"))))


@THREE
def test_every_threat_has_the_status_and_party_of_the_source(place: int, key: str) -> None:
    found = identify(RULES, ANSWERS[key]).verdicts
    assert {threat: (verdict.status, verdict.party) for threat, verdict in found.items()} == {
        threat: expected[place] for threat, expected in TABLE.items()
    }


@THREE
def test_the_lethal_trifecta_and_the_optional_control_are_where_the_source_has_them(place: int, key: str) -> None:
    found = identify(RULES, ANSWERS[key])
    bought = place != 1
    ids = [modifier.id for modifier in found.modifiers]
    assert ids == (
        ["actions_raise_impact", "lethal_trifecta", "own_mitigation_after_training"]  # H06, H07, H02
        if bought
        else ["actions_raise_impact"]
    )
    exposed = {threat for threat, verdict in found.verdicts.items() if "lethal_trifecta" in verdict.modifiers}
    assert exposed == (TRIFECTA if bought else set())


@pytest.mark.parametrize(
    ("key", "points"),
    [
        ("assistant", [*RETRIEVAL, *AGENT, "L1"]),
        ("fraud", ["A01", "A02", "A03", "A05", "A06", "L1"]),  # acts on its verdicts, and reads no prompt
        ("code", [*RETRIEVAL, *AGENT, "L4"]),
    ],
)
def test_what_to_look_into_follows_from_what_each_is(key: str, points: list[str]) -> None:
    assert [attention.point.id for attention in attention_to(RULES, ANSWERS[key])] == points


@pytest.mark.parametrize(
    ("key", "threat", "reasons"),
    [
        (
            "assistant",
            "indirectpromptinjection",
            ["It uses generative AI.", "Data that others can write ends up in its prompt."],
        ),
        ("assistant", "modelexfiltration", ["We neither train nor fine-tune the model."]),
        ("fraud", "evasion", ["It puts things into classes.", "An attacker can give it input."]),
        ("fraud", "modelexfiltration", ["We train or fine-tune the model.", "The model is our intellectual property."]),
        ("fraud", "indirectpromptinjection", ["It uses no generative AI."]),
        ("code", "agentescape", ["Its output triggers actions."]),
        ("code", "agentmessagestructuremanipulation", ["Structured messages pass between agents or tools."]),
    ],
)
def test_the_reasons_are_the_conditions_of_the_source(key: str, threat: str, reasons: list[str]) -> None:
    assert identify(RULES, ANSWERS[key]).verdicts[threat].sentences("status") == reasons


@THREE
def test_some_of_their_threats_are_judged(place: int, key: str) -> None:
    assert len(JUDGEMENTS[key]) >= 5
    assert all(TABLE[judgement.threat][place][0] == "applicable" for judgement in JUDGEMENTS[key])
