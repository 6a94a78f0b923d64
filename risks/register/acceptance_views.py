"""The pages of acceptance: what waits, a proposal, the decision on it, and taking it back."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from catalog import reading
from pages.forms import saved, saved_once
from pages.http import FORM, Request
from pages.rendering import render_page
from risks.register import accepting
from risks.register.acceptance_forms import APPROVE, DecideForm, ProposeForm, WithdrawForm
from risks.register.acceptance_parts import acceptance_part, expiring_for, told_of_acceptance, waiting_for
from risks.register.access import acceptance_to_see, must_decide, must_withdraw, risk_to_propose
from risks.register.choices import AcceptanceState
from risks.register.models import Acceptance, Risk
from risks.register.scales import scale_for
from risks.register.views import form_context
from risks.systems.access import must_be_active

OVER = "This acceptance is decided or over already. Nothing was changed."


@require_safe
def acceptances(request: Request) -> HttpResponse:
    """What waits for a decision, and what ends soon."""
    catalog, scale, today = reading.current(), scale_for(request), timezone.localdate()
    waiting = waiting_for(request.user, catalog, scale, at=today)
    context = {
        "mine": [each for each in waiting if each.may_decide],
        "others": [each for each in waiting if not each.may_decide],
        "expiring": expiring_for(request.user, catalog, scale, at=today),
    }
    return render_page(request, "register/acceptances.html", context)


@require_http_methods(FORM)
def propose(request: Request, pk: int) -> HttpResponseBase:
    """Ask that a risk is lived with until a day."""
    risk = risk_to_propose(request.user, pk)
    catalog, scale, today = reading.current(), scale_for(request), timezone.localdate()
    is_outside = _is_outside(risk, scale)
    initial = {"expected_version": risk.version}
    form = ProposeForm(request.POST or None, initial=initial, is_outside=is_outside, at=today)
    if form.is_valid() and saved(form, lambda data: accepting.propose_acceptance(pk, actor=request.user, **data)):
        messages.success(request, "The acceptance is proposed. It holds once another person has approved it.")
        return redirect(risk)
    context = {
        **form_context(risk, form),
        "part": acceptance_part(risk, request.user, catalog, scale, at=today),
        "rated": _rated(risk, scale),
        "is_outside": is_outside,
    }
    return render_page(request, "register/propose_acceptance.html", context)


@require_http_methods(FORM)
def decide(request: Request, pk: int) -> HttpResponseBase:
    """Approve or refuse what another person proposed."""
    acceptance = acceptance_to_see(request.user, pk)
    must_decide(request.user, acceptance)
    must_be_active(acceptance.risk.system)
    form = DecideForm(request.POST or None)

    def write(data: dict[str, Any]) -> Acceptance:
        return accepting.decide_acceptance(
            pk, actor=request.user, approve=data["decision"] == APPROVE, note=data["note"]
        )

    if acceptance.state != AcceptanceState.PROPOSED:
        messages.error(request, OVER)
        return redirect(acceptance.risk)
    if form.is_valid() and saved_once(request, form, write, over=OVER, done=_done):
        return redirect(acceptance.risk)
    return _page(request, acceptance, form, "register/decide_acceptance.html")


@require_http_methods(FORM)
def withdraw(request: Request, pk: int) -> HttpResponseBase:
    """Take back a proposal or an acceptance in force."""
    acceptance = acceptance_to_see(request.user, pk)
    must_withdraw(request.user, acceptance)
    must_be_active(acceptance.risk.system)
    form = WithdrawForm(request.POST or None)

    def write(data: dict[str, Any]) -> Acceptance:
        return accepting.withdraw_acceptance(pk, actor=request.user, **data)

    if acceptance.state not in (AcceptanceState.PROPOSED, AcceptanceState.APPROVED):
        messages.error(request, OVER)
        return redirect(acceptance.risk)
    if form.is_valid() and saved_once(request, form, write, over=OVER, done=_done):
        return redirect(acceptance.risk)
    return _page(request, acceptance, form, "register/withdraw_acceptance.html")


def _done(row: Acceptance) -> str:
    return f"{row.risk.reference}: {row.get_state_display().lower()}."


def _page(request: Request, acceptance: Acceptance, form: Any, template: str) -> HttpResponse:
    catalog, scale = reading.current(), scale_for(request)
    told = told_of_acceptance(acceptance, request.user, catalog, scale, at=timezone.localdate())
    return render_page(request, template, form_context(acceptance.risk, form) | {"told": told})


def _is_outside(risk: Risk, scale: Any) -> bool:
    likelihood, impact = risk.current_likelihood, risk.current_impact
    if likelihood is None or impact is None:
        return False
    return bool(scale.is_outside_appetite(likelihood, impact, team_id=risk.team_id))


def _rated(risk: Risk, scale: Any) -> str:
    if risk.current_likelihood is None or risk.current_impact is None:
        return ""
    return str(scale.in_words(risk.current_likelihood, risk.current_impact))
