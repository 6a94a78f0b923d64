"""Reading answers as a person or a browser would, counting what they cost, and the version that a form names."""

import re
from html import unescape
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from risks.register.models import Risk


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


def version_of(risk: Risk) -> int:
    """The version of a risk as it is now, whatever the one at hand says."""
    return int(Risk.objects.values_list("version", flat=True).get(pk=risk.pk))
