"""A register of any size for measuring: rows written in bulk, past the services, alike from one run to the next.

Shares of the whole follow what a register in use looks like: a fifth not rated, a third untreated, some overdue. Every
system has the same profile and was reviewed, so what a page costs depends on the number of rows and not on chance.

The triggers that keep what is in force on each risk (ADR 10) run row by row, which takes minutes for many rows. So the
owner of the tables sets them aside for this one transaction and fills the columns with one statement at its end.
"""

import random
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import islice
from typing import Any

from django.db import connections, models, transaction
from django.utils import timezone

from accounts.models import Team, User
from accounts.roles import OrganisationRole, TeamRole
from accounts.services import create_team, create_user, set_membership
from catalog.reading import Catalog, current
from demo.systems import CHATBOT
from journal.recording import SYSTEM
from journal.writing import next_number
from risks.register.choices import RatingKind, TreatmentOption, TreatmentStatus
from risks.register.models import Rating, Review, Risk, Treatment
from risks.register.rules import DEFAULT_SCALE
from risks.register.threats import threats_for_risks
from risks.register.treatment_rules import details_of
from risks.systems.models import AISystem, Profile

OFFICER = "load@example.org"
OWNER = "owner"  # the connection of the tables' owner, who alone may set triggers aside
SET_ASIDE = (
    ("register_rating", "register_rating_stands"),
    ("register_treatment", "register_treatment_stands"),
    ("register_risk", "register_risk_standing_is_kept"),
)
KINDS = ", ".join(f"{kind}_likelihood, {kind}_impact, {kind}_level" for kind in RatingKind.values)
RATED = ", ".join(f"{kind}.likelihood, {kind}.impact, {kind}.level" for kind in RatingKind.values)
JOINED = " ".join(
    f"LEFT JOIN register_rating AS {kind} ON {kind}.risk_id = same.id AND {kind}.kind = '{kind}'"
    f" AND {kind}.superseded_at IS NULL"
    for kind in RatingKind.values
)
FILL = f"""
    UPDATE register_risk SET
        ({KINDS}) = ROW ({RATED}),
        (treatment_option, treatment_status, treatment_due, treatment_owner_id)
            = ROW (treatment.option, treatment.status, treatment.due, treatment.owner_id)
    FROM register_risk AS same {JOINED}
        LEFT JOIN register_treatment AS treatment ON treatment.risk_id = same.id AND treatment.superseded_at IS NULL
    WHERE same.id = register_risk.id AND register_risk.number >= %s
"""  # noqa: S608  # column names of this file


@dataclass(frozen=True)
class Size:
    """How many there are to be; a system has at most as many risks as the catalog has threats."""

    risks: int
    systems: int
    teams: int


class TooFewSystems(ValueError):
    """More risks than the systems can have threats."""


def seed(size: Size, *, at: datetime, seed: int = 1) -> None:
    """Add teams, systems, risks, ratings and treatments, and a security officer `load@example.org`.

    Raises TooFewSystems. Needs the connection of the tables' owner.
    """
    catalog, chance = current(), random.Random(seed)  # noqa: S311  # draws nothing secret
    threats = [threat.key for threat in threats_for_risks(catalog)]
    if size.risks > size.systems * len(threats):
        raise TooFewSystems(f"{size.systems} systems have room for {size.systems * len(threats)} risks.")
    owners = _people(size.teams)
    with transaction.atomic(using=OWNER):
        systems = _systems(size, owners, catalog, at)
        risks = list(_risks(systems, threats, size.risks, catalog, at))
        _bulk(Risk, risks)
        with _triggers_set_aside(risks[0].number):
            _bulk(Rating, _ratings(risks, chance, catalog, at))
            _bulk(Treatment, _treatments(risks, dict(owners_by_team(owners)), chance, at))


@transaction.atomic
def _people(teams: int) -> list[tuple[Team, User]]:
    """So many teams, each with its risk owner; and the officer."""
    first = 1 + Team.objects.count()
    if not User.objects.filter(email=OFFICER).exists():
        create_user(actor=SYSTEM, email=OFFICER, name="Load officer", organisation_role=OrganisationRole.OFFICER)
    return [_team(f"Load team {number}") for number in range(first, first + teams)]


@contextmanager
def _triggers_set_aside(first: int) -> Iterator[None]:
    """Write ratings and treatments without the triggers; what is in force is filled in for risks from `first` on."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks still to come cannot be altered
        for table, trigger in SET_ASIDE:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
        yield
        cursor.execute(FILL, [first])
        for table, trigger in SET_ASIDE:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")


def owners_by_team(owners: list[tuple[Team, User]]) -> Iterator[tuple[int, User]]:
    """The risk owner of each team, by its id."""
    return ((team.pk, owner) for team, owner in owners)


def _team(name: str) -> tuple[Team, User]:
    team = create_team(actor=SYSTEM, name=name)
    owner, _ = create_user(actor=SYSTEM, email=f"{name.replace(' ', '-').lower()}@example.org", name=f"Owner of {name}")
    set_membership(owner.pk, team.pk, actor=SYSTEM, role=TeamRole.RISK_OWNER)
    return team, owner


def _systems(size: Size, owners: list[tuple[Team, User]], catalog: Catalog, at: datetime) -> list[AISystem]:
    first = next_number(AISystem, "system")
    systems = [
        AISystem(
            number=first + number,
            team_id=owners[number % len(owners)][0].pk,
            owner_id=owners[number % len(owners)][1].pk,
            name=f"Load system {first + number}",
            purpose="Stands in for a system, so that pages can be measured.",
        )
        for number in range(size.systems)
    ]
    _bulk(AISystem, systems)
    profiles = [
        Profile(team_id=each.team_id, system_id=each.pk, number=1, answers=CHATBOT, answered_by_name="Load", at=at)
        for each in systems
    ]
    _bulk(Profile, profiles)
    _bulk(
        Review,
        (
            Review(
                team_id=each.team_id,
                system_id=each.system_id,
                profile_id=each.pk,
                edition=catalog.edition,
                reviewed_by_name="Load",
                at=at,
            )
            for each in profiles
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
            system_id=system.pk,
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
                    risk_id=risk.pk,
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
        option = chance.choice(TreatmentOption.values)
        yield Treatment(
            team_id=risk.team_id,
            risk_id=risk.pk,
            option=option,
            **{detail.name: "Stands in." for detail in details_of(option)},
            plan="Stands in for a plan.",
            owner_id=owners[risk.team_id].pk,
            due=at.date() + timedelta(days=chance.randint(-60, 180)),
            status=chance.choice(TreatmentStatus.values),
            set_by_name="Load",
            at=at,
        )


def _bulk(model: type[models.Model], rows: Iterable[Any]) -> None:
    """Copy rows into their table. Each is given its key."""
    rows, fields = list(rows), model._meta.concrete_fields
    table, columns = model._meta.db_table, ", ".join(str(field.column) for field in fields)
    connection = connections[OWNER]
    with connection.cursor() as cursor:
        sequence = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
        cursor.execute(sequence, [table, len(rows)])
        for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = key
        with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in rows:
                values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]
                copy.write_row(values)


def now_at_noon() -> datetime:
    """Today at noon, so that a run around midnight measures what any other does."""
    return timezone.make_aware(datetime.combine(timezone.localdate(), time(12)))
