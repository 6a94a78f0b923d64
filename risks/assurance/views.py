"""The responsibility matrix of a system, and the form behind each of its rows."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from catalog import reading
from pages.forms import saved
from pages.http import FORM, Request
from pages.rendering import render_page
from risks.assurance.forms import ResponsibilityForm
from risks.assurance.matrix import Duty, matrix_of
from risks.assurance.services import set_responsibility
from risks.register.scales import scale_for
from risks.systems.access import may_change, system_to_change, system_to_see


@require_safe
def matrix(request: Request, pk: int) -> HttpResponse:
    """Threat by party, with who set what and why."""
    system = system_to_see(request.user, pk)
    may_edit = may_change(request.user, system)
    found = matrix_of(system, catalog=reading.for_request(request), scale=scale_for(request))
    context = {"system": system, "matrix": found, "may_edit": may_edit}
    return render_page(request, "assurance/matrix.html", context)


@require_http_methods(FORM)
def setting(request: Request, pk: int, key: str) -> HttpResponse:
    """Set another party for one threat, or go back to the rules."""
    system = system_to_change(request.user, pk)
    duty = matrix_of(system).duty(key)
    if duty is None:
        raise Http404
    form = ResponsibilityForm(
        request.POST or None, duty=duty, supplier=" and ".join(system.supplier_names), initial=_initial(duty)
    )

    def write(data: dict[str, Any]) -> Duty:
        return set_responsibility(pk, actor=request.user, threat_key=key, **data)

    if form.is_valid() and saved(form, write):
        messages.success(request, f"Saved: {_outcome(form.result)}")  # type: ignore[attr-defined]
        return redirect("assurance:matrix", pk)
    return render_page(request, "assurance/set.html", {"system": system, "duty": duty, "form": form})


def _initial(duty: Duty) -> dict[str, Any]:
    setting = duty.setting
    return {
        "expected_version": duty.version,
        "party": setting.party if setting else "",
        "reason": setting.reason if setting else "",
    }


def _outcome(duty: Duty) -> str:
    party = duty.party.label.lower() if duty.party else "nobody yet"
    return f"{duty.threat.title} is {party}{'' if duty.setting else ', as the rules have it'}."
