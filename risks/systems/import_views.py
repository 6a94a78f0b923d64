"""The pages of an import: choose a file, look at what it would do, do it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Team
from catalog import reading
from journal.errors import Conflict
from pages.forms import saved
from pages.http import FORM, Request
from pages.rendering import render_page
from pages.uploads import takes_a_file
from risks.systems.access import must_register
from risks.systems.import_forms import UploadForm
from risks.systems.import_page import counts_in_words, errors_in_words, shown_system, suppliers_in_words, told
from risks.systems.importing import RefusedError, import_draft, keep_draft, plan_import
from risks.systems.imports.plan import MOST_BYTES, Plan, with_errors
from risks.systems.imports.sheet import columns, template
from risks.systems.models import ImportDraft

SYSTEMS_PER_PAGE = 50

GONE = "The file was kept for an hour and is gone now. Choose it again."
DONE_BEFORE = "This file is imported already."
CHANGED = "Something changed since you looked. This is what would be imported now."


@takes_a_file(MOST_BYTES)
@require_http_methods(FORM)
def upload(request: Request) -> HttpResponse:
    """Choose a file. It is kept for its uploader; the register is not touched."""
    must_register(request.user)
    teams = Team.objects.editable_by(request.user)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = UploadForm(*sent, teams=teams)
    if form.is_valid() and saved(form, lambda _: keep_draft(actor=request.user, **form.values())):
        return redirect(form.result)  # type: ignore[attr-defined]
    context = {"form": form, "columns": columns(reading.current().rule_set)}
    return render_page(request, "systems/import.html", context)


@require_safe
def import_template(request: Request) -> HttpResponse:
    """A CSV with every column and one example row."""
    text = "\ufeff" + template(reading.current().rule_set)  # the mark tells spreadsheets that it is UTF-8
    headers = {"Content-Disposition": 'attachment; filename="ai-systems.csv"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


@require_http_methods(FORM)
def import_draft_page(request: Request, pk: int) -> HttpResponse:
    """The dry run of a file, and the import itself."""
    draft: ImportDraft = get_object_or_404(ImportDraft.objects.visible_to(request.user), pk=pk)
    must_register(request.user)
    if draft.expires_at <= timezone.now() or draft.imported_at:
        messages.info(request, DONE_BEFORE if draft.imported_at else GONE)
        return redirect("systems:list" if draft.imported_at else "systems:import")
    try:
        return _import(request, draft) if request.method == "POST" else _dry_run(request, draft, _plan(request, draft))
    except ValidationError as error:  # the team is no longer theirs
        messages.error(request, f"Nothing was imported. {' '.join(error.messages)}")
        return redirect("systems:import")


def _plan(request: Request, draft: ImportDraft) -> Plan:
    return plan_import(bytes(draft.content), actor=request.user, team_id=draft.team_id)


def _import(request: Request, draft: ImportDraft) -> HttpResponse:
    try:
        systems = import_draft(draft.pk, actor=request.user, expected=request.POST.get("expected", ""))
    except ImportDraft.DoesNotExist:
        raise Http404 from None
    except Conflict as conflict:
        return _dry_run(request, draft, conflict.current, problem=CHANGED, status=409)
    except RefusedError as refusal:
        plan = _plan(request, draft)
        plan = plan if plan.errors else with_errors(plan, refusal.remarks)
        return _dry_run(request, draft, plan, problem="Nothing was imported.", status=422)
    if systems is None:
        messages.info(request, DONE_BEFORE)
        return redirect("systems:list")
    if len(systems) == 1:
        messages.success(request, f"{systems[0].name} is registered as {systems[0].reference}.")
        return redirect("systems:detail", pk=systems[0].pk)
    messages.success(request, f"{len(systems):,} systems are registered.")
    return redirect("systems:list")


def _dry_run(request: Request, draft: ImportDraft, plan: Plan, *, problem: str = "", status: int = 0) -> HttpResponse:
    rule_set = reading.current().rule_set
    page = Paginator(plan.systems, SYSTEMS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "draft": draft,
        "plan": plan,
        "problem": problem,
        "counts": counts_in_words(plan),
        "stop": errors_in_words(plan),
        "errors": told(plan.errors),
        "warnings": told(plan.warnings),
        "suppliers": suppliers_in_words(plan),
        "page": page,
        "systems": [shown_system(system, rule_set) for system in page.object_list],
    }
    return render_page(request, "systems/import_draft.html", context, status=status)
