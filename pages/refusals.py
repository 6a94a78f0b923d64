"""The pages people get instead of the one they asked for. Same words for what is missing and what is not theirs."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import requires_csrf_token

from journal.errors import BUSY, BUSY_FOR, Conflict, NotAllowed
from journal.recording import ACCESS_REFUSED, record_refusal


def not_allowed(request: HttpRequest, exception: NotAllowed) -> HttpResponse:
    """403, with the reason; leaves an event."""
    record_refusal(ACCESS_REFUSED, actor=request.user, path=request.path, reason=str(exception))  # type: ignore[arg-type]
    return render(request, "refusals/403.html", {"reason": str(exception)}, status=403)


def conflict(request: HttpRequest, exception: Conflict) -> HttpResponse:
    """409, for forms that have nothing typed in to keep."""
    return render(request, "refusals/409.html", {"reason": str(exception)}, status=409)


def busy(request: HttpRequest) -> HttpResponse:
    """503, where the database gave up waiting; for what has nothing typed in to keep."""
    response = render(request, "refusals/503.html", {"reason": BUSY}, status=503)
    response["Retry-After"] = str(BUSY_FOR)
    return response


@requires_csrf_token
def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without its token, most often one that was open overnight."""
    text = "The form was not sent from this site, or has lain too long. Load the page again and send it once more."
    return render(request, "refusals/403.html", {"reason": text}, status=403)


def not_found(request: HttpRequest) -> HttpResponse:
    return render(request, "refusals/404.html", status=404)


def bad_request(request: HttpRequest) -> HttpResponse:
    return render(request, "refusals/400.html", status=400)


def permission_denied(request: HttpRequest) -> HttpResponse:
    return render(request, "refusals/403.html", {"reason": "You may not do this."}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    return render(request, "refusals/500.html", status=500)
