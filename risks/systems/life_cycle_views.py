"""The page about a system, and those that archive, restore and duplicate it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Team
from catalog import reading
from pages.forms import VersionedForm, saved
from pages.http import FORM, Request
from pages.rendering import render_page
from risks.systems import life_cycle
from risks.systems.access import may_change, must_edit, must_register, system_to_see
from risks.systems.ai_act import FRAMEWORK, standing_of
from risks.systems.choices import DataCategory
from risks.systems.forms import ArchiveForm, DuplicateForm
from risks.systems.models import AISystem

LONGEST_NAME = 120


@require_safe
def about(request: Request, pk: int) -> HttpResponse:
    """Everything that is said about a system."""
    system, catalog = system_to_see(request.user, pk), reading.current()
    framework = catalog.frameworks.get(FRAMEWORK)
    standing = standing_of(system.ai_act_class, framework, catalog.edition)
    context = {
        "system": system,
        "framework": framework,
        "standing": standing.sentence(timezone.localdate()) if standing else "",
        "data": [DataCategory(each).label for each in system.data_categories],
        "may_change": may_change(request.user, system),
        "may_restore": system.archived_at is not None and request.user.may_edit(system.team_id),
        "may_duplicate": Team.objects.editable_by(request.user).exists(),
    }
    return render_page(request, "systems/about.html", context)


@require_http_methods(FORM)
def archive(request: Request, pk: int) -> HttpResponse:
    system = system_to_see(request.user, pk)
    must_edit(request.user, system.team_id)
    if system.archived_at:
        messages.info(request, f"{system.name} is archived already.")
        return redirect("systems:about", pk)
    form = ArchiveForm(request.POST or None, initial={"expected_version": system.version})
    if form.is_valid() and saved(form, lambda data: life_cycle.archive_system(pk, actor=request.user, **data)):
        messages.success(request, f"{system.name} is archived. It stays readable here.")
        return redirect("systems:about", pk)
    return _confirming(request, "systems/archive.html", {"system": system, "form": form})


@require_http_methods(FORM)
def restore(request: Request, pk: int) -> HttpResponse:
    system = system_to_see(request.user, pk)
    must_edit(request.user, system.team_id)
    if system.archived_at is None:
        messages.info(request, f"{system.name} is not archived.")
        return redirect("systems:about", pk)
    form = VersionedForm(request.POST or None, initial={"expected_version": system.version})
    if form.is_valid() and saved(form, lambda data: life_cycle.restore_system(pk, actor=request.user, **data)):
        messages.success(request, f"{system.name} is restored.")
        return redirect("systems:detail", pk)
    return _confirming(request, "systems/restore.html", {"system": system, "form": form})


@require_http_methods(FORM)
def duplicate(request: Request, pk: int) -> HttpResponse:
    """Register another system like this one; whoever may read it may do so in a team that they edit."""
    system = system_to_see(request.user, pk)
    must_register(request.user)
    initial = {
        "expected_version": system.version,
        "name": f"Copy of {system.name}"[:LONGEST_NAME],
        "team": system.team_id,
    }
    form = DuplicateForm(request.POST or None, initial=initial, teams=Team.objects.editable_by(request.user))
    if form.is_valid() and saved(form, lambda _: life_cycle.duplicate_system(pk, actor=request.user, **form.values())):
        copy: AISystem = form.result  # type: ignore[attr-defined]
        messages.success(request, f"{copy.name} is registered as {copy.reference}, copied from {system.reference}.")
        return redirect("systems:about", copy.pk)
    return _confirming(request, "systems/duplicate.html", {"system": system, "form": form})


def _confirming(request: Request, template: str, context: dict[str, Any]) -> HttpResponse:
    """The form; 409 where somebody changed the system while it was open."""
    return render_page(request, template, context, status=409 if hasattr(context["form"], "conflict") else 0)
