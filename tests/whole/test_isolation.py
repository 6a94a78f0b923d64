"""A4 and A5: no input reaches across teams, and no field that is not offered can be written."""

from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction

from accounts.roles import TeamRole
from risks.register.models import Measure, Rating, Risk, SavedView, ScaleVersion, TimeRequest, Treatment
from risks.reports.models import Export
from risks.systems.models import AISystem, Component, ComponentVersion, ImportDraft, Supplier
from tests.make import make_risk, make_system, make_team, make_user
from tests.whole.policy import OPERATIONS, Operation, in_a_week
from tests.whole.world import NOWHERE, World

WRITES = [
    operation for operation in OPERATIONS if operation.send and operation.name.startswith(("api:", "sys", "sup", "reg"))
]
OUR_APPS = {"accounts", "journal", "catalog", "risks"}
PERSONAL = {Export, ImportDraft, SavedView}  # belongs to whoever asked for it, sent it or keeps it
SHARED = {Supplier, ScaleVersion}  # one for the organisation (ADR 9, 11)
FORBIDDEN = {
    "id": 1, "pk": 1, "number": 7_777, "team_id": 1, "version": 99, "created_at": "2001-01-01T00:00:00Z",
    "updated_at": "2001-01-01T00:00:00Z", "system_id": 1, "threat_key": "agentescape", "edition": "1999-01-01",
    "origin": "rule", "party": "supplier", "reasons": ["Because."], "level": 1, "scale": "mine",
    "rated_by_name": "Somebody else", "set_by_name": "Somebody else", "answered_by_name": "Somebody else",
    "at": "2001-01-01T00:00:00Z", "superseded_at": "2001-01-01T00:00:00Z", "organisation_role": "administrator",
    "is_active": True, "actor": 1, "approved_by": 1, "score": 25,
}  # fmt: skip


@pytest.mark.parametrize("operation", WRITES, ids=str)
def test_columns_that_are_not_offered_cannot_be_written(world: World, operation: Operation) -> None:
    door = (world.programs if operation.is_api else world.browsers)["editor"]
    good = operation.send(world)  # type: ignore[misc]
    extra = {name: value for name, value in FORBIDDEN.items() if name not in good}
    arguments: dict[str, Any] = {"data": extra | good}
    if operation.is_api:
        arguments["content_type"] = "application/json"
    if operation.if_match is not None:
        arguments["headers"] = {"If-Match": operation.if_match(world)}
    with transaction.atomic():
        plain = columns_after(door, operation, world, arguments | {"data": good})
        transaction.set_rollback(True)
    with transaction.atomic():
        stuffed = columns_after(door, operation, world, arguments)
        transaction.set_rollback(True)
    # Refused is as good as passed over: a form that offers one of these columns checks it.
    assert stuffed["status"] in (400, 422) or stuffed == plain


def columns_after(door: Any, operation: Operation, world: World, arguments: dict[str, Any]) -> dict[str, Any]:
    """The answer's status and every row of the register, without moments and ids that a sequence gave."""
    answer = getattr(door, operation.method.lower())(operation.path(world.ids), **arguments)
    moments = (
        "created_at", "updated_at", "archived_at", "at", "superseded_at", "removed_at", "reviewed_at", "id",
        "component_id", "dropped_at", "asked_at", "decided_at", "stamp",
    )  # fmt: skip
    names = dict(AISystem.objects.values_list("pk", "name"))  # a system that a sequence numbered, by its name
    rows = {
        table.__name__: [
            {name: names[value] if name == "system_id" else value for name, value in row.items() if name not in moments}
            for row in table.objects.order_by("pk").values()
        ]
        for table in (AISystem, Supplier, Component, ComponentVersion, Risk, Rating, Treatment, Measure, TimeRequest)
    }
    return {"status": answer.status_code, "dated": answer.status_code, **rows}


@pytest.fixture
def foreign(world: World) -> dict[str, int]:
    """Ids of the other team, of every kind that an input can name."""
    team = make_team("Underwriting")
    editor = make_user("underwriter", in_team={team: TeamRole.EDITOR})
    system = make_system(team, actor=editor, name="Underwriting score")
    return {"team": team.pk, "system": system.pk, "owner": editor.pk, "risk": make_risk(system, actor=editor).pk}


@pytest.mark.parametrize(
    ("name", "path", "body"),
    [
        ("team", "/api/v1/systems/", {"name": "New", "purpose": "Sorts mail."}),
        ("owner", "/api/v1/systems/", {"name": "New", "purpose": "Sorts mail.", "team": "mine"}),
        ("system", "/api/v1/risks/", {"threat": "evasion"}),
    ],
)
def test_a_foreign_id_is_refused_like_a_made_up_one(world: World, foreign, name: str, path: str, body: Any) -> None:
    body = body | ({"team": world.team.pk} if body.get("team") == "mine" else {})
    program: Any = world.programs["editor"]
    theirs = program.send("post", path, body | {name: foreign[name]})
    made_up = program.send("post", path, body | {name: NOWHERE})
    assert theirs.status_code == made_up.status_code == 400
    assert theirs.json()["errors"] == made_up.json()["errors"]


def test_a_treatment_cannot_be_given_to_a_stranger(world: World, foreign) -> None:
    program: Any = world.programs["editor"]
    path = f"/api/v1/risks/{world.risk.pk}/treatment/"
    etag = program.get(f"/api/v1/risks/{world.risk.pk}/")["ETag"]
    body = {"option": "avoid", "plan": "Stop it.", "decided_by": "Ada", "due": in_a_week()}
    answers = [
        program.send("put", path, body | {"owner": who}, if_match=etag)
        for who in (foreign["owner"], NOWHERE, world.people["viewer"].pk)
    ]
    assert {answer.status_code for answer in answers} == {400}
    assert answers[0].json()["errors"] == answers[1].json()["errors"]


def test_lists_counts_and_search_hold_nothing_foreign(world: World, foreign) -> None:
    for path in ("/", "/risks/", "/risks/heatmap/", "/systems/", "/my-work/", "/risks/?q=Underwriting"):
        page = world.browsers["editor"].get(path).content.decode()
        assert "Underwriting score" not in page, path
    for path in ("/api/v1/risks/", "/api/v1/systems/", "/api/v1/teams/"):
        assert "Underwriting" not in world.programs["editor"].get(path).content.decode()


def test_what_a_foreign_team_does_changes_no_byte_of_mine(world: World) -> None:
    before = [world.browsers["viewer"].get(path).content for path in ("/risks/", "/risks/heatmap/", "/systems/", "/")]
    team = make_team("Underwriting")
    editor = make_user("underwriter", in_team={team: TeamRole.EDITOR})
    for number in range(3):
        make_risk(make_system(team, actor=editor, name=f"Score {number}"), actor=editor)
    after = [world.browsers["viewer"].get(path).content for path in ("/risks/", "/risks/heatmap/", "/systems/", "/")]
    assert [masked(page) for page in after] == [masked(page) for page in before]


def masked(page: bytes) -> bytes:
    """A page without the token of its forms, which differs each time."""
    import re

    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", page)


def test_no_row_points_across_teams_and_none_could(world: World) -> None:
    children = {
        "systems_profile": ("systems_aisystem", "system_id"),
        "systems_component": ("systems_aisystem", "system_id"),
        "systems_componentversion": ("systems_component", "component_id"),
        "register_risk": ("systems_aisystem", "system_id"),
        "register_rating": ("register_risk", "risk_id"),
        "register_treatment": ("register_risk", "risk_id"),
        "register_responsibility": ("systems_aisystem", "system_id"),
        "register_dismissal": ("systems_aisystem", "system_id"),
        "register_review": ("systems_aisystem", "system_id"),
        "register_acceptance": ("register_risk", "risk_id"),
        "register_riskreview": ("register_risk", "risk_id"),
        "register_measure": ("register_risk", "risk_id"),
        "register_timerequest": ("register_risk", "risk_id"),
        "register_comment": ("register_risk", "risk_id"),
    }
    with connection.cursor() as cursor:
        for child, (parent, key) in children.items():
            cursor.execute(
                f"SELECT count(*) FROM {child} c JOIN {parent} p ON p.id = c.{key} WHERE p.team_id <> c.team_id"
            )
            assert cursor.fetchone() == (0,), child
        cursor.execute(
            "SELECT conrelid::regclass::text FROM pg_constraint WHERE contype = 'f' AND array_length(conkey, 1) = 2"
        )
        assert {row[0] for row in cursor.fetchall()} == set(children)


def test_every_model_says_who_may_see_it() -> None:
    ours = [model for model in apps.get_models() if model.__module__.split(".")[0] in OUR_APPS]
    assert len(ours) > 20
    assert [model.__name__ for model in ours if not hasattr(model.objects.all(), "visible_to")] == []


def test_every_row_of_a_team_carries_it() -> None:
    tables = {model for model in apps.get_models() if model.__module__.startswith("risks.")} - PERSONAL - SHARED
    assert len(tables) >= 6
    assert [
        table.__name__ for table in tables if "team_id" not in {field.attname for field in table._meta.fields}
    ] == []
