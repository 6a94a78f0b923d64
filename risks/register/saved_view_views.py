"""The pages of saved views: the list, opening one, saving what the register shows, changing and deleting."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pages.forms import VersionedForm, saved
from pages.http import FORM, Request
from pages.rendering import render_page
from risks.register.access import view_to_keep, view_to_see
from risks.register.models import SavedView
from risks.register.saved_view_forms import ChangeViewForm, SaveViewForm
from risks.register.saving_views import change_view, delete_view, opened, save_view

MOST_SHARED = 200  # views of others on the page


@require_safe
def views(request: Request) -> HttpResponse:
    """One's own views, and those that others share."""
    found = SavedView.objects.visible_to(request.user).select_related("owner").order_by("name", "pk")
    context = {
        "mine": found.filter(owner=request.user),
        "shared": found.exclude(owner=request.user)[:MOST_SHARED],
    }
    return render_page(request, "register/views.html", context)


@require_safe
def view(request: Request, pk: int) -> HttpResponse:
    """Open a view: the register as it says, unless it names what the reader may not see."""
    found = view_to_see(request.user, pk)
    query = opened(found, request.user)
    if query is None:
        return render_page(request, "register/view_closed.html", {"view": found})
    return redirect(f"{reverse('register:risks')}{f'?{query}' if query else ''}")


@require_http_methods(FORM)
def save(request: Request) -> HttpResponseBase:
    """Keep what the register shows under a name; the address brings its filter and layout along."""
    form = SaveViewForm(request.POST or None, initial={"query": request.GET.urlencode()})
    if form.is_valid() and saved(form, lambda data: save_view(actor=request.user, **data)):
        found: SavedView = form.result  # type: ignore[attr-defined]
        messages.success(request, f"The view “{found}” is saved.")
        return redirect(found)
    return render_page(request, "register/save_view.html", {"form": form})


@require_http_methods(FORM)
def change(request: Request, pk: int) -> HttpResponseBase:
    """Rename a view, share it or not, change what it shows."""
    found = view_to_keep(request.user, pk)
    initial: dict[str, Any] = {name: getattr(found, name) for name in ("name", "is_shared", "query")}
    form = ChangeViewForm(request.POST or None, initial=initial | {"expected_version": found.version})
    if form.is_valid() and saved(form, lambda data: change_view(pk, actor=request.user, **data)):
        messages.success(request, "The view is changed.")
        return redirect("register:views")
    context: dict[str, Any] = {"view": found, "form": form}
    if hasattr(form, "conflict"):
        context["theirs"] = view_to_see(request.user, pk)
    return render_page(request, "register/change_view.html", context)


@require_POST
def delete(request: Request, pk: int) -> HttpResponseBase:
    """Let go of a view."""
    found = view_to_keep(request.user, pk)
    form = VersionedForm(request.POST)
    if form.is_valid():
        delete_view(pk, actor=request.user, expected_version=form.cleaned_data["expected_version"])
        messages.success(request, f"The view “{found}” is deleted.")
    else:
        messages.error(request, "Nothing was deleted. Load the page again and try once more.")
    return redirect("register:views")
