"""The verbs of suppliers. The organisation has one list of them, so their events belong to no team (ADR 9)."""

from django.db import transaction

from journal.errors import Conflict
from journal.recording import Actor, record
from journal.writing import create, differences, lock, save, wait_for_turn
from risks.systems.access import must_keep_suppliers
from risks.systems.models import Supplier
from risks.systems.services.texts import line

SUPPLIER_ADDED, SUPPLIER_CHANGED = "supplier.added", "supplier.changed"


@transaction.atomic
def add_supplier(*, actor: Actor, name: str, kind: str, contact: str = "", link: str = "") -> Supplier:
    """Put somebody outside who builds or hosts components on the list. Raises ValidationError, NotAllowed."""
    must_keep_suppliers(actor)
    _hold_names()
    said = _texts(name=name, contact=contact, link=link) | {"kind": kind}
    supplier = create(Supplier(**said))
    record(supplier, SUPPLIER_ADDED, actor=actor, changes={key: [None, value] for key, value in said.items() if value})
    return supplier


@transaction.atomic
def change_supplier(
    supplier_id: int,
    *,
    actor: Actor,
    expected_version: int | None,
    name: str,
    kind: str,
    contact: str = "",
    link: str = "",
) -> Supplier:
    """Change what is said about a supplier. Raises Conflict, ValidationError, NotAllowed."""
    must_keep_suppliers(actor)
    _hold_names()
    supplier = lock(Supplier, supplier_id)
    if expected_version is not None and supplier.version != expected_version:
        raise Conflict(supplier)
    changes = differences(supplier, kind=kind, **_texts(name=name, contact=contact, link=link))
    if changes:
        save(supplier, changes)
        record(supplier, SUPPLIER_CHANGED, actor=actor, changes=changes)
    return supplier


def _hold_names() -> None:
    """Let one writer at a time look for a free name, so that the loser is told and not crashed into."""
    wait_for_turn("supplier.names")


def _texts(**texts: str) -> dict[str, str]:
    return {name: line(name, value) for name, value in texts.items()}
