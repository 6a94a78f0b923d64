"""What the teams of the demo say about their systems beside the profile, by the systems' keys; and one put away.

The meeting notes agent is on trial: nobody has classified it yet, as happens in any real inventory.
"""

from dataclasses import dataclass

from demo.systems import DemoSystem
from risks.systems.about import About, Link


def link(title: str, path: str) -> Link:
    return {"title": title, "url": f"https://wiki.halden.example/{path}"}


ABOUT: dict[str, About] = {
    "assistant": {
        "stage": "production",
        "criticality": "high",
        "ai_act_class": "transparency",
        "ai_act_reason": "Customers talk to it, so they must be told that it is an AI system: Art. 50(1).",
        "data_categories": ["personal", "special", "financial"],
        "tags": ["customer-facing", "agent", "RAG"],
        "links": [link("Runbook", "claims/assistant/runbook"), link("Data protection impact assessment", "dpia/12")],
    },
    "damage": {
        "stage": "production",
        "criticality": "high",
        "ai_act_class": "minimal",
        "ai_act_reason": "It prices repairs to cars. Annex III names life and health insurance only.",
        "data_categories": ["personal", "financial"],
        "tags": ["own training", "automatic payment"],
        "links": [link("Model card", "models/damage-estimate")],
    },
    "extraction": {
        "stage": "production",
        "criticality": "medium",
        "ai_act_class": "minimal",
        "ai_act_reason": "It prepares a file that a clerk checks; it decides nothing about a person.",
        "data_categories": ["personal", "special", "financial"],
        "tags": ["back office"],
        "links": [link("Contract with Folio Systems", "contracts/folio")],
    },
    "calls": {
        "stage": "production",
        "criticality": "low",
        "ai_act_class": "minimal",
        "ai_act_reason": "It writes down what was said. It does not read emotions: the supplier has that switched off.",
        "data_categories": ["personal", "special"],
        "tags": ["back office", "speech"],
    },
    "translation": {
        "stage": "production",
        "criticality": "low",
        "ai_act_class": "minimal",
        "ai_act_reason": "It does not change what a letter says, and a clerk reads each one before it leaves.",
        "data_categories": ["personal"],
        "tags": ["back office"],
    },
    "search": {
        "stage": "production",
        "criticality": "medium",
        "ai_act_class": "transparency",
        "ai_act_reason": "We put it into service and our staff talk to it: Art. 50(1).",
        "data_categories": ["secrets", "public"],
        "tags": ["RAG", "self-hosted"],
        "links": [link("How the model is run", "platform/open-weight-models")],
    },
    "fraud": {
        "stage": "production",
        "criticality": "critical",
        "ai_act_class": "minimal",
        "ai_act_reason": "Annex III, point 5(b) leaves out the detection of financial fraud.",
        "data_categories": ["personal", "financial"],
        "tags": ["own training", "real time"],
        "links": [link("Model card", "models/payment-fraud"), link("Runbook", "payments/fraud/runbook")],
    },
    "score": {
        "stage": "production",
        "criticality": "critical",
        "ai_act_class": "high_risk_annex_iii",
        "ai_act_reason": "It assesses risk for life cover of natural persons: Annex III, point 5(c).",
        "data_categories": ["personal", "special", "financial"],
        "tags": ["own training"],
        "links": [link("Fundamental rights impact assessment", "fria/2"), link("Model card", "models/underwriting")],
    },
    "forecast": {
        "stage": "production",
        "criticality": "medium",
        "ai_act_class": "minimal",
        "ai_act_reason": "It is about weather and portfolios, not about persons.",
        "data_categories": ["secrets", "public"],
        "tags": ["own training"],
    },
    "cvs": {
        "stage": "pilot",
        "criticality": "medium",
        "ai_act_class": "high_risk_annex_iii",
        "ai_act_reason": "It filters job applications: Annex III, point 4(a). Meridian provides it, we deploy it.",
        "data_categories": ["personal", "special"],
        "tags": ["bought"],
        "links": [link("Contract with Meridian Talent", "contracts/meridian")],
    },
    "notes": {
        "stage": "pilot",
        "criticality": "low",
        "data_categories": ["personal", "secrets"],
        "tags": ["agent", "bought"],
    },
    "code": {
        "stage": "development",
        "criticality": "high",
        "ai_act_class": "minimal",
        "ai_act_reason": "It writes code that people review. None of the uses of Annex III.",
        "data_categories": ["credentials", "secrets", "source_code"],
        "tags": ["agent"],
        "links": [link("Sandbox", "platform/code-agent/sandbox")],
    },
    "triage": {
        "stage": "retired",
        "criticality": "low",
        "ai_act_class": "minimal",
        "ai_act_reason": "It sorted mail; people read all of it.",
        "data_categories": ["personal"],
        "tags": ["back office"],
    },
}


@dataclass(frozen=True)
class PutAway:
    """A system that the organisation no longer has, and why it is archived."""

    system: DemoSystem
    reason: str


ARCHIVED = PutAway(
    DemoSystem(
        key="triage",
        name="Mail triage",
        team="claims",
        owner="sara",
        purpose="Sorted scanned letters to the right desk by their first page. A small classifier of our own.",
        answers={
            "model_types": ["predictive"],
            "trained_by": ["own"],
            "run_by": "own",
            "attacker_can_provide_input": "yes",
            "output_can_cause_harm": "no",
            "classification_task": "yes",
            "text_output": "no",
            "input_data_sensitive": "yes",
            "augmentation": ["none"],
            "training_data_sensitive": "yes",
            "output_can_contain_training_data": "no",
            "model_is_intellectual_property": "no",
            "triggers_actions": "no",
            "structured_agent_messages": "no",
        },
    ),
    reason="Switched off in spring. Document extraction sorts the letters now.",
)
