"""The form of an import: shape only."""

from typing import Any

from django import forms

from accounts.models import Team
from risks.systems.importing import NO_SUCH_TEAM
from risks.systems.imports.plan import MOST_BYTES

CHOOSE = f"Choose a file of at most {MOST_BYTES // 1_000_000} MB."


class UploadForm(forms.Form):
    """A file, and the team for what names none itself."""

    file = forms.FileField(
        label="File",
        help_text="CSV, Excel (.xlsx) or CycloneDX BOM (.json), at most 5 MB. Nothing is registered yet.",
        error_messages={"required": CHOOSE, "missing": CHOOSE, "invalid": CHOOSE, "empty": "The file is empty."},
    )
    team = forms.ModelChoiceField(
        label="Team",
        queryset=Team.objects.none(),
        required=False,
        empty_label="As the file says",
        help_text="For a BOM, which names no team, and for rows that name none.",
        error_messages={"invalid_choice": NO_SUCH_TEAM},
    )

    def __init__(self, data: Any, files: Any, *, teams: Any) -> None:
        super().__init__(data, files, initial={"team": teams[0].pk if len(teams) == 1 else None})
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]
        self.fields["file"].widget.attrs["accept"] = ".csv,.xlsx,.json,.txt"

    def values(self) -> dict[str, Any]:
        """The data as a service takes it."""
        file, team = self.cleaned_data["file"], self.cleaned_data["team"]
        return {"raw": file.read(), "file_name": file.name, "team_id": team.pk if team else None}
