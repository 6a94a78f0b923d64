"""Fetching a system together with the right to it, so that neither can be forgotten."""

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404

from accounts.models import User
from journal.errors import NotAllowed
from risks.systems.models import AISystem, Component, Supplier

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


def component_to_see(user: User, pk: int) -> Component:
    """The component with its supplier, system and versions. Raises Http404."""
    component: Component = get_object_or_404(Component.objects.visible_to(user).for_page(), pk=pk)
    return component


def component_to_change(user: User, pk: int) -> Component:
    """The component, to be changed. Raises Http404 when it is not to be seen, NotAllowed when only that."""
    component = component_to_see(user, pk)
    must_edit(user, component.team_id)
    return component


def supplier_to_see(user: User, pk: int) -> Supplier:
    supplier: Supplier = get_object_or_404(Supplier.objects.visible_to(user), pk=pk)
    return supplier


def supplier_to_change(user: User, pk: int) -> Supplier:
    """The supplier, to be changed. Raises Http404 when it is not to be seen, NotAllowed when only that."""
    supplier = supplier_to_see(user, pk)
    must_keep_suppliers(user)
    return supplier


def must_edit(actor: "Actor", team_id: int) -> None:
    """Raises NotAllowed for a person who may not change what the team registers."""
    if isinstance(actor, User) and not actor.may_edit(team_id):
        raise NotAllowed("Only editors of its team and security officers change a system.")


def must_register(actor: "Actor") -> None:
    """Raises NotAllowed for a person who edits no team at all, and so has nowhere to register a system."""
    if isinstance(actor, User) and not (actor.edits_all_teams or actor.edited_team_ids()):
        raise NotAllowed("Only editors of a team and security officers register systems.")


def may_keep_suppliers(user: User) -> bool:
    """Whether this person may add and change suppliers: who edits at least one team may (ADR 9)."""
    return user.edits_all_teams or bool(user.edited_team_ids())


def must_keep_suppliers(actor: "Actor") -> None:
    """Raises NotAllowed for a person who edits no team at all."""
    if isinstance(actor, User) and not may_keep_suppliers(actor):
        raise NotAllowed("Only editors of a team and security officers keep the list of suppliers.")
