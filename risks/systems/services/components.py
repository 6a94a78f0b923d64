"""The verbs of components. Their events stand in the history of the system, and name the component."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from journal.errors import Conflict
from journal.recording import Actor, record
from journal.writing import create, differences, lock, save
from risks.systems.access import must_change
from risks.systems.choices import DELIVERED_KINDS, HostedBy
from risks.systems.models import AISystem, Component, ComponentVersion, Supplier
from risks.systems.services.suppliers import add_supplier
from risks.systems.services.texts import line, text

COMPONENT_ADDED, COMPONENT_CHANGED = "component.added", "component.changed"
COMPONENT_REMOVED, COMPONENT_PUT_BACK = "component.removed", "component.put_back"
VERSION_SET = "componentversion.set"

LONGEST_NOTE, LONGEST_REASON, LONGEST_LABEL = 2_000, 2_000, 120  # characters

NO_SUCH_SUPPLIER = "Choose a supplier from the list."
ONE_SUPPLIER = "Choose a supplier from the list or name a new one, not both."
WHO_HOSTS = "Name the supplier who hosts it."
NOT_DELIVERED = "Only a model or a model extension comes in one of these ways. Leave it open for this kind."
IS_REMOVED = "This component is removed. Put it back first."


@transaction.atomic
def add_component(
    system_id: int,
    *,
    actor: Actor,
    name: str,
    kind: str,
    supplier_id: int | None = None,
    new_supplier: str = "",
    new_supplier_kind: str = "",
    hosted_by: str = "",
    delivery: str = "",
    version_label: str = "",
    note: str = "",
) -> Component:
    """Say that a system has this part, from now on in this version.

    A supplier who is not on the list yet is named by `new_supplier` instead, and put on it in the same transaction.
    Raises ValidationError, NotAllowed, DoesNotExist.
    """
    system = lock(AISystem, system_id)
    must_change(actor, system)
    said = _said(name=name, kind=kind, hosted_by=hosted_by, delivery=delivery, note=note)
    label = line("version_label", version_label, longest=LONGEST_LABEL)
    said["supplier"] = _supplier(actor, supplier_id, new_supplier, new_supplier_kind)
    _fit_together(**said)
    component = create(Component(team_id=system.team_id, system=system, **said))
    if label:
        _set_version(component, actor, label=label, note="")
    first: dict[str, list[Any]] = {key: [None, value] for key, value in {**said, "version": label}.items() if value}
    first["component"] = first.pop("name")
    record(system, COMPONENT_ADDED, actor=actor, changes=first)
    return component


@transaction.atomic
def change_component(
    component_id: int,
    *,
    actor: Actor,
    expected_version: int | None,
    name: str,
    kind: str,
    supplier_id: int | None = None,
    new_supplier: str = "",
    new_supplier_kind: str = "",
    hosted_by: str = "",
    delivery: str = "",
    note: str = "",
) -> Component:
    """Change what is said about a component. Its version is set by `set_component_version`.

    Raises Conflict, ValidationError, NotAllowed, DoesNotExist.
    """
    component = _present(_held(component_id, actor, expected_version))
    said = _said(name=name, kind=kind, hosted_by=hosted_by, delivery=delivery, note=note)
    said["supplier"] = _supplier(actor, supplier_id, new_supplier, new_supplier_kind)
    _fit_together(**said)
    changes = differences(component, **said)
    if changes:
        before = component.name
        save(component, changes)
        _record(component, COMPONENT_CHANGED, actor=actor, changes=changes, named=[before, component.name])
    return component


@transaction.atomic
def set_component_version(
    component_id: int, *, actor: Actor, expected_version: int | None, label: str, note: str = ""
) -> ComponentVersion:
    """Say which version is in use from now on; the one before stays readable, with its dates.

    The same version with the same note changes nothing. `expected_version` counts the changes of the component, which
    this is one of. Raises Conflict, ValidationError, NotAllowed, DoesNotExist.
    """
    component = _present(_held(component_id, actor, expected_version))
    label, note = line("label", label), line("note", note)
    before = component.versions.in_force().first()
    if before is not None and (before.label, before.note) == (label, note):
        return before
    after = _set_version(component, actor, label=label, note=note, before=before)
    save(component, {})
    versions = {"version": [before.label if before else None, label]}
    _record(component, VERSION_SET, actor=actor, changes=versions, reason=note)
    return after


@transaction.atomic
def remove_component(component_id: int, *, actor: Actor, expected_version: int | None, reason: str) -> Component:
    """Say that a system no longer has this part, and why. Its row and its versions stay.

    Raises Conflict, ValidationError, NotAllowed, DoesNotExist.
    """
    component = _held(component_id, actor, expected_version)
    if component.removed_at is not None:
        return component
    reason = text("reason", reason, longest=LONGEST_REASON)
    if not reason:
        raise ValidationError({"reason": "Say why the system no longer has it."})
    save(component, differences(component, removed_at=timezone.now(), removed_reason=reason))
    _record(component, COMPONENT_REMOVED, actor=actor, named=[component.name, None], reason=reason)
    return component


@transaction.atomic
def put_back_component(component_id: int, *, actor: Actor, expected_version: int | None) -> Component:
    """Take a removal back. Raises Conflict, ValidationError, NotAllowed, DoesNotExist."""
    component = _held(component_id, actor, expected_version)
    if component.removed_at is None:
        return component
    save(component, differences(component, removed_at=None, removed_reason=""))
    _record(component, COMPONENT_PUT_BACK, actor=actor, named=[None, component.name])
    return component


def _held(component_id: int, actor: Actor, expected_version: int | None) -> Component:
    """The component behind its system's lock, which lets one writer at a time look for a free name."""
    system_id = Component.objects.values_list("system_id", flat=True).get(pk=component_id)
    must_change(actor, lock(AISystem, system_id))
    component = lock(Component, component_id)
    if expected_version is not None and component.version != expected_version:
        raise Conflict(component)
    return component


def _present(component: Component) -> Component:
    if component.removed_at is not None:
        raise ValidationError(IS_REMOVED)
    return component


def _said(*, name: str, kind: str, hosted_by: str, delivery: str, note: str) -> dict[str, Any]:
    return {
        "name": line("name", name),
        "kind": kind,
        "hosted_by": hosted_by,
        "delivery": delivery,
        "note": text("note", note, longest=LONGEST_NOTE),
    }


def _supplier(actor: Actor, supplier_id: int | None, new_name: str, new_kind: str) -> Supplier | None:
    """The supplier chosen from the list, or the one that is put on it now."""
    if new_name.strip():
        if supplier_id is not None:
            raise ValidationError({"new_supplier": ONE_SUPPLIER})
        return _new_supplier(actor, new_name, new_kind)
    if supplier_id is None:
        return None
    supplier: Supplier | None = Supplier.objects.filter(pk=supplier_id).first()
    if supplier is None:
        raise ValidationError({"supplier": NO_SUCH_SUPPLIER})
    return supplier


def _new_supplier(actor: Actor, name: str, kind: str) -> Supplier:
    """Its complaints stand at the fields of the component that it was named in."""
    if not kind:
        raise ValidationError({"new_supplier_kind": "Say what the new supplier does for us."})
    try:
        return add_supplier(actor=actor, name=name, kind=kind)
    except ValidationError as error:
        fields = {"kind": "new_supplier_kind"}
        complaints = error.update_error_dict({}).items()
        raise ValidationError({fields.get(field, "new_supplier"): errors for field, errors in complaints}) from error


def _fit_together(*, kind: str, supplier: Supplier | None, hosted_by: str, delivery: str, **_: Any) -> None:
    errors = {}
    if hosted_by == HostedBy.SUPPLIER and supplier is None:
        errors["supplier"] = WHO_HOSTS
    if delivery and kind not in DELIVERED_KINDS:
        errors["delivery"] = NOT_DELIVERED
    if errors:
        raise ValidationError(errors)


def _set_version(
    component: Component, actor: Actor, *, label: str, note: str, before: ComponentVersion | None = None
) -> ComponentVersion:
    """End the version in force and begin the next at the same moment."""
    now = timezone.now()
    if before is not None:
        before.superseded_at = now
        before.save(update_fields=["superseded_at"])
    return create(
        ComponentVersion(
            team_id=component.team_id,
            component=component,
            label=label,
            note=note,
            set_by_name=actor.display_name,
            at=now,
        )
    )


def _record(
    component: Component,
    verb: str,
    *,
    actor: Actor,
    changes: dict[str, list[Any]] | None = None,
    named: list[str | None] | None = None,
    reason: str = "",
) -> None:
    """One event of the system, with the component's name among what changed, for the history to say."""
    name = {"component": named or [component.name, component.name]}
    record(component.system, verb, actor=actor, changes={**name, **(changes or {})}, reason=reason)
