"""Changing many risks in one go: first a preview of what would change, then all of it or nothing."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.models import User
from catalog import reading
from journal.errors import BUSY, Conflict, NotAllowed, is_busy
from journal.recording import ACCESS_REFUSED, record_refusal
from pages.forms import add_errors
from pages.http import Request
from pages.rendering import render_page
from risks.register.changing import Planned, change_treatments, planned
from risks.register.changing_forms import ChangeForm
from risks.register.changing_parts import Behind, Chosen, chosen_by, lines_of, list_behind, way_back
from risks.register.models import Risk
from risks.register.scales import scale_for
from risks.register.treating import checked_change

MOST_NAMED = 5  # risks that a message tells one by one


@require_POST
def preview_changes(request: Request) -> HttpResponse:
    """What would change of the risks that were ticked, or of all that the filter lets through; writes nothing."""
    behind = behind_of(request, request.POST.get("back", ""))
    chosen = chosen_by(request.POST, behind, request.user)
    form = _form(chosen, request.POST if "preview" in request.POST else None)
    return _page(request, behind, chosen, form)


@require_POST
def change_risks(request: Request) -> HttpResponseBase:
    """Change what the preview showed, unless somebody changed one of the risks since."""
    behind = behind_of(request, request.POST.get("back", ""))
    chosen = chosen_by(request.POST, behind, request.user)
    form = _form(chosen, request.POST)
    if chosen.problem or not form.is_valid():
        return _page(request, behind, chosen, form)
    try:
        done = change_treatments(chosen.versions, actor=request.user, change=form.change())
    except ValidationError as error:
        told = error.messages if "risks" in getattr(error, "error_dict", ()) else []
        return _page(request, behind, chosen, form, problem=" ".join(told), status=422)
    except Conflict as conflict:
        return _page(request, behind, chosen, form, problem=_moved(conflict.current), status=409)
    except NotAllowed as error:
        record_refusal(ACCESS_REFUSED, actor=request.user, path=request.path, reason=str(error))
        return _page(request, behind, chosen, form, problem=str(error), status=403)
    except OperationalError as error:
        if not is_busy(error):
            raise
        return _page(request, behind, chosen, form, problem=BUSY, status=503)
    messages.success(request, _done([each for each in done if each.values]))
    return redirect(way_back(behind, request.POST.get("page", "")))


def behind_of(request: Request, query: str) -> Behind:
    """The list that one came from, by its query string."""
    return list_behind(query, reader=request.user, catalog=reading.current(), scale=scale_for(request))


def _form(chosen: Chosen, data: QueryDict | None) -> ChangeForm:
    """Owners to choose from are those of the teams of the risks; the preview says where one does not fit."""
    return ChangeForm(User.objects.able_to_own(*{risk.team_id for risk in chosen.risks}), data)


def _page(
    request: Request, behind: Behind, chosen: Chosen, form: ChangeForm, *, problem: str = "", status: int = 0
) -> HttpResponse:
    plan = _plan(chosen, form, request.user)
    catalog = reading.current()
    changing = [each for each in plan if each.values]
    refused = [each for each in plan if each.why_not]
    context: dict[str, Any] = {
        "form": form,
        "problem": problem or chosen.problem,
        "total": len(chosen.risks),
        "chosen": " ".join(str(risk.pk) for risk in chosen.risks),
        "is_planned": form.is_bound and not form.errors and not chosen.problem,
        "changing": lines_of(changing, catalog),
        "same": lines_of([each for each in plan if not each.values and not each.why_not], catalog),
        "refused": lines_of(refused, catalog),
        "versions": " ".join(f"{each.risk.pk}.{each.risk.version}" for each in changing),
        "list_url": way_back(behind, request.POST.get("page", "")),
        "back": behind.query(),
        "list_page": request.POST.get("page", "")[:9],
    }
    return render_page(request, "register/change_many.html", context, status=status or (422 if chosen.problem else 0))


def _plan(chosen: Chosen, form: ChangeForm, actor: User) -> list[Planned]:
    """What the form would change; as long as it says nothing that can be, what there is."""
    if form.is_bound and form.is_valid():
        try:
            return planned(chosen.risks, checked_change(form.change()), actor)
        except ValidationError as error:
            add_errors(form, error)
    return [Planned(risk, next(iter(risk.treatments_in_force), None)) for risk in chosen.risks]  # type: ignore[attr-defined]


def _moved(risks: Sequence[Risk]) -> str:
    have = "has" if len(risks) == 1 else "have"
    return f"{_named(risks)} {have} been changed meanwhile. Below it is as it stands now."


def _done(changed: Sequence[Planned]) -> str:
    if not changed:
        return "Nothing was changed: it is so already."
    risks = [each.risk for each in changed]
    return f"{_named(risks)} {'is' if len(risks) == 1 else 'are'} changed."


def _named(risks: Sequence[Risk]) -> str:
    if len(risks) > MOST_NAMED:
        return f"{len(risks)} risks"
    return ", ".join(risk.reference for risk in risks)
