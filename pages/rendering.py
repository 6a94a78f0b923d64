"""A page whole, or the part of it that htmx asked for."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def render_page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, partial: str = "", status: int = 0
) -> HttpResponse:
    """Render a page. For an htmx request that names `partial` as its target, only that partial of the template.

    Without a status, a bound form with errors in the context makes it 422, so that htmx and people see a refusal.
    """
    context = context or {}
    form = context.get("form")
    refused = getattr(form, "is_bound", False) and bool(form.errors)  # type: ignore[union-attr]
    htmx = getattr(request, "htmx", None)
    if partial and htmx and not htmx.boosted and htmx.target == partial:
        template = f"{template}#{partial}"
    response = render(request, template, context, status=status or (422 if refused else 200))
    if partial:
        response["Vary"] = "HX-Request, HX-Target"
    return response
