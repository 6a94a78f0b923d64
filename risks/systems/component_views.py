"""The pages of a system's components."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pages.forms import saved
from pages.http import FORM, Request
from pages.rendering import render_page
from risks.systems import services
from risks.systems.access import component_to_change, may_change, system_to_change, system_to_see
from risks.systems.component_forms import ComponentChangeForm, ComponentForm, RemovalForm, VersionForm
from risks.systems.component_page import by_kind, rows_of
from risks.systems.identification import current_profile
from risks.systems.models import Component, Supplier


@require_safe
def components(request: Request, pk: int) -> HttpResponse:
    system = system_to_see(request.user, pk)
    all_of_them = list(system.components.for_page())
    context = {
        "system": system,
        "rows": rows_of(by_kind(part for part in all_of_them if part.removed_at is None)),
        "removed": sorted((part for part in all_of_them if part.removed_at), key=_last_first),
        "profile": current_profile(system),
        "may_edit": may_change(request.user, system),
    }
    return render_page(request, "systems/components.html", context)


def _last_first(component: Component) -> tuple[float, int]:
    """The last one that was removed first."""
    removed = component.removed_at
    return -removed.timestamp() if removed else 0, -component.pk


@require_http_methods(FORM)
def add_component(request: Request, pk: int) -> HttpResponse:
    system = system_to_change(request.user, pk)
    first = {"kind": "" if system.components.present().exists() else "model"}
    form = ComponentForm(request.POST or None, suppliers=Supplier.objects.visible_to(request.user), first=first)
    if form.is_valid() and saved(form, lambda _: services.add_component(pk, actor=request.user, **form.values())):
        messages.success(request, f"{form.cleaned_data['name']} is added.")
        return redirect("systems:components", pk=pk)
    return render_page(request, "systems/component_add.html", {"system": system, "form": form})


@require_http_methods(FORM)
def edit_component(request: Request, pk: int) -> HttpResponse:
    component = component_to_change(request.user, pk)
    suppliers = Supplier.objects.visible_to(request.user)
    form = ComponentChangeForm(request.POST or None, component=component, suppliers=suppliers)
    if form.is_valid() and saved(form, lambda _: services.change_component(pk, actor=request.user, **form.values())):
        return _back(request, component, f"{form.cleaned_data['name']} is saved.")
    theirs: Component | None = getattr(form, "conflict", None)
    lines = form.lines(theirs) if theirs else ()
    return _form_page(request, "systems/component_edit.html", component, form, lines=lines)


@require_http_methods(FORM)
def set_version(request: Request, pk: int) -> HttpResponse:
    component = component_to_change(request.user, pk)
    form = VersionForm(request.POST or None, initial={"expected_version": component.version})
    if form.is_valid() and saved(form, lambda data: services.set_component_version(pk, actor=request.user, **data)):
        return _back(request, component, f"{component.name} is at version {form.cleaned_data['label']} from now on.")
    return _form_page(request, "systems/component_version.html", component, form)


@require_http_methods(FORM)
def remove_component(request: Request, pk: int) -> HttpResponse:
    component = component_to_change(request.user, pk)
    form = RemovalForm(request.POST or None, initial={"expected_version": component.version})
    if form.is_valid() and saved(form, lambda data: services.remove_component(pk, actor=request.user, **data)):
        return _back(request, component, f"{component.name} is removed. It stays readable below.")
    return _form_page(request, "systems/component_remove.html", component, form)


@require_POST
def put_back_component(request: Request, pk: int) -> HttpResponse:
    component = component_to_change(request.user, pk)
    form = RemovalForm(request.POST)
    form.fields.pop("reason")
    if form.is_valid() and saved(form, lambda data: services.put_back_component(pk, actor=request.user, **data)):
        return _back(request, component, f"{component.name} is back.")
    messages.error(request, f"{component.name} is not put back. {' '.join(map(str, form.non_field_errors()))}")
    return redirect("systems:components", pk=component.system_id)


def _back(request: Request, component: Component, message: str) -> HttpResponse:
    messages.success(request, message)
    return redirect("systems:components", pk=component.system_id)


def _form_page(request: Request, template: str, component: Component, form: Any, **more: Any) -> HttpResponse:
    """A form about a component; after a stale save `theirs` is the component as it is now."""
    theirs: Component | None = getattr(form, "conflict", None)
    now = theirs or component
    context = {"system": component.system, "component": now, "row": rows_of([now])[0], "form": form, "theirs": theirs}
    return render_page(request, template, context | more, status=409 if theirs else 0)
