"""Answers to what no view caught: a problem for programs, a page for people."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from api.errors import plain_problem
from pages import refusals


def _by_door(status: int, page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    def handler(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
        if request.path.startswith("/api/"):
            return plain_problem(status)
        return page(request)

    return handler


bad_request = _by_door(400, refusals.bad_request)
permission_denied = _by_door(403, refusals.permission_denied)
not_found = _by_door(404, refusals.not_found)
server_error = _by_door(500, refusals.server_error)
