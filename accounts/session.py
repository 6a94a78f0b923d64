"""Sign-in and sign-out, each with its event."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth import login, logout
from django.contrib.auth.views import LoginView
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from accounts.forms import SignInForm
from accounts.models import User
from journal.recording import record, record_refusal

STARTED, ENDED, REFUSED = "session.started", "session.ended", "session.refused"


@dataclass(frozen=True)
class Nobody:
    """The actor of a sign-in that failed: all we know is the address that was typed."""

    display_name: str
    pk: str = ""


class SignIn(LoginView):
    """Django's sign-in, which turns the session id over and refuses foreign `next` addresses."""

    template_name = "accounts/sign_in.html"
    form_class = SignInForm
    http_method_names = ["get", "head", "post", "options"]

    @method_decorator(transaction.atomic)
    def form_valid(self, form: Any) -> HttpResponse:
        user: User = form.get_user()
        login(self.request, user)
        record(user, STARTED, actor=user)
        return redirect(self.get_success_url())

    def form_invalid(self, form: Any) -> HttpResponse:
        # Only what is an address: people type their password into the wrong field, and events stay for ever.
        typed = form.cleaned_data.get("username", "")
        record_refusal(REFUSED, actor=Nobody(display_name=typed or "Nobody"), path=self.request.path, reason="Sign-in")
        return self.render_to_response(self.get_context_data(form=form), status=422)


@require_POST
@transaction.atomic
def sign_out(request: HttpRequest) -> HttpResponse:
    record(request.user, ENDED, actor=request.user)  # type: ignore[arg-type]
    logout(request)
    return redirect("accounts:sign_in")
