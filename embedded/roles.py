"""The roles of the database: an owner of the schema for migrations, and a powerless one for web and workers."""

import psycopg
from psycopg import sql

DATABASE = "aiexchange"
OWNER = "aiexchange_owner"
APP = "aiexchange_app"
POWERLESS = sql.SQL("LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS")


def prepare_roles(superuser_dsn: str, *, owner_password: str, app_password: str) -> None:
    """Create both roles and the database, or bring those that are there to what they should be."""
    with psycopg.connect(superuser_dsn, autocommit=True) as connection:
        for role, password in ((OWNER, owner_password), (APP, app_password)):
            found = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [role]).fetchone()
            verb = sql.SQL("CREATE ROLE" if found is None else "ALTER ROLE")
            connection.execute(
                sql.SQL("{} {} {} PASSWORD {}").format(verb, sql.Identifier(role), POWERLESS, sql.Literal(password))
            )
        create_database(connection, DATABASE)


def create_database(connection: psycopg.Connection, name: str) -> None:
    """Create a database of the owner's, which nobody but owner and app role may enter; leave one that is there."""
    if connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone() is not None:
        return
    words = {"name": sql.Identifier(name), "owner": sql.Identifier(OWNER), "app": sql.Identifier(APP)}
    for statement in (
        "CREATE DATABASE {name} OWNER {owner}",
        "REVOKE ALL ON DATABASE {name} FROM PUBLIC",
        "GRANT CONNECT ON DATABASE {name} TO {app}",
    ):
        connection.execute(sql.SQL(statement).format(**words))
