"""No text is kept with signs that nobody can read, whichever door it comes through."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.db import connection, transaction

from journal.texts import LINE_ENDS, is_readable
from tests.whole.policy import OK, OPERATIONS, Operation
from tests.whole.world import World

BELL = "\x07"
WRITES = [operation for operation in OPERATIONS if operation.send and operation.name != "accounts:sign_out"]
ROOMS = ("accounts", "risks", "journal", "catalog")


def rows_with_the_bell() -> list[str]:
    """The tables that hold it, as a character or escaped in JSON."""
    tables = [model._meta.db_table for model in apps.get_models() if model.__module__.startswith(ROOMS)]
    parts = [
        f"SELECT '{table}' FROM {table} AS held WHERE held::text LIKE '%%' || chr(7) || '%%'"
        f" OR held::text LIKE '%%u0007%%'"
        for table in tables
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts).replace("%%", "%"))
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.parametrize("operation", WRITES, ids=str)
def test_a_control_character_is_kept_nowhere(world: World, operation: Operation, subtests: Any) -> None:
    good = operation.send(world)  # type: ignore[misc]
    person = next((name for name in ("editor", "admin") if operation.who[name] == OK), "owner")
    door = (world.programs if operation.is_api else world.browsers)[person]
    headers = {"If-Match": operation.if_match(world)} if operation.if_match is not None else {}
    # A whole file or scale has its own readers, with tests of their own.
    texts = {name: value for name, value in good.items() if isinstance(value, str) and name != "content"}
    for name, value in texts.items():
        sent = good | {name: f"{value}{BELL}x"}
        with subtests.test(field=name), transaction.atomic():
            body = json.dumps(sent) if operation.is_api else urlencode(sent, doseq=True)
            kind = "application/json" if operation.is_api else "application/x-www-form-urlencoded"
            path = operation.path(world.ids)
            answer = getattr(door, operation.method.lower())(path, data=body, content_type=kind, headers=headers)
            assert answer.status_code < 500
            assert rows_with_the_bell() == []
            transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("text", "kept", "expected"),
    [
        ("plain", frozenset(), True),
        ("Ünïcode \U0001f9e8 \u202eright to left", frozenset(), True),
        ("two\nlines", frozenset(), False),
        ("two\nlines\tand a tab", LINE_ENDS, True),
        ("a bell\x07", LINE_ENDS, False),
        ("an escape\x1b[31m", LINE_ENDS, False),
        ("half \ud800 of a pair", LINE_ENDS, False),
        ("\x85", LINE_ENDS, False),
    ],
)
def test_what_is_readable(text: str, kept: frozenset[str], expected: bool) -> None:
    assert is_readable(text, kept=kept) is expected
