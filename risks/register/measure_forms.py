"""The forms of measures: shape only, measuring.py saves."""

from typing import Any

from django import forms

from accounts.models import User
from catalog.reading import Catalog
from pages.forms import VersionedForm
from risks.register.choices import TreatmentStatus
from risks.register.forms import due_field, long_text
from risks.register.measures import control_choices, control_name
from risks.register.measuring import LONGEST_MEASURE
from risks.register.models import Measure, Risk
from risks.register.services import LONGEST_NOTE


class MeasureForm(forms.Form):
    """A step of a mitigation: which control it puts in place, what is done, by whom and until when."""

    control = forms.ChoiceField(label="Control it puts in place", error_messages={"required": "Choose a control."})
    text = long_text(
        label="What is done",
        max_length=LONGEST_MEASURE,
        rows=2,
        error_messages={"required": "Say what is done."},
        help_text="One step that one person can finish.",
    )
    owner = forms.ModelChoiceField(label="Owner", queryset=User.objects.none(), empty_label="Choose an owner")
    due = due_field(label="Due")

    def __init__(self, risk: Risk, catalog: Catalog, *args: Any, measure: Measure | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = control_choices(catalog, risk.threat_key)
        known = {key for _, choices in groups for key, _ in choices}
        if measure is not None and measure.control_key not in known:  # one that the catalog has no more may stay
            groups.append(("As it is", [(measure.control_key, control_name(catalog, measure.control_key))]))
        self.fields["control"].choices = [("", "Choose a control"), *groups]  # type: ignore[attr-defined]
        self.fields["owner"].queryset = User.objects.able_to_own(risk.team_id)  # type: ignore[attr-defined]


class ChangeMeasureForm(MeasureForm, VersionedForm):
    """The same, of a measure that others may change meanwhile."""


class MeasureStatusForm(VersionedForm):
    """How far a measure is. `next` says where the person came from."""

    status = forms.ChoiceField(label="Status", choices=TreatmentStatus.choices, widget=forms.RadioSelect)
    note = long_text(
        label="Note",
        required=False,
        max_length=LONGEST_NOTE,
        rows=2,
        help_text="When it is blocked: what it waits for.",
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)


class DropMeasureForm(VersionedForm):
    """Why a measure is not done after all."""

    reason = long_text(label="Why", max_length=LONGEST_NOTE, rows=3, help_text="Stays in the history of the risk.")
