"""Forms check shape and never save; these functions hand their data to a service and bring its refusals back."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import OperationalError

from journal.errors import BUSY, Conflict, is_busy


class VersionedForm(forms.Form):
    """A form on something that others may change meanwhile: carries the version that was read."""

    expected_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


def saved(form: forms.Form, write: Callable[[dict[str, Any]], Any]) -> bool:
    """Call the service with the form's data; False when it refused, with the reasons on the form as it was typed.

    After a Conflict, `form.conflict` is the row as it is now, and the form carries the new version, so that sending it
    again means "yes, over theirs".
    """
    try:
        form.result = write(form.cleaned_data)  # type: ignore[attr-defined]
    except ValidationError as error:
        add_errors(form, error)
        return False
    except Conflict as conflict:
        show_conflict(form, conflict)
        return False
    except OperationalError as error:
        if not is_busy(error):
            raise
        form.add_error(None, BUSY)
        return False
    return True


def add_errors(form: forms.Form, error: ValidationError) -> None:
    """Put a service's complaints at their fields; those about no field of this form at its top."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        known = name in form.fields or name == NON_FIELD_ERRORS
        form.add_error(name if known and name != NON_FIELD_ERRORS else None, errors)


def show_conflict(form: forms.Form, conflict: Conflict) -> None:
    form.conflict = conflict.current  # type: ignore[attr-defined]
    form.add_error(None, "Someone else saved this while you were typing. Compare both versions, then save again.")
    if "expected_version" in form.fields:
        typed: Any = form.data  # a QueryDict, which may not be changed in place
        form.data = typed.copy()
        form.data[form.add_prefix("expected_version")] = str(conflict.current.version)  # type: ignore[index]
