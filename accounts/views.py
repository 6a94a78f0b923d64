"""A person's own account, and the administrator's pages of people and teams."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import services
from accounts.access import membership_to_change, must_manage_people, person_to_change
from accounts.forms import MembershipForm, PasswordForm, PersonChangeForm, PersonForm, TeamForm, TokenForm
from accounts.models import ApiToken, Team, User
from pages.forms import saved
from pages.http import FORM, Request
from pages.rendering import render_page

PEOPLE_PER_PAGE = 50


@require_safe
def account(request: Request) -> HttpResponse:
    memberships = request.user.memberships.select_related("team").order_by("team__name")
    tokens = _tokens(request)
    context = {"memberships": memberships, "tokens": tokens, "form": TokenForm()}
    return render_page(request, "accounts/account.html", context)


@require_http_methods(FORM)
def password(request: Request) -> HttpResponse:
    form = PasswordForm(request.user, request.POST or None)
    if form.is_valid() and saved(form, lambda data: _change_password(request, data["password"])):
        messages.success(request, "Your password is changed. Your other sessions have ended.")
        return redirect("accounts:account")
    return render_page(request, "accounts/password.html", {"form": form})


@require_POST
def create_token(request: Request) -> HttpResponse:
    """Shows the secret on the answer to the POST itself: it is never stored, so it cannot be shown after a redirect."""
    form = TokenForm(request.POST)
    context = {"form": form, "memberships": (), "tokens": ()}
    if form.is_valid() and saved(form, lambda data: services.create_token(request.user, actor=request.user, **data)):
        context["token"], context["secret"] = form.result  # type: ignore[attr-defined]
        return render_page(request, "accounts/token.html", context, status=201)
    context["tokens"] = _tokens(request)
    context["memberships"] = request.user.memberships.select_related("team").order_by("team__name")
    return render_page(request, "accounts/account.html", context)


@require_POST
def revoke_token(request: Request, pk: int) -> HttpResponse:
    token = get_object_or_404(ApiToken.objects.visible_to(request.user), pk=pk)
    services.revoke_token(token.pk, actor=request.user)
    messages.success(request, f"The token “{token.name}” is revoked.")
    return redirect("accounts:account")


@require_safe
def people(request: Request) -> HttpResponse:
    must_manage_people(request.user)
    return _people_page(request, TeamForm())


@require_http_methods(FORM)
def add_person(request: Request) -> HttpResponse:
    must_manage_people(request.user)
    form = PersonForm(request.POST or None)
    if form.is_valid() and saved(form, lambda data: services.create_user(actor=request.user, **data)):
        person, first_password = form.result  # type: ignore[attr-defined]
        context = {"person": person, "password": first_password}
        return render_page(request, "accounts/person_added.html", context, status=201)
    return render_page(request, "accounts/person_add.html", {"form": form})


@require_http_methods(FORM)
def person(request: Request, pk: int) -> HttpResponse:
    person = person_to_change(request.user, pk)
    form = PersonChangeForm(request.POST or None, initial=_said_of(person))
    if form.is_valid() and saved(form, lambda data: services.change_user(pk, actor=request.user, **data)):
        messages.success(request, f"{person.name} is saved.")
        return redirect("accounts:person", pk=pk)
    return _person_page(request, person, form=form)


@require_POST
def renew_password(request: Request, pk: int) -> HttpResponse:
    person, password = services.renew_password(person_to_change(request.user, pk).pk, actor=request.user)
    context = {"person": person, "password": password, "is_renewed": True}
    return render_page(request, "accounts/person_added.html", context)


@require_POST
def join_team(request: Request, pk: int) -> HttpResponse:
    person = person_to_change(request.user, pk)
    form = MembershipForm(request.user, request.POST)
    if form.is_valid() and saved(
        form,
        lambda data: services.set_membership(pk, data["team"].pk, actor=request.user, role=data["role"]),
    ):
        messages.success(request, f"{person.name} is in {form.cleaned_data['team']} now.")
        return redirect("accounts:person", pk=pk)
    return _person_page(request, person, join=form)


@require_POST
def leave_team(request: Request, pk: int) -> HttpResponse:
    membership = membership_to_change(request.user, pk)
    services.remove_membership(membership.pk, actor=request.user)
    messages.success(request, "The membership is removed.")
    return redirect("accounts:person", pk=membership.user_id)


@require_POST
def add_team(request: Request) -> HttpResponse:
    must_manage_people(request.user)
    form = TeamForm(request.POST)
    if form.is_valid() and saved(form, lambda data: services.create_team(actor=request.user, **data)):
        messages.success(request, f"The team {form.cleaned_data['name']} is added. Open a person to put them into it.")
        return redirect("accounts:people")
    return _people_page(request, form)


@require_http_methods(FORM)
def team(request: Request, pk: int) -> HttpResponse:
    must_manage_people(request.user)
    team = get_object_or_404(Team.objects.visible_to(request.user), pk=pk)
    form = TeamForm(request.POST or None, initial={"name": team.name})
    if form.is_valid() and saved(form, lambda data: services.rename_team(pk, actor=request.user, **data)):
        messages.success(request, "The team is renamed.")
        return redirect("accounts:team", pk=pk)
    memberships = team.memberships.select_related("user").order_by("user__name")
    return render_page(request, "accounts/team.html", {"team": team, "memberships": memberships, "form": form})


def _tokens(request: Request) -> QuerySet[ApiToken]:
    """The person's tokens, those that still open the door first, so that each of these can be revoked."""
    mine = ApiToken.objects.visible_to(request.user)
    return mine.order_by(F("revoked_at").asc(nulls_first=True), "-expires_at", "-pk")[: services.MOST_TOKENS]


def _people_page(request: Request, form: TeamForm) -> HttpResponse:
    people = User.objects.visible_to(request.user).order_by("name", "pk").prefetch_related("memberships__team")
    page = Paginator(people, PEOPLE_PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "teams": Team.objects.visible_to(request.user), "form": form}
    return render_page(request, "accounts/people.html", context)


def _change_password(request: Request, password: str) -> None:
    user = services.change_password(request.user.pk, actor=request.user, password=password)
    update_session_auth_hash(request, user)


def _said_of(person: User) -> dict[str, object]:
    """What the form on a person begins with."""
    return {name: getattr(person, name) for name in PersonChangeForm.base_fields}


def _person_page(
    request: HttpRequest,
    person: User,
    *,
    form: PersonChangeForm | None = None,
    join: MembershipForm | None = None,
) -> HttpResponse:
    refused = join is not None and bool(join.errors)
    context = {
        "person": person,
        "form": form or PersonChangeForm(initial=_said_of(person)),
        "join": join or MembershipForm(request.user),  # type: ignore[arg-type]
        "memberships": person.memberships.select_related("team").order_by("team__name"),
    }
    return render_page(request, "accounts/person.html", context, status=422 if refused else 0)
