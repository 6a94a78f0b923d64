"""Lists that are held in the process, answered like those of the database: pages, a cursor, an ETag for the whole."""

from collections.abc import Callable, Sequence
from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response

from api.conditional import answer
from api.pagination import NOT_OURS, POSITION, Pages


def answer_list[E](request: Request, entries: Sequence[tuple[int, E]], shape: Callable[[Sequence[E]], Any]) -> Response:
    """A page of entries, each with its place in the whole list, ascending; the cursor is the last place that was read.

    Raises 400 for a cursor or page size that is not one of ours.
    """
    size = Pages().get_page_size(request) or Pages.page_size
    cursor = request.query_params.get("cursor")
    if cursor is not None and not POSITION.fullmatch(cursor):
        raise ParseError(NOT_OURS)
    rest = [pair for pair in entries if cursor is None or pair[0] > int(cursor)]
    page = rest[:size]
    after = _address(request, page[-1][0]) if len(rest) > size else None
    data = {"results": shape([entry for _, entry in page]), "next": after}
    return answer(request, data, headers={"Link": f'<{after}>; rel="next"'} if after else {})


def _address(request: Request, place: int) -> str:
    params = request.query_params.copy()
    params["cursor"] = str(place)
    return request.build_absolute_uri(f"{request.path}?{params.urlencode()}")
