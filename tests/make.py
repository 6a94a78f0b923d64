"""Builders: the least that a test needs, made through the services, as the system itself would."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Team, User
from accounts.roles import OrganisationRole
from accounts.services import create_team, create_user, set_membership
from catalog.models import OwnControl, OwnThreat
from catalog.services import add_control, add_threat
from journal.recording import SYSTEM
from risks.register import services as register
from risks.register.accepting import propose_acceptance
from risks.register.asking_time import ask_time
from risks.register.measuring import add_measure
from risks.register.models import Acceptance, Measure, Risk, TimeRequest
from risks.register.treating import treat_risk
from risks.systems import services as systems
from risks.systems.models import AISystem, Component, Profile, Supplier

PASSWORD = "correct horse battery staple"

CHATBOT: dict[str, Any] = {
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
    "corpus_influenced_by_others": "yes",
    "triggers_actions": "yes",
    "actions_can_send_data": "unknown",
    "sensitive_data_reachable": "yes",
    "structured_agent_messages": "unknown",
}


def make_user(name: str, role: str = OrganisationRole.MEMBER, **roles_in_teams: Any) -> User:
    """A person called `name`, name@example.org; `in_team={team: role}` puts them into teams."""
    user, _ = create_user(
        actor=SYSTEM, email=f"{name}@example.org", name=name.capitalize(), organisation_role=role, password=PASSWORD
    )
    for team, team_role in roles_in_teams.get("in_team", {}).items():
        set_membership(user.pk, team.pk, actor=SYSTEM, role=team_role)
    return user


def make_team(name: str) -> Team:
    return create_team(actor=SYSTEM, name=name)


def make_system(team: Team, *, actor: User, name: str = "Claims assistant", **values: Any) -> AISystem:
    values.setdefault("purpose", "Answers customers about their claim.")
    return systems.register_system(actor=actor, team_id=team.pk, name=name, **values)


def make_profile(system: AISystem, *, actor: User, answers: dict[str, Any] | None = None) -> Profile:
    return systems.answer_profile(system.pk, actor=actor, answers=CHATBOT if answers is None else answers)


def make_risk(system: AISystem, *, actor: User, threat: str = "indirectpromptinjection") -> Risk:
    return register.add_risk(system.pk, actor=actor, threat_key=threat)


def make_rating(risk: Risk, *, actor: User, likelihood: int = 4, impact: int = 4, kind: str = "current") -> Risk:
    return register.rate_risk(
        risk.pk,
        actor=actor,
        kind=kind,
        likelihood=likelihood,
        impact=impact,
        reason="Two of forty test letters steered the answer.",
        expected_version=Risk.objects.get(pk=risk.pk).version,
    )


DETAILS_OF: dict[str, dict[str, str | None]] = {
    "transfer": {"to_whom": "Corvus AI", "by_what": "Service contract", "remains": "Telling the customers."},
    "avoid": {"decided_by": "Head of Claims"},
}


def make_treatment(
    risk: Risk, *, actor: User, owner: User | None = None, option: str = "mitigate", due: date | None = None
) -> Risk:
    return treat_risk(
        risk.pk,
        actor=actor,
        option=option,
        plan="Mark every retrieved passage as data.",
        owner_id=(owner or actor).pk,
        due=due or timezone.localdate() + timedelta(days=7),
        expected_version=Risk.objects.get(pk=risk.pk).version,
        details=DETAILS_OF.get(option, {}),
    )


def make_measure(
    risk: Risk,
    *,
    actor: User,
    owner: User | None = None,
    text: str = "Have a person look at it.",
    due: date | None = None,
) -> Measure:
    """A step of the mitigation of a risk that is mitigated."""
    return add_measure(
        risk.pk,
        actor=actor,
        control_key="oversight",
        text=text,
        owner_id=(owner or actor).pk,
        due=due or timezone.localdate() + timedelta(days=7),
    )


def make_time_request(risk: Risk, *, actor: User, measure: Measure | None = None, days: int = 30) -> TimeRequest:
    """More time for a measure or, without one, for the treatment; asked for by its owner."""
    return ask_time(
        risk.pk,
        actor=actor,
        measure_id=measure.pk if measure else None,
        until=timezone.localdate() + timedelta(days=days),
        note="The supplier is late.",
        expected_version=None,
    )


def make_proposal(risk: Risk, *, actor: User) -> Acceptance:
    """A proposal to accept a rated risk for thirty days, which waits for a decision."""
    return propose_acceptance(
        risk.pk,
        actor=actor,
        reason="Rare, and the desk notices it.",
        conditions="",
        until=timezone.localdate() + timedelta(days=30),
        expected_version=None,
    )


def make_own_threat(actor: Any = SYSTEM, **values: Any) -> OwnThreat:
    """A threat of the organisation's own, by hand unless `applicable_when` says otherwise."""
    values = {"title": "Rogue plugins", "parent_key": "inputthreats", "summary": "A plugin acts on its own."} | values
    return add_threat(actor=actor, controls=values.pop("controls", ()), **values)


def make_own_control(actor: Any = SYSTEM, **values: Any) -> OwnControl:
    values = {
        "name": "Plugin review",
        "parent_key": "limitunwanted",
        "purpose": "Look at plugins.",
        "effort": "low",
    } | values
    return add_control(actor=actor, threats=values.pop("threats", ()), **values)


def make_supplier(*, actor: Any = SYSTEM, name: str = "Corvus AI", kind: str = "model", **values: Any) -> Supplier:
    return systems.add_supplier(actor=actor, name=name, kind=kind, **values)


def make_component(system: AISystem, *, actor: Any = SYSTEM, name: str = "Corvus chat", **values: Any) -> Component:
    """A model of nobody's, unless `supplier` and the other values say otherwise."""
    supplier: Supplier | None = values.pop("supplier", None)
    values = {"kind": "model", "supplier_id": supplier.pk if supplier else None, **values}
    return systems.add_component(system.pk, actor=actor, name=name, **values)
