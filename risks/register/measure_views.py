"""The pages of measures: adding one, changing it, saying how far it is, and dropping it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from catalog import reading
from pages.forms import saved
from pages.http import FORM, Request
from pages.rendering import render_page
from risks.register import measuring
from risks.register.access import measure_to_change, measure_to_update, risk_to_change
from risks.register.choices import TreatmentOption
from risks.register.measure_forms import ChangeMeasureForm, DropMeasureForm, MeasureForm, MeasureStatusForm
from risks.register.measures import control_name
from risks.register.models import Measure
from risks.register.parts import treatment_of
from risks.register.versions import versions_of_measure, versions_of_status
from risks.register.views import form_context


@require_http_methods(FORM)
def add(request: Request, pk: int) -> HttpResponseBase:
    """Add a step to a mitigation; `control` in the address chooses the control."""
    risk, catalog = risk_to_change(request.user, pk), reading.current()
    treatment = treatment_of(risk)
    if request.method != "POST" and (treatment is None or treatment.option != TreatmentOption.MITIGATE):
        messages.error(request, measuring.ONLY_MITIGATE)
        return redirect(risk)
    form = MeasureForm(risk, catalog, request.POST or None, initial={"control": request.GET.get("control")})

    def write(data: dict[str, Any]) -> Measure:
        return measuring.add_measure(pk, actor=request.user, **_as_service(data))

    if form.is_valid() and saved(form, write):
        messages.success(request, "The measure is added.")
        return redirect(f"{risk.get_absolute_url()}#measures")
    return render_page(request, "register/add_measure.html", form_context(risk, form))


@require_http_methods(FORM)
def change(request: Request, pk: int, measure: int) -> HttpResponseBase:
    """Change what a measure says."""
    row, catalog = measure_to_change(request.user, pk, measure), reading.current()
    initial = {
        "control": row.control_key,
        "text": row.text,
        "owner": row.owner,
        "due": row.due,
        "expected_version": row.version,
    }
    form = ChangeMeasureForm(row.risk, catalog, request.POST or None, measure=row, initial=initial)

    def write(data: dict[str, Any]) -> Measure:
        version = data["expected_version"]
        return measuring.change_measure(pk, measure, actor=request.user, expected_version=version, **_as_service(data))

    if row.dropped_at is None and form.is_valid() and saved(form, write):
        messages.success(request, "The measure is saved.")
        return redirect(f"{row.risk.get_absolute_url()}#measures")
    stale = _stale(form)
    context = {"versions": versions_of_measure(stale, form.cleaned_data, catalog)} if stale else {}
    return _page(request, row, form, "register/change_measure.html", **context)


@require_http_methods(FORM)
def update(request: Request, pk: int, measure: int) -> HttpResponseBase:
    """Say how far a measure is; from its own page or from My work."""
    row = measure_to_update(request.user, pk, measure)
    initial = {"status": row.status, "note": row.note, "expected_version": row.version}
    form = MeasureStatusForm(request.POST or None, initial=initial)

    def write(data: dict[str, Any]) -> Measure:
        said = {name: data[name] for name in ("status", "note", "expected_version")}
        return measuring.update_measure(pk, measure, actor=request.user, **said)

    if row.dropped_at is None and form.is_valid() and saved(form, write):
        messages.success(request, f"The measure is {form.cleaned_data['status'].replace('_', ' ')}.")
        work = reverse("overview:work")
        return redirect(work if form.cleaned_data["next"] == work else f"{row.risk.get_absolute_url()}#measures")
    stale = _stale(form)
    context = {"versions": versions_of_status(stale, form.cleaned_data)} if stale else {}
    return _page(request, row, form, "register/update_measure.html", **context)


@require_http_methods(FORM)
def drop(request: Request, pk: int, measure: int) -> HttpResponseBase:
    """Say that a measure is not done after all."""
    row = measure_to_change(request.user, pk, measure)
    form = DropMeasureForm(request.POST or None, initial={"expected_version": row.version})

    def write(data: dict[str, Any]) -> Measure:
        return measuring.drop_measure(pk, measure, actor=request.user, **data)

    if row.dropped_at is None and form.is_valid() and saved(form, write):
        messages.success(request, "The measure is dropped.")
        return redirect(f"{row.risk.get_absolute_url()}#measures")
    return _page(request, row, form, "register/drop_measure.html")


def _as_service(data: dict[str, Any]) -> dict[str, Any]:
    return {"control_key": data["control"], "text": data["text"], "owner_id": data["owner"].pk, "due": data["due"]}


def _stale(form: Any) -> Measure | None:
    """The measure as somebody else saved it meanwhile, when that is why a form was refused."""
    found: Measure | None = getattr(form, "conflict", None)
    return found


def _page(request: Request, row: Measure, form: Any, template: str, **context: Any) -> HttpResponseBase:
    """The form, or back to the risk when there is nothing to be done to the measure any more."""
    if row.dropped_at is not None:
        messages.error(request, measuring.IS_DROPPED)
        return redirect(row.risk)
    control = control_name(reading.current(), row.control_key)
    context |= {**form_context(row.risk, form), "measure": row, "control": control}
    return render_page(request, template, context)
