"""What the powerless app role may do. Run by the schema's owner after each migration; safe to repeat."""

from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

APPEND_ONLY = {"journal_event"}
READ_ONLY = {"django_migrations"}


def grant_rights(connection: BaseDatabaseWrapper, role: str) -> None:
    """Give `role` the least it needs on every table of this project, and take away whatever it had beyond that."""
    grantee = sql.Identifier(role)
    with connection.cursor() as cursor:
        for table in [*connection.introspection.django_table_names(only_existing=True), *READ_ONLY]:
            verbs = "SELECT, INSERT, UPDATE, DELETE"
            if table in APPEND_ONLY:
                verbs = "SELECT, INSERT"
            if table in READ_ONLY:
                verbs = "SELECT"
            name = sql.Identifier(table)
            cursor.execute(sql.SQL("REVOKE ALL ON {} FROM {}, PUBLIC").format(name, grantee))
            cursor.execute(sql.SQL("GRANT {} ON {} TO {}").format(sql.SQL(verbs), name, grantee))
        cursor.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(grantee))
        cursor.execute(sql.SQL("REVOKE CREATE ON SCHEMA public FROM {}, PUBLIC").format(grantee))
        cursor.execute(sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(grantee))
