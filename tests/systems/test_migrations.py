"""The migration that made rows of suppliers out of texts, there and back, on a database of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import sql

from embedded.roles import create_database
from tests.fixtures_database import superuser_connection

TEXTS = {1: "Corvus AI", 2: " corvus ai ", 3: "", 4: "Lumen Vision"}  # by number of the system
COMPONENTS = """
SELECT a.number, c.name, c.kind, s.name, s.kind, c.team_id = a.team_id FROM systems_component c
JOIN systems_aisystem a ON a.id = c.system_id JOIN systems_supplier s ON s.id = c.supplier_id ORDER BY a.number
"""


@pytest.fixture
def past(test_database: str) -> Iterator[str]:
    """The name of a database in which a system's supplier is still a text."""
    name = f"{test_database}_past"
    with superuser_connection("postgres") as connection:
        create_database(connection, name)
    try:
        migrate(name, "0003")
        yield name
    finally:
        with superuser_connection("postgres") as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def migrate(database: str, target: str) -> None:
    command = [sys.executable, "manage.py", "migrate", "systems", target, "--database", "owner", "--no-input"]
    done = subprocess.run(command, env={**os.environ, "DB_NAME": database}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def run(database: str, statement: str) -> list[tuple[Any, ...]]:
    with superuser_connection(database) as connection:
        return connection.execute(statement).fetchall()  # type: ignore[arg-type]


def register(database: str) -> None:
    with superuser_connection(database) as connection:
        team = connection.execute(
            "INSERT INTO accounts_team (name, created_at) VALUES ('Claims', now()) RETURNING id"
        ).fetchone()
        for number, supplier in TEXTS.items():
            system(connection, number, supplier, team[0])  # type: ignore[index]


def system(connection: psycopg.Connection[Any], number: int, supplier: str, team: int) -> None:
    connection.execute(
        "INSERT INTO systems_aisystem (number, team_id, name, purpose, supplier, version, created_at, updated_at,"
        " stage, criticality, ai_act_class, ai_act_reason, data_categories, tags, links)"
        " VALUES (%s, %s, %s, 'Helps.', %s, 1, now(), now(), '', '', '', '', '{}', '{}', '[]')",
        [number, team, f"System {number}", supplier],
    )


def test_texts_become_suppliers_with_a_model_each_and_come_back(past: str) -> None:
    register(past)
    migrate(past, "0006")
    assert run(past, COMPONENTS) == [
        (1, "Model", "model", "Corvus AI", "other", True),
        (2, "Model", "model", "Corvus AI", "other", True),
        (4, "Model", "model", "Lumen Vision", "other", True),
    ]
    assert run(past, "SELECT name FROM systems_supplier ORDER BY name") == [("Corvus AI",), ("Lumen Vision",)]
    migrate(past, "0003")
    texts = dict(run(past, "SELECT number, supplier FROM systems_aisystem"))
    assert texts == {1: "Corvus AI", 2: "Corvus AI", 3: "", 4: "Lumen Vision"}
