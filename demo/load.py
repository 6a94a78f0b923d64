"""A register of any size for measuring: rows written in bulk, past the services, alike from one run to the next.

Shares of the whole follow what a register in use looks like: a fifth not rated, a third untreated, some overdue. Every
system has the same profile, so what a page costs depends on the number of rows and not on chance.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import islice
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from accounts.models import Team, User
from accounts.roles import OrganisationRole, TeamRole
from accounts.services import create_team, create_user, set_membership
from catalog.reading import Catalog, current
from demo.systems import CHATBOT
from journal.recording import SYSTEM
from journal.writing import next_number
from risks.register.choices import RatingKind, TreatmentOption, TreatmentStatus
from risks.register.models import Rating, Risk, Treatment
from risks.register.rules import DEFAULT_SCALE
from risks.register.threats import threats_for_risks
from risks.systems.models import AISystem, Profile

BATCH = 5_000
OFFICER = "load@example.org"


@dataclass(frozen=True)
class Size:
    """How many there are to be; a system has at most as many risks as the catalog has threats."""

    risks: int
    systems: int
    teams: int


class TooFewSystems(ValueError):
    """More risks than the systems can have threats."""


@transaction.atomic
def seed(size: Size, *, at: datetime, seed: int = 1) -> None:
    """Add teams, systems, risks, ratings and treatments, and a security officer `load@example.org`.

    Raises TooFewSystems.
    """
    catalog, chance = current(), random.Random(seed)  # noqa: S311  # draws nothing secret
    threats = [threat.key for threat in threats_for_risks(catalog)]
    if size.risks > size.systems * len(threats):
        raise TooFewSystems(f"{size.systems} systems have room for {size.systems * len(threats)} risks.")
    first = next_number(AISystem, "system")
    owners = [_team(f"Load team {first} {number}") for number in range(1, size.teams + 1)]
    if not User.objects.filter(email=OFFICER).exists():
        create_user(actor=SYSTEM, email=OFFICER, name="Load officer", organisation_role=OrganisationRole.OFFICER)
    systems = _systems(size, owners, first, at)
    risks = list(_risks(systems, threats, size.risks, catalog, at))
    _bulk(Risk, risks)
    teams = dict(owners_by_team(owners))
    _bulk(Rating, _ratings(risks, chance, catalog, at))
    _bulk(Treatment, _treatments(risks, teams, chance, at))


def owners_by_team(owners: list[tuple[Team, User]]) -> Iterator[tuple[int, User]]:
    """The risk owner of each team, by its id."""
    return ((team.pk, owner) for team, owner in owners)


def _team(name: str) -> tuple[Team, User]:
    team = create_team(actor=SYSTEM, name=name)
    owner, _ = create_user(actor=SYSTEM, email=f"{name.replace(' ', '-').lower()}@example.org", name=f"Owner of {name}")
    set_membership(owner.pk, team.pk, actor=SYSTEM, role=TeamRole.RISK_OWNER)
    return team, owner


def _systems(size: Size, owners: list[tuple[Team, User]], first: int, at: datetime) -> list[AISystem]:
    systems = [
        AISystem(
            number=first + number,
            team=owners[number % len(owners)][0],
            owner=owners[number % len(owners)][1],
            name=f"Load system {first + number}",
            purpose="Stands in for a system, so that pages can be measured.",
        )
        for number in range(size.systems)
    ]
    _bulk(AISystem, systems)
    _bulk(
        Profile,
        (
            Profile(team_id=each.team_id, system=each, number=1, answers=CHATBOT, answered_by_name="Load", at=at)
            for each in systems
        ),
    )
    return systems


def _risks(systems: list[AISystem], threats: list[str], count: int, catalog: Catalog, at: datetime) -> Iterator[Risk]:
    """Each threat to every system before the next threat, so that all systems have about as many."""
    number = next_number(Risk, "risk")
    pairs = ((system, threat) for threat in threats for system in systems)
    for offset, (system, threat) in enumerate(islice(pairs, count)):
        yield Risk(
            number=number + offset,
            team_id=system.team_id,
            system=system,
            threat_key=threat,
            edition=catalog.edition,
            reasons=["Registered for measuring."],
            created_at=at,
        )


def _ratings(risks: list[Risk], chance: random.Random, catalog: Catalog, at: datetime) -> Iterator[Rating]:
    """Four of five are rated: inherent, current and target, each no higher than the one before; one in four twice."""
    scale = DEFAULT_SCALE
    for risk in risks:
        if chance.random() < 0.2:
            continue
        likelihood, impact = chance.randint(1, 5), chance.randint(1, 5)
        for kind in RatingKind.values:
            again = kind == RatingKind.CURRENT and chance.random() < 0.25
            for superseded in (True, False) if again else (False,):
                yield Rating(
                    team_id=risk.team_id,
                    risk=risk,
                    kind=kind,
                    scale=scale.key,
                    edition=catalog.edition,
                    likelihood=likelihood,
                    impact=impact,
                    level=scale.level(likelihood, impact),
                    reason="Rated for measuring.",
                    rated_by_name="Load",
                    at=at - timedelta(days=90 if superseded else chance.randint(0, 80)),
                    superseded_at=at - timedelta(days=85) if superseded else None,
                )
            likelihood, impact = chance.randint(1, likelihood), chance.randint(1, impact)


def _treatments(risks: list[Risk], owners: dict[int, User], chance: random.Random, at: datetime) -> Iterator[Treatment]:
    """Two of three have one; due within half a year before or after, so that some are late."""
    for risk in risks:
        if chance.random() < 1 / 3:
            continue
        yield Treatment(
            team_id=risk.team_id,
            risk=risk,
            option=chance.choice(TreatmentOption.values),
            plan="Stands in for a plan.",
            owner=owners[risk.team_id],
            due=at.date() + timedelta(days=chance.randint(-60, 180)),
            status=chance.choice(TreatmentStatus.values),
            set_by_name="Load",
            at=at,
        )


def _bulk(model: type[models.Model], rows: Any) -> None:
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        model._default_manager.bulk_create(batch)


def now_at_noon() -> datetime:
    """Today at noon, so that a run around midnight measures what any other does."""
    return timezone.make_aware(datetime.combine(timezone.localdate(), time(12)))
