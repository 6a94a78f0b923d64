"""The verbs for a whole system: put it away, take it back, begin another from it. Nothing is ever deleted."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from journal.errors import NotAllowed
from journal.recording import Actor, record
from journal.writing import create, differences, lock, save
from risks.systems.about import about_of
from risks.systems.access import ARCHIVED, must_edit
from risks.systems.models import AISystem, Component, ComponentVersion, Profile
from risks.systems.services import first_values, new_system
from risks.systems.services.texts import text

RESTORED, DUPLICATED = "system.restored", "system.duplicated"

LONGEST_REASON = 2_000  # characters


@transaction.atomic
def archive_system(system_id: int, *, actor: Actor, reason: str, expected_version: int | None) -> AISystem:
    """Put a system away: all of it stays readable, nothing of it can be changed, lists and counts leave it out.

    Archiving one that is archived changes nothing. Raises Conflict, ValidationError, NotAllowed.
    """
    system = _locked(system_id, actor, expected_version)
    reason = text("reason", reason, longest=LONGEST_REASON)
    if not reason:
        raise ValidationError({"reason": "Say why the system is archived."})
    if system.archived_at is None:
        changes = differences(system, archived_at=timezone.now())
        save(system, changes)
        record(system, ARCHIVED, actor=actor, changes=changes, reason=reason)
    return system


@transaction.atomic
def restore_system(system_id: int, *, actor: Actor, expected_version: int | None) -> AISystem:
    """Take an archived system back, as it was. One that is not archived stays as it is. Raises Conflict, NotAllowed."""
    system = _locked(system_id, actor, expected_version)
    changes = differences(system, archived_at=None)
    if changes:
        save(system, changes)
        record(system, RESTORED, actor=actor, changes=changes)
    return system


@transaction.atomic
def duplicate_system(
    system_id: int, *, actor: Actor, name: str, team_id: int | None = None, expected_version: int | None = None
) -> AISystem:
    """Register a system like another: its fields, its answers as profile 1, its present components and their versions.

    Its risks, ratings and history stay with it. `team_id` is another team that the actor edits; None is the same one.
    The owner comes along where they may own in that team. One event tells it all. Raises Conflict, ValidationError,
    NotAllowed.
    """
    source = lock(AISystem, system_id, expected_version)
    if isinstance(actor, User) and not AISystem.objects.visible_to(actor).filter(pk=source.pk).exists():
        raise NotAllowed("Only who may read a system duplicates it.")
    team_id = source.team_id if team_id is None else team_id
    _must_be_free(actor, team_id, name)
    copy = new_system(
        actor=actor,
        team_id=team_id,
        name=name,
        purpose=source.purpose,
        owner_id=_owner_in(team_id, source),
        **about_of(source),
    )
    brought = {"profile": _copy_profile(source, copy, actor), "components": _copy_components(source, copy, actor)}
    changes = first_values(copy) | {key: [None, value] for key, value in brought.items() if value}
    record(copy, DUPLICATED, actor=actor, changes=changes, reason=f"Copied from {source}.")
    return copy


def _locked(system_id: int, actor: Actor, expected_version: int | None) -> AISystem:
    """The system, held. Who may not change it is told so, before anything about its version."""
    must_edit(actor, AISystem.objects.values_list("team_id", flat=True).get(pk=system_id))
    return lock(AISystem, system_id, expected_version)


def _must_be_free(actor: Actor, team_id: int, name: str) -> None:
    """A form that was sent twice must not make two, and its second answer says where the first one is."""
    if isinstance(actor, User) and not actor.may_edit(team_id):
        return  # refused by new_system, and not to be told what names a team has
    taken = AISystem.objects.filter(team_id=team_id, name=name.strip()).first()
    if taken is not None:
        sentence = f"This team has a system of this name already: {taken.reference}. Choose another name."
        raise ValidationError({"name": sentence})


def _owner_in(team_id: int, source: AISystem) -> int | None:
    able = User.objects.able_to_own(team_id).filter(pk=source.owner_id)
    return source.owner_id if able.exists() else None


def _copy_profile(source: AISystem, copy: AISystem, actor: Actor) -> dict[str, Any]:
    """The answers in force, as the first profile of the copy."""
    found: Profile | None = source.profiles.in_force().first()
    if found is None:
        return {}
    by = actor.display_name
    create(Profile(team_id=copy.team_id, system=copy, number=1, answers=found.answers, answered_by_name=by))
    return found.answers


def _copy_components(source: AISystem, copy: AISystem, actor: Actor) -> list[str]:
    """The components that the system still has, each with its version in force, told in words."""
    told = []
    same = ("name", "kind", "supplier", "hosted_by", "delivery", "note")
    for component in source.components.present().select_related("supplier"):
        values = {name: getattr(component, name) for name in same}
        new = create(Component(team_id=copy.team_id, system=copy, **values))
        version: ComponentVersion | None = component.versions.in_force().first()
        if version is not None:
            kept = {"label": version.label, "note": version.note, "set_by_name": actor.display_name}
            create(ComponentVersion(team_id=copy.team_id, component=new, **kept))
        told.append(f"{component.name} ({version.label})" if version else component.name)
    return told
