"""ETags and preconditions (RFC 9110, RFC 6585): nobody overwrites what they have not read."""

import hashlib
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.http import parse_etags
from rest_framework.request import Request
from rest_framework.response import Response

from api.errors import PreconditionFailed, PreconditionRequired


def version_etag(version: int, *parts: Any) -> str:
    """The ETag of a row that counts its versions, strong, fit for If-Match."""
    return '"' + ".".join(str(part) for part in ("v", *parts, version)) + '"'


def content_etag(data: Any) -> str:
    """The ETag of an answer by its content, for rows that count no versions."""
    text = json.dumps(data, cls=DjangoJSONEncoder, sort_keys=True)
    return '"' + hashlib.sha256(text.encode()).hexdigest()[:32] + '"'


def answer(
    request: Request, data: Any, etag: str = "", *, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    """The answer with its ETag, by default that of its content; 304 without a body when the reader has it already."""
    etag = etag or content_etag(data)
    found = {"ETag": etag, "Cache-Control": "private, no-cache", **(headers or {})}
    known = parse_etags(request.headers.get("If-None-Match", ""))
    if request.method in ("GET", "HEAD") and (etag in known or "*" in known):
        return Response(status=304, headers=found)
    return Response(data, status=status, headers=found)


def must_match(request: Request, etag: str) -> None:
    """Raises 428 without If-Match, 412 when it names another version than the row has now."""
    given = request.headers.get("If-Match")
    if given is None:
        raise PreconditionRequired
    tags = parse_etags(given)
    if "*" not in tags and etag not in tags:
        raise PreconditionFailed
