"""The steps every service takes: lock the row, tell the difference, save what changed."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction

from journal.errors import Conflict
from journal.texts import CONTROL_CHARACTERS, unreadable_fields


def lock[M: models.Model](model: type[M], pk: int, expected_version: int | None = None) -> M:
    """The row, held until the transaction ends.

    `expected_version` is the version the caller read before; None skips the check (for changes that build on nothing
    read before). Raises Model.DoesNotExist, or Conflict with the row as it is now.
    """
    row = model._default_manager.select_for_update(of=("self",)).get(pk=pk)
    if expected_version is not None and row.version != expected_version:  # type: ignore[attr-defined]
        raise Conflict(row)
    return row


def differences(obj: models.Model, **values: Any) -> dict[str, list[Any]]:
    """The fields whose value would change, each as [before, after]."""
    return {name: [getattr(obj, name), value] for name, value in values.items() if getattr(obj, name) != value}


def save(obj: models.Model, changes: dict[str, list[Any]]) -> None:
    """Apply the differences, check the whole row, write only what changed and step the version on.

    Raises ValidationError. full_clean() is called here because neither DRF's nor a form's checks see database
    constraints.
    """
    for name, (_, after) in changes.items():
        setattr(obj, name, after)
    fields = list(changes)
    if hasattr(obj, "version"):
        obj.version += 1
        fields.append("version")
    if any(f.name == "updated_at" for f in obj._meta.fields):
        fields.append("updated_at")
    obj.full_clean()
    _must_be_readable(obj, set(changes))
    obj.save(update_fields=fields)


def create[M: models.Model](row: M) -> M:
    """Check a new row in full, then write it. Raises ValidationError."""
    row.full_clean()
    _must_be_readable(row)
    row.save(force_insert=True)
    return row


def insert[M: models.Model](row: M) -> M:
    """Write a new row that only a service makes, from values it has judged and rows it holds. Raises ValidationError.

    Each field is checked (length, choices). What takes a query to check is not: that the rows it refers to exist, and
    the constraints, which the caller makes sure of and the database refuses in any case.
    """
    return insert_all([row])[0]


def insert_all[M: models.Model](rows: list[M]) -> list[M]:
    """The same for many rows of one table; one statement."""
    for row in rows:
        row.clean_fields(exclude={field.name for field in row._meta.concrete_fields if field.is_relation})
        _must_be_readable(row)
    return type(rows[0])._default_manager.bulk_create(rows) if rows else rows


def _must_be_readable(row: models.Model, names: set[str] | None = None) -> None:
    """Here, since every text that a person or a program sends is written by one of the functions above."""
    if errors := dict.fromkeys(unreadable_fields(row, names), CONTROL_CHARACTERS):
        raise ValidationError(errors)


def wait_for_turn(name: str) -> None:
    """Let only one transaction at a time do what this name stands for, where no row is there to be locked."""
    with transaction.get_connection().cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def share_turn(name: str) -> None:
    """Let many at once do what rests on something; they and whoever changes it (wait_for_turn) wait for each other.

    To be taken before any row is locked, since the one who changes it locks rows afterwards.
    """
    with transaction.get_connection().cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(hashtextextended(%s, 0))", [name])


def next_number(model: type[models.Model], name: str) -> int:
    """The next number of a sequence without gaps that people quote ("RSK-0042").

    Held by an advisory lock until the transaction ends, so that two writers never draw the same one and a rolled-back
    write leaves no gap.
    """
    wait_for_turn(f"number:{name}")
    last = model._default_manager.aggregate(last=models.Max("number"))["last"]
    return (last or 0) + 1
