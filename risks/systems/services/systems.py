"""The verbs of systems."""

from typing import Any, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.access import owner_in
from accounts.models import Team, User
from journal.errors import Conflict
from journal.recording import Actor, record
from journal.writing import create, differences, lock, next_number, save
from risks.systems.about import FIELDS, About, about_of, checked_about
from risks.systems.access import must_change, must_edit, must_register
from risks.systems.models import AISystem

REGISTERED, CHANGED = "system.registered", "system.changed"

LONGEST_PURPOSE = 2_000  # characters

NO_SUCH_TEAM = "Choose a team of yours."  # the same for one that is not theirs, so that an id tells nothing


@transaction.atomic
def register_system(
    *, actor: Actor, team_id: int, name: str, purpose: str, owner_id: int | None = None, **about: Unpack[About]
) -> AISystem:
    """Add an AI system of a team that the actor edits. Raises ValidationError, NotAllowed."""
    system = new_system(actor=actor, team_id=team_id, name=name, purpose=purpose, owner_id=owner_id, **about)
    record(system, REGISTERED, actor=actor, changes=first_values(system))
    return system


def new_system(
    *, actor: Actor, team_id: int, name: str, purpose: str, owner_id: int | None, **about: Unpack[About]
) -> AISystem:
    """The row of a new system, for a verb that records how it came about. Raises ValidationError, NotAllowed."""
    must_register(actor)
    team = _team(actor, team_id)
    must_edit(actor, team.pk)
    _hold_names(team.pk)
    return create(
        AISystem(
            number=next_number(AISystem, "system"),
            team=team,
            owner=_owner(owner_id, team.pk),
            **_texts(name=name, purpose=purpose),
            **checked_about(about),
        )
    )


@transaction.atomic
def change_system(
    system_id: int,
    *,
    actor: Actor,
    expected_version: int | None,
    name: str,
    purpose: str,
    owner_id: int | None,
    **about: Unpack[About],
) -> AISystem:
    """Change what is said about a system; what is left out of `about` stays. It stays with its team, as its risks do.

    An owner who has left may stay; a new one must be able to own in the team. Raises Conflict, ValidationError,
    NotAllowed.
    """
    system = lock(AISystem, system_id)
    must_change(actor, system)
    if expected_version is not None and system.version != expected_version:
        raise Conflict(system)
    owner = system.owner if owner_id == system.owner_id else _owner(owner_id, system.team_id)
    said = checked_about({**about_of(system), **about})
    changes = differences(system, owner=owner, **_texts(name=name, purpose=purpose), **said)
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


def first_values(system: AISystem) -> dict[str, list[Any]]:
    """What a new system begins with, as changes from nothing."""
    values = {name: getattr(system, name) for name in ("team", "name", "purpose", "owner", *FIELDS)}
    return {name: [None, value] for name, value in values.items() if value}
