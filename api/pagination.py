"""Lists answer {"results": […], "next": URL or null} and a Link header. The cursor survives inserts and deletes."""

import re
from typing import Any

from rest_framework.exceptions import NotFound, ParseError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

PAGING = ("cursor", "page_size")  # the query parameters of every list
POSITION = re.compile(r"[0-9]{1,18}")  # in a cursor: every list is ordered by a whole number that the database holds
SIZE = re.compile(r"[1-9][0-9]{0,2}")

NOT_OURS = "This cursor is not one of ours. Begin at the first page."


class Pages(CursorPagination):
    """Ordered by `view.cursor_ordering` (default: id). Page size 100, at most 500 by `page_size`."""

    page_size = 100
    max_page_size = 500
    page_size_query_param = "page_size"
    ordering = "pk"

    def get_ordering(self, request: Request, queryset: Any, view: Any) -> tuple[str, ...]:
        ordering = getattr(view, "cursor_ordering", self.ordering)
        return (ordering,) if isinstance(ordering, str) else tuple(ordering)

    def get_page_size(self, request: Request) -> int | None:
        asked = request.query_params.get(self.page_size_query_param)
        if asked is None:
            return self.page_size
        if not SIZE.fullmatch(asked) or int(asked) > self.max_page_size:
            raise ParseError(f"page_size is a number from 1 to {self.max_page_size}.")
        return int(asked)

    def decode_cursor(self, request: Request) -> Any:
        try:
            cursor = super().decode_cursor(request)
        except NotFound as error:
            raise ParseError(NOT_OURS) from error
        if cursor and cursor.position is not None and not POSITION.fullmatch(str(cursor.position)):
            raise ParseError(NOT_OURS)
        return cursor

    def get_paginated_response(self, data: Any) -> Response:
        after = self.get_next_link()
        headers = {"Link": f'<{after}>; rel="next"'} if after else {}
        return Response({"results": data, "next": after}, headers=headers)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["results", "next"],
            "properties": {"results": schema, "next": {"type": "string", "format": "uri", "nullable": True}},
        }
