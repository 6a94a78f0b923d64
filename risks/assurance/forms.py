"""The form on who answers for a threat."""

from typing import Any

from django import forms

from pages.forms import VersionedForm
from risks.assurance.matrix import Duty
from risks.assurance.services import LONGEST_REASON
from risks.systems.choices import Party


class ResponsibilityForm(VersionedForm):
    expected_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    use_required_attribute = False

    party = forms.ChoiceField(label="Party", widget=forms.RadioSelect, required=False)
    reason = forms.CharField(
        label="Why",
        help_text="The contract, a decision, who runs what. Going back to the rules needs no reason.",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_REASON,
        error_messages={"required": "Say why it is not as the rules have it."},
    )

    def __init__(self, *args: Any, duty: Duty, supplier: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["party"].choices = choices(duty, supplier)  # type: ignore[attr-defined]
        if self.is_bound and not self.data.get("party"):
            self.fields["reason"].required = False


def choices(duty: Duty, supplier: str) -> list[tuple[str, str]]:
    """The parties in words, and the way back to the rules."""
    them = supplier or "the supplier"
    found = [
        (Party.OWN.value, "Own: we put the controls in place"),
        (Party.SHARED.value, f"Shared: we and {them}, each for their part"),
        (Party.SUPPLIER.value, f"Supplier: {them} answers for it and owes us assurance"),
    ]
    return [("", f"As the rules have it: {duty.default.label.lower()}" if duty.default else "Nobody yet"), *found]
