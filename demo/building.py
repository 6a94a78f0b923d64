"""Puts the demo organisation into an empty register, all of it through the services, so that its history is real."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from accounts.models import Team, User
from accounts.services import create_team, create_user, set_membership
from catalog.services import add_control, add_threat
from demo.about_systems import ABOUT, ARCHIVED
from demo.components import COMPONENTS, SUPPLIERS, DemoComponent
from demo.judgement import Judgement, Plan, Step
from demo.judgements import JUDGEMENTS
from demo.organisation import PEOPLE, TEAMS, Person
from demo.own_entries import CONTROL, THREAT
from demo.responsibilities import DEPARTURES
from demo.reviews import CHANGES, DISMISSALS
from demo.systems import SYSTEMS, DemoSystem
from journal.recording import SYSTEM
from risks.assurance.services import set_responsibility
from risks.register.acceptance_rules import last_day
from risks.register.acceptances import grounds_of
from risks.register.accepting import decide_acceptance, propose_acceptance
from risks.register.choices import RatingKind, TreatmentOption, TreatmentStatus
from risks.register.measuring import add_measure, update_measure
from risks.register.models import Risk
from risks.register.reviewing import dismiss_threat
from risks.register.scales import current_scale
from risks.register.services import confirm_threats, rate_risk
from risks.register.treating import treat_risk, update_treatment
from risks.systems.life_cycle import archive_system
from risks.systems.models import AISystem, Supplier
from risks.systems.services import (
    add_component,
    add_supplier,
    answer_profile,
    register_system,
    remove_component,
    set_component_version,
)

EDITORS = {
    "claims": "sara",
    "care": "lucia",
    "payments": "raj",
    "underwriting": "nora",
    "people": "maud",
    "platform": "wen",
}


@dataclass(frozen=True)
class Account:
    """A person of the demo, and the password that is shown once."""

    user: User
    role: str
    password: str


class OrganisationNotEmpty(Exception):
    """There are teams or systems already, so nothing was built."""

    def __init__(self) -> None:
        super().__init__("This organisation is not empty. The demo is only built into an empty one.")


@transaction.atomic
def build(*, at: date) -> list[Account]:
    """Build all of it; due dates are relative to the day `at`. Returns the people with their passwords.

    Raises OrganisationNotEmpty.
    """
    if Team.objects.exists() or AISystem.objects.exists():
        raise OrganisationNotEmpty
    teams = {key: create_team(actor=SYSTEM, name=name) for key, name in TEAMS.items()}
    accounts = _people(teams)
    _beside_the_catalog(accounts["ines"].user)
    for supplier in SUPPLIERS:
        add_supplier(actor=accounts["ines"].user, **supplier)
    _inventory(teams, {key: account.user for key, account in accounts.items()}, at)
    return list(accounts.values())


@transaction.atomic
def build_again(*, at: date, copy: int) -> None:
    """The same systems and risks once more, with a number behind their names; for measuring how pages grow."""
    teams = {key: Team.objects.get(name=name) for key, name in TEAMS.items()}
    people = {person.key: User.objects.get(email=person.email) for person in PEOPLE}
    _inventory(teams, people, at, suffix=f" {copy}")


def _inventory(teams: dict[str, Team], people: dict[str, User], at: date, *, suffix: str = "") -> None:
    systems = {each.key: _system(each, teams, people, suffix) for each in SYSTEMS}
    _made_of(systems, people)
    for key, judgements in JUDGEMENTS.items():
        _assess(systems[key], judgements, people, at)
    _depart(systems, people)
    _put_away(teams, people, suffix)
    _dismiss(systems, people)
    _change(systems, people)


def _beside_the_catalog(officer: User) -> None:
    threat = add_threat(actor=officer, controls=["continuousvalidation", "oversight"], **THREAT)
    add_control(actor=officer, threats=[threat.key, "evasion"], **CONTROL)


def _people(teams: dict[str, Team]) -> dict[str, Account]:
    accounts = {}
    for person in PEOPLE:
        user, password = _account(person)
        roles = [user.get_organisation_role_display()] if not person.teams else []
        for team, role in person.teams.items():
            membership = set_membership(user.pk, teams[team].pk, actor=SYSTEM, role=role)
            roles.append(f"{membership.get_role_display()}, {TEAMS[team]}")
        accounts[person.key] = Account(user, "; ".join(roles), password)
    return accounts


def _account(person: Person) -> tuple[User, str]:
    """A new user with a random password. An administrator who set this machine up keeps their own."""
    found = User.objects.filter(email__iexact=person.email).first()
    if found is not None:
        return found, "(as before)"
    return create_user(actor=SYSTEM, email=person.email, name=person.name, organisation_role=person.organisation_role)


def _system(described: DemoSystem, teams: dict[str, Team], people: dict[str, User], suffix: str) -> AISystem:
    """Register a system and answer its profile, as the editor of its team."""
    editor = people[EDITORS[described.team]]
    system = register_system(
        actor=editor,
        team_id=teams[described.team].pk,
        name=f"{described.name}{suffix}",
        purpose=described.purpose,
        owner_id=people[described.owner].pk,
        **ABOUT[described.key],
    )
    answer_profile(system.pk, actor=editor, answers=described.answers)
    return system


def _made_of(systems: dict[str, AISystem], people: dict[str, User]) -> None:
    """Give the systems their components, as the editors of their teams."""
    suppliers = {supplier.name: supplier for supplier in Supplier.objects.all()}
    for key, components in COMPONENTS.items():
        editor = people[EDITORS[_key_of(systems[key].team)]]
        for component in components:
            _component(systems[key], component, suppliers, editor)


def _component(system: AISystem, described: DemoComponent, suppliers: dict[str, Supplier], editor: User) -> None:
    """Add a component in its first version, and let the later ones follow."""
    first, *later = described.versions or ("",)
    component = add_component(
        system.pk,
        actor=editor,
        name=described.name,
        kind=described.kind,
        supplier_id=suppliers[described.supplier].pk if described.supplier else None,
        hosted_by=described.hosted_by,
        delivery=described.delivery,
        version_label=first,
        note=described.note,
    )
    for label in later:
        set_component_version(component.pk, actor=editor, expected_version=None, label=label, note=described.news)
    if described.removed:
        remove_component(component.pk, actor=editor, expected_version=None, reason=described.removed)


def _assess(system: AISystem, judgements: tuple[Judgement, ...], people: dict[str, User], at: date) -> None:
    """Confirm the threats of a system and write down what its team judged."""
    editor = people[EDITORS[_key_of(system.team)]]
    risks = {risk.threat_key: risk for risk in confirm_threats(system.pk, actor=editor)}
    for judgement in judgements:
        risk = risks[judgement.threat]
        _rate(risk, judgement, editor)
        if judgement.plan:
            _treat(risk, judgement.plan, editor=editor, people=people, at=at)


def _rate(risk: Risk, judgement: Judgement, editor: User) -> None:
    plan = judgement.plan
    ratings = (
        (RatingKind.INHERENT, judgement.inherent, judgement.before),
        (RatingKind.CURRENT, judgement.current, judgement.now),
        (RatingKind.TARGET, judgement.target, f"Expected once this is done: {plan.text}" if plan else ""),
    )
    for kind, cell, reason in ratings:
        if cell:
            rate_risk(
                risk.pk,
                actor=editor,
                kind=kind,
                likelihood=cell[0],
                impact=cell[1],
                reason=reason,
                expected_version=None,
            )


def _treat(risk: Risk, plan: Plan, *, editor: User, people: dict[str, User], at: date) -> None:
    """Choose the treatment; its owner then says how far it is."""
    owner = people[plan.owner]
    treat_risk(
        risk.pk,
        actor=editor,
        option=plan.option,
        plan=plan.text,
        owner_id=owner.pk,
        due=at + timedelta(days=plan.due),
        details=plan.details,
        expected_version=None,
    )
    for step in plan.steps:
        _measure(risk, step, editor=editor, owner=people[step.owner], at=at)
    if plan.option == TreatmentOption.ACCEPT and plan.status == TreatmentStatus.DONE:
        _accept(risk, plan, editor=editor, officer=people["ines"], at=at)
    elif plan.status != TreatmentStatus.OPEN:
        update_treatment(risk.pk, actor=owner, status=plan.status, note=plan.note, expected_version=None)


def _measure(risk: Risk, step: Step, *, editor: User, owner: User, at: date) -> None:
    """Add a measure; its owner then says how far it is."""
    due = at + timedelta(days=step.due)
    measure = add_measure(risk.pk, actor=editor, control_key=step.control, text=step.text, owner_id=owner.pk, due=due)
    if step.status != TreatmentStatus.OPEN:
        update_measure(risk.pk, measure.pk, actor=owner, status=step.status, note=step.note, expected_version=None)


def _accept(risk: Risk, plan: Plan, *, editor: User, officer: User, at: date) -> None:
    """The editor proposes for as long as the plan says, at most as long as may be; the officer approves."""
    risk.refresh_from_db()
    grounds = grounds_of(risk, current_scale(), profile_number=0)
    longest = last_day(is_outside=grounds is not None and grounds.is_outside, at=at)
    acceptance = propose_acceptance(
        risk.pk,
        actor=editor,
        reason=plan.text,
        conditions="",
        until=min(at + timedelta(days=plan.due), longest),
        expected_version=None,
        at=at,
    )
    decide_acceptance(acceptance.pk, actor=officer, approve=True, note=plan.note, at=at)


def _depart(systems: dict[str, AISystem], people: dict[str, User]) -> None:
    for departure in DEPARTURES:
        set_responsibility(
            systems[departure.system].pk,
            actor=people[departure.by],
            threat_key=departure.threat,
            party=departure.party,
            reason=departure.reason,
        )


def _put_away(teams: dict[str, Team], people: dict[str, User], suffix: str) -> None:
    editor = people[EDITORS[ARCHIVED.system.team]]
    system = _system(ARCHIVED.system, teams, people, suffix)
    archive_system(system.pk, actor=editor, reason=ARCHIVED.reason, expected_version=None)


def _dismiss(systems: dict[str, AISystem], people: dict[str, User]) -> None:
    for dismissed in DISMISSALS:
        dismiss_threat(
            systems[dismissed.system].pk,
            actor=people[dismissed.by],
            threat_key=dismissed.threat,
            reason=dismissed.reason,
        )


def _change(systems: dict[str, AISystem], people: dict[str, User]) -> None:
    """Answers that are different since the review, so that its page has something to show."""
    for changed in CHANGES:
        system = systems[changed.system]
        before = next(each.answers for each in SYSTEMS if each.key == changed.system)
        answer_profile(system.pk, actor=people[changed.by], answers=changed.after(before))


def _key_of(team: Team) -> str:
    return next(key for key, name in TEAMS.items() if name == team.name)
