"""The administrator's pages: people, teams, memberships."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client

from accounts.models import Membership, Team, User
from accounts.services import change_user, create_team, create_user, set_membership
from journal.errors import NotAllowed
from journal.models import Event
from journal.recording import SYSTEM


def test_an_administrator_adds_a_person_with_a_password_shown_once(admin: User, client_of) -> None:
    data = {"email": "new@example.org", "name": "New Person", "organisation_role": "auditor"}
    answer = client_of(admin).post("/people/new/", data)
    assert answer.status_code == 201
    person = User.objects.get(email="new@example.org")
    assert person.check_password(answer.context["password"])
    assert Event.objects.of(person).get().verb == "user.created"


def test_an_administrator_draws_a_new_password_for_who_lost_theirs(admin: User, viewer: User, client_of) -> None:
    theirs = client_of(viewer)
    answer = client_of(admin).post(f"/people/{viewer.pk}/password/")
    assert answer.status_code == 200
    viewer.refresh_from_db()
    assert viewer.check_password(answer.context["password"])
    assert theirs.get("/").status_code == 302  # their sessions have ended
    assert Event.objects.of(viewer).latest("sequence").verb == "user.password_renewed"


def test_nobody_draws_their_own_password(admin: User, client_of) -> None:
    assert client_of(admin).post(f"/people/{admin.pk}/password/").status_code == 403
    assert "Draw a new password" not in client_of(admin).get(f"/people/{admin.pk}/").content.decode()


def test_the_list_of_people_says_who_does_what_in_which_team(admin: User, editor: User, team: Team, client_of) -> None:
    create_user(actor=admin, email="new@example.org", name="New Person")
    page = " ".join(client_of(admin).get("/people/").content.decode().split())
    assert f'{team.name} <span class="quiet">editor</span>' in page
    assert page.count("no team yet") == 1


def test_an_address_is_taken_whatever_its_case(admin: User, editor: User, client_of) -> None:
    data = {"email": "EDITOR@example.org", "name": "Twin", "organisation_role": "member"}
    answer = client_of(admin).post("/people/new/", data)
    assert answer.status_code == 422
    assert "has this e-mail already" in answer.content.decode()
    assert 'value="Twin"' in answer.content.decode()


def test_teams_and_memberships(admin: User, viewer: User, client_of) -> None:
    browser = client_of(admin)
    browser.post("/people/teams/new/", {"name": "Underwriting"})
    team = Team.objects.get(name="Underwriting")
    browser.post(f"/people/{viewer.pk}/teams/", {"team": team.pk, "role": "editor"})
    membership = Membership.objects.get(user=viewer, team=team)
    assert membership.role == "editor"
    browser.post(f"/people/memberships/{membership.pk}/end/")
    assert not Membership.objects.filter(pk=membership.pk).exists()
    verbs = list(Event.objects.filter(actor_name="Admin").order_by("sequence").values_list("verb", flat=True))
    assert verbs == ["team.created", "membership.added", "membership.removed"]


def test_a_team_name_is_taken_whatever_its_case(admin: User, team: Team) -> None:
    with pytest.raises(ValidationError, match="of this name already"):
        create_team(actor=admin, name="CLAIMS")


@pytest.mark.parametrize("path", ["/people/", "/people/new/"])
def test_people_are_the_administrators_matter(officer: User, client_of, path: str) -> None:
    answer = client_of(officer).get(path)
    assert answer.status_code == 403
    assert Event.objects.get(verb="access.refused").object_label == path


def test_no_service_lets_others_manage_people(officer: User, editor: User, team: Team) -> None:
    attempts = [
        lambda: create_user(actor=officer, email="x@example.org", name="X"),
        lambda: change_user(officer.pk, actor=officer, name="O", organisation_role="administrator", is_active=True),
        lambda: set_membership(editor.pk, team.pk, actor=editor, role="editor"),
        lambda: create_team(actor=officer, name="Mine"),
    ]
    for attempt in attempts:
        with pytest.raises(NotAllowed):
            attempt()


def test_the_last_administrator_stays_one(admin: User) -> None:
    with pytest.raises(ValidationError, match="last administrator"):
        change_user(admin.pk, actor=admin, name=admin.name, organisation_role="member", is_active=True)
    with pytest.raises(ValidationError, match="last administrator"):
        change_user(admin.pk, actor=admin, name=admin.name, organisation_role="administrator", is_active=False)


def test_switching_someone_off_ends_their_session_at_once(admin: User, editor: User, client_of) -> None:
    browser = client_of(editor)
    assert browser.get("/account/").status_code == 200
    change_user(editor.pk, actor=admin, name=editor.name, organisation_role="member", is_active=False)
    assert browser.get("/account/").status_code == 302


def test_the_first_administrator_is_made_once(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("create_admin", "--email", "first@example.org")
    password = capsys.readouterr().out.split()[-1]
    call_command("create_admin", "--email", "second@example.org")
    assert capsys.readouterr().out == ""
    assert Client().login(username="first@example.org", password=password)
    assert User.objects.count() == 1


def test_members_see_the_people_of_their_teams_only(editor: User, viewer: User, outsider: User) -> None:
    assert set(User.objects.visible_to(editor)) == {editor, viewer}
    assert set(User.objects.visible_to(outsider)) == {outsider}


def test_a_new_person_is_written_in_the_systems_name(db: None) -> None:
    user, _ = create_user(actor=SYSTEM, email="a@example.org", name="A")
    assert Event.objects.of(user).get().actor_name == "System"
