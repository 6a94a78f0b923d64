"""record() and record_all() are the only writers of events. They run in the caller's transaction: both stand or fall
together.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.db import models, transaction

from journal import context
from journal.models import Event
from journal.texts import CONTROL_CHARACTERS, LINE_ENDS, is_readable

LONGEST_TEXT = 2_000  # characters of a single value kept in an event
ACCESS_REFUSED = "access.refused"  # somebody saw an object and may not do this to it


class Actor(Protocol):
    """Whoever acts: a person, or the system itself."""

    @property
    def pk(self) -> Any: ...

    @property
    def display_name(self) -> str: ...


class System:
    """The actor of what no person asked for: schedules, loading the catalog, first set-up."""

    pk = ""
    display_name = "System"


SYSTEM = System()


def record(
    obj: models.Model,
    verb: str,
    *,
    actor: Actor,
    changes: dict[str, list[Any]] | None = None,
    reason: str = "",
    team_id: int | None = None,
) -> Event:
    """Write that `actor` did `verb` ("risk.rated") to `obj`. `changes` maps a field to [before, after].

    Raises ValidationError when nobody could read the reason, and TransactionManagementError outside a transaction: an
    event on its own would be a promise nobody kept.
    """
    return record_all([Entry(obj, verb, changes or {}, reason, team_id)], actor=actor)[0]


@dataclass(frozen=True)
class Entry:
    """What was done to one object: as the arguments of record()."""

    obj: models.Model
    verb: str
    changes: dict[str, list[Any]] = field(default_factory=dict)
    reason: str = ""
    team_id: int | None = None


def record_all(entries: Iterable[Entry], *, actor: Actor) -> list[Event]:
    """Write what `actor` did to many objects, one event each, in this order; one statement. Raises as record() does."""
    found = list(entries)
    if not all(is_readable(each.reason, kept=LINE_ENDS) for each in found):
        raise ValidationError({"reason": CONTROL_CHARACTERS})
    return _write(
        [
            _event(
                each.verb,
                actor=actor,
                object_type=str(each.obj._meta.model_name),
                object_id=str(each.obj.pk),
                object_label=str(each.obj),
                team_id=each.team_id if each.team_id is not None else getattr(each.obj, "team_id", None),
                changes={name: [_plain(a), _plain(b)] for name, (a, b) in each.changes.items()},
                reason=each.reason,
            )
            for each in found
        ]
    )


def record_refusal(verb: str, *, actor: Actor, path: str, reason: str) -> Event:
    """Write that `actor` was refused. The request's own transaction is gone by then, so this is one of its own."""
    shown = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in path[:LONGEST_TEXT])
    with transaction.atomic():
        event = _event(verb, actor=actor, object_type="request", object_label=shown, reason=reason)
        return _write([event])[0]


def _write(events: list[Event]) -> list[Event]:
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("An event is written in the transaction of its change.")
    return Event.objects.bulk_create(events)


def _event(verb: str, *, actor: Actor, **fields: Any) -> Event:
    return Event(
        verb=verb,
        actor_id=str(actor.pk or ""),
        actor_name=actor.display_name,
        credential=context.credential.get(),
        request_id=context.request_id.get(),
        **fields,
    )


def _plain(value: Any) -> Any:
    """A value that JSON can hold, shortened where somebody wrote a book."""
    if value is None or isinstance(value, bool | int | float | dict | list):
        return value
    if isinstance(value, models.Model):
        return str(value)
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"
