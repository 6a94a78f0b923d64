"""Forms of people: shape only, services save."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm

from accounts.models import Team, User
from accounts.roles import OrganisationRole, Scope, TeamRole
from accounts.services import LONGEST_TOKEN_DAYS, TOKEN_DAYS


class SignInForm(AuthenticationForm):
    """The same answer for a wrong password, an unknown address and someone who was switched off."""

    username = forms.EmailField(
        label="E-mail", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    error_messages = {
        "invalid_login": "This e-mail and password do not go together. Mind capitals in the password.",
        "inactive": "This e-mail and password do not go together. Mind capitals in the password.",
    }


class PasswordForm(forms.Form):
    """A person's own new password, with the old one to show that it is them."""

    old = forms.CharField(
        label="Password now", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    password = forms.CharField(
        label="New password",
        strip=False,
        max_length=200,
        help_text="At least 12 characters. A few unrelated words are easier than signs.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="New password again", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, user: User, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.user = user

    def clean_old(self) -> str:
        if not self.user.check_password(self.cleaned_data["old"]):
            raise forms.ValidationError("This is not your password.")
        return str(self.cleaned_data["old"])

    def clean(self) -> None:
        typed = self.cleaned_data
        if "password" in typed and "again" in typed and typed["password"] != typed["again"]:
            self.add_error("again", "This is not the same as above.")


class TokenForm(forms.Form):
    name = forms.CharField(label="Name", max_length=80, help_text="What it is for, such as “GRC import”.")
    scopes = forms.MultipleChoiceField(
        label="May", choices=Scope.choices, widget=forms.CheckboxSelectMultiple, initial=[Scope.READ]
    )
    days = forms.IntegerField(label="Ends after (days)", min_value=1, max_value=LONGEST_TOKEN_DAYS, initial=TOKEN_DAYS)


class PersonForm(forms.Form):
    email = forms.EmailField(label="E-mail", max_length=254)
    name = forms.CharField(label="Name", max_length=120)
    organisation_role = forms.ChoiceField(
        label="Role in the organisation",
        choices=OrganisationRole.choices,
        initial=OrganisationRole.MEMBER,
        help_text="A member sees only their teams. Auditors read everything; officers and administrators also write.",
    )


class PersonChangeForm(forms.Form):
    name = forms.CharField(label="Name", max_length=120)
    organisation_role = forms.ChoiceField(label="Role in the organisation", choices=OrganisationRole.choices)
    is_active = forms.BooleanField(
        label="May sign in", required=False, help_text="Switching this off ends all sessions and tokens at once."
    )


class TeamForm(forms.Form):
    name = forms.CharField(label="Name of the team", max_length=120, min_length=2)


class MembershipForm(forms.Form):
    team = forms.ModelChoiceField(label="Team", queryset=Team.objects.none(), empty_label="Choose a team")
    role = forms.ChoiceField(label="Role in the team", choices=TeamRole.choices)

    def __init__(self, user: User, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["team"].queryset = Team.objects.visible_to(user)  # type: ignore[attr-defined]
