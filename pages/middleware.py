"""Around every request: its id, the headers browsers need, and a decent answer to a refusal."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django_htmx.http import HttpResponseClientRedirect

from journal import context
from journal.errors import Conflict, NotAllowed, is_busy
from pages import refusals

type Respond = Callable[[HttpRequest], HttpResponse]

PERMISSIONS = ", ".join(
    f"{feature}=()" for feature in ("camera", "geolocation", "microphone", "payment", "usb", "browsing-topics")
)


class RequestIdMiddleware:
    """Gives the request an id that its events, log lines and answer share."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        identity = context.new_request_id()
        tokens = context.request_id.set(identity), context.credential.set("")
        try:
            response = self.get_response(request)
        finally:
            context.request_id.reset(tokens[0])
            context.credential.reset(tokens[1])
        response["X-Request-ID"] = identity
        return response


class CookiesMiddleware:
    """Drops cookies that cannot be ours: those hold visible ASCII, and the database refuses a NUL with an error."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        kept = {name: value for name, value in request.COOKIES.items() if value.isascii() and value.isprintable()}
        request.COOKIES = kept
        return self.get_response(request)


class HeadersMiddleware:
    """The headers that Django has no setting for, on every answer, static files included."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        response["Permissions-Policy"] = PERMISSIONS
        response["Server"] = ""  # else the web server puts its own name there
        if not request.path.startswith("/static/"):
            # Private pages stay out of caches. A view that wants revalidation (the API's ETag) says so itself.
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class SignInMiddleware(LoginRequiredMiddleware):
    """As Django's. A script that asked for a part of a page sends the whole page to the sign-in, not that part."""

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        answer = super().process_view(request, view_func, view_args, view_kwargs)
        htmx = getattr(request, "htmx", None)
        if answer is None or not htmx or htmx.boosted:
            return answer
        back = htmx.current_url_abs_path or "/"
        return HttpResponseClientRedirect(redirect_to_login(back, resolve_url(self.get_login_url(view_func))).url)


class RefusalMiddleware:
    """Turns the refusals of services into pages, and leaves a witness of what was refused."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, NotAllowed):
            return refusals.not_allowed(request, exception)
        if isinstance(exception, Conflict):
            return refusals.conflict(request, exception)
        return refusals.busy(request) if is_busy(exception) else None
