"""A1 to A3 and U1: the site map equals the table, everyone gets what it says, every write leaves a witness."""

import copy
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, path
from rest_framework.views import APIView

from journal.models import Event
from tests.whole.policy import OK, OPERATIONS, SIGN_IN, Operation
from tests.whole.world import PEOPLE, World

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
MANY_EVENTS = {"register:confirm", "api:system-confirmation"}  # one per risk, and one for the review


def routes(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    """Every named route of the site map, with its namespace; an unnamed one is a finding of its own."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from routes(entry, inner)
        else:
            assert isinstance(entry, URLPattern)
            assert entry.name, f"{entry.pattern} has no name"
            yield namespace + entry.name


def test_the_table_names_every_route_and_no_other() -> None:
    assert set(routes(get_resolver())) == {operation.name for operation in OPERATIONS}


def test_the_schema_and_the_table_name_the_same_operations(world: World) -> None:
    schema = world.programs["admin"].get("/api/v1/schema/", headers={"Accept": "application/json"}).json()
    described = {
        f"{method.upper()} {re.sub(r'{[^}]*}', '{}', address)}"
        for address, methods in schema["paths"].items()
        for method in methods
    }
    listed = {
        f"{operation.method} {re.sub(r'{[^}]*}', '{}', template(operation))}"
        for operation in OPERATIONS
        if operation.is_api
    }
    assert described == listed


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_everyone_gets_what_the_table_says_and_leaves_a_witness(
    world: World, operation: Operation, subtests: Any
) -> None:
    for person in PEOPLE:
        with subtests.test(person=person):
            answer, events = knock(world, operation, person)
            assert outcome(answer) == operation.who[person], answer.content[:500]
            assert_witnessed(operation, answer, events)


@pytest.mark.parametrize("operation", [operation for operation in OPERATIONS if 404 in operation.who.values()], ids=str)
def test_what_is_foreign_answers_like_what_does_not_exist(world: World, operation: Operation) -> None:
    person = next(name for name in ("outsider", "stranger") if operation.who[name] == 404)
    foreign, _ = knock(world, operation, person)
    made_up, _ = knock(world, operation, person, ids=world.nowhere)
    assert comparable(foreign) == comparable(made_up)


@pytest.mark.parametrize("name", sorted({operation.name for operation in OPERATIONS}))
def test_other_methods_are_refused(world: World, name: str) -> None:
    mine = [operation for operation in OPERATIONS if operation.name == name]
    for method in set(METHODS) - {operation.method for operation in mine}:
        with transaction.atomic():
            door = (world.programs if mine[0].is_api else world.browsers)["admin"]
            answer = getattr(door, method.lower())(mine[0].path(world.ids))
            transaction.set_rollback(True)
        assert answer.status_code == 405, method


class Forgotten(APIView):
    """An endpoint whose author forgot to say who may use it."""

    def get(self, request: Any) -> Any:
        raise AssertionError("must not be reached")


def forgotten(request: Any) -> Any:
    raise AssertionError("must not be reached")


urlpatterns = [path("api/", Forgotten.as_view()), path("page/", forgotten)]


@override_settings(ROOT_URLCONF=__name__)
def test_what_declares_nothing_is_closed(db: None, admin: Any, api_of: Any) -> None:
    assert api_of(admin).get("/api/").status_code == 403
    assert Client().get("/api/").status_code == 401


def assert_witnessed(operation: Operation, answer: Any, events: list[Event]) -> None:
    """U1: a success leaves its one event, a refusal the one that says so, anything else none."""
    verbs = [event.verb for event in events]
    if outcome(answer) == OK and operation.name in MANY_EVENTS:
        assert verbs
        assert set(verbs) == {operation.event, "system.reviewed"}
    elif outcome(answer) == OK:
        assert verbs == ([operation.event] if operation.event else [])
    else:
        assert verbs == (["access.refused"] if answer.status_code == 403 else [])
    for event in events:
        assert event.request_id == answer["X-Request-ID"]
        assert event.actor_name


def template(operation: Operation) -> str:
    """The address with its ids taken out again: /api/v1/systems/{}/."""
    marks = {name: f"11122233{index}" for index, name in enumerate(operation.ids.values())}
    address = operation.path({"team": "", **marks}).partition("?")[0]
    for mark in marks.values():
        address = address.replace(mark, "{}")
    return address


def knock(
    world: World, operation: Operation, person: str, ids: dict[str, Any] | None = None
) -> tuple[Any, list[Event]]:
    """Do the operation as this person, tell the answer and the events it left, and undo it all."""
    door = (world.programs if operation.is_api else world.browsers)[person]
    cookies = copy.deepcopy(door.cookies)
    arguments: dict[str, Any] = {}
    if operation.send is not None:
        arguments["data"] = operation.send(world)
        if operation.is_api:
            arguments["content_type"] = "application/json"
    if operation.if_match is not None:
        arguments["headers"] = {"If-Match": world.etag(operation.if_match)}
    last = Event.objects.order_by("-sequence").values_list("sequence", flat=True).first() or 0
    with transaction.atomic():
        answer = getattr(door, operation.method.lower())(operation.path(ids or world.ids), **arguments)
        events = list(Event.objects.filter(sequence__gt=last).order_by("sequence"))
        transaction.set_rollback(True)
    door.cookies = cookies
    return answer, events


def outcome(answer: Any) -> str | int:
    """What the table calls it: ok, sign in, or the status of a refusal."""
    if answer.status_code == 401 or (answer.status_code == 302 and answer["Location"].startswith("/sign-in/?next=")):
        return SIGN_IN
    return OK if answer.status_code < 400 else int(answer.status_code)


def comparable(answer: Any) -> tuple[int, bytes, list[tuple[str, str]]]:
    """Status, body and headers without what differs on each request."""
    body = re.sub(rb'"request_id": ?"[0-9a-f]+"', b"", answer.content)
    return answer.status_code, body, sorted((k, v) for k, v in answer.items() if k != "X-Request-ID")
