"""Forms check shape and never save; these functions hand their data to a service and bring its refusals back."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import OperationalError
from django.http import HttpRequest

from journal.errors import BUSY, Conflict, is_busy


class VersionedForm(forms.Form):
    """A form on something that others may change meanwhile: carries the version that was read."""

    expected_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


def show_conflict(form: forms.Form, conflict: Conflict) -> None:
    form.add_error(None, "Someone else saved this while you were typing. Compare both versions, then save again.")
    if "expected_version" in form.fields:
        send_back(form, "expected_version", conflict.current.version)


def send_back(form: forms.Form, name: str, value: Any) -> None:
    """Let a form that was refused come back with another value in a field; the rest stays as it was typed."""
    typed: Any = form.data  # a QueryDict, which may not be changed in place
    form.data = typed.copy()
    form.data[form.add_prefix(name)] = str(value)  # type: ignore[index]


def saved(
    form: forms.Form,
    write: Callable[[dict[str, Any]], Any],
    *,
    on_conflict: Callable[[forms.Form, Conflict], None] = show_conflict,
) -> bool:
    """Call the service with the form's data; False when it refused, with the reasons on the form as it was typed.

    After a Conflict, `form.conflict` is what is there now, and `on_conflict` says so on the form and lets it carry the
    new version, so that sending it again means "yes, over theirs".
    """
    try:
        form.result = write(form.cleaned_data)  # type: ignore[attr-defined]
    except ValidationError as error:
        add_errors(form, error)
        return False
    except Conflict as conflict:
        form.conflict = conflict.current  # type: ignore[attr-defined]
        on_conflict(form, conflict)
        return False
    except OperationalError as error:
        if not is_busy(error):
            raise
        form.add_error(None, BUSY)
        return False
    return True


def saved_once[Row](
    request: HttpRequest,
    form: forms.Form,
    write: Callable[[dict[str, Any]], Row],
    *,
    over: str,
    done: Callable[[Row], str],
) -> bool:
    """As saved(), of what can be done only once, with a message of what came of it: `done` of what was written.

    Who comes second is told that it is `over`, and counts as saved: nothing is left to be typed anew.
    """

    def tell(data: dict[str, Any]) -> None:
        try:
            written = write(data)
        except Conflict:
            messages.error(request, over)
        else:
            messages.success(request, done(written))

    return saved(form, tell)


def add_errors(form: forms.Form, error: ValidationError) -> None:
    """Put a service's complaints at their fields; those about no field of this form at its top."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        known = name in form.fields or name == NON_FIELD_ERRORS
        form.add_error(name if known and name != NON_FIELD_ERRORS else None, errors)
