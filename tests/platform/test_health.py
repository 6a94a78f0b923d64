"""The two health questions, asked of the real page."""

from functools import partial

import pytest
from django.db import connection
from django.test import Client
from kombu.connection import Connection

from aiexchange import health
from aiexchange.celery import app


def test_a_living_process_says_so_without_a_database(client: Client) -> None:
    answer = client.get("/health/live/")

    assert (answer.status_code, answer.json()) == (200, {"status": "live"})


@pytest.mark.django_db
def test_ready_when_database_migrations_and_broker_answer(client: Client) -> None:
    answer = client.get("/health/ready/")

    assert answer.status_code == 200
    assert answer.json() == {"status": "ready", "database": "ok", "migrations": "ok", "broker": "ok"}
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_not_ready_before_the_database_is_migrated(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_expected", lambda: frozenset({("register", "9999_of_the_next_release")}))

    answer = client.get("/health/ready/")

    assert (answer.status_code, answer.json()["migrations"]) == (503, "missing")


@pytest.mark.django_db
def test_not_ready_without_a_broker(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = partial(Connection, "redis://:secret@127.0.0.1:1/0")
    monkeypatch.setattr(app, "connection_for_write", nobody)

    answer = client.get("/health/ready/")

    assert (answer.status_code, answer.json()["broker"]) == (503, "unreachable")
    assert "secret" not in answer.text


def test_not_ready_without_a_database(client: Client, committed_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    connection.close()
    with monkeypatch.context() as nowhere:
        nowhere.setitem(connection.settings_dict, "PORT", "1")
        answer = client.get("/health/ready/")

    assert (answer.status_code, answer.json()["database"]) == (503, "unreachable")


@pytest.mark.parametrize("question", ["live", "ready"])
def test_health_is_only_read(client: Client, question: str) -> None:
    assert client.post(f"/health/{question}/").status_code == 405
