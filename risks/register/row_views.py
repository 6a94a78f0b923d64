"""A row of the register that is changed where it stands; without scripts, a small page of its own."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from catalog import reading
from pages.forms import saved
from pages.http import FORM, Request
from pages.rendering import render_page
from risks.register.access import risk_to_see, risk_to_update
from risks.register.changing_forms import RowForm
from risks.register.changing_parts import Behind, way_back
from risks.register.changing_views import behind_of
from risks.register.columns import drawn
from risks.register.listing import risks_for_list, rows_of
from risks.register.models import Risk
from risks.register.parts import treatment_of
from risks.register.row_tools import tools_for
from risks.register.scales import scale_for
from risks.register.treating import change_treatment
from risks.register.versions import versions_of_change
from risks.register.views import form_context, stale_risk


@require_safe
def row(request: Request, pk: int) -> HttpResponse:
    """The row of one risk, as the list that one came from shows it."""
    risk_to_see(request.user, pk)
    return _row(request, pk, behind_of(request, request.GET.get("back", "")))


@require_http_methods(FORM)
def change(request: Request, pk: int) -> HttpResponseBase:
    """Change owner, due date and status of the treatment in force."""
    risk = risk_to_update(request.user, pk)
    treatment, may_decide = treatment_of(risk), request.user.may_edit(risk.team_id)
    if treatment is None:
        return redirect("register:treat", pk=pk)
    back = (request.POST if request.method == "POST" else request.GET).get("back", "")
    behind = behind_of(request, back)
    initial = {"expected_version": risk.version, "back": behind.query()}
    form = RowForm(treatment, request.POST or None, initial=initial, may_decide=may_decide, auto_id=f"risk-{pk}-%s")

    def write(data: dict[str, Any]) -> Risk:
        version = data["expected_version"]
        return change_treatment(pk, actor=request.user, change=form.change(), expected_version=version)

    if form.is_valid() and saved(form, write):
        if request.htmx:
            return _row(request, pk, behind, is_saved=True)
        messages.success(request, f"{risk.reference} is changed.")
        return redirect(way_back(behind, ""))
    context = {
        **form_context(risk, form),
        "treatment": treatment,
        "list_url": way_back(behind, ""),
        "back": behind.query(),
    }
    if stale := stale_risk(form, request, pk):
        context["versions"] = versions_of_change(treatment_of(stale), form.cleaned_data)
    return _changing(request, context)


def _changing(request: Request, context: dict[str, Any]) -> HttpResponse:
    template = "register/change.html#row" if request.htmx else "register/change.html"
    response = render_page(request, template, context)
    response["Vary"] = "HX-Request"
    return response


def _row(request: Request, pk: int, behind: Behind, *, is_saved: bool = False) -> HttpResponse:
    layout = behind.layout
    found = risks_for_list(request.user, behind.wanted.kind, layout.needs).filter(pk=pk)
    lines = rows_of(found, reading.current(), scale_for(request), at=timezone.localdate())
    drawn_lines = drawn(
        lines,
        layout.shown,
        drops=not layout.has_own_columns,
        tools=tools_for(request.user, behind.query()),
        note="is saved" if is_saved else "",
    )
    return HttpResponse("".join(drawn_lines))
