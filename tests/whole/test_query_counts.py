"""P3: a page costs as many queries for many rows as for few, and never more than ten beside the session's two."""

import copy
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.services import set_membership
from journal.recording import SYSTEM
from risks.register.services import confirm_threats
from tests.make import make_profile, make_rating, make_system, make_team, make_treatment, make_user
from tests.whole.policy import OPERATIONS, Operation
from tests.whole.world import World

READS = [operation for operation in OPERATIONS if operation.method == "GET"]
MOST = 12  # ten of the page, and two that every signed-in request makes: session and person


def queries(world: World, operation: Operation, person: str) -> list[str]:
    door = (world.programs if operation.is_api else world.browsers)[person]
    with CaptureQueriesContext(connection) as captured:
        door.get(operation.path(world.ids))
    return [query["sql"] for query in captured.captured_queries if "SAVEPOINT" not in query["sql"]]


def queries_once_warm(world: World, operation: Operation) -> list[str]:
    """The queries of a second visit, both of them undone: the first fills what is kept, and home thinks once."""
    person = next(name for name in ("editor", "admin", "owner") if operation.who[name] == "ok")
    door = (world.programs if operation.is_api else world.browsers)[person]
    cookies = copy.deepcopy(door.cookies)
    with transaction.atomic():
        queries(world, operation, person)
        again = queries(world, operation, person)
        transaction.set_rollback(True)
    door.cookies = cookies
    return again


def grow(world: World) -> None:
    """Many more of everything that lists show."""
    editor, owner = world.people["editor"], world.people["owner"]
    confirm_threats(world.system.pk, actor=editor)
    for number in range(3):
        system = make_system(world.team, actor=editor, name=f"System {number}")
        make_profile(system, actor=editor)
        for index, risk in enumerate(confirm_threats(system.pk, actor=editor)):
            if index % 2:
                make_rating(risk, actor=editor, likelihood=1 + index % 5, impact=1 + index % 3)
                make_treatment(risk, actor=editor, owner=owner)
        make_user(f"colleague{number}", in_team={world.team: "viewer"})


@pytest.mark.parametrize("path", ["/", "/risks/", "/risks/heatmap/", "/systems/", "/my-work/", "/api/v1/risks/"])
def test_queries_do_not_grow_with_teams(world: World, path: str) -> None:
    door = (world.programs if path.startswith("/api/") else world.browsers)["viewer"]

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert door.get(path).status_code == 200
        return len(captured)

    count()
    one = count()
    viewer = world.people["viewer"]
    for number in range(30):
        set_membership(viewer.pk, make_team(f"Team {number}").pk, actor=SYSTEM, role="viewer")
    assert count() == one


@pytest.fixture(scope="module")
def in_few_rows(world_of_module: World) -> list[list[str]]:
    """The queries of each of the reads in the small world."""
    return [queries_once_warm(world_of_module, operation) for operation in READS]


@pytest.fixture(scope="module")
def grown_world(world_of_module: World, in_few_rows: list[list[str]]) -> Iterator[World]:
    """The same world with many rows; grown once, after the small one was looked at, and small again afterwards."""
    with transaction.atomic():
        grow(world_of_module)
        yield world_of_module
        transaction.set_rollback(True)


@pytest.mark.parametrize("operation", READS, ids=str)
def test_queries_do_not_grow_with_rows(in_few_rows: list[list[str]], grown_world: World, operation: Operation) -> None:
    few, many = in_few_rows[READS.index(operation)], queries_once_warm(grown_world, operation)
    assert len(many) == len(few), "\n".join(many)
    assert len(many) <= MOST, "\n".join(many)
