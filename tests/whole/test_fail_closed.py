"""U5: when the journal cannot be written, nothing can be written; reading goes on."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection

from tests.fixtures_database import superuser_connection
from tests.whole.policy import OK, OPERATIONS
from tests.whole.world import World, build_world

BREAK = """
CREATE FUNCTION test_break() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'disk full'; END $$;
CREATE TRIGGER test_break BEFORE INSERT ON journal_event FOR EACH ROW EXECUTE FUNCTION test_break();
"""
MEND = "DROP TRIGGER IF EXISTS test_break ON journal_event; DROP FUNCTION IF EXISTS test_break();"
UNTOLD = ("django_session", "accounts_apitoken")  # a token's last use is noted without an event


@pytest.fixture
def broken_journal(committed_db: None, test_database: str) -> Iterator[World]:
    """A world whose journal refuses every new event."""
    world = build_world()
    with superuser_connection(test_database) as superuser:
        superuser.execute(BREAK)
        try:
            yield world
        finally:
            superuser.execute(MEND)


def content(database: psycopg.Connection[Any]) -> dict[str, Any]:
    """How many rows each table has and which transaction last wrote one: no change leaves both as they were."""
    tables = database.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL(%s)", [list(UNTOLD)]
    ).fetchall()
    looks = [f"SELECT '{name}', count(*), max(xmin::text::bigint) FROM {name}" for (name,) in tables]
    return {name: seen for name, *seen in database.execute(" UNION ALL ".join(looks)).fetchall()}


def test_no_write_without_its_event(broken_journal: World, test_database: str, subtests: Any) -> None:
    world = broken_journal
    with superuser_connection(test_database) as superuser:
        before = content(superuser)
        for operation in OPERATIONS:
            if not operation.event or operation.who["editor"] != OK:
                continue
            with subtests.test(operation=str(operation)):
                door = (world.programs if operation.is_api else world.browsers)["editor"]
                door.raise_request_exception = False
                arguments: dict[str, Any] = {"data": operation.send(world)} if operation.send else {}
                if operation.is_api:
                    arguments["content_type"] = "application/json"
                if operation.if_match is not None:
                    arguments["headers"] = {"If-Match": operation.if_match(world)}
                answer = getattr(door, operation.method.lower())(operation.path(world.ids), **arguments)
                assert answer.status_code == 500
                assert b"disk full" not in answer.content
                assert content(superuser) == before
    connection.close()


def test_reading_goes_on(broken_journal: World, subtests: Any) -> None:
    for operation in OPERATIONS:
        if operation.method == "GET" and not operation.event and operation.who["editor"] == OK:
            with subtests.test(operation=str(operation)):
                door = (broken_journal.programs if operation.is_api else broken_journal.browsers)["editor"]
                assert door.get(operation.path(broken_journal.ids)).status_code in (200, 302)
