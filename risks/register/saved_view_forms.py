"""The forms of saved views: shape only."""

from django import forms

from pages.forms import VersionedForm
from risks.register.saving_views import LONGEST_NAME, LONGEST_QUERY


class SaveViewForm(forms.Form):
    """A name for what the register shows; the query string comes along unseen."""

    name = forms.CharField(label="Name", max_length=LONGEST_NAME)
    is_shared = forms.BooleanField(
        label="Share it with everyone", required=False, help_text="Each person sees only the risks that are theirs."
    )
    replaces = forms.BooleanField(label="Replace my view of this name, if there is one", required=False)
    query = forms.CharField(required=False, max_length=LONGEST_QUERY, widget=forms.HiddenInput)


class ChangeViewForm(VersionedForm):
    """A view's name, who has it, and what it shows."""

    name = forms.CharField(label="Name", max_length=LONGEST_NAME)
    is_shared = forms.BooleanField(
        label="Share it with everyone", required=False, help_text="Each person sees only the risks that are theirs."
    )
    query = forms.CharField(
        label="What it shows",
        required=False,
        max_length=LONGEST_QUERY,
        help_text="As in the address of the register, after the question mark. Empty shows every open risk.",
    )
