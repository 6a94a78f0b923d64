"""The database of the tests: migrated by its owner, loaded with the catalog, used as the powerless app role."""

import os
from collections.abc import Iterator

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from catalog.indexing import index_own
from catalog.loading import put_in_force
from catalog.models import Edition, OwnControl, OwnLink, OwnRevision, OwnThreat, Term
from catalog.reading import packaged
from embedded.roles import create_database
from journal.recording import SYSTEM

KEPT = ("django_migrations", "django_content_type", "auth_permission")  # and every table of the catalog

RESTART_IDENTITIES = """
SELECT setval(format('%%I.%%I', namespace.nspname, sequence.relname)::regclass, 1, false)
FROM pg_class sequence
JOIN pg_namespace namespace ON namespace.oid = sequence.relnamespace
JOIN pg_depend owned ON owned.objid = sequence.oid AND owned.classid = 'pg_class'::regclass
JOIN pg_class holder ON holder.oid = owned.refobjid AND owned.refclassid = 'pg_class'::regclass
WHERE sequence.relkind = 'S' AND owned.deptype IN ('a', 'i') AND holder.relname = ANY(%s)
"""


def superuser_connection(database: str) -> psycopg.Connection:
    """Connect as the superuser that only tests know; every statement is its own transaction."""
    return psycopg.connect(os.environ["TEST_SUPERUSER_DSN"], dbname=database, autocommit=True)


@pytest.fixture(scope="session")
def test_database() -> Iterator[str]:
    """A new, empty database of the owner's, one per worker of pytest-xdist; its name."""
    name = f"aiexchange_test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    with superuser_connection("postgres") as connection:
        create_database(connection, name)
    earlier = os.environ["DB_NAME"]
    os.environ["DB_NAME"] = name  # for the processes that tests start
    yield name
    os.environ["DB_NAME"] = earlier


@pytest.fixture(scope="session")
def django_db_setup(test_database: str, django_db_blocker) -> Iterator[None]:
    """Make the tables and load the catalog, the way an installation does it."""
    for alias in connections:
        connections[alias].settings_dict["NAME"] = test_database
    with django_db_blocker.unblock():
        call_command("prepare_database", verbosity=0)
        call_command("load_catalog", verbosity=0)
    yield
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture(scope="module")
def kept_editions() -> tuple[str, ...]:
    """The editions that tests of a module with a committed database find and leave; a module may say others."""
    return (packaged().edition,)


@pytest.fixture
def committed_db(
    test_database: str, django_db_setup: None, django_db_blocker, kept_editions: tuple[str, ...]
) -> Iterator[None]:
    """A database where commits are real, for tests with a browser, threads or a worker; emptied afterwards.

    Not to be mixed with `db` or `django_db`, which roll back.
    """
    with django_db_blocker.unblock():
        try:
            yield
        finally:
            restore_catalog(kept_editions)
            connections.close_all()
            empty(test_database)


def restore_catalog(kept: tuple[str, ...]) -> None:
    """Leave the packaged edition in force, beside it only what is kept, and nothing of the organisation's own.

    Not by truncating: processes keep what they read of the catalog by ids that must never be given twice.
    """
    for edition in Edition.objects.exclude(key__in=kept):
        edition.delete()
    in_force = Edition.objects.current().values_list("key", flat=True).first()
    if in_force != packaged().edition:
        put_in_force(packaged().edition, actor=SYSTEM, expected=in_force)
    Term.objects.exclude(until=None).delete()
    own = (OwnLink, OwnThreat, OwnControl)
    if any(model.objects.exists() for model in own):
        for model in own:
            model.objects.all().delete()
        OwnRevision.objects.create()
        index_own()


def empty(database: str) -> None:
    """Empty everything but the catalog and Django's own bookkeeping, past the triggers that protect the journal.

    By deleting, since to truncate makes the files of every table and its indexes anew; under the lock that truncating
    takes, so that what a server still writes for the test that has ended is waited for and goes too.
    """
    with superuser_connection(database) as connection, connection.transaction():
        rows = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            " AND tablename <> ALL(%s) AND tablename NOT LIKE 'catalog\\_%%'",
            [list(KEPT)],
        ).fetchall()
        tables = [sql.Identifier(row[0]) for row in rows]
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute("SET LOCAL lock_timeout = '20s'")
        connection.execute(sql.SQL("LOCK TABLE {}").format(sql.SQL(", ").join(tables)))
        has_rows = sql.SQL(", ").join(sql.SQL("EXISTS (SELECT FROM {})").format(table) for table in tables)
        answers = connection.execute(sql.SQL("SELECT {}").format(has_rows)).fetchone() or ()
        for table, is_full in zip(tables, answers, strict=True):
            if is_full:
                connection.execute(sql.SQL("DELETE FROM {}").format(table))
        connection.execute(RESTART_IDENTITIES, [[row[0] for row in rows]])


@pytest.fixture
def app_connection(test_database: str, django_db_setup: None) -> Iterator[psycopg.Connection]:
    """A connection of its own as the role that web and workers use; rolled back at the end."""
    yield from _connection(test_database, "DB_USER", "DB_PASSWORD")


@pytest.fixture
def owner_connection(test_database: str, django_db_setup: None) -> Iterator[psycopg.Connection]:
    """A connection of its own as the schema's owner; rolled back at the end."""
    yield from _connection(test_database, "DB_OWNER_USER", "DB_OWNER_PASSWORD")


def _connection(database: str, user: str, password: str) -> Iterator[psycopg.Connection]:
    connection = psycopg.connect(
        host=os.environ["DB_HOST"],
        port=os.environ["DB_PORT"],
        dbname=database,
        user=os.environ[user],
        password=os.environ[password],
    )
    try:
        yield connection
    finally:
        connection.rollback()
        connection.close()
