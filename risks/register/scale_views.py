"""The pages of the scale: how it is now and was before, a new version with its preview, a team's line of appetite."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Team
from catalog import reading
from pages.forms import saved
from pages.http import FORM, Request
from pages.rendering import render_page
from risks.register.access import must_keep_scale
from risks.register.heatmap import place_of
from risks.register.models import ScaleVersion, TeamAppetite
from risks.register.rules import AREAS, DEFAULT_SCALE, Scale
from risks.register.scale_content import content_of
from risks.register.scale_forms import AppetiteForm, PreviewForm, ScaleForm, Size, SizeForm, scale_from_text
from risks.register.scale_preview import preview_of
from risks.register.scale_services import put_scale_in_force, set_team_appetite
from risks.register.scales import scale_for, scale_of


@dataclass(frozen=True)
class TeamLine:
    """A team, and its own line in words where it has one."""

    team: Team
    row: TeamAppetite | None
    ends: tuple[str, ...]


@require_safe
def scale(request: Request) -> HttpResponse:
    """The scale in force, or an earlier version that the address names."""
    in_force, asked = scale_for(request), request.GET.get("version", "")
    versions = list(ScaleVersion.objects.all())
    if asked and asked not in {DEFAULT_SCALE.key, *(version.key for version in versions)}:
        raise Http404
    shown = scale_of(asked) if asked and asked != in_force.key else in_force
    context = {
        "scale": shown,
        "is_in_force": shown is in_force,
        "version": next((version for version in versions if version.key == shown.key), None),
        "versions": versions,
        "rows": place_of({}, shown),
        "areas": [(word, _by_impact(shown, area)) for area, word in AREAS.items() if any(_by_impact(shown, area))],
        "line": ends_in_words(shown, shown.appetite),
        "team_lines": _team_lines(request, in_force) if shown is in_force else [],
        "may_keep": request.user.edits_all_teams,
    }
    return render_page(request, "register/scale.html", context)


@require_http_methods(FORM)
def new_scale(request: Request) -> HttpResponseBase:
    """A new version as a form. Sent without a fault it answers with what it would move; nothing is written here."""
    must_keep_scale(request.user)
    before = scale_for(request)
    carried = request.POST.get("content", "")  # on the way back from the preview
    like = scale_from_text(carried) if carried else before
    sizes = SizeForm(request.GET or None, initial=vars(Size.of(like)))
    size = sizes.size(Size.of(like))
    form = ScaleForm(like, size, request.POST if request.POST and not carried else None)
    if form.is_valid():
        return _preview(request, PreviewForm(before, form.scale))
    context = {"form": form, "sizes": sizes, "size": size, "before": before}
    return render_page(request, "register/scale_new.html", context)


@require_POST
def preview_scale(request: Request) -> HttpResponseBase:
    """What a new version moves by the map that is chosen; with the button for it, put it in force."""
    must_keep_scale(request.user)
    before, after = scale_for(request), scale_from_text(request.POST.get("content", ""))
    if request.POST.get("expected_key") != before.key:
        form = PreviewForm(before, after, initial={"reason": request.POST.get("reason", "")})
        return _preview(request, form, status=422, is_stale=True)
    form = PreviewForm(before, after, request.POST)
    if "put" not in request.POST:
        form.fields["reason"].required = False
    elif form.is_valid() and _put(request, form):
        messages.success(request, "The new scale is in force.")
        return redirect("register:scale")
    return _preview(request, form)


@require_http_methods(FORM)
def appetite(request: Request, pk: int) -> HttpResponseBase:
    """A team's own line of appetite, or the organisation's for it again."""
    must_keep_scale(request.user)
    team, scale = get_object_or_404(Team, pk=pk), scale_for(request)
    is_removed = "remove" in request.POST
    form = AppetiteForm(scale, scale.appetite_of(pk), request.POST or None, is_removed=is_removed)

    def write(data: dict[str, Any]) -> Any:
        key = request.POST.get("expected_key", "")
        said = {"reason": data["reason"], "expected_key": key}
        return set_team_appetite(pk, actor=request.user, steps=form.steps, **said)

    if form.is_valid() and saved(form, write):
        held = "the line of the organisation holds" if is_removed else "the line is set"
        messages.success(request, f"{team}: {held}.")
        return redirect("register:scale")
    context = {
        "team": team,
        "form": form,
        "scale": scale,
        "has_line": pk in scale.team_appetite,
        "rows": place_of({}, scale.for_team(pk)),
    }
    return render_page(request, "register/appetite.html", context)


def ends_in_words(scale: Scale, steps: tuple[int, ...]) -> tuple[str, ...]:
    """Where a line ends at each likelihood from the least: "up to 2 Minor"."""
    return tuple(f"up to {end} {scale.impact_step(end).word}" if end else "nothing" for end in steps)


def _put(request: Request, form: PreviewForm) -> bool:
    said: dict[str, Any] = {"reason": form.cleaned_data["reason"], "expected_key": form.cleaned_data["expected_key"]}
    said |= {"content": content_of(form.after), "level_map": form.level_map}
    return saved(form, lambda _: put_scale_in_force(actor=request.user, **said))


def _preview(request: Request, form: PreviewForm, *, status: int = 0, is_stale: bool = False) -> HttpResponse:
    found = preview_of(form.before, form.after, form.level_map, request.user, reading.current())
    context = {
        "form": form,
        "preview": found,
        "is_stale": is_stale,
        "is_same": content_of(form.before) == content_of(form.after),
        "rows": place_of({}, form.after),
    }
    return render_page(request, "register/scale_preview.html", context, status=status)


def _by_impact(scale: Scale, area: str) -> list[str]:
    return [step.areas.get(area, "") for step in scale.impact]


def _team_lines(request: Request, scale: Scale) -> list[TeamLine]:
    """The teams the reader may see: all for who may set a line, else those that have one."""
    rows = {row.team_id: row for row in TeamAppetite.objects.in_force()}
    teams = Team.objects.visible_to(request.user).order_by("name")
    return [
        TeamLine(team, row := rows.get(team.pk), ends_in_words(scale, tuple(row.steps)) if row else ())
        for team in teams
        if team.pk in rows or request.user.edits_all_teams
    ]
