"""The request as views meet it: behind the login middleware and with htmx's details."""

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from accounts.models import User


FORM = ["GET", "HEAD", "POST"]  # the methods of a page with a form


class Request(HttpRequest):
    """Only for types: somebody is signed in here, since pages are private by default."""

    user: "User"
    htmx: "HtmxDetails"
