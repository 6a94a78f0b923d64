"""The pages of risks: the register, the risks of one system, one risk and what is done to it."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog import reading
from pages.forms import VersionedForm, saved
from pages.http import FORM, Request
from pages.rendering import render_page
from risks.register import services, treating
from risks.register.acceptance_parts import acceptance_part
from risks.register.access import risk_to_change, risk_to_see, risk_to_update
from risks.register.changing import MOST_AT_ONCE
from risks.register.choices import RatingKind, RiskState, TreatmentOption
from risks.register.columns import OF_ONE_SYSTEM, laid_out, table_of
from risks.register.detail import detail_of
from risks.register.filter_bar import filter_bar
from risks.register.forms import AddForm, CommentForm, DescribeForm, RateForm, StatusForm, TreatForm
from risks.register.layout_menu import caption_of, chooser
from risks.register.listing import PER_PAGE, risks_for_list, rows_of, tabs_and_tally
from risks.register.measures import unfinished_of
from risks.register.models import Risk
from risks.register.orders import ordering, with_ties
from risks.register.parts import ratings_of, treatment_of
from risks.register.priorities import by_priority
from risks.register.reviews import review_state
from risks.register.row_tools import tools_for
from risks.register.rules import Scale
from risks.register.saving_views import views_for
from risks.register.scales import scale_for
from risks.register.tallies import TalliedPaginator
from risks.register.threats import title_of, told_of
from risks.register.treatment_rules import DETAILS
from risks.register.versions import (
    versions_of_description,
    versions_of_rating,
    versions_of_status,
    versions_of_treatment,
)
from risks.systems.access import may_change, system_to_change, system_to_see


@require_safe
def risks(request: Request) -> HttpResponse:
    """The register, or the part of it that the filter in the address lets through."""
    catalog, scale, today = reading.current(), scale_for(request), timezone.localdate()
    bar = filter_bar(request.GET, reader=request.user, catalog=catalog, scale=scale)
    layout, kind = bar.layout, RatingKind(bar.wanted.kind)
    tabs, tally = tabs_and_tally(request.user, bar.wanted, at=today)
    found: Any = bar.wanted.narrow(risks_for_list(request.user, kind, layout.needs), at=today)
    if layout.is_by_priority:
        found = by_priority(found, bar.wanted, scale, layout.sort, reader=request.user, tally=tally)
    else:
        found = found.order_by(*ordering(layout.sort, scale))
    page = TalliedPaginator(found, PER_PAGE, tally=tally).get_page(request.GET.get("page"))
    rows = rows_of(page, catalog, scale, at=today)
    if layout.is_by_priority:
        above = rows_of([found.above], catalog, scale, at=today) if found.above else ()
        rows = with_ties(rows, next(iter(above), None))
    tools = tools_for(request.user, bar.query())
    context = {
        "bar": bar,
        "tabs": [replace(tab, query=layout.added_to(tab.query)) for tab in tabs],
        "page": page,
        "rows": rows,
        "table": laid_out(rows, layout, kind=kind, caption=caption_of(tally, layout), query=bar.sorted_by, tools=tools),
        "at_once": MOST_AT_ONCE,
        "chooser": chooser(layout, kind),
        "views": views_for(request.user),
        "here": bar.query().removeprefix("?"),
    }
    return render_page(request, "register/risks.html", context, partial="register", status=400 if bar.problems else 0)


@require_safe
def risk(request: Request, pk: int) -> HttpResponse:
    risk = risk_to_see(request.user, pk)
    return render_page(request, "register/risk.html", risk_context(request, risk))


@require_http_methods(FORM)
def rate(request: Request, pk: int) -> HttpResponseBase:
    """Judge a risk. What was judged before is shown on the risk's page, not here, so that it sways nobody."""
    risk, scale = risk_to_change(request.user, pk), scale_for(request)
    kind = request.GET.get("kind", "")
    initial = {
        "expected_version": risk.version,
        "kind": kind if kind in RatingKind.values else RatingKind.CURRENT.value,
    }
    form = RateForm(scale, request.POST or None, initial=initial)
    if form.is_valid() and saved(form, lambda data: services.rate_risk(pk, actor=request.user, **data)):
        messages.success(request, _rated(risk, risk_to_see(request.user, pk), form.cleaned_data["kind"], scale))
        return redirect(risk)
    context = form_context(risk, form)
    if stale := stale_risk(form, request, pk):
        saved_now = ratings_of(stale).get(form.cleaned_data["kind"])
        context["versions"] = versions_of_rating(saved_now, form.cleaned_data, scale)
    return render_page(request, "register/rate.html", context)


@require_http_methods(FORM)
def treat(request: Request, pk: int) -> HttpResponseBase:
    """Decide what is done about a risk."""
    risk = risk_to_change(request.user, pk)
    initial: dict[str, Any] = {"expected_version": risk.version}
    if treatment := treatment_of(risk):
        initial |= {name: getattr(treatment, name) for name in ("option", "plan", "owner", "due", *DETAILS)}
    form = TreatForm(risk.team_id, request.POST or None, initial=initial)

    def write(data: dict[str, Any]) -> Risk:
        owner = data.pop("owner")
        return treating.treat_risk(pk, actor=request.user, owner_id=owner.pk, **data)

    if form.is_valid() and saved(form, lambda data: write(dict(data))):
        messages.success(request, "The treatment is saved.")
        if form.cleaned_data["option"] == TreatmentOption.ACCEPT and not risk.acceptances.standing().exists():
            return redirect("register:propose_acceptance", pk=pk)
        return redirect(risk)
    context = {**form_context(risk, form), "treatment": treatment, "unfinished": unfinished_of(risk)}
    if stale := stale_risk(form, request, pk):
        context["versions"] = versions_of_treatment(treatment_of(stale), form.cleaned_data)
    return render_page(request, "register/treat.html", context)


@require_POST
def status(request: Request, pk: int) -> HttpResponseBase:
    """Say how far a treatment is; from the risk's page or from My work."""
    risk = risk_to_update(request.user, pk)
    form = StatusForm(request.POST)

    def write(data: dict[str, Any]) -> Risk:
        return treating.update_treatment(
            pk,
            actor=request.user,
            status=data["status"],
            note=data["note"],
            expected_version=data["expected_version"],
        )

    if form.is_valid() and saved(form, write):
        messages.success(request, f"{risk.reference} is {form.cleaned_data['status'].replace('_', ' ')}.")
        work = reverse("overview:work")
        return redirect(work if form.cleaned_data["next"] == work else risk)
    context = form_context(risk, form)
    if stale := stale_risk(form, request, pk):
        context["versions"] = versions_of_status(treatment_of(stale), form.cleaned_data)
    return render_page(request, "register/status.html", context)


@require_http_methods(FORM)
def describe(request: Request, pk: int) -> HttpResponseBase:
    """Say what the threat means for this system."""
    risk = risk_to_change(request.user, pk)
    initial = {"expected_version": risk.version, "description": risk.description}
    form = DescribeForm(request.POST or None, initial=initial)
    if form.is_valid() and saved(form, lambda data: services.describe_risk(pk, actor=request.user, **data)):
        messages.success(request, "The description is saved.")
        return redirect(risk)
    context = form_context(risk, form)
    if stale := stale_risk(form, request, pk):
        context["versions"] = versions_of_description(stale.description, form.cleaned_data)
    return render_page(request, "register/describe.html", context)


@require_POST
def look(request: Request, pk: int) -> HttpResponseBase:
    """Say that a risk stands as it was judged, after a look at what is new in the catalog."""
    risk = risk_to_change(request.user, pk)
    form = VersionedForm(request.POST)
    if form.is_valid():
        version, seen = form.cleaned_data["expected_version"], request.POST.get("edition", "")
        services.look_again(pk, actor=request.user, expected_version=version, expected_edition=seen)
        messages.success(request, f"{risk.reference} stands as it was judged.")
        return redirect(risk)
    messages.error(request, "Nothing was saved. Load the page again and try once more.")
    return redirect(risk)


@require_safe
def system_risks(request: Request, pk: int) -> HttpResponse:
    """The risks of one system; those that are dismissed when the address asks for them."""
    system, scale = system_to_see(request.user, pk), scale_for(request)
    found = risks_for_list(request.user, RatingKind.CURRENT).filter(system=system).order_by(*ordering("level", scale))
    all_rows = rows_of(found, reading.current(), scale, at=timezone.localdate())
    dismissed = [row for row in all_rows if row.risk.dismissed_at]
    shows_dismissed = request.GET.get("state") == RiskState.DISMISSED
    rows = dismissed if shows_dismissed else [row for row in all_rows if not row.risk.dismissed_at]
    caption = "Worst first, not rated last"
    context = {
        "system": system,
        "rows": rows,
        "table": table_of(rows, OF_ONE_SYSTEM, kind=RatingKind.CURRENT, caption=caption, sort="level"),
        "shows_dismissed": shows_dismissed,
        "dismissed": len(dismissed),
        "may_edit": may_change(request.user, system),
    }
    return render_page(request, "register/system_risks.html", context)


@require_POST
def confirm(request: Request, pk: int) -> HttpResponseBase:
    """Register the threats that apply to a system and are not in the register yet."""
    system = system_to_change(request.user, pk)
    added = len(services.confirm_threats(pk, actor=request.user))
    if added:
        messages.success(request, f"{added} {'risk is' if added == 1 else 'risks are'} in the register now. Rate them.")
    else:
        messages.info(request, "Nothing new: every threat that applies is in the register or dismissed.")
    state = review_state(system, reading.current())
    if state.is_behind:
        messages.info(request, f"This is still to be reviewed: {state.difference.sentence}.")
        return redirect("register:review", pk=system.pk)
    return redirect("register:system_risks", pk=system.pk)


@require_http_methods(FORM)
def add(request: Request, pk: int) -> HttpResponseBase:
    """Register a threat by hand."""
    system = system_to_change(request.user, pk)
    catalog = reading.current()
    registered = services.registered_threats(system, catalog)
    form = AddForm(catalog, registered, request.POST or None, initial={"threat": request.GET.get("threat")})

    def write(data: dict[str, Any]) -> Risk:
        return services.add_risk(pk, actor=request.user, threat_key=data["threat"], description=data["description"])

    if form.is_valid() and saved(form, write):
        added: Risk = form.result  # type: ignore[attr-defined]
        messages.success(request, f"{added.reference} is in the register.")
        return redirect(added)
    return render_page(request, "register/add.html", {"system": system, "form": form})


def _rated(before: Risk, after: Risk, kind: str, scale: Scale) -> str:
    """What was judged, and only now what was judged before."""
    rating, earlier = ratings_of(after)[kind], ratings_of(before).get(kind)
    text = f"Rated: {scale.in_words(rating.likelihood, rating.impact)}."
    return f"{text} Before: {scale.in_words(earlier.likelihood, earlier.impact)}." if earlier else text


def risk_context(request: Request, risk: Risk, **changes: Any) -> dict[str, Any]:
    """What the page of a risk shows; `changes` put a form that was refused in the place of an empty one."""
    scale = scale_for(request)
    catalog, today = reading.current(), timezone.localdate()
    detail = detail_of(risk, request.user, catalog, scale, at=today)
    treatment = detail.treatment
    initial = {"expected_version": risk.version, "status": treatment.status if treatment else None}
    forms = {"status_form": StatusForm(initial=initial), "comment_form": CommentForm()}
    acceptance = acceptance_part(risk, request.user, catalog, scale, at=today)
    return {"risk": risk, "detail": detail, "scale": scale, "acceptance": acceptance, **forms, **changes}


def form_context(risk: Risk, form: Any) -> dict[str, Any]:
    """What a form about a risk shows around itself."""
    catalog = reading.current()
    threat = told_of(catalog, risk.threat_key)
    return {"risk": risk, "title": title_of(catalog, risk.threat_key), "threat": threat, "form": form}


def stale_risk(form: Any, request: Request, pk: int) -> Risk | None:
    """The risk as someone else saved it meanwhile, when that is why a form was refused."""
    return risk_to_see(request.user, pk) if hasattr(form, "conflict") else None
