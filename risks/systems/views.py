"""The pages of systems: list, registration, threats, profile, history."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Team, User
from catalog import reading
from catalog.reading import Catalog
from journal.models import Event
from pages.forms import saved
from pages.http import FORM, Request
from pages.rendering import render_page
from risks.systems import services
from risks.systems.access import may_change, must_register, system_to_change, system_to_see
from risks.systems.attention import attention_to
from risks.systems.filters import SystemFilter
from risks.systems.forms import ChangeForm, ProfileForm, RegistrationForm
from risks.systems.history import entries
from risks.systems.identification import current_profile, suggestions_for
from risks.systems.looking import looks_of
from risks.systems.models import AISystem, Profile
from risks.systems.profile_page import conflict_lines, facts, groups_of, result_of
from risks.systems.results import Progress, counts_sentence, progress, threat_lines
from risks.systems.rules import identify

SYSTEMS_PER_PAGE = 50
EVENTS_PER_PAGE = 30
PROFILES_SHOWN = 20

VERDICTS = (("applicable", "Apply"), ("undetermined", "Not known yet"), ("not_applicable", "Do not apply"))


@dataclass(frozen=True)
class SystemRow:
    """A system in the list; `profile` is None while nothing is answered."""

    system: AISystem
    profile: Profile | None
    progress: Progress
    counts: dict[str, int]

    @property
    def most(self) -> int:
        """How many threats apply if all that are not known yet do."""
        return self.counts["applicable"] + self.counts["undetermined"]


@require_safe
def list_systems(request: Request) -> HttpResponse:
    filters = SystemFilter(request.user, request.GET)
    if not filters.is_valid():
        raise BadRequest
    in_force = Prefetch("profiles", queryset=Profile.objects.in_force(), to_attr="profiles_in_force")
    systems = AISystem.objects.visible_to(request.user).for_list().prefetch_related(in_force)
    page = Paginator(filters.apply(systems), SYSTEMS_PER_PAGE).get_page(request.GET.get("page"))
    may_register = Team.objects.editable_by(request.user).exists()
    context = {"filters": filters, "page": page, "rows": _rows(page.object_list), "may_register": may_register}
    return render_page(request, "systems/list.html", context, partial="systems")


@require_http_methods(FORM)
def register(request: Request) -> HttpResponse:
    must_register(request.user)
    teams = Team.objects.editable_by(request.user)
    first = {"team": request.GET.get("team") or (teams[0].pk if len(teams) == 1 else None)}
    form = RegistrationForm(request.POST or None, initial=first, teams=teams, owners=_owners(request, teams))
    if form.is_valid() and saved(form, lambda _: services.register_system(actor=request.user, **form.values())):
        system: AISystem = form.result  # type: ignore[attr-defined]
        messages.success(request, f"{system.name} is registered as {system.reference}. Say what it is made of.")
        return redirect("systems:components", pk=system.pk)
    return render_page(request, "systems/register.html", {"form": form}, partial="owner")


@require_safe
def detail(request: Request, pk: int) -> HttpResponse:
    system = system_to_see(request.user, pk)
    profile = current_profile(system)
    catalog = reading.for_request(request)
    answers = profile.answers if profile else {}
    identification = identify(catalog.rule_set, answers)
    attention = attention_to(catalog.rule_set, answers)
    lines = threat_lines(catalog, identification, answers, attention)
    verdicts = [(status, title, lines[status]) for status, title in VERDICTS if lines[status]]
    context = {
        "catalog": catalog,
        "system": system,
        "profile": profile,
        "progress": progress(catalog.rule_set, answers),
        "counts": identification.counts,
        "sentence": counts_sentence(identification),
        "applicable": lines["applicable"],
        "verdicts": verdicts if profile else verdicts[:1],
        "look_groups": looks_of(catalog, identification, attention, answers),
        "may_edit": may_change(request.user, system),
    }
    return render_page(request, "systems/detail.html", context)


@require_http_methods(FORM)
def edit(request: Request, pk: int) -> HttpResponse:
    system = system_to_change(request.user, pk)
    able = User.objects.able_to_own(system.team_id).order_by().values("pk")
    owners = User.objects.filter(Q(pk__in=able) | Q(pk=system.owner_id))
    form = ChangeForm(request.POST or None, system=system, owners=owners)
    if form.is_valid() and saved(form, lambda _: services.change_system(pk, actor=request.user, **form.values())):
        messages.success(request, f"{form.cleaned_data['name']} is saved.")
        return redirect("systems:detail", pk=pk)
    theirs: AISystem | None = getattr(form, "conflict", None)
    context = {"system": system, "form": form, "theirs": theirs, "lines": form.lines(theirs) if theirs else ()}
    return render_page(request, "systems/edit.html", context, status=409 if theirs else 0)


@require_http_methods(FORM)
def profile(request: Request, pk: int) -> HttpResponse:
    """The questions for those who may answer them; the answers as facts for everyone else."""
    if request.method == "POST":
        return _save_profile(request, system_to_change(request.user, pk))
    system, catalog = system_to_see(request.user, pk), reading.current()
    if may_change(request.user, system):
        return _profile_page(request, system, catalog, _profile_form(system, catalog))
    saved_profile = current_profile(system)
    answers = saved_profile.answers if saved_profile else {}
    context = {
        "system": system,
        "profile": saved_profile,
        "progress": progress(catalog.rule_set, answers),
        "facts": facts(catalog.rule_set, answers),
    }
    return render_page(request, "systems/profile_facts.html", context)


@require_POST
def effect(request: Request, pk: int) -> HttpResponse:
    """What the answers in the form would change, and the questions that come or go with them. Nothing is saved."""
    system, catalog = system_to_change(request.user, pk), reading.current()
    form = _profile_form(system, catalog, request.POST)
    form.is_valid()
    shown = request.POST.getlist("shown")
    asks = list(form.asks())
    context = {
        "system": system,
        "form": form,
        "result": result_of(catalog, form),
        "groups": groups_of(form, asks),
        "came_or_went": [ask for ask in asks if ask.question.asked_if and ask.is_shown != (ask.question.key in shown)],
    }
    return render_page(request, "systems/profile.html#effect", context, status=200)


@require_safe
def history(request: Request, pk: int) -> HttpResponse:
    system = system_to_see(request.user, pk)
    events = Event.objects.visible_to(request.user).of(system)
    page = Paginator(events, EVENTS_PER_PAGE).get_page(request.GET.get("page"))
    catalog = reading.current()
    rule_set = catalog.rule_set
    profiles = [(row, progress(rule_set, row.answers)) for row in system.profiles.all()[:PROFILES_SHOWN]]
    context = {
        "system": system,
        "page": page,
        "entries": entries(catalog, list(page.object_list)),
        "profiles": profiles,
    }
    return render_page(request, "systems/history.html", context)


def _rows(systems: Iterable[AISystem]) -> list[SystemRow]:
    rule_set = reading.current().rule_set
    rows = []
    for system in systems:
        found: list[Profile] = system.profiles_in_force  # type: ignore[attr-defined]
        answers = found[0].answers if found else {}
        counts = identify(rule_set, answers).counts
        rows.append(SystemRow(system, found[0] if found else None, progress(rule_set, answers), counts))
    return rows


def _owners(request: Request, teams: QuerySet[Team]) -> QuerySet[User]:
    """Who may own a system of the team that is chosen; before that, everyone the person knows."""
    chosen = request.POST.get("team") or request.GET.get("team") or ""
    ids = [team.pk for team in teams]
    if len(ids) == 1:
        chosen = str(ids[0])
    if chosen in map(str, ids):
        return User.objects.able_to_own(int(chosen))
    return User.objects.visible_to(request.user).active().order_by("name", "pk")


def _profile_form(system: AISystem, catalog: Catalog, typed: QueryDict | None = None) -> ProfileForm:
    saved_profile = current_profile(system)
    return ProfileForm(
        typed,
        rule_set=catalog.rule_set,
        saved=saved_profile.answers if saved_profile else {},
        number=saved_profile.number if saved_profile else 0,
        suggested=suggestions_for(system, catalog),
    )


def _save_profile(request: Request, system: AISystem) -> HttpResponse:
    catalog = reading.current()
    form = _profile_form(system, catalog, request.POST)
    if form.is_valid() and saved(
        form,
        lambda data: services.answer_profile(
            system.pk, actor=request.user, answers=form.answers, expected_number=data["expected_number"]
        ),
    ):
        now = progress(catalog.rule_set, form.answers)
        if now.untouched:
            messages.success(request, f"Saved. {now.answered} of {now.asked} questions are answered.")
            return redirect("systems:profile", pk=system.pk)
        messages.success(request, "Saved. This is what follows from your answers.")
        return redirect("systems:detail", pk=system.pk)
    return _profile_page(request, system, catalog, form)


def _profile_page(request: Request, system: AISystem, catalog: Catalog, form: ProfileForm) -> HttpResponse:
    theirs: Profile | None = getattr(form, "conflict", None)
    if theirs:
        form.take_number(theirs.number)
    context = {
        "system": system,
        "form": form,
        "groups": groups_of(form, form.asks()),
        "result": result_of(catalog, form),
        "theirs": theirs,
        "lines": conflict_lines(form, theirs.answers) if theirs else (),
    }
    return render_page(request, "systems/profile.html", context, status=409 if theirs else 0)
