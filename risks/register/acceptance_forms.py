"""The forms of acceptance: shape only, accepting.py decides. Nothing has a default, least of all the last day."""

from datetime import date
from typing import Any

from django import forms

from pages.forms import VersionedForm
from risks.register.acceptance_rules import last_day
from risks.register.accepting import LONGEST_WITHDRAWAL
from risks.register.forms import day_field, long_text
from risks.register.services import LONGEST_NOTE, LONGEST_TEXT

APPROVE, REFUSE = "approve", "refuse"
DECISIONS = [(APPROVE, "Approve"), (REFUSE, "Refuse")]


class ProposeForm(VersionedForm):
    """Why a risk can be lived with, on what conditions and until when."""

    reason = long_text(label="Why it can be lived with", max_length=LONGEST_TEXT)
    conditions = long_text(
        label="Conditions", required=False, max_length=LONGEST_NOTE, rows=3, help_text="What must stay so."
    )
    until = day_field(label="Until")

    def __init__(self, *args: Any, is_outside: bool, at: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        last = last_day(is_outside=is_outside, at=at)
        self.fields["until"].widget.attrs |= {"min": at.isoformat(), "max": last.isoformat()}


class DecideForm(forms.Form):
    """Approve or refuse."""

    decision = forms.ChoiceField(
        label="Decision",
        choices=DECISIONS,
        widget=forms.RadioSelect,
        error_messages={"required": "Approve or refuse."},
    )
    note = long_text(label="Note", required=False, max_length=LONGEST_NOTE, help_text="Needed when you refuse.", rows=3)


class WithdrawForm(forms.Form):
    """Why an acceptance is taken back."""

    reason = long_text(label="Why", max_length=LONGEST_WITHDRAWAL, rows=3)
