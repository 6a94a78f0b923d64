"""Forms that change owner, due date and status of a treatment in force: of one risk, or of many in one go."""

from typing import Any

from django import forms

from accounts.models import User
from pages.forms import VersionedForm
from risks.register.choices import TreatmentStatus
from risks.register.forms import due_field
from risks.register.models import Treatment
from risks.register.services import LONGEST_NOTE
from risks.register.treating import Change

KEEP = "Keep"


class ChangeForm(forms.Form):
    """What may be changed; what is left empty stays as it is."""

    status = forms.ChoiceField(label="Status", required=False)
    owner = forms.ModelChoiceField(label="Owner", queryset=User.objects.none(), required=False, empty_label=KEEP)
    due = due_field(label="Due", required=False)
    note = forms.CharField(label="Note", required=False, max_length=LONGEST_NOTE)

    def __init__(self, owners: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = owners  # type: ignore[attr-defined]
        self.fields["status"].choices = [("", KEEP), *TreatmentStatus.choices]  # type: ignore[attr-defined]

    def change(self) -> Change:
        """As the services take it."""
        data: dict[str, Any] = self.cleaned_data
        owner: User | None = data.get("owner")
        return Change(
            owner_id=owner.pk if owner else None,
            due=data.get("due"),
            status=data.get("status") or None,
            note=data.get("note") or None,
        )


class RowForm(ChangeForm, VersionedForm):
    """One risk. It shows what is in force; who may only say how far it is gets no more than that.

    An owner who may no longer own it can stay, though nobody can choose them. `back` is the list one came from.
    """

    back = forms.CharField(required=False, max_length=8_000, widget=forms.HiddenInput)

    def __init__(self, treatment: Treatment, *args: Any, may_decide: bool, **kwargs: Any) -> None:
        shown = {name: getattr(treatment, name) for name in ("status", "owner", "due")}
        kwargs["initial"] = {**shown, **kwargs.get("initial", {})}
        owners = User.objects.able_to_own(treatment.team_id) if may_decide else User.objects.none()
        super().__init__(owners, *args, **kwargs)
        self.fields["status"].choices = TreatmentStatus.choices  # type: ignore[attr-defined]
        self.fields["status"].required = True
        if not may_decide:
            del self.fields["owner"], self.fields["due"]
            return
        self.fields["due"].required = True
        stays = owners.filter(pk=treatment.owner_id).exists()
        owner: Any = self.fields["owner"]
        owner.empty_label = None if stays else f"{treatment.owner.name}, who may not own it any more"
        owner.required = stays
