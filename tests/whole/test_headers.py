"""H2: every answer tells the browser to be careful, whatever kind of answer it is."""

import urllib.error
import urllib.request
from typing import Any

import pytest
from django.test import Client

from aiexchange.handlers import server_error
from tests.whole.policy import OPERATIONS
from tests.whole.world import NOWHERE, World

READS = [operation for operation in OPERATIONS if operation.method == "GET"]
REFUSALS = [
    "/nothing/",
    "/api/v1/nothing/",
    f"/systems/{NOWHERE}/",
    f"/api/v1/risks/{NOWHERE}/",
    "/people/",
    "/static/x",
]
CSP = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
    "object-src 'none'",
}


def assert_careful(answer) -> None:
    assert set(answer["Content-Security-Policy"].split("; ")) >= CSP
    assert "unsafe" not in answer["Content-Security-Policy"]
    seconds, subdomains = answer["Strict-Transport-Security"].split("; ")[:2]
    assert int(seconds.removeprefix("max-age=")) >= 31_536_000
    assert subdomains == "includeSubDomains"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] in ("no-referrer", "same-origin")
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]
    assert answer["Server"] == ""
    assert "X-Powered-By" not in answer


@pytest.mark.parametrize("operation", READS, ids=str)
def test_every_page_and_endpoint(world: World, operation) -> None:
    door = (world.programs if operation.is_api else world.browsers)["editor"]
    answer = door.get(operation.path(world.ids), secure=True)
    assert_careful(answer)
    if not operation.is_api:
        assert answer["Cache-Control"] == "no-store" or "private" in answer["Cache-Control"]


@pytest.mark.parametrize("path", REFUSALS)
def test_every_refusal(world: World, path: str) -> None:
    for door in (world.browsers["viewer"], world.programs["viewer"], Client()):
        assert_careful(door.get(path, secure=True))


def test_an_error_nobody_foresaw(db: None, rf, admin, client_of, settings) -> None:
    page = server_error(rf.get("/risks/"))
    problem = server_error(rf.get("/api/v1/risks/"))
    assert page.status_code == problem.status_code == 500
    assert problem["Content-Type"] == "application/problem+json"


def test_static_files_and_the_refusal_of_a_foreign_form(db: None) -> None:
    assert_careful(Client().get("/static/css/base.css", secure=True))
    assert_careful(Client(enforce_csrf_checks=True).post("/sign-in/", secure=True))


def test_the_real_server_does_not_tell_its_name(server: str) -> None:
    for path in ("/sign-in/", "/static/css/base.css", "/nothing/"):
        answer = urlopen_any(server + path)
        assert answer.headers.get_all("Server") == [""]


def urlopen_any(url: str) -> Any:
    """The answer to a GET, whatever its status."""
    try:
        return urllib.request.urlopen(url)
    except urllib.error.HTTPError as refusal:
        return refusal


def test_an_unknown_host_is_refused(db: None) -> None:
    answer = Client(headers={"Host": "evil.example"}).get("/sign-in/")
    assert answer.status_code == 400
    assert b"evil.example" not in answer.content
