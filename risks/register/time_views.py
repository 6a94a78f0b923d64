"""Asking for more time for a treatment or a measure, deciding on it, and taking a request back."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from journal.errors import Conflict
from pages.forms import saved, saved_once
from pages.http import FORM, Request
from pages.rendering import render_page
from pages.templatetags.pages import day
from risks.register import asking_time
from risks.register.access import (
    measure_to_update,
    must_edit,
    must_withdraw_time,
    risk_to_update,
    time_request_to_see,
)
from risks.register.choices import TimeState
from risks.register.models import Measure, Risk, TimeRequest
from risks.register.parts import treatment_of
from risks.register.time_forms import GRANT, DecideTimeForm, TimeForm
from risks.register.views import form_context
from risks.systems.access import must_be_active

OVER = "This request is decided or over already. Nothing was changed."


@require_http_methods(FORM)
def ask(request: Request, pk: int) -> HttpResponseBase:
    """Ask for a later day for the treatment of a risk; who may edit the team moves it at once."""
    risk = risk_to_update(request.user, pk)
    if treatment_of(risk) is None:
        return redirect("register:treat", pk=pk)
    return _ask(request, risk, None, risk.version)


@require_http_methods(FORM)
def ask_for_measure(request: Request, pk: int, measure: int) -> HttpResponseBase:
    """The same for one measure."""
    row = measure_to_update(request.user, pk, measure)
    return _ask(request, row.risk, row, row.version)


@require_http_methods(FORM)
def decide(request: Request, pk: int) -> HttpResponseBase:
    """Grant or refuse more time."""
    asked = time_request_to_see(request.user, pk)
    must_edit(request.user, asked.team_id)
    must_be_active(asked.risk.system)
    form = DecideTimeForm(request.POST or None)

    def write(data: dict[str, Any]) -> TimeRequest:
        return asking_time.decide_time(pk, actor=request.user, grant=data["decision"] == GRANT, note=data["note"])

    if asked.state != TimeState.WAITING:
        messages.error(request, OVER)
        return redirect(asked.risk)
    if form.is_valid() and saved_once(request, form, write, over=OVER, done=_done):
        return _back(asked.risk, form.cleaned_data["next"])
    return render_page(request, "register/decide_time.html", form_context(asked.risk, form) | {"asked": asked})


@require_POST
def withdraw(request: Request, pk: int) -> HttpResponseBase:
    """Take a request back."""
    asked = time_request_to_see(request.user, pk)
    must_withdraw_time(request.user, asked)
    must_be_active(asked.risk.system)
    try:
        asking_time.withdraw_time(pk, actor=request.user)
    except Conflict:
        messages.error(request, OVER)
    else:
        messages.success(request, "The request is taken back.")
    return _back(asked.risk, request.POST.get("next", ""))


def _ask(request: Request, risk: Risk, measure: Measure | None, version: int) -> HttpResponseBase:
    form = TimeForm(request.POST or None, initial={"expected_version": version})

    def write(data: dict[str, Any]) -> TimeRequest:
        said = {name: data[name] for name in ("until", "note", "expected_version")}
        return asking_time.ask_time(risk.pk, actor=request.user, measure_id=measure.pk if measure else None, **said)

    if form.is_valid() and saved(form, write):
        asked: TimeRequest = form.result  # type: ignore[attr-defined]
        until = day(asked.asked_until)
        granted = asked.state == TimeState.GRANTED
        messages.success(request, f"It is due {until} now." if granted else f"You asked for time until {until}.")
        return _back(risk, form.cleaned_data["next"])
    work = measure or treatment_of(risk)
    context = form_context(risk, form) | {"measure": measure, "work": work}
    return render_page(request, "register/ask_time.html", context | {"moves": request.user.may_edit(risk.team_id)})


def _done(row: TimeRequest) -> str:
    return f"{row.risk.reference}: more time {row.get_state_display().lower()}."


def _back(risk: Risk, aim: str) -> HttpResponse:
    work = reverse("overview:work")
    return redirect(work if aim == work else risk)
