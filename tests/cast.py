"""The cast every test knows: two teams, one person per role, and a stranger from the other team."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Team, User
from accounts.roles import OrganisationRole, TeamRole
from accounts.services import create_token
from journal.recording import SYSTEM
from risks.register.models import Risk
from risks.systems.models import AISystem
from tests.make import make_profile, make_risk, make_system, make_team, make_user


class ApiClient(Client):
    """Django's client with a token, JSON in and out, as a program would call."""

    def send(self, method: str, path: str, data: Any = None, **headers: str) -> Any:
        """`headers` as keywords: if_match='"v.1"' becomes If-Match."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        arguments: dict[str, Any] = {"headers": named}
        if data is not None:
            arguments |= {"data": data, "content_type": "application/json"}
        return getattr(self, method)(path, **arguments)


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """A browser signed in as somebody, over https."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def api_of() -> Callable[..., ApiClient]:
    """A program with a token of somebody's."""

    def with_token(user: User, scopes: tuple[str, ...] = ("read", "write")) -> ApiClient:
        _, secret = create_token(user, actor=SYSTEM, name="Test", scopes=list(scopes))
        return ApiClient(headers={"Authorization": f"Bearer {secret}"})

    return with_token


@pytest.fixture
def team(db: None) -> Team:
    return make_team("Claims")


@pytest.fixture
def other_team(db: None) -> Team:
    return make_team("Payments")


@pytest.fixture
def admin(db: None) -> User:
    return make_user("admin", OrganisationRole.ADMINISTRATOR)


@pytest.fixture
def officer(db: None) -> User:
    return make_user("officer", OrganisationRole.OFFICER)


@pytest.fixture
def auditor(db: None) -> User:
    return make_user("auditor", OrganisationRole.AUDITOR)


@pytest.fixture
def editor(team: Team) -> User:
    return make_user("editor", in_team={team: TeamRole.EDITOR})


@pytest.fixture
def owner(team: Team) -> User:
    return make_user("owner", in_team={team: TeamRole.RISK_OWNER})


@pytest.fixture
def viewer(team: Team) -> User:
    return make_user("viewer", in_team={team: TeamRole.VIEWER})


@pytest.fixture
def outsider(other_team: Team) -> User:
    """An editor, but of the other team: everything of the first team is a 404 for them."""
    return make_user("outsider", in_team={other_team: TeamRole.EDITOR})


@pytest.fixture
def system(team: Team, editor: User) -> AISystem:
    """A chatbot with retrieval, its profile answered."""
    system = make_system(team, actor=editor)
    make_profile(system, actor=editor)
    return system


@pytest.fixture
def risk(system: AISystem, editor: User) -> Risk:
    return make_risk(system, actor=editor)
