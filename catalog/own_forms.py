"""Forms of an organisation's own threats and controls: shape only, services save."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms

from catalog.models import OwnControl, OwnEntry, OwnThreat
from catalog.own_reading import key_today
from catalog.own_values import MOST_LISTED
from catalog.reading import Catalog
from catalog.vocabulary import LONGEST_LINE, LONGEST_TEXT, OWN, ControlType, Doer, Effort, Fit, Lifecycle, ModelType
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


def text(label: str, hint: str = "", *, required: bool = False, longest: int = LONGEST_TEXT) -> forms.CharField:
    """A text in sentences."""
    area = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, help_text=hint, required=required, max_length=longest, widget=area)


def lines(label: str, hint: str) -> forms.CharField:
    """Several texts, one per line."""
    return text(label, hint, longest=MOST_LISTED * LONGEST_TEXT)


def address() -> forms.URLField:
    """Where more is said."""
    label = "Address with more about it"
    return forms.URLField(label=label, required=False, max_length=LONGEST_LINE, assume_scheme="https")


def boxes(label: str, choices: Choices, hint: str = "") -> forms.MultipleChoiceField:
    """Any of several."""
    return forms.MultipleChoiceField(
        label=label, choices=choices, help_text=hint, required=False, widget=forms.CheckboxSelectMultiple
    )


def several(label: str) -> forms.MultipleChoiceField:
    """Some of a long list."""
    return forms.MultipleChoiceField(
        label=label,
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text="Hold Ctrl or ⌘ to choose several.",
    )


class OwnForm(VersionedForm):
    """An own entry as people write it."""

    kind: ClassVar[str]

    def __init__(self, catalog: Catalog, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.catalog = catalog

    @classmethod
    def initial_of(cls, row: Any, catalog: Catalog, links: Iterable[str]) -> dict[str, Any]:
        """An own entry as its form shows it, with keys of today."""
        raise NotImplementedError

    @property
    def values(self) -> dict[str, Any]:
        """What the services take, from data that is clean."""
        return {name: value for name, value in self.cleaned_data.items() if name != "expected_version"}

    def compared_with(self, theirs: OwnEntry, links: Iterable[str]) -> list[tuple[str, str, str]]:
        """The fields in which a version that was saved meanwhile differs from what was typed, both in words."""
        saved = self.initial_of(theirs, self.catalog, links)
        found = (
            (str(field.label), _in_words(field, saved.get(name)), _in_words(field, self.cleaned_data.get(name)))
            for name, field in self.fields.items()
            if name != "expected_version"
        )
        return [line for line in found if line[1] != line[2]]

    def offer(self, name: str, choices: Choices) -> None:
        """What can be chosen in a field, since that is data."""
        self.fields[name].choices = choices  # type: ignore[attr-defined]


class ThreatForm(OwnForm):
    """A threat that the Exchange does not have."""

    kind = "threat"

    title = forms.CharField(label="Title", max_length=LONGEST_LINE)
    parent_key = forms.ChoiceField(label="Where it stands", help_text="The group decides surface and lifecycle.")
    summary = text("What it is", "One or two sentences.", required=True)
    how = text("How it happens")
    variants = lines("Kinds of attack", "One per line: a name, a colon, a sentence.")
    in_rag = text("With retrieval", "Where it takes a form of its own.")
    in_agents = text("In agents", "Where it takes a form of its own.")
    hurts = text("What it hurts")
    impacts = boxes("Impacts", [])
    assets_attacked = boxes("Assets attacked", [], "They decide where it stands in the threat map.")
    assets_hurt = boxes("Assets harmed", [])
    applies = text("When it applies", "In words, for those who read the list.")
    models = boxes("Kinds of model", list(ModelType.choices), "None ticked: every kind.")
    rule = forms.ChoiceField(label="It applies", choices=APPLIES, widget=forms.RadioSelect)
    likelihood = text("What makes it likely", "What to consider when rating it.")
    impact = text("What makes it bad", "What to consider when rating it.")
    controls = several("Controls against it")
    other_names = lines("Other names", "One per line.")
    url = address()

    def __init__(self, catalog: Catalog, *args: Any, **kwargs: Any) -> None:
        super().__init__(catalog, *args, **kwargs)
        groups = [(key, f"{each.number} {each.title}") for key, each in catalog.threats.items() if each.is_group]
        self.offer("parent_key", [("", "Choose a group"), *groups])
        self.offer("impacts", [(code, each.title) for code, each in catalog.impacts.items()])
        self.offer("assets_attacked", list(catalog.assets.items()))
        self.offer("assets_hurt", list(catalog.assets.items()))
        self.offer("controls", _controls(catalog))
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

    @classmethod
    def initial_of(cls, row: OwnThreat, catalog: Catalog, links: Iterable[str]) -> dict[str, Any]:
        names = (
            "title",
            "summary",
            "how",
            "hurts",
            "impacts",
            "applies",
            "likelihood",
            "impact",
            "in_rag",
            "in_agents",
        )
        condition = row.applicable_when
        initial = {name: getattr(row, name) for name in (*names, "assets_attacked", "assets_hurt", "url")}
        initial["models"] = [kind for kind, fit in row.fits.items() if fit == Fit.YES]
        initial["variants"] = "\n".join(f"{variant['title']}: {variant['text']}" for variant in row.variants)
        initial["other_names"] = "\n".join(row.other_names)
        initial["parent_key"] = key_today(catalog.threat, row.parent_key) or row.parent_key
        initial |= {"expected_version": row.version, "controls": list(links), "rule": HAND}
        if condition == "always":
            initial["rule"] = ALWAYS
        elif condition is not None:
            rule, parts = next(iter(condition.items()))
            initial["rule"] = rule
            for number, part in enumerate(parts, 1):
                initial[f"answer_{number}"] = f"{part['question']}={part.get('is') or part.get('has')}"
        return initial

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
        data = super().values
        models = data.pop("models")
        data["fits"] = {kind: "yes" if kind in models else "no" for kind in ModelType.values} if models else {}
        data["variants"] = [_variant(line) for line in data["variants"].splitlines() if line.strip()]
        data["other_names"] = data["other_names"].splitlines()
        picked = [data.pop(f"answer_{number}") for number in range(1, CONDITIONS + 1)]
        rule = data.pop("rule")
        parts = [_condition(self.catalog, answer) for answer in dict.fromkeys(filter(None, picked))]
        data["applicable_when"] = {HAND: None, ALWAYS: "always"}.get(rule, {rule: parts})
        return data


class ControlForm(OwnForm):
    """A control that the Exchange does not have."""

    kind = "control"

    name = forms.CharField(label="Name", max_length=LONGEST_LINE)
    parent_key = forms.ChoiceField(label="Where it stands")
    purpose = text("What it is for", "One sentence.", required=True)
    practice = text("What doing it looks like")
    types = boxes("Type", ControlType.choices)
    lifecycle = boxes("Lifecycle", Lifecycle.choices)
    essentials = boxes("Essential categories", [])
    effort = forms.ChoiceField(label="Effort", choices=Effort.choices, widget=forms.RadioSelect)
    effort_reason = text("Why this effort")
    trade_off = text("What it trades away")
    evidence = lines("How to tell that it works", "One piece of evidence per line.")
    done_by = boxes("Who usually does it", Doer.choices)
    done_by_note = text("How the duty is split")
    threats = several("Threats it works against")
    url = address()

    def __init__(self, catalog: Catalog, *args: Any, **kwargs: Any) -> None:
        super().__init__(catalog, *args, **kwargs)
        headings = [(key, each.title) for key, each in catalog.control_groups.items()]
        paths = {key: catalog.essential_path(key) for key in catalog.essentials}
        self.offer("parent_key", [("", "Choose a heading"), *headings])
        self.offer("essentials", [(key, " › ".join(each.title for each in path)) for key, path in paths.items()])
        self.offer("threats", [(key, f"{each.number} {each.title}") for key, each in catalog.threats.items()])

    @classmethod
    def initial_of(cls, row: OwnControl, catalog: Catalog, links: Iterable[str]) -> dict[str, Any]:
        names = ("name", "parent_key", "purpose", "practice", "types", "lifecycle", "essentials", "effort")
        more = ("effort_reason", "trade_off", "done_by", "done_by_note", "url")
        initial = {name: getattr(row, name) for name in (*names, *more)}
        return initial | {
            "expected_version": row.version,
            "evidence": "\n".join(row.evidence),
            "threats": list(links),
        }

    @property
    def values(self) -> dict[str, Any]:
        return {**super().values, "evidence": self.cleaned_data["evidence"].splitlines()}


def _in_words(field: forms.Field, value: Any) -> str:
    """A value as the form shows it."""
    if not isinstance(field, forms.ChoiceField):
        return " / ".join(str(value or "").split("\n")).replace("\r", "").strip()
    labels: dict[Any, Any] = {}
    choices: Any = field.choices
    for key, label in choices:
        labels |= dict(label) if isinstance(label, list | tuple) else {key: label}
    chosen = value if isinstance(value, list | tuple) else [value] if value else []
    return ", ".join(str(label) for key, label in labels.items() if key in chosen)


def _variant(line: str) -> dict[str, str]:
    title, _, words = line.partition(":")
    return {"title": title, "text": words}


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
