"""Putting an edition of the catalog in force, once one has seen what that touches."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from catalog import reading
from catalog.access import may_keep_catalog, must_keep_catalog
from catalog.loading import put_in_force
from catalog.models import Edition
from journal.errors import Conflict
from pages.forms import saved, send_back
from pages.http import FORM, Request
from pages.rendering import render_page
from risks.register.forms import PutInForceForm
from risks.register.upgrade import upgrade_to


@require_http_methods(FORM)
def upgrade(request: Request, key: str) -> HttpResponseBase:
    """What is different, which systems and risks that touches, and the button."""
    edition: Edition = get_object_or_404(Edition.objects.visible_to(request.user), key=key)
    before = reading.current()
    form = PutInForceForm(request.POST or None, initial={"expected": before.edition})
    if request.method == "POST":
        must_keep_catalog(request.user)
    if form.is_valid() and _put(request, form, edition):
        return redirect("catalog:editions")
    if before.edition == key:
        return redirect("catalog:edition", key=key)
    found = upgrade_to(edition, reading.as_if_in_force(edition), before, request.user)
    context = {"form": form, "upgrade": found, "may_put": may_keep_catalog(request.user)}
    return render_page(request, "register/upgrade.html", context)


def _put(request: Request, form: Any, edition: Edition) -> bool:
    def write(data: dict[str, Any]) -> None:
        put_in_force(edition.key, actor=request.user, expected=data["expected"], reason=data["reason"].strip())

    if not saved(form, write, on_conflict=_overtaken):
        return False
    messages.success(request, f"Edition {edition} is in force.")
    return True


def _overtaken(form: Form, conflict: Conflict) -> None:
    """Another edition is in force by now; the next try is about that one."""
    form.add_error(None, f"Meanwhile edition {conflict.current} is in force. What you see now compares with that one.")
    send_back(form, "expected", conflict.current.key)
