"""Fetching a system together with the right to it, so that neither can be forgotten."""

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404

from accounts.models import User
from journal.errors import NotAllowed
from risks.systems.models import AISystem

if TYPE_CHECKING:
    from journal.recording import Actor


def system_to_see(user: User, pk: int) -> AISystem:
    """The system with its team and owner; a foreign one is as missing as one that never was (Http404)."""
    system: AISystem = get_object_or_404(AISystem.objects.visible_to(user).for_list(), pk=pk)
    return system


def system_to_change(user: User, pk: int) -> AISystem:
    """The system, to be changed. Raises Http404 when it is not to be seen, NotAllowed when only that."""
    system = system_to_see(user, pk)
    must_edit(user, system.team_id)
    return system


def must_edit(actor: "Actor", team_id: int) -> None:
    """Raises NotAllowed for a person who may not change what the team registers."""
    if isinstance(actor, User) and not actor.may_edit(team_id):
        raise NotAllowed("Only editors of its team and security officers change a system.")


def must_register(actor: "Actor") -> None:
    """Raises NotAllowed for a person who edits no team at all, and so has nowhere to register a system."""
    if isinstance(actor, User) and not (actor.edits_all_teams or actor.edited_team_ids()):
        raise NotAllowed("Only editors of a team and security officers register systems.")
