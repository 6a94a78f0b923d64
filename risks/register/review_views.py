"""The pages of a review: what waits for a system, dismissing a threat, and taking that back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from catalog import reading
from journal.errors import Conflict
from pages.forms import saved, send_back, show_conflict
from pages.http import FORM, Request
from pages.rendering import render_page
from risks.register import reviewing
from risks.register.in_force import in_force_for
from risks.register.models import Dismissal, Review
from risks.register.review_forms import DismissForm, ReviewForm, TakeBackForm, changed_meanwhile
from risks.register.reviews import ReviewState, dismissals_of, review_state
from risks.register.threats import key_of, title_of, told_of
from risks.systems.access import may_change, system_to_change, system_to_see
from risks.systems.models import AISystem

MEANWHILE = (
    "The answers, the edition or a risk changed while you were deciding. Your choices are kept; look at what is new."
)


@require_http_methods(FORM)
def review(request: Request, pk: int) -> HttpResponse:
    """What holds now against what was last reviewed, and the decisions about it."""
    if request.method == "POST":
        return _decide(request, system_to_change(request.user, pk))
    system, catalog = system_to_see(request.user, pk), reading.for_request(request)
    state = review_state(system, catalog, in_force_for(request, system, catalog))
    return _review_page(request, system, ReviewForm(state, catalog))


def _decide(request: Request, system: AISystem) -> HttpResponse:
    catalog = reading.current()
    form = ReviewForm(review_state(system, catalog), catalog, request.POST)
    if not form.is_valid():
        return _review_page(request, system, form)

    def write(data: dict[str, Any]) -> Review:
        expected = {name: data[name] for name in ("expected_profile", "expected_edition")}
        try:
            return reviewing.review_threats(system.pk, actor=request.user, decisions=form.decisions(), **expected)
        except ValidationError as error:
            raise form.at_fields(error) from error

    if saved(form, write):
        messages.success(request, "The review is saved.")
        return redirect("systems:detail", pk=system.pk)
    if now := getattr(form, "conflict", None):
        form = form.against(now)
        form.add_error(None, MEANWHILE)
        return _review_page(request, system, form, status=409)
    return _review_page(request, system, form)


def _review_page(request: Request, system: AISystem, form: ReviewForm, *, status: int = 0) -> HttpResponse:
    state: ReviewState = form.state
    context = {
        "system": system,
        "state": state,
        "form": form,
        "risks": {key: rows[0] for key, rows in state.risks.items()},
        "may_edit": may_change(request.user, system),
    }
    return render_page(request, "register/review.html", context, status=status)


@require_http_methods(FORM)
def dismiss(request: Request, pk: int, key: str) -> HttpResponse:
    """Say that a threat needs no risk here, and why."""
    system, catalog = system_to_change(request.user, pk), reading.current()
    threat = told_of(catalog, key)
    if threat is None:
        raise Http404
    state, now = review_state(system, catalog), key_of(catalog, key)
    form = DismissForm(request.POST or None, initial={"expected_version": state.version_of(now)})

    def write(data: dict[str, Any]) -> Dismissal:
        return reviewing.dismiss_threat(pk, actor=request.user, threat_key=key, **data)

    def changed(form: Form, conflict: Conflict) -> None:
        send_back(form, "expected_version", conflict.current.version_of(now))
        form.add_error(None, changed_meanwhile(conflict.current, now))

    if form.is_valid() and saved(form, write, on_conflict=changed):
        messages.success(request, f"{threat.title} is dismissed.")
        dismissed: Dismissal = form.result  # type: ignore[attr-defined]
        return redirect(dismissed.risk or system)
    context = {"system": system, "threat": threat, "risk": next(iter(state.open_risks(now)), None), "form": form}
    return render_page(request, "register/dismiss.html", context)


@require_http_methods(FORM)
def take_back(request: Request, pk: int, key: str) -> HttpResponse:
    """End the dismissal of a threat."""
    system, catalog = system_to_change(request.user, pk), reading.current()
    dismissal = dismissals_of(system, catalog).get(key_of(catalog, key))
    if dismissal is None:
        raise Http404
    form = TakeBackForm(request.POST or None, initial={"expected": dismissal.pk})

    def write(data: dict[str, Any]) -> AISystem:
        return reviewing.take_back_dismissal(pk, actor=request.user, threat_key=key, **data)

    if form.is_valid() and saved(form, write, on_conflict=_another_in_force):
        messages.success(request, f"{title_of(catalog, key)} counts again.")
        return redirect(dismissal.risk or system)
    context = {"system": system, "title": title_of(catalog, key), "dismissal": dismissal, "form": form}
    return render_page(request, "register/take_back.html", context)


def _another_in_force(form: Form, conflict: Conflict) -> None:
    """Another dismissal than the one that was read; the next try is about it."""
    show_conflict(form, conflict)
    send_back(form, "expected", conflict.current.pk)
