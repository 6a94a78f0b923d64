"""Commenting on a risk, and taking a comment back; both from the risk's page."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from pages.forms import saved
from pages.http import Request
from pages.rendering import render_page
from risks.register.access import comment_to_take_back, must_comment, risk_to_see
from risks.register.commenting import comment_on_risk, take_back_comment
from risks.register.forms import CommentForm
from risks.register.models import Comment
from risks.register.views import risk_context


@require_POST
def comment(request: Request, pk: int) -> HttpResponseBase:
    """Say something about a risk."""
    risk = risk_to_see(request.user, pk)
    must_comment(request.user, risk)
    form = CommentForm(request.POST)

    def write(data: dict[str, Any]) -> Comment:
        return comment_on_risk(pk, actor=request.user, **data)

    if form.is_valid() and saved(form, write):
        said: Comment = form.result  # type: ignore[attr-defined]
        return redirect(f"{risk.get_absolute_url()}#comment-{said.pk}")
    return render_page(request, "register/risk.html", risk_context(request, risk, comment_form=form), status=422)


@require_POST
def take_back(request: Request, pk: int, comment: int) -> HttpResponseBase:
    """Take a comment out of sight."""
    said = comment_to_take_back(request.user, pk, comment)
    take_back_comment(said.pk, actor=request.user)
    messages.success(request, "The comment is taken back.")
    return redirect(f"{said.risk.get_absolute_url()}#comments")
