"""Signing in and out, and changing one's password."""

import pytest
from django.test import Client

from accounts.models import User
from accounts.services import change_user
from journal.models import Event
from tests.make import PASSWORD

SIGN_IN = "/sign-in/"


def sign_in(client: Client, email: str, password: str = PASSWORD, **data: str):
    return client.post(SIGN_IN, {"username": email, "password": password, **data})


def test_signing_in_leads_home_and_leaves_an_event(editor: User) -> None:
    answer = sign_in(Client(), "Editor@Example.org")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    event = Event.objects.get(verb="session.started")
    assert (event.actor_name, event.object_id) == ("Editor", str(editor.pk))


def test_a_wrong_password_an_unknown_address_and_a_switched_off_person_get_the_same_answer(
    editor: User, viewer: User, admin: User
) -> None:
    change_user(viewer.pk, actor=admin, name=viewer.name, organisation_role="member", is_active=False)
    answers = [
        sign_in(Client(), "editor@example.org", "wrong"),
        sign_in(Client(), "nobody@example.org"),
        sign_in(Client(), "viewer@example.org"),
    ]
    assert [answer.status_code for answer in answers] == [422, 422, 422]
    assert len({tuple(answer.context["form"].non_field_errors()) for answer in answers}) == 1
    assert Event.objects.filter(verb="session.refused").count() == 3


def test_a_refused_sign_in_keeps_the_address_and_never_the_password(editor: User) -> None:
    answer = sign_in(Client(), "editor@example.org", "s3cret-typed-wrong")
    assert "editor@example.org" in answer.content.decode()
    assert "s3cret-typed-wrong" not in answer.content.decode()
    assert not Event.objects.filter(reason__contains="s3cret").exists()


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example/", "/\\/evil.example", "javascript:alert(1)"]
)
def test_sign_in_never_leads_away(editor: User, target: str) -> None:
    assert sign_in(Client(), "editor@example.org", next=target)["Location"] == "/"


def test_sign_in_leads_where_one_was_going(editor: User) -> None:
    asked = Client().get("/systems/")
    assert asked["Location"] == "/sign-in/?next=/systems/"
    assert sign_in(Client(), "editor@example.org", next="/systems/")["Location"] == "/systems/"


def test_signing_out_ends_the_session_on_the_server(editor: User) -> None:
    client = Client()
    sign_in(client, "editor@example.org")
    copy = client.cookies["session"].value
    assert client.get("/sign-out/").status_code == 405
    client.post("/sign-out/")
    thief = Client()
    thief.cookies["session"] = copy
    assert thief.get("/account/").status_code == 302
    assert Event.objects.filter(verb="session.ended").count() == 1


def test_the_session_id_changes_at_sign_in(editor: User) -> None:
    client = Client()
    client.session["planted"] = True
    session = client.session
    session.save()
    client.cookies["session"] = session.session_key
    sign_in(client, "editor@example.org")
    assert client.cookies["session"].value != session.session_key


def test_changing_the_password_ends_other_sessions(editor: User, client_of) -> None:
    here, elsewhere = client_of(editor), client_of(editor)
    new = "a battery of correct horses"
    answer = here.post("/account/password/", {"old": PASSWORD, "password": new, "again": new})
    assert answer.status_code == 302
    assert here.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
    assert Event.objects.filter(verb="user.password_changed").count() == 1


@pytest.mark.parametrize(
    ("old", "new", "again", "says"),
    [
        ("wrong", "a battery of correct horses", "a battery of correct horses", "not your password"),
        (PASSWORD, "short", "short", "at least 12"),
        (PASSWORD, "a battery of correct horses", "a battery of other horses", "not the same"),
        (PASSWORD, "1q2w3e4r5t6y", "1q2w3e4r5t6y", "common"),
        (PASSWORD, "editor@example.org", "editor@example.org", "similar"),
    ],
)
def test_a_bad_new_password_is_refused_with_a_reason(editor: User, client_of, old, new, again, says) -> None:
    answer = client_of(editor).post("/account/password/", {"old": old, "password": new, "again": again})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert User.objects.get(pk=editor.pk).check_password(PASSWORD)


def test_a_part_of_a_page_asked_for_after_the_session_ended_leads_the_whole_page_to_the_sign_in() -> None:
    headers = {"HX-Request": "true", "HX-Target": "register", "HX-Current-URL": "http://testserver/risks/?page=2"}

    answer = Client(headers=headers).get("/risks/?level=5")

    assert answer.status_code == 200
    assert answer["HX-Redirect"] == "/sign-in/?next=/risks/%3Fpage%3D2"
    assert answer.content == b""
