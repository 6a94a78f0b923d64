"""Forms of an organisation's own threats and controls: shape only, services save."""

from collections.abc import Iterable
from typing import Any

from django import forms

from catalog.models import OwnControl, OwnThreat
from catalog.own_reading import key_today
from catalog.reading import Catalog
from catalog.vocabulary import LONGEST_LINE, LONGEST_TEXT, OWN, ControlType, Doer, Effort, Lifecycle
from pages.forms import VersionedForm

CONDITIONS = 5  # parts of a rule that the form has room for
HAND, ALWAYS, ALL, ANY = "hand", "always", "all", "any"
APPLIES = [
    (HAND, "Only where somebody adds it by hand"),
    (ALWAYS, "To every AI system"),
    (ALL, "Where all of these answers hold"),
    (ANY, "Where any of these answers holds"),
]

type Choices = list[tuple[str, Any]]


def text(label: str, hint: str = "", *, required: bool = False) -> forms.CharField:
    """A text in sentences."""
    area = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, help_text=hint, required=required, max_length=LONGEST_TEXT, widget=area)


def address() -> forms.URLField:
    """Where more is said."""
    label = "Address with more about it"
    return forms.URLField(label=label, required=False, max_length=LONGEST_LINE, assume_scheme="https")


def boxes(label: str, choices: Choices, hint: str = "") -> forms.MultipleChoiceField:
    """Any of several."""
    return forms.MultipleChoiceField(
        label=label, choices=choices, help_text=hint, required=False, widget=forms.CheckboxSelectMultiple
    )


class ThreatForm(VersionedForm):
    """A threat that the Exchange does not have."""

    title = forms.CharField(label="Title", max_length=LONGEST_LINE)
    parent_key = forms.ChoiceField(label="Where it stands", help_text="The group decides surface and lifecycle.")
    summary = text("What it is", "One or two sentences.", required=True)
    how = text("How it happens")
    hurts = text("What it hurts")
    impacts = boxes("Impacts", [])
    applies = text("When it applies", "In words, for those who read the list.")
    rule = forms.ChoiceField(label="It applies", choices=APPLIES, widget=forms.RadioSelect)
    likelihood = text("What makes it likely", "What to consider when rating it.")
    impact = text("What makes it bad", "What to consider when rating it.")
    controls = forms.MultipleChoiceField(
        label="Controls against it",
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text="Hold Ctrl or ⌘ to choose several.",
    )
    url = forms.URLField(
        label="Address with more about it", required=False, max_length=LONGEST_LINE, assume_scheme="https"
    )

    def __init__(self, catalog: Catalog, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.catalog = catalog
        groups = [(key, f"{each.number} {each.title}") for key, each in catalog.threats.items() if each.is_group]
        self.fields["parent_key"].choices = [("", "Choose a group"), *groups]  # type: ignore[attr-defined]
        self.fields["impacts"].choices = [(code, each.title) for code, each in catalog.impacts.items()]  # type: ignore[attr-defined]
        self.fields["controls"].choices = _controls(catalog)  # type: ignore[attr-defined]
        choices = _answers(catalog)
        readable = {value for _, answers in choices for value, _ in answers}
        kept = [self.initial.get(f"answer_{number}") for number in range(1, CONDITIONS + 1)]
        self.unreadable = [value for value in kept if value and value not in readable]
        if self.unreadable:
            waiting = [(value, f"Not asked here: {value}") for value in self.unreadable]
            choices = [*choices, (f"Not in edition {catalog.edition}", waiting)]
        for number in range(1, CONDITIONS + 1):
            self.fields[f"answer_{number}"] = forms.ChoiceField(
                label=f"Answer {number}", required=False, choices=[("", "–"), *choices]
            )

    @property
    def answers(self) -> list[forms.BoundField]:
        """The parts of the rule."""
        return [self[f"answer_{number}"] for number in range(1, CONDITIONS + 1)]

    @property
    def names_answers(self) -> bool:
        """Whether the rule is about answers, so that these must be in sight."""
        return self["rule"].value() in (ALL, ANY)

    def clean(self) -> None:
        given = [self.cleaned_data.get(f"answer_{number}") for number in range(1, CONDITIONS + 1)]
        if self.cleaned_data.get("rule") in (ALL, ANY) and not any(given):
            self.add_error("rule", "Choose at least one answer, or another way in which it applies.")
        for number, answer in enumerate(given, 1):
            if answer in self.unreadable:
                sentence = f"Edition {self.catalog.edition} does not ask this. Choose another answer, or none."
                self.add_error(f"answer_{number}", sentence)

    @property
    def values(self) -> dict[str, Any]:
        """What the services take, from data that is clean."""
        data = dict(self.cleaned_data)
        picked = [data.pop(f"answer_{number}") for number in range(1, CONDITIONS + 1)]
        rule = data.pop("rule")
        parts = [_condition(self.catalog, answer) for answer in dict.fromkeys(filter(None, picked))]
        data["applicable_when"] = {HAND: None, ALWAYS: "always"}.get(rule, {rule: parts})
        return data


class ControlForm(VersionedForm):
    """A control that the Exchange does not have."""

    name = forms.CharField(label="Name", max_length=LONGEST_LINE)
    parent_key = forms.ChoiceField(label="Where it stands")
    purpose = text("What it is for", "One sentence.", required=True)
    practice = text("What doing it looks like")
    types = boxes("Type", ControlType.choices)
    lifecycle = boxes("Lifecycle", Lifecycle.choices)
    effort = forms.ChoiceField(label="Effort", choices=Effort.choices, widget=forms.RadioSelect)
    effort_reason = text("Why this effort")
    trade_off = text("What it trades away")
    evidence = text("How to tell that it works", "One piece of evidence per line.")
    done_by = boxes("Who usually does it", Doer.choices)
    done_by_note = text("How the duty is split")
    threats = forms.MultipleChoiceField(
        label="Threats it works against",
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text="Hold Ctrl or ⌘ to choose several.",
    )
    url = forms.URLField(
        label="Address with more about it", required=False, max_length=LONGEST_LINE, assume_scheme="https"
    )

    def __init__(self, catalog: Catalog, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        headings = [(key, each.title) for key, each in catalog.control_groups.items()]
        self.fields["parent_key"].choices = [("", "Choose a heading"), *headings]  # type: ignore[attr-defined]
        self.fields["threats"].choices = [  # type: ignore[attr-defined]
            (key, f"{each.number} {each.title}") for key, each in catalog.threats.items()
        ]

    @property
    def values(self) -> dict[str, Any]:
        """What the services take, from data that is clean."""
        return {**self.cleaned_data, "evidence": self.cleaned_data["evidence"].splitlines()}


def initial_of_threat(row: OwnThreat, catalog: Catalog, controls: Iterable[str]) -> dict[str, Any]:
    """An own threat as its form shows it, its group by the key of today."""
    names = ("title", "parent_key", "summary", "how", "hurts", "impacts", "applies", "likelihood", "impact", "url")
    condition = row.applicable_when
    initial = {name: getattr(row, name) for name in names}
    initial["parent_key"] = key_today(catalog.threat, row.parent_key) or row.parent_key
    initial |= {"expected_version": row.version, "controls": list(controls), "rule": HAND}
    if condition == "always":
        initial["rule"] = ALWAYS
    elif condition is not None:
        rule, parts = next(iter(condition.items()))
        initial["rule"] = rule
        for number, part in enumerate(parts, 1):
            initial[f"answer_{number}"] = f"{part['question']}={part.get('is') or part.get('has')}"
    return initial


def initial_of_control(row: OwnControl, threats: Iterable[str]) -> dict[str, Any]:
    """An own control as its form shows it."""
    names = ("name", "parent_key", "purpose", "practice", "types", "lifecycle", "effort", "effort_reason", "trade_off")
    initial = {name: getattr(row, name) for name in (*names, "done_by", "done_by_note", "url")}
    return initial | {
        "expected_version": row.version,
        "evidence": "\n".join(row.evidence),
        "threats": list(threats),
    }


def _controls(catalog: Catalog) -> Choices:
    headings: dict[str, list[tuple[str, str]]] = {}
    for key, control in catalog.controls.items():
        title = catalog.control_groups[control.parent_key].title
        headings.setdefault("Our own" if key.startswith(OWN) else title, []).append((key, control.name))
    return list(headings.items())


def _answers(catalog: Catalog) -> Choices:
    """Every answer that a rule can name, as the sentence it makes true."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for question in catalog.rule_set.questions:
        for value, sentences in question.sentences.items():
            entry = (f"{question.key}={value}", sentences.if_true)
            groups.setdefault(catalog.question_groups[question.group], []).append(entry)
    return list(groups.items())


def _condition(catalog: Catalog, answer: str) -> dict[str, str]:
    key, _, value = answer.partition("=")
    operator = "has" if catalog.rule_set.question(key).kind == "many" else "is"
    return {"question": key, operator: value}
