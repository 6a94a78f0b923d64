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


@pytest.fixture
def committed_db(test_database: str, django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """A database where commits are real, for tests with a browser, threads or a worker; emptied afterwards.

    Not to be mixed with `db` or `django_db`, which roll back.
    """
    with django_db_blocker.unblock():
        try:
            yield
        finally:
            restore_catalog()
            connections.close_all()
            empty(test_database)


def restore_catalog() -> None:
    """Leave the packaged edition alone in force, and nothing of the organisation's own.

    Not by truncating: processes keep what they read of the catalog by ids that must never be given twice.
    """
    for edition in Edition.objects.exclude(key=packaged().edition):
        edition.delete()
    if not Edition.objects.current().exists():
        put_in_force(packaged().edition, actor=SYSTEM, expected=None)
    Term.objects.exclude(until=None).delete()
    own = (OwnLink, OwnThreat, OwnControl)
    if any(model.objects.exists() for model in own):
        for model in own:
            model.objects.all().delete()
        OwnRevision.objects.create()
        index_own()


def empty(database: str) -> None:
    """Truncate everything but the catalog and Django's own bookkeeping, past the triggers that protect the journal."""
    with superuser_connection(database) as connection:
        rows = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            " AND tablename <> ALL(%s) AND tablename NOT LIKE 'catalog\\_%%'",
            [list(KEPT)],
        ).fetchall()
        tables = sql.SQL(", ").join(sql.Identifier(row[0]) for row in rows)
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET lock_timeout = '20s'")
        connection.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY").format(tables))


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
