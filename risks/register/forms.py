"""Forms of the register: shape only, services save. Nothing that is a judgement has a default."""

from datetime import date
from typing import Any

from django import forms
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from accounts.models import User
from catalog.reading import Catalog
from pages.forms import VersionedForm
from risks.register.choices import FactorEffect, RatingKind, TreatmentOption, TreatmentStatus
from risks.register.commenting import LONGEST_COMMENT
from risks.register.judging import FACTORS, Factor
from risks.register.rules import AREAS, Scale, Step
from risks.register.services import LONGEST_NOTE, LONGEST_TEXT
from risks.register.threats import threats_for_risks
from risks.register.treating import FIRST_DUE, LAST_DUE
from risks.register.treatment_rules import DETAILS, PLANS, details_of

CHOOSE = "Choose a level."


def long_text(**options: Any) -> forms.CharField:
    """A text of several lines."""
    rows = options.pop("rows", 4)
    return forms.CharField(widget=forms.Textarea(attrs={"rows": rows}), **options)


def day_field(*, first: date | None = None, last: date | None = None, **options: Any) -> forms.DateField:
    """A day, picked in the browser's own calendar, which offers those from the first to the last."""
    ends = {name: day.isoformat() for name, day in (("min", first), ("max", last)) if day}
    widget = forms.DateInput(attrs={"type": "date", "class": "input--date", **ends}, format="%Y-%m-%d")
    return forms.DateField(widget=widget, **options)


def due_field(**options: Any) -> forms.DateField:
    """The day by which something is done."""
    return day_field(first=FIRST_DUE, last=LAST_DUE, **options)


class RateForm(VersionedForm):
    """A judgement on the scale, with what it rests on where that was said. Where areas are given, the worst leads.

    The page sends the key of the scale it was drawn by, so that nobody's 4 of five levels becomes a 4 of seven.
    """

    kind = forms.ChoiceField(label="Which rating", choices=RatingKind.choices, widget=forms.RadioSelect)
    likelihood = forms.TypedChoiceField(label="Likelihood", coerce=int, widget=forms.RadioSelect)
    impact = forms.TypedChoiceField(
        label="Impact", coerce=int, widget=forms.RadioSelect, required=False, empty_value=None
    )
    expected_scale = forms.CharField(required=False, widget=forms.HiddenInput)
    reason = long_text(label="Why", max_length=LONGEST_TEXT, help_text="What you know that makes it so.")

    def __init__(self, scale: Scale, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scale = scale
        self.fields["likelihood"].choices = _numbered(scale.likelihood)  # type: ignore[attr-defined]
        self.fields["impact"].choices = _numbered(scale.impact)  # type: ignore[attr-defined]
        self.fields["likelihood"].error_messages["required"] = CHOOSE
        for name, factor in FACTORS.items():
            self.fields[f"factor_{name}"] = forms.ChoiceField(
                label=factor.word, choices=FactorEffect.choices, widget=forms.RadioSelect, required=False
            )
        levels = [("", "Not judged"), *_numbered(scale.impact)]
        for area, word in AREAS.items():
            self.fields[f"area_{area}"] = forms.TypedChoiceField(
                label=word, choices=levels, coerce=int, required=False, empty_value=None
            )

    def clean(self) -> dict[str, Any]:
        """As the service takes it: factors and areas as one value each, without those nobody said anything of."""
        data = dict(super().clean() or self.cleaned_data)
        factors = {name: data.pop(f"factor_{name}", "") for name in FACTORS}
        areas = {area: data.pop(f"area_{area}", None) for area in AREAS}
        data["factors"] = {name: effect for name, effect in factors.items() if effect}
        data["areas"] = {area: level for area, level in areas.items() if level}
        data["expected_scale"] = data.get("expected_scale") or None
        if "impact" not in self.errors and not data.get("impact") and not data["areas"]:
            self.add_error("impact", CHOOSE)
        return data

    @property
    def factors(self) -> list[tuple[Factor, forms.BoundField]]:
        return [(factor, self[f"factor_{name}"]) for name, factor in FACTORS.items()]

    @property
    def areas(self) -> list[tuple[forms.BoundField, list[tuple[Step, str]]]]:
        """The selects of the areas, each with what the scale says of it, where it says so."""
        return [
            (self[f"area_{area}"], [(step, step.areas[area]) for step in self.scale.impact if area in step.areas])
            for area in AREAS
        ]

    @property
    def has_factors(self) -> bool:
        """Whether something is said of a factor, so that the page shows them open."""
        return any(field.value() for _, field in self.factors)

    @property
    def has_areas(self) -> bool:
        return any(field.value() or field.errors for field, _ in self.areas)

    @property
    def kinds(self) -> list[tuple[Any, str]]:
        """The radio buttons of the kinds, each with what it means."""
        return [(button, RatingKind(button.data["value"]).meaning) for button in self["kind"]]

    @property
    def axes(self) -> list[tuple[forms.BoundField, list[tuple[Any, Step]]]]:
        """Both axes with their radio buttons, each beside the step it stands for."""
        steps = {"likelihood": self.scale.likelihood, "impact": self.scale.impact}
        return [(self[name], list(zip(self[name], steps[name], strict=True))) for name in steps]


def _hints_of_plan() -> SafeString:
    """What to write under each option; the page shows that of the one chosen."""
    hints = [(option.value, plan.hint) for option, plan in PLANS.items()]
    return format_html_join("", '<span class="block" data-option="{}">{}</span>', hints)


class TreatForm(VersionedForm):
    """A decision: what is done, by whom and until when, with the texts that the option asks for.

    What was typed for another option stays in the form and counts for nothing.
    """

    option = forms.ChoiceField(label="What is done about it", choices=TreatmentOption.choices, widget=forms.RadioSelect)
    plan = long_text(label="What exactly", max_length=LONGEST_TEXT, help_text=_hints_of_plan())
    owner = forms.ModelChoiceField(label="Owner", queryset=User.objects.none(), empty_label="Choose an owner")
    due = due_field(label="Due")

    def __init__(self, team_id: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = User.objects.able_to_own(team_id)  # type: ignore[attr-defined]
        self.fields["option"].error_messages["required"] = "Choose one of the four."
        for name, detail in DETAILS.items():
            widget = forms.Textarea(attrs={"rows": detail.rows}) if detail.rows > 1 else forms.TextInput()
            self.fields[name] = forms.CharField(
                label=detail.label,
                max_length=detail.longest,
                help_text=detail.hint,
                widget=widget,
                error_messages={"required": detail.needed},
            )

    def clean(self) -> dict[str, Any]:
        """As the service takes it: `details` of the option that was chosen."""
        data = dict(super().clean() or self.cleaned_data)
        option = data.get("option", "")
        for name, detail in DETAILS.items():
            if detail.option != option:
                self.errors.pop(name, None)
        if option and not data.get("plan") and not self["plan"].value():
            self.errors["plan"] = self.error_class([PLANS[TreatmentOption(option)].needed])
        said = {name: data.pop(name, "") for name in DETAILS}
        data["details"] = {detail.name: said[detail.name] for detail in details_of(option)}
        return data

    @property
    def details(self) -> list[tuple[str, forms.BoundField]]:
        """The fields that options ask for beside the plan, each with its option."""
        return [(detail.option.value, self[name]) for name, detail in DETAILS.items()]

    @property
    def options(self) -> list[tuple[Any, str]]:
        """The radio buttons of the options, each with what it means."""
        return [(button, TreatmentOption(button.data["value"]).meaning) for button in self["option"]]


class StatusForm(VersionedForm):
    """How far a treatment is. `next` says where the person came from."""

    status = forms.ChoiceField(label="Status", choices=TreatmentStatus.choices, widget=forms.RadioSelect)
    note = long_text(label="Note", required=False, max_length=LONGEST_NOTE, rows=2)
    next = forms.CharField(required=False, widget=forms.HiddenInput)


class RiskReviewForm(VersionedForm):
    """That a risk stands, by the edition that the person saw in force."""

    reason = long_text(
        label="Why it stands", max_length=LONGEST_NOTE, help_text="What you looked at, and what has not changed."
    )
    edition = forms.CharField(required=False, widget=forms.HiddenInput)


class CommentForm(forms.Form):
    """Something said about a risk."""

    text = long_text(
        label="Comment",
        max_length=LONGEST_COMMENT,
        help_text="Markdown: **bold**, *italic*, `code`, lists, > quotes and [links](https://…).",
    )


class DescribeForm(VersionedForm):
    """What a threat means for one system."""

    description = long_text(
        label="What it means here",
        required=False,
        rows=6,
        max_length=LONGEST_TEXT,
        help_text="Who could do it to this system, by what way, and what would come of it.",
    )


class AddForm(forms.Form):
    """A risk that the rules did not find."""

    threat = forms.ChoiceField(label="Threat")
    description = long_text(
        label="What it means here",
        required=False,
        max_length=LONGEST_TEXT,
        help_text="Why it belongs into the register though the rules did not put it there.",
    )

    def __init__(self, catalog: Catalog, registered: set[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups: dict[str, list[tuple[str, str]]] = {}
        for threat in threats_for_risks(catalog):
            above = catalog.above(threat.key)
            if threat.key not in registered:
                groups.setdefault(above[0].title if above else threat.title, []).append((threat.key, threat.title))
        self.fields["threat"].choices = [("", "Choose a threat"), *groups.items()]  # type: ignore[attr-defined]


class PutInForceForm(forms.Form):
    """Which edition the person saw in force, and why it is replaced."""

    expected = forms.CharField(max_length=20, widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Why now",
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Stays in the journal.",
    )


def _numbered(steps: tuple[Step, ...]) -> list[tuple[int, str]]:
    return [(step.number, f"{step.number} {step.word}") for step in steps]
