"""U2: no role that the product runs as can change the past, whatever it tries."""

import psycopg
import pytest
from django.db import transaction
from psycopg import sql

from accounts.models import User
from journal.models import Event
from journal.recording import SYSTEM, record
from tests.make import make_user

ATTACKS = [
    "UPDATE journal_event SET actor_name = 'Nobody'",
    "DELETE FROM journal_event",
    "TRUNCATE journal_event",
    "ALTER TABLE journal_event DISABLE TRIGGER ALL",
    "DROP TABLE journal_event",
    "DROP TRIGGER journal_event_append_only ON journal_event",
    "SET session_replication_role = replica",
    "CREATE TABLE mine (id int)",
    "ALTER ROLE CURRENT_USER SUPERUSER",
    "GRANT DELETE ON journal_event TO CURRENT_USER",
]

AN_EVENT = """
INSERT INTO journal_event (actor_name, verb, object_type, actor_id, credential, object_id, object_label, changes,
                           reason, request_id)
VALUES ('Somebody', 'test.done', 'test', '', '', '', '', '{}', '', '')
"""


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_app_role_cannot_touch_the_past(app_connection: psycopg.Connection, attack: str) -> None:
    before = rights_on_events(app_connection)
    if attack.startswith("GRANT"):
        app_connection.add_notice_handler(lambda _: None)
        app_connection.execute(sql.SQL(attack))  # PostgreSQL answers with a warning and grants nothing
    else:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app_connection.execute(sql.SQL(attack))
        app_connection.rollback()
    assert rights_on_events(app_connection) == before == ["INSERT", "SELECT"]


@pytest.mark.parametrize("attack", ATTACKS[:3])
def test_the_owner_is_refused_by_the_triggers(owner_connection: psycopg.Connection, attack: str) -> None:
    owner_connection.execute(AN_EVENT)
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
        owner_connection.execute(sql.SQL(attack))


def test_the_app_role_owns_nothing(app_connection: psycopg.Connection) -> None:
    owned = app_connection.execute("SELECT relname FROM pg_class WHERE relowner = current_user::regrole").fetchall()
    role = app_connection.execute(
        "SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    assert owned == []
    assert role == (False, False, False, False)


def test_no_cascading_key_reaches_the_journal(app_connection: psycopg.Connection) -> None:
    keys = app_connection.execute(
        "SELECT conname FROM pg_constraint WHERE contype = 'f' AND conrelid = 'journal_event'::regclass"
    ).fetchall()
    assert keys == []


def test_events_outlive_who_and_what_they_speak_of(db: None) -> None:
    user = make_user("leaver")
    events = Event.objects.of(user)
    assert [event.verb for event in events] == ["user.created"]
    User.objects.filter(pk=user.pk).delete()
    assert events.get().object_label == "Leaver"


def test_an_event_is_refused_outside_a_transaction(committed_db: None) -> None:
    user = make_user("someone")
    with pytest.raises(transaction.TransactionManagementError):
        record(user, "user.waved", actor=SYSTEM)
    assert not Event.objects.filter(verb="user.waved").exists()


def rights_on_events(connection: psycopg.Connection) -> list[str]:
    rows = connection.execute(
        "SELECT privilege FROM unnest(ARRAY['SELECT','INSERT','UPDATE','DELETE','TRUNCATE','TRIGGER','REFERENCES'])"
        " AS privilege WHERE has_table_privilege(current_user, 'journal_event', privilege)"
    ).fetchall()
    return sorted(row[0] for row in rows)
