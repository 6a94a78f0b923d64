"""Pages that are still to come; only their addresses exist."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@require_safe
def to_come(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"")
