"""The forms of more time: shape only, asking_time.py saves."""

from typing import Any

from django import forms

from pages.forms import VersionedForm
from risks.register.forms import long_text
from risks.register.services import LONGEST_NOTE
from risks.register.treating import FIRST_DUE, LAST_DUE

GRANT, REFUSE = "grant", "refuse"
DECISIONS = [(GRANT, "Grant"), (REFUSE, "Refuse")]


class TimeForm(VersionedForm):
    """Until when, and why. `next` says where the person came from."""

    until = forms.DateField(
        label="New date", widget=forms.DateInput(attrs={"type": "date", "class": "input--date"}, format="%Y-%m-%d")
    )
    note = long_text(
        label="Why", max_length=LONGEST_NOTE, rows=2, error_messages={"required": "Say why it needs more time."}
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].widget.attrs |= {"min": FIRST_DUE.isoformat(), "max": LAST_DUE.isoformat()}


class DecideTimeForm(forms.Form):
    """Grant or refuse. `next` says where the person came from."""

    decision = forms.ChoiceField(
        label="Decision",
        choices=DECISIONS,
        widget=forms.RadioSelect,
        error_messages={"required": "Grant or refuse."},
    )
    note = long_text(label="Note", required=False, max_length=LONGEST_NOTE, help_text="Needed when you refuse.", rows=2)
    next = forms.CharField(required=False, widget=forms.HiddenInput)
