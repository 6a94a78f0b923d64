"""Reviewing a risk: saying that it stands as it is judged."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from catalog import reading
from pages.forms import saved
from pages.http import FORM, Request
from pages.rendering import render_page
from risks.register.access import risk_to_change
from risks.register.another_look import reasons_to_look
from risks.register.forms import RiskReviewForm
from risks.register.models import Risk
from risks.register.parts import ratings_of
from risks.register.risk_reviewing import review_risk
from risks.register.scales import scale_for
from risks.register.versions import versions_of_review
from risks.register.views import form_context, stale_risk


@require_http_methods(FORM)
def review(request: Request, pk: int) -> HttpResponseBase:
    """Say that a risk stands, and why; the other way is to rate it anew."""
    risk, catalog = risk_to_change(request.user, pk), reading.current()
    initial = {"expected_version": risk.version, "edition": catalog.edition}
    form = RiskReviewForm(request.POST or None, initial=initial)

    def write(data: dict[str, Any]) -> Risk:
        edition, version = data["edition"] or None, data["expected_version"]
        return review_risk(
            pk, actor=request.user, reason=data["reason"], expected_version=version, expected_edition=edition
        )

    if form.is_valid() and saved(form, write):
        messages.success(request, f"{risk.reference} stands as it is judged.")
        return redirect(risk)
    scale, rating = scale_for(request), ratings_of(risk).get("current")
    context = {
        **form_context(risk, form),
        "rating": rating,
        "judged": scale.in_words(rating.likelihood, rating.impact) if rating else "",
        "days": scale.review_days[rating.level - 1] if rating else 0,
        "look": reasons_to_look(catalog, edition=risk.edition, threat_key=risk.threat_key),
        "today": timezone.localdate(),
    }
    if stale := stale_risk(form, request, pk):
        context["versions"] = versions_of_review(stale.reviews.first(), form.cleaned_data)
    return render_page(request, "register/review_risk.html", context)
