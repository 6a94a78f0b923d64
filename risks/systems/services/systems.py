"""The verbs of systems."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.access import owner_in
from accounts.models import Team, User
from journal.errors import Conflict
from journal.recording import Actor, record
from journal.writing import create, differences, lock, next_number, save
from risks.systems.access import must_edit, must_register
from risks.systems.models import AISystem

REGISTERED, CHANGED = "system.registered", "system.changed"

LONGEST_PURPOSE = 2_000  # characters

NO_SUCH_TEAM = "Choose a team of yours."  # the same for one that is not theirs, so that an id tells nothing


@transaction.atomic
def register_system(*, actor: Actor, team_id: int, name: str, purpose: str, owner_id: int | None = None) -> AISystem:
    """Add an AI system of a team that the actor edits. Raises ValidationError, NotAllowed."""
    must_register(actor)
    team = _team(actor, team_id)
    must_edit(actor, team.pk)
    _hold_names(team.pk)
    system = create(
        AISystem(
            number=next_number(AISystem, "system"),
            team=team,
            owner=_owner(owner_id, team.pk),
            **_texts(name=name, purpose=purpose),
        )
    )
    record(system, REGISTERED, actor=actor, changes=_first_values(system))
    return system


@transaction.atomic
def change_system(
    system_id: int,
    *,
    actor: Actor,
    expected_version: int | None,
    name: str,
    purpose: str,
    owner_id: int | None,
) -> AISystem:
    """Change what is said about a system. It stays with its team, since its risks do.

    An owner who has left may stay; a new one must be able to own in the team. Raises Conflict, ValidationError,
    NotAllowed.
    """
    system = lock(AISystem, system_id)
    must_edit(actor, system.team_id)
    if expected_version is not None and system.version != expected_version:
        raise Conflict(system)
    owner = system.owner if owner_id == system.owner_id else _owner(owner_id, system.team_id)
    changes = differences(system, owner=owner, **_texts(name=name, purpose=purpose))
    if not changes:
        return system
    if "name" in changes:
        _hold_names(system.team_id)
    save(system, changes)
    record(system, CHANGED, actor=actor, changes=changes)
    return system


def _team(actor: Actor, team_id: int) -> Team:
    teams = Team.objects.visible_to(actor) if isinstance(actor, User) else Team.objects.all()
    team: Team | None = teams.filter(pk=team_id).first()
    if team is None:
        raise ValidationError({"team": NO_SUCH_TEAM})
    return team


def _hold_names(team_id: int) -> None:
    """Let one writer at a time look for a free name in a team, so that the loser is told and not crashed into."""
    Team.objects.select_for_update(no_key=True).get(pk=team_id)


def _owner(owner_id: int | None, team_id: int) -> User | None:
    return None if owner_id is None else owner_in(team_id, owner_id)


def _texts(*, name: str, purpose: str) -> dict[str, str]:
    """Without space around. A text column has no length of its own, so the purpose is measured here."""
    purpose = purpose.strip()
    if len(purpose) > LONGEST_PURPOSE:
        raise ValidationError({"purpose": f"Keep the purpose within {LONGEST_PURPOSE:,} characters."})
    return {"name": name.strip(), "purpose": purpose}


def _first_values(system: AISystem) -> dict[str, list[Any]]:
    """What a new system begins with, as changes from nothing."""
    values = {name: getattr(system, name) for name in ("team", "name", "purpose", "owner")}
    return {name: [None, value] for name, value in values.items() if value}
