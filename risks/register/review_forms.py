"""The form of a review, and those of a dismissal: shape only, the services of reviewing.py decide."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from catalog.reading import Catalog
from risks.register.differing import Choice, Group, Row
from risks.register.forms import long_text
from risks.register.reviewing import LONGEST_REASON, Decision
from risks.register.reviews import ReviewState
from risks.register.threats import told_of

CHOICE, REASON = "choice_", "reason_"  # each before the key of a threat
WORDS: dict[Choice, str] = {
    "register": "Into the register",
    "dismiss": "Dismiss",
    "wait": "Leave for later",
    "keep": "Keep",
}
HEADINGS: dict[Group, tuple[str, str]] = {
    "new": ("Apply now", ""),
    "dropped": ("No longer apply", "Ratings and history are kept, whatever you choose."),
    "changed": ("Have changed", "Nothing to choose here. Rate again what the change touches."),
    "waiting": ("Left for later", ""),
    "unknown": ("Not known yet", "An answer in the profile settles these."),
}


@dataclass(frozen=True)
class Line:
    """A row of the review with its fields; a row that asks nothing has none."""

    row: Row
    choice: Any = None
    reason: Any = None


@dataclass(frozen=True)
class Stray:
    """A choice about something that is not asked any more, as it was typed."""

    key: str
    title: str
    choice: str
    reason: str

    @property
    def word(self) -> str:
        return next((word for choice, word in WORDS.items() if choice == self.choice), "no choice")


class ReviewForm(forms.Form):
    """A choice and a reason for each row that asks for one, and what the person has before them."""

    expected_profile = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    expected_edition = forms.CharField(max_length=20, widget=forms.HiddenInput)

    def __init__(self, state: ReviewState, catalog: Catalog, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"expected_profile": state.number, "expected_edition": state.edition})
        self.state, self.catalog = state, catalog
        for row in state.difference.rows:
            if row.choices:
                self.fields[CHOICE + row.threat] = forms.ChoiceField(
                    label=row.title,
                    choices=[(choice, WORDS[choice]) for choice in row.choices],
                    widget=forms.RadioSelect,
                    required=False,
                    initial=row.preset,
                )
                self.fields[REASON + row.threat] = long_text(
                    label="Why", required=False, rows=2, max_length=LONGEST_REASON
                )

    @property
    def groups(self) -> list[tuple[Group, str, str, list[Line]]]:
        """The rows by group: its key, heading and note, and its lines."""
        groups = [(group, *HEADINGS[group], list(self._lines(group))) for group in HEADINGS]
        return [group for group in groups if group[3]]

    @property
    def strays(self) -> list[Stray]:
        """What was chosen or typed about threats that are not asked about any more."""
        found = []
        for name in self.data:
            key = name.removeprefix(CHOICE)
            threat = told_of(self.catalog, key) if name.startswith(CHOICE) and name not in self.fields else None
            # No field has looked at these, so what the database cannot hold is taken out here.
            choice, reason = self.data.get(name, ""), self.data.get(REASON + key, "").replace("\x00", "").strip()
            if threat and (choice not in ("", "wait") or reason):
                found.append(Stray(key, threat.title, choice, reason))
        return found

    def decisions(self) -> dict[str, Decision]:
        """What was decided, by the keys of threats; a row without a choice is left out."""
        chosen = {stray.key: Decision(stray.choice, stray.reason) for stray in self.strays if stray.choice}
        for name, value in self.cleaned_data.items():
            if name.startswith(CHOICE) and value:
                key = name.removeprefix(CHOICE)
                chosen[key] = Decision(value, self.cleaned_data.get(REASON + key, ""))
        return chosen

    def at_fields(self, error: ValidationError) -> ValidationError:
        """The service's sentences per threat, at the fields that they are about."""
        found: dict[str, Any] = {}
        others = []
        for key, messages in error.message_dict.items():
            name = CHOICE + key
            threat = told_of(self.catalog, key)
            if name not in self.fields:
                others += [f"{threat.title}: {text}" if threat else text for text in messages]
            elif self.data.get(name) in ("dismiss", "keep") and not self.data.get(REASON + key, "").strip():
                found[REASON + key] = messages
            else:
                found[name] = messages
        return ValidationError(found | ({"__all__": others} if others else {}))

    def against(self, state: ReviewState) -> "ReviewForm":
        """What was chosen and typed, on the rows of now; new rows have their preset."""
        assert isinstance(self.data, QueryDict)
        data = self.data.copy()
        data["expected_profile"], data["expected_edition"] = str(state.number), state.edition
        for row in state.difference.rows:
            if row.preset and CHOICE + row.threat not in data:
                data[CHOICE + row.threat] = row.preset
        form = ReviewForm(state, self.catalog, data)
        form.is_valid()
        return form

    def _lines(self, group: Group) -> Iterator[Line]:
        for row in self.state.difference.of(group):
            if row.choices:
                yield Line(row, self[CHOICE + row.threat], self[REASON + row.threat])
            else:
                yield Line(row)


class DismissForm(forms.Form):
    """Why a threat needs no risk here."""

    reason = long_text(
        label="Why it needs no risk here",
        max_length=LONGEST_REASON,
        help_text="What you know that the profile does not ask. It stands beside the threat from now on.",
    )


class TakeBackForm(forms.Form):
    """Why a threat counts again. `expected` is the dismissal that the person had before them."""

    expected = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    reason = long_text(label="Why it counts again", max_length=LONGEST_REASON)
