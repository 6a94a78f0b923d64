"""A small world with one of everything, and everyone who might knock."""

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from accounts.models import ApiToken, Membership, Team, User
from accounts.roles import OrganisationRole, TeamRole
from accounts.services import create_token
from catalog.content import read_content
from catalog.loading import load_edition, put_in_force
from catalog.profile import PACKAGED_EDITION
from catalog.reading import current
from journal.recording import SYSTEM
from risks.delivery.models import Notification
from risks.register.commenting import comment_on_risk
from risks.register.models import Risk
from risks.register.reviewing import dismiss_threat
from risks.register.saving_views import save_view
from risks.reports.services import request_export
from risks.reports.tasks import make_export
from risks.systems.importing import keep_draft
from risks.systems.life_cycle import archive_system
from risks.systems.models import AISystem, Component, Supplier
from risks.systems.services import remove_component
from tests.cast import ApiClient
from tests.make import (
    make_component,
    make_measure,
    make_own_control,
    make_own_threat,
    make_profile,
    make_proposal,
    make_rating,
    make_risk,
    make_supplier,
    make_system,
    make_team,
    make_time_request,
    make_treatment,
    make_user,
)

A_BOM = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.6",
    "metadata": {"component": {"type": "application", "name": "Mail sorter", "description": "Sorts incoming mail."}},
}
NOWHERE = 987_654_321  # an id nobody has
ACCEPTABLE = "devcodeleak"  # a threat whose risk waits to be accepted
EARLIER = "2026-01-01"  # an edition that is loaded beside the one in force
PEOPLE = ("anonymous", "disabled", "stranger", "outsider", "viewer", "owner", "editor", "auditor", "officer", "admin")


@dataclass
class World:
    """`ids` fill the addresses; `nowhere` is the same with ids that nobody has."""

    team: Team
    system: AISystem
    risk: Risk
    people: dict[str, User]
    ids: dict[str, Any] = field(default_factory=dict)
    browsers: dict[str, Client] = field(default_factory=dict)
    programs: dict[str, Client] = field(default_factory=dict)
    etags: dict[Any, str] = field(default_factory=dict)

    def etag(self, read: Callable[["World"], str]) -> str:
        """What `read` says of the world as it was built, asked once; not for who changed something before."""
        if read not in self.etags:
            self.etags[read] = read(self)
        return self.etags[read]

    @property
    def nowhere(self) -> dict[str, Any]:
        return {name: NOWHERE if isinstance(value, int) else value for name, value in self.ids.items()}

    def risk_version(self) -> int:
        return Risk.objects.get(pk=self.risk.pk).version

    def system_version(self) -> int:
        return AISystem.objects.get(pk=self.system.pk).version


@pytest.fixture(scope="module")
def world_of_module(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Built once per module, in a transaction that never commits: building it is slower than looking at it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_world()
        transaction.set_rollback(True)


@pytest.fixture
def world(world_of_module: World) -> Iterator[World]:
    """The world as it was built: whatever a test does to rows and browsers is undone."""
    doors = [*world_of_module.browsers.values(), *world_of_module.programs.values()]
    cookies = [copy.deepcopy(door.cookies) for door in doors]
    with transaction.atomic():
        yield world_of_module
        transaction.set_rollback(True)
    for door, kept in zip(doors, cookies, strict=True):
        door.cookies = kept


def load_earlier_edition() -> None:
    """Load what the packaged edition says under an earlier date; where it is loaded this does nothing."""
    load_edition(read_content(PACKAGED_EDITION) | {"edition": EARLIER}, actor=SYSTEM)


def build_world() -> World:
    in_force = current().edition
    load_earlier_edition()
    put_in_force(EARLIER, actor=SYSTEM, expected=in_force)
    world = build_world_of_today()
    put_in_force(in_force, actor=SYSTEM, expected=EARLIER)  # so the risk was judged by an earlier edition
    return world


def build_world_of_today() -> World:
    team, other = make_team("Claims"), make_team("Payments")
    people = {
        "disabled": make_user("disabled", in_team={team: TeamRole.EDITOR}),
        "stranger": make_user("stranger"),
        "outsider": make_user("outsider", in_team={other: TeamRole.EDITOR}),
        "viewer": make_user("viewer", in_team={team: TeamRole.VIEWER}),
        "owner": make_user("owner", in_team={team: TeamRole.RISK_OWNER}),
        "editor": make_user("editor", in_team={team: TeamRole.EDITOR}),
        "auditor": make_user("auditor", OrganisationRole.AUDITOR),
        "officer": make_user("officer", OrganisationRole.OFFICER),
        "admin": make_user("admin", OrganisationRole.ADMINISTRATOR),
    }
    editor = people["editor"]
    system = make_system(team, actor=editor)
    make_profile(system, actor=editor)
    risk = make_risk(system, actor=editor)
    make_rating(risk, actor=editor)
    make_treatment(risk, actor=editor, owner=people["owner"])
    component, removed, supplier = make_parts(system, editor)
    dismiss_threat(system.pk, actor=editor, threat_key="agentescape", reason="It has no tools of its own.")
    token, _ = create_token(editor, actor=editor, name="GRC", scopes=["read"])
    world = World(team=team, system=system, risk=Risk.objects.get(pk=risk.pk), people=people)
    world.ids = {
        "system": system.pk,
        "archived": archived_system(team, editor),
        "component": component.pk,
        "removed": removed.pk,
        "supplier": supplier.pk,
        "risk": risk.pk,
        "measure": make_measure(risk, actor=editor, owner=people["owner"]).pk,
        "view": save_view(actor=editor, name="High ones", query="level=4&level=5", is_shared=True).pk,
        "time_request": a_time_request(risk, editor, people["owner"]),
        "comment": comment_on_risk(risk.pk, actor=editor, text="Ask the *supplier*.").pk,
        "acceptance": proposal(system, editor, people["owner"]),
        "notification": a_notification(risk, editor),
        "export": finished_export(editor),
        "draft": keep_draft(json.dumps(A_BOM).encode(), actor=editor, file_name="bom.json", team_id=team.pk).pk,
        "token": ApiToken.objects.get(pk=token.pk).pk,
        "person": people["viewer"].pk,
        "membership": Membership.objects.get(user=people["viewer"]).pk,
        "team": team.pk,
        "threat": "evasion",
        "applicable": "indirectpromptinjection",
        "dismissed": "agentescape",
        "dismissable": "directpromptinjection",
        "control": "oversight",
        "group": "limitunwanted",
        "framework": "owasp-llm-2025",
        "concern": "copyright",
        "edition": EARLIER,
        "own_threat": make_own_threat(people["officer"]).key,
        "own_control": make_own_control(people["officer"]).key,
    }
    knock(world)
    return world


def a_time_request(risk: Risk, editor: User, owner: User) -> int:
    """A measure for which its owner asks for more time."""
    measure = make_measure(risk, actor=editor, owner=owner, text="Log what it answers.")
    return int(make_time_request(risk, actor=owner, measure=measure).pk)


def proposal(system: AISystem, editor: User, owner: User) -> int:
    """A second risk, inside appetite, which its owner asks to accept."""
    risk = make_rating(make_risk(system, actor=editor, threat=ACCEPTABLE), actor=editor, likelihood=1, impact=2)
    return int(make_proposal(risk, actor=owner).pk)


def archived_system(team: Team, editor: User) -> int:
    """A second system, put away."""
    system = make_system(team, actor=editor, name="Mail triage")
    archive_system(system.pk, actor=editor, reason="Switched off.", expected_version=None)
    return int(system.pk)


def make_parts(system: AISystem, editor: User) -> tuple[Component, Component, Supplier]:
    """A component that its supplier hosts, one that was removed, and the supplier."""
    supplier = make_supplier(actor=editor)
    component = make_component(
        system, actor=editor, supplier=supplier, hosted_by="supplier", delivery="hosted", version_label="1"
    )
    removed = make_component(system, actor=editor, name="Letter store", kind="data_store")
    return component, remove_component(removed.pk, actor=editor, expected_version=1, reason="Moved."), supplier


def a_notification(risk: Risk, user: User) -> int:
    """Something that this person was told and has not read."""
    said = {"kind": "due", "subject": "treatment:1", "threshold": "7", "text": "The treatment is due."}
    row = Notification.objects.create(user=user, team=risk.team, url=risk.get_absolute_url(), **said)
    return int(row.pk)


def finished_export(user: User) -> int:
    """An export of this person's that is ready to be fetched."""
    export = request_export(actor=user, filters={})
    make_export(export.pk)
    return int(export.pk)


def knock(world: World) -> None:
    """Give everyone a browser and a program, then switch the disabled person off while both are open."""
    world.browsers["anonymous"], world.programs["anonymous"] = Client(), ApiClient()
    for name, user in world.people.items():
        world.browsers[name] = Client()
        world.browsers[name].force_login(user)
        _, secret = create_token(user, actor=SYSTEM, name="Test", scopes=["read", "write"])
        world.programs[name] = ApiClient(headers={"Authorization": f"Bearer {secret}"})
    User.objects.filter(pk=world.people["disabled"].pk).update(is_active=False)
