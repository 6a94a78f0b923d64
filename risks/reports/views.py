"""Asking for an export, watching it being made, taking the file; the statement of applicability of a system."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from catalog import reading
from pages.http import Request
from pages.rendering import render_page
from risks.register.filter_bar import filter_bar
from risks.register.scales import scale_for
from risks.reports.models import Export
from risks.reports.services import download_export, request_export
from risks.reports.spreadsheet import BOM, csv_text
from risks.reports.statement import file_rows, statement_of
from risks.reports.system_controls import system_controls
from risks.systems.access import system_to_see


@require_POST
def start(request: Request) -> HttpResponse:
    """Ask for a file of the risks that pass the filter; the fields are the register's parameters."""
    filters = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
    try:
        export = request_export(actor=request.user, filters=filters)
    except ValidationError as error:
        messages.error(request, f"Nothing was exported. {' '.join(error.messages)}")
        return redirect("register:risks")
    return redirect(export)


@require_safe
def export(request: Request, pk: int) -> HttpResponse:
    """How far an export is; the page asks again by itself until it is finished."""
    found = get_object_or_404(Export.objects.visible_to(request.user).for_page(), pk=pk)
    context = {"export": found, "filter_words": _in_words(found, request)}
    return render_page(request, "reports/export.html", context, partial="export")


@require_safe
def file(request: Request, pk: int) -> HttpResponse:
    """The file, for its requester only."""
    found = get_object_or_404(Export.objects.visible_to(request.user), pk=pk)
    if not found.is_ready:
        return redirect(found)
    content = download_export(found, actor=request.user) if request.method == "GET" else b""
    headers = {"Content-Disposition": f'attachment; filename="{found.file_name}"'}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)


@require_safe
def statement(request: Request, pk: int) -> HttpResponse:
    """Every threat and control of the catalog for one system: applied or not, and why."""
    system = system_to_see(request.user, pk)
    found = statement_of(system, reading.for_request(request), scale_for(request), at=timezone.now())
    return render_page(request, "reports/statement.html", {"system": system, "statement": found})


@require_safe
def controls(request: Request, pk: int) -> HttpResponse:
    """The controls that the threats of one system call for, the most needed first."""
    system = system_to_see(request.user, pk)
    found = statement_of(system, reading.for_request(request), scale_for(request), at=timezone.now())
    return render_page(request, "reports/controls.html", {"system": system, "controls": system_controls(found)})


@require_safe
def statement_file(request: Request, pk: int) -> HttpResponse:
    """The same rows as CSV."""
    system = system_to_see(request.user, pk)
    found = statement_of(system, reading.for_request(request), scale_for(request), at=timezone.now())
    name = f"statement-{system.reference}-{timezone.localdate(found.at).isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(BOM + csv_text(file_rows(found)), content_type="text/csv; charset=utf-8", headers=headers)


def _in_words(found: Export, request: Request) -> list[str]:
    """The filter as the register's chips say it."""
    if not found.filters:
        return []
    params = QueryDict(urlencode(found.filters, doseq=True))
    bar = filter_bar(params, reader=request.user, catalog=reading.current(), scale=scale_for(request))
    return bar.problems or [chip.label for chip in bar.chips]
