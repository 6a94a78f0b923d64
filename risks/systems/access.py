"""Fetching a system together with the right to it, so that neither can be forgotten."""

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404

from accounts.models import User
from journal.errors import NotAllowed
from journal.models import Event
from risks.systems.models import AISystem, Component, Supplier

if TYPE_CHECKING:
    from journal.recording import Actor


ARCHIVED = "system.archived"  # its event tells who archived a system, when and why


def system_to_see(user: User, pk: int) -> AISystem:
    """The system with its team and owner; a foreign one is as missing as one that never was (Http404).

    One that is archived costs one query more: `archiving` is the event that tells by whom and why.
    """
    system: AISystem = get_object_or_404(AISystem.objects.visible_to(user).for_list(), pk=pk)
    if system.archived_at:
        system.archiving = Event.objects.of(system).filter(verb=ARCHIVED).first()
    return system


def system_to_change(user: User, pk: int) -> AISystem:
    """The system, to be changed. Raises Http404 when it is not to be seen, NotAllowed when only that or archived."""
    system = system_to_see(user, pk)
    must_change(user, system)
    return system


def may_change(user: User, system: AISystem) -> bool:
    """Whether the person may change the system, or anything below it, as it is now."""
    return system.archived_at is None and user.may_edit(system.team_id)


def must_change(actor: "Actor", system: AISystem) -> None:
    """Raises NotAllowed for a person who may not change the system, and for everyone while it is archived."""
    must_edit(actor, system.team_id)
    must_be_active(system)


def must_be_active(system: AISystem) -> None:
    """Raises NotAllowed while the system is archived: it and everything below it, its risks too, is read-only."""
    if system.archived_at:
        raise NotAllowed("This system is archived. Restore it first.")


def component_to_see(user: User, pk: int) -> Component:
    """The component with its supplier, system and versions. Raises Http404."""
    component: Component = get_object_or_404(Component.objects.visible_to(user).for_page(), pk=pk)
    return component


def component_to_change(user: User, pk: int) -> Component:
    """The component, to be changed. Raises Http404 when it is not to be seen, NotAllowed when only that."""
    component = component_to_see(user, pk)
    must_change(user, component.system)
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
