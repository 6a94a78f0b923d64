"""The verbs of systems: the only writers of systems and profiles."""

from collections.abc import Mapping
from typing import Any, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.access import owner_in
from accounts.models import Team, User
from catalog import reading
from journal.errors import Conflict
from journal.recording import Actor, record
from journal.writing import create, differences, lock, next_number, save
from risks.systems.about import FIELDS, About, about_of, checked_about
from risks.systems.access import must_change, must_edit, must_register
from risks.systems.answers import InvalidAnswersError, validate_answers
from risks.systems.models import AISystem, Profile

REGISTERED, CHANGED, ANSWERED = "system.registered", "system.changed", "profile.answered"

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


@transaction.atomic
def answer_profile(system_id: int, *, actor: Actor, answers: object, expected_number: int | None = None) -> Profile:
    """Put down the answers about a system from now on, all of them: one that is not among them is taken back.

    `answers` is an object of questions and answers, not looked at by anyone yet (see `validate_answers`).
    `expected_number` is the number of the profile the caller had read, 0 for none; None skips the check. The same
    answers again leave everything as it is. Raises Conflict with the profile now in force, ValidationError, NotAllowed.
    """
    system = lock(AISystem, system_id)
    must_change(actor, system)
    current = system.profiles.in_force().first()
    if expected_number is not None and expected_number != (current.number if current else 0):
        raise Conflict(current)
    valid = valid_answers(answers)
    if current is not None and current.answers == valid:
        return current
    profile = _supersede(system, current, valid, actor)
    changes = _changed_answers(current.answers if current else {}, valid)
    record(system, ANSWERED, actor=actor, changes=changes)
    return profile


def valid_answers(answers: object) -> dict[str, Any]:
    """The answers as the edition in force takes them. Raises ValidationError that names the questions."""
    try:
        return validate_answers(reading.current().rule_set, answers)
    except InvalidAnswersError as error:
        raise ValidationError(error.errors) from error


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


def _supersede(system: AISystem, current: Profile | None, answers: dict[str, Any], actor: Actor) -> Profile:
    """End the profile in force and begin the next at the same moment, so that every moment has one."""
    now = timezone.now()
    if current is not None:
        current.superseded_at = now
        current.save(update_fields=["superseded_at"])
    return create(
        Profile(
            team_id=system.team_id,
            system=system,
            number=(current.number if current else 0) + 1,
            answers=answers,
            answered_by_name=actor.display_name,
            at=now,
        )
    )


def _changed_answers(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    return {key: [before.get(key), after.get(key)] for key in {**before, **after} if before.get(key) != after.get(key)}
