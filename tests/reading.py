"""Reading answers as a person or a browser would, and counting what they cost."""

import re
from html import unescape
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def html_of(response: Any) -> str:
    """The page with its markup, space squeezed."""
    return " ".join(response.content.decode().split())


def text_of(response: Any) -> str:
    """What a page says: without markup and scripts, space squeezed."""
    body = re.sub(r"(?s)<(script|style).*?</\1>", " ", response.content.decode())
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def queries_of(client: Client, path: str) -> int:
    """How many queries a page costs."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)
