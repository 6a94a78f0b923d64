"""The pages of suppliers: one list for the organisation, with what the reader may see of their components."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from journal.models import Event
from pages.forms import saved
from pages.http import FORM, Request
from pages.rendering import render_page
from risks.systems import services
from risks.systems.access import may_keep_suppliers, must_keep_suppliers, supplier_to_change, supplier_to_see
from risks.systems.component_forms import SupplierChangeForm, SupplierForm
from risks.systems.component_page import rows_of
from risks.systems.filters import SupplierFilter
from risks.systems.models import Component, Supplier

SUPPLIERS_PER_PAGE = 50
EVENTS_SHOWN = 20


@require_safe
def list_suppliers(request: Request) -> HttpResponse:
    filters = SupplierFilter(request.GET)
    if not filters.is_valid():
        raise BadRequest
    suppliers = filters.apply(Supplier.objects.visible_to(request.user).with_counts(request.user))
    page = Paginator(suppliers, SUPPLIERS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"filters": filters, "page": page, "may_add": may_keep_suppliers(request.user)}
    return render_page(request, "suppliers/list.html", context, partial="suppliers")


@require_http_methods(FORM)
def add(request: Request) -> HttpResponse:
    must_keep_suppliers(request.user)
    form = SupplierForm(request.POST or None)
    if form.is_valid() and saved(form, lambda data: services.add_supplier(actor=request.user, **data)):
        supplier: Supplier = form.result  # type: ignore[attr-defined]
        messages.success(request, f"{supplier.name} is on the list.")
        return redirect(supplier)
    return render_page(request, "suppliers/add.html", {"form": form})


@require_safe
def detail(request: Request, pk: int) -> HttpResponse:
    supplier = supplier_to_see(request.user, pk)
    components = Component.objects.visible_to(request.user).filter(supplier=supplier).of_active_systems().present()
    events = Event.objects.visible_to(request.user).of(supplier)[:EVENTS_SHOWN]
    context = {
        "supplier": supplier,
        "rows": rows_of(components.for_page().order_by("system__number", "pk")),
        "events": list(events) if request.user.sees_all_teams else None,
        "may_edit": may_keep_suppliers(request.user),
    }
    return render_page(request, "suppliers/detail.html", context)


@require_http_methods(FORM)
def edit(request: Request, pk: int) -> HttpResponse:
    supplier = supplier_to_change(request.user, pk)
    form = SupplierChangeForm(request.POST or None, supplier=supplier)
    if form.is_valid() and saved(form, lambda data: services.change_supplier(pk, actor=request.user, **data)):
        messages.success(request, f"{form.cleaned_data['name']} is saved.")
        return redirect("suppliers:detail", pk=pk)
    theirs: Supplier | None = getattr(form, "conflict", None)
    context = {
        "supplier": theirs or supplier,
        "form": form,
        "theirs": theirs,
        "lines": form.lines(theirs) if theirs else (),
    }
    return render_page(request, "suppliers/edit.html", context, status=409 if theirs else 0)
