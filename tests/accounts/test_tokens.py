"""T6: API tokens are shown once, kept as a digest, and never worth more than their owner."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import ApiToken, User
from accounts.services import change_user, create_token
from journal.errors import NotAllowed
from journal.models import Event
from journal.recording import SYSTEM
from tests.cast import ApiClient

TEAMS = "/api/v1/teams/"


def bearer(secret: str) -> Client:
    return ApiClient(headers={"Authorization": f"Bearer {secret}"})


def test_only_a_digest_is_stored(editor: User) -> None:
    token, secret = create_token(editor, actor=editor, name="GRC import", scopes=["read"])
    assert secret.startswith("airr_")
    assert len(secret) > 40
    assert token.prefix == secret[: len(token.prefix)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(t)::text FROM accounts_apitoken t")
        (row,) = cursor.fetchone()
        cursor.execute("SELECT string_agg(row_to_json(e)::text, '') FROM journal_event e")
        (events,) = cursor.fetchone()
    assert secret not in row
    assert secret not in events


def test_the_page_shows_the_secret_once(editor: User, client_of) -> None:
    browser = client_of(editor)
    made = browser.post("/account/tokens/", {"name": "GRC", "scopes": ["read", "write"], "days": 30})
    assert made.status_code == 201
    secret = made.context["secret"]
    assert secret in made.content.decode()
    assert secret not in browser.get("/account/").content.decode()
    assert bearer(secret).get(TEAMS).status_code == 200


def test_a_token_ends(editor: User) -> None:
    token, secret = create_token(editor, actor=editor, name="Short", scopes=["read"], days=1)
    assert bearer(secret).get(TEAMS).status_code == 200
    ApiToken.objects.filter(pk=token.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert bearer(secret).get(TEAMS).status_code == 401


def test_a_revoked_token_is_refused_on_the_next_request(editor: User, client_of) -> None:
    token, secret = create_token(editor, actor=editor, name="Old", scopes=["read"])
    assert client_of(editor).post(f"/account/tokens/{token.pk}/revocation/").status_code == 302
    refused = bearer(secret).get(TEAMS)
    assert refused.status_code == 401
    assert refused["WWW-Authenticate"].startswith("Bearer")
    assert Event.objects.filter(verb="token.revoked").count() == 1


def test_a_token_of_someone_switched_off_is_refused(editor: User, admin: User) -> None:
    _, secret = create_token(editor, actor=editor, name="Left", scopes=["read"])
    change_user(editor.pk, actor=admin, name=editor.name, organisation_role=editor.organisation_role, is_active=False)
    assert bearer(secret).get(TEAMS).status_code == 401


def test_a_read_token_cannot_write(editor: User, team, api_of) -> None:
    reader = api_of(editor, scopes=("read",))
    body = {"name": "New", "team": team.pk, "purpose": "Sorts mail."}
    refused = reader.send("post", "/api/v1/systems/", body)
    assert refused.status_code == 403
    assert "scope" in refused.json()["detail"]


def test_rights_shrink_with_their_owner(outsider: User, team, api_of) -> None:
    writer = api_of(outsider)
    body = {"name": "New", "team": team.pk, "purpose": "Sorts mail."}
    assert writer.send("post", "/api/v1/systems/", body).status_code == 400


def test_a_token_in_the_address_is_ignored(editor: User) -> None:
    _, secret = create_token(editor, actor=editor, name="Leaky", scopes=["read"])
    assert Client().get(TEAMS, {"token": secret, "access_token": secret}).status_code == 401


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer x", "Bearer " + "a" * 5000, "Basic eDp5", "Bearer é"])
def test_nonsense_in_the_header_is_a_plain_401(db: None, header: str) -> None:
    answer = Client(headers={"Authorization": header}).get(TEAMS)
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(("scopes", "days"), [([], 30), (["admin"], 30), (["read"], 0), (["read"], 9999)])
def test_bad_tokens_are_refused(editor: User, scopes: list[str], days: int) -> None:
    with pytest.raises(ValidationError):
        create_token(editor, actor=editor, name="Bad", scopes=scopes, days=days)
    assert not ApiToken.objects.exists()


def test_the_last_use_is_noted(editor: User) -> None:
    token, secret = create_token(editor, actor=editor, name="Used", scopes=["read"])
    bearer(secret).get(TEAMS)
    token.refresh_from_db()
    assert token.last_used_at is not None


def test_the_command_prints_the_token_as_its_last_word(editor: User, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("create_token", "--user", "EDITOR@example.org", "--name", "CLI", "--scopes", "read,write")
    secret = capsys.readouterr().out.split()[-1]
    assert bearer(secret).get(TEAMS).status_code == 200
    assert ApiToken.objects.get().scopes == ["read", "write"]


def test_the_command_refuses_unknown_people_and_scopes(editor: User) -> None:
    with pytest.raises(CommandError, match="no active person"):
        call_command("create_token", "--user", "nobody@example.org", "--name", "CLI")
    with pytest.raises(CommandError, match="read, write or both"):
        call_command("create_token", "--user", editor.email, "--name", "CLI", "--scopes", "everything")


def test_nobody_makes_a_token_for_another(editor: User, viewer: User) -> None:
    with pytest.raises(NotAllowed):
        create_token(viewer, actor=editor, name="Mine", scopes=["read"])
    assert create_token(viewer, actor=SYSTEM, name="Set-up", scopes=["read"])
