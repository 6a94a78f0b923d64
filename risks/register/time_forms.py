"""The forms of more time: shape only, asking_time.py saves."""

from django import forms

from pages.forms import VersionedForm
from risks.register.forms import due_field, long_text
from risks.register.services import LONGEST_NOTE

GRANT, REFUSE = "grant", "refuse"
DECISIONS = [(GRANT, "Grant"), (REFUSE, "Refuse")]


class TimeForm(VersionedForm):
    """Until when, and why. `next` says where the person came from."""

    until = due_field(label="New date")
    note = long_text(
        label="Why", max_length=LONGEST_NOTE, rows=2, error_messages={"required": "Say why it needs more time."}
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)


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
