"""I2 (short): hostile input into every field is refused clearly or kept exactly; never an error or half a change."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction

from risks.register.models import Risk
from risks.systems.models import AISystem
from tests.whole.policy import OPERATIONS, Operation
from tests.whole.world import World

WRITES = [operation for operation in OPERATIONS if operation.send and operation.name != "accounts:sign_out"]
FORM = "application/x-www-form-urlencoded"
BREAKING = {
    "NUL": "a\x00b",
    "lone surrogate": "a\ud800b",
    "long": "x" * 20_000,
}
ODD = {
    "right to left": "abc\u202edcba\u200b\u0301",
    "four bytes": "risk \U0001f9e8 é",
    "markup": "<script>alert(1)</script>\"'>{{7*7}}{% now %}",
    "formula": '=HYPERLINK("http://x")',
    "quote": "'; DROP TABLE journal_event; --",
    "only spaces": "   ",
    "huge": "x" * 300_000,
}
VALUES: list[Any] = [None, True, -1, 0, 2**63, 1e300, 1.5, [], {}, [[]], "1e999", "nan", "0x1", "２"]
RAW_BODIES = {
    "not JSON": b"{",
    "NaN": b'{"likelihood": NaN}',
    "infinity": b'{"likelihood": -Infinity}',
    "huge exponent": b'{"likelihood": 1e400}',
    "doubled key": b'{"purpose": "a", "purpose": "b"}',
    "deep": b"[" * 100_000 + b"]" * 100_000,
    "not UTF-8": b'{"purpose": "\xff\xfe"}',
    "a list": b"[]",
    "a number": b"7",
    "a string": b'"x"',
    "null": b"null",
    "too large": b'{"purpose": "' + b"x" * 1_100_000 + b'"}',
    "ten thousand fields": json.dumps({f"f{i}": i for i in range(10_000)}).encode(),
    "empty": b"",
}


def attempt(world: World, operation: Operation, **arguments: Any) -> Any:
    door = (world.programs if operation.is_api else world.browsers)["editor"]
    if operation.if_match is not None:
        arguments["headers"] = {"If-Match": world.etag(operation.if_match)}
    with transaction.atomic():
        answer = getattr(door, operation.method.lower())(operation.path(world.ids), **arguments)
        transaction.set_rollback(True)
    return answer


def assert_decent(answer: Any, operation: Operation) -> None:
    assert answer.status_code < 500, answer.content[:300]
    if answer.status_code >= 400 and operation.is_api:
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["detail"]


@pytest.mark.parametrize("operation", WRITES, ids=str)
def test_hostile_text_in_every_field(world: World, operation: Operation, subtests: Any) -> None:
    """The texts that break things go into each field by itself; the others into all text fields together."""
    good = operation.send(world)  # type: ignore[misc]
    texts = {name: value for name, value in good.items() if isinstance(value, str)}
    attempts = [{name: BREAKING[label]} for name in good for label in BREAKING]
    attempts += [dict.fromkeys(texts, text) for text in ODD.values()]
    for index, changes in enumerate(attempts):
        with subtests.test(attempt=index, fields=list(changes)):
            sent = good | changes
            if operation.is_api:
                body = json.dumps(sent).encode("ascii")
                answer = attempt(world, operation, data=body, content_type="application/json")
            else:
                answer = attempt(world, operation, data=as_form(sent), content_type=FORM)
            assert_decent(answer, operation)


@pytest.mark.parametrize("operation", [o for o in WRITES if o.is_api], ids=str)
def test_hostile_values_in_every_field(world: World, operation: Operation, subtests: Any) -> None:
    good = operation.send(world)  # type: ignore[misc]
    for value in VALUES:
        for name in list(good)[:5]:
            with subtests.test(field=name, value=str(value)[:20]):
                body = json.dumps(good | {name: value})
                answer = attempt(world, operation, data=body, content_type="application/json")
                assert_decent(answer, operation)


@pytest.mark.parametrize("label", RAW_BODIES)
@pytest.mark.parametrize("operation", [o for o in WRITES if o.is_api], ids=str)
def test_hostile_bodies(world: World, operation: Operation, label: str) -> None:
    answer = attempt(world, operation, data=RAW_BODIES[label], content_type="application/json")
    assert_decent(answer, operation)
    if operation.name != "api:system-confirmation" and label != "empty":
        assert answer.status_code in (400, 413)


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "application/x-www-form-urlencoded"])
def test_other_media_types_are_refused(world: World, content_type: str) -> None:
    door = world.programs["editor"]
    answer = door.generic("POST", "/api/v1/systems/", b"name=x", content_type=content_type)
    assert answer.status_code == 415
    assert answer["Content-Type"] == "application/problem+json"


QUERIES = [
    "page=-1",
    "page=99999999999999999999",
    "page=abc",
    "page_size=0",
    "page_size=1e9",
    "cursor=xxx",
    "cursor=%00",
    "q=%00",
    "q=%ff",
    "team=2147483648000000",
    "team=x",
    "sort=password",
    "unknown=1",
    "system=1&system=x",
    "owner__password__startswith=p",
    "level=9999999999999999999",
    "due=0000-00-00",
    "q=" + "x" * 5000,
]
LISTS = ["/risks/", "/risks/heatmap/", "/systems/", "/people/", "/catalog/", "/my-work/", "/"]
FEEDS = ["/api/v1/risks/", "/api/v1/systems/", "/api/v1/threats/", "/api/v1/controls/", "/api/v1/teams/"]


@pytest.mark.parametrize("query", QUERIES)
def test_hostile_queries(world: World, query: str, subtests: Any) -> None:
    for path in LISTS + FEEDS:
        with subtests.test(path=path):
            door = (world.programs if path in FEEDS else world.browsers)["admin"]
            assert door.get(f"{path}?{query}").status_code < 500


@pytest.mark.parametrize("query", ["unknown=1", "owner__password__startswith=p", "page_size=0", "cursor=xxx"])
def test_the_api_refuses_what_it_does_not_know(world: World, query: str, subtests: Any) -> None:
    for path in FEEDS:
        with subtests.test(path=path):
            answer = world.programs["admin"].get(f"{path}?{query}")
            assert answer.status_code == 400
            assert answer["Content-Type"] == "application/problem+json"


def test_accepted_text_comes_back_exactly(world: World) -> None:
    text = "Zeile\tEins \U0001f9e8 é \u202e<b>&amp; = 'x'"
    program = world.programs["editor"]
    body = {"name": "Odd", "team": world.team.pk, "purpose": text}
    made = program.send("post", "/api/v1/systems/", body)  # type: ignore[attr-defined]
    assert made.status_code == 201
    assert program.get(made["Location"]).json()["purpose"] == text
    page = world.browsers["editor"].get(f"/systems/{made.json()['id']}/").content.decode()
    assert "<b>" not in page
    assert "&lt;b&gt;&amp;amp;" in page


def test_nothing_changed_after_all_this(world: World) -> None:
    before = [list(AISystem.objects.values()), list(Risk.objects.values())]
    for operation in WRITES:
        if operation.is_api:
            attempt(world, operation, data=b'{"x": 1}', content_type="application/json")
    assert [list(AISystem.objects.values()), list(Risk.objects.values())] == before


def as_form(sent: dict[str, Any]) -> bytes:
    """A form's body as a browser or an attacker could send it: text that is no text arrives as its bytes."""
    pairs = {
        name: value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
        for name, value in sent.items()
        if value is not None
    }
    return urlencode(pairs, doseq=True).encode()
