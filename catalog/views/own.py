"""The pages of an organisation's own threats and controls."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog import services
from catalog.access import may_keep_catalog, must_keep_catalog
from catalog.models import OwnControl, OwnEntry, OwnThreat
from catalog.own_forms import ControlForm, OwnForm, ThreatForm
from catalog.reading import current
from journal.models import Event
from pages.forms import VersionedForm, saved
from pages.http import FORM, Request
from pages.rendering import render_page


@require_safe
def own(request: Request) -> HttpResponseBase:
    """All own entries, those that are retired too."""
    context = {
        "catalog": current(),
        "threats": OwnThreat.objects.visible_to(request.user),
        "controls": OwnControl.objects.visible_to(request.user),
        "may_keep": may_keep_catalog(request.user),
    }
    return render_page(request, "catalog/own.html", context)


@require_http_methods(FORM)
def add_threat(request: Request) -> HttpResponseBase:
    must_keep_catalog(request.user)
    form = ThreatForm(current(), request.POST or None, initial={"expected_version": 0, "rule": "hand"})
    return _page(request, form, None, lambda values: services.add_threat(actor=request.user, **values))


@require_http_methods(FORM)
def add_control(request: Request) -> HttpResponseBase:
    must_keep_catalog(request.user)
    form = ControlForm(current(), request.POST or None, initial={"expected_version": 0})
    return _page(request, form, None, lambda values: services.add_control(actor=request.user, **values))


@require_http_methods(FORM)
def threat(request: Request, key: str) -> HttpResponseBase:
    """Change an own threat."""
    return _change(request, OwnThreat, key, ThreatForm, services.change_threat)


@require_http_methods(FORM)
def control(request: Request, key: str) -> HttpResponseBase:
    """Change an own control."""
    return _change(request, OwnControl, key, ControlForm, services.change_control)


def _change(
    request: Request, model: type[OwnEntry], key: str, form_class: type[OwnForm], write: Callable[..., OwnEntry]
) -> HttpResponseBase:
    must_keep_catalog(request.user)
    row = get_object_or_404(model.objects.visible_to(request.user), key=key)
    catalog = current()
    initial = form_class.initial_of(row, catalog, services.links_of(row, catalog))
    form = form_class(catalog, request.POST or None, initial=initial)

    def change(values: dict[str, Any]) -> OwnEntry:
        version = form.cleaned_data["expected_version"]
        return write(row.pk, actor=request.user, expected_version=version, **values)

    return _page(request, form, row, change)


@require_POST
def retire_threat(request: Request, key: str) -> HttpResponseBase:
    return _retire(request, OwnThreat, key)


@require_POST
def retire_control(request: Request, key: str) -> HttpResponseBase:
    return _retire(request, OwnControl, key)


def _retire(request: Request, model: type[OwnEntry], key: str) -> HttpResponseBase:
    """Retire an entry, or bring it back when it is."""
    must_keep_catalog(request.user)
    row = get_object_or_404(model.objects.visible_to(request.user), key=key)
    form = VersionedForm(request.POST)
    if form.is_valid():
        version = form.cleaned_data["expected_version"]
        services.retire(row, actor=request.user, expected_version=version, is_retired=not row.is_retired)
        messages.success(request, f"{row} is {'offered again' if row.is_retired else 'retired'}.")
    return redirect("catalog:own")


def _page(
    request: Request, form: Any, row: OwnEntry | None, write: Callable[[dict[str, Any]], OwnEntry]
) -> HttpResponseBase:
    if form.is_valid() and saved(form, lambda _: write(form.values)):
        messages.success(request, f"{form.result} is saved.")
        return redirect(form.result)
    theirs = getattr(form, "conflict", None)
    context = {
        "kind": form.kind,
        "form": form,
        "row": row,
        "theirs": theirs,
        "lines": form.compared_with(theirs, services.links_of(theirs, form.catalog)) if theirs else (),
        "history": Event.objects.visible_to(request.user).of(row)[:50] if row else (),
    }
    return render_page(request, f"catalog/own_{form.kind}.html", context)
