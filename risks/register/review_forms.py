"""The form of a review, and those of a dismissal: shape only, the services of reviewing.py decide."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from catalog.reading import Catalog
from risks.register.differing import Choice, Group, Row
from risks.register.filter_values import is_number
from risks.register.forms import long_text
from risks.register.reviewing import DISMISS, LONGEST_REASON, Decision, has_changed
from risks.register.reviews import ReviewState
from risks.register.threats import key_of, told_of

CHOICE, REASON, SEEN = "choice_", "reason_", "seen_"  # each before the key of a threat
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
    seen: Any = None


@dataclass(frozen=True)
class Stray:
    """A choice about something that is not asked any more, as it was typed."""

    key: str
    title: str
    choice: str
    reason: str
    seen: int | None

    @property
    def word(self) -> str:
        return next((word for choice, word in WORDS.items() if choice == self.choice), "no choice")


def changed_meanwhile(state: ReviewState, key: str) -> str:
    """Why a threat was not dismissed: its risk is not what the person had before them."""
    for risk in state.open_risks(key):
        return f"{risk.reference} came into the register or changed meanwhile. Look at it before you dismiss it."
    return "Its risk does not count any more. Look at it before you dismiss it."


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
                self.fields[SEEN + row.threat] = seen_field(state.version_of(row.threat))

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
                seen = self.data.get(SEEN + key, "")
                found.append(Stray(key, threat.title, choice, reason, int(seen) if is_number(seen) else None))
        return found

    def decisions(self) -> dict[str, Decision]:
        """What was decided, by the keys of threats; a row without a choice is left out."""
        chosen = {each.key: Decision(each.choice, each.reason, each.seen) for each in self.strays if each.choice}
        for name, value in self.cleaned_data.items():
            if name.startswith(CHOICE) and value:
                key = name.removeprefix(CHOICE)
                typed = self.cleaned_data.get(REASON + key, ""), self.cleaned_data.get(SEEN + key)
                chosen[key] = Decision(value, *typed)
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
            data[SEEN + row.threat] = str(state.version_of(row.threat))
            if row.preset and CHOICE + row.threat not in data:
                data[CHOICE + row.threat] = row.preset
        form = ReviewForm(state, self.catalog, data)
        form.is_valid()
        for key, decision in self.decisions().items():
            if decision.choice == DISMISS and has_changed(state, self.catalog, key, decision):
                where = CHOICE + key if CHOICE + key in form.fields else None
                form.add_error(where, changed_meanwhile(state, key_of(self.catalog, key)))
        return form

    def _lines(self, group: Group) -> Iterator[Line]:
        for row in self.state.difference.of(group):
            if row.choices:
                yield Line(row, *(self[name + row.threat] for name in (CHOICE, REASON, SEEN)))
            else:
                yield Line(row)


def seen_field(version: int | None = None) -> forms.IntegerField:
    """The version of what the register holds of a threat, as the person has it before them."""
    return forms.IntegerField(min_value=0, required=False, initial=version, widget=forms.HiddenInput)


class DismissForm(forms.Form):
    """Why a threat needs no risk here."""

    expected_version = seen_field()
    reason = long_text(
        label="Why it needs no risk here",
        max_length=LONGEST_REASON,
        help_text="What you know that the profile does not ask. It stands beside the threat from now on.",
    )


class TakeBackForm(forms.Form):
    """Why a threat counts again. `expected` is the dismissal that the person had before them."""

    expected = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    reason = long_text(label="Why it counts again", max_length=LONGEST_REASON)
