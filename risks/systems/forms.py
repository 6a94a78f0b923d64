"""Forms of systems: shape only, services save. The profile's form is built from the questions of an edition."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from accounts.access import NO_SUCH_OWNER
from accounts.models import Team, User
from catalog.profile import NONE, UNKNOWN, Question, RuleSet
from pages.forms import VersionedForm
from risks.systems.about import FIELDS, LONGEST_REASON
from risks.systems.ai_act import NOT_CLASSIFIED
from risks.systems.answers import InvalidAnswersError, validate_answers
from risks.systems.choices import AiActClass, Criticality, DataCategory, Stage
from risks.systems.models import AISystem
from risks.systems.results import NOT_KNOWN, questions_to_show
from risks.systems.services import LONGEST_PURPOSE, NO_SUCH_TEAM
from risks.systems.suggestions import Suggestion, contradictions

SIDE_BY_SIDE = 50  # letters of all labels of a question, up to which its choices fit one line


NOT_SAID = "Not said yet"
NO_SUCH_CHOICE = "Choose one of the list."


class TagsField(forms.CharField):
    """Tags with commas between them."""

    def to_python(self, value: Any) -> Any:
        return value if isinstance(value, list) else [tag.strip() for tag in (value or "").split(",") if tag.strip()]

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value


class LinksField(forms.CharField):
    """Links, one on each line: the title, a bar, the address."""

    widget = forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list):
            return value
        lines = [line.strip() for line in (value or "").splitlines() if line.strip()]
        return [_link(number, line) for number, line in enumerate(lines, 1)]

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(link_line, value)) if isinstance(value, list) else value


def link_line(link: Mapping[str, str]) -> str:
    return f"{link['title']} | {link['url']}"


def _link(number: int, line: str) -> dict[str, str]:
    """Parted where the address begins, so that a title may have a bar in it."""
    title, bar, url = line.partition(" | http")
    if not bar:
        raise forms.ValidationError(f"Link {number}: write it as Title | https://…")
    return {"title": title.strip(), "url": f"http{url}"}


def _one_of(choices: Any, **values: Any) -> forms.ChoiceField:
    offered = [("", values.pop("empty", NOT_SAID)), *choices.choices]
    messages = {"invalid_choice": NO_SUCH_CHOICE}
    return forms.ChoiceField(choices=offered, required=False, error_messages=messages, **values)


class AboutFields(forms.Form):
    """What can be said about a system beside its name, purpose and owner. Nothing of it must be."""

    stage = _one_of(Stage, label="Lifecycle stage")
    criticality = _one_of(
        Criticality, label="Business criticality", help_text="What the business loses when the system fails."
    )
    ai_act_class = _one_of(AiActClass, label="Class by the EU AI Act", empty=NOT_CLASSIFIED)
    ai_act_reason = forms.CharField(
        label="Why this class",
        max_length=LONGEST_REASON,
        required=False,
        help_text="What the system is used for, and by which article or annex. A class needs its reason.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    data_categories = forms.MultipleChoiceField(
        label="Data it handles",
        choices=DataCategory.choices,
        required=False,
        help_text="Tick all that it takes in, keeps or learns from.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": NO_SUCH_CHOICE},
    )
    tags = TagsField(
        label="Tags", max_length=None, required=False, help_text="Words to find it by, with commas between them."
    )
    links = LinksField(
        label="Links", required=False, help_text="Where more is written, one on each line: Title | https://…"
    )

    def about(self) -> dict[str, Any]:
        """The data as a service takes it."""
        return {name: self.cleaned_data[name] for name in FIELDS}


class SystemFields(AboutFields):
    """What is said about a system."""

    name = forms.CharField(label="Name", min_length=2, max_length=120)
    purpose = forms.CharField(
        label="Purpose",
        max_length=LONGEST_PURPOSE,
        help_text="What it does and for whom, in a sentence or two.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    owner = forms.ModelChoiceField(
        label="Owner",
        queryset=User.objects.none(),
        required=False,
        empty_label="Nobody yet",
        help_text="Who answers for the system: an editor or risk owner of the team, or a security officer.",
        error_messages={"invalid_choice": NO_SUCH_OWNER},
    )

    def offer_owners(self, owners: Any) -> None:
        self.fields["owner"].queryset = owners  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """The data as a service takes it: people and teams by id."""
        data = {name: self.cleaned_data[name] for name in ("name", "purpose")}
        owner = self.cleaned_data["owner"]
        return {**data, "owner_id": owner.pk if owner else None, **self.about()}


class RegistrationForm(SystemFields):
    """A new system, in a team whose register the person may change."""

    team = forms.ModelChoiceField(
        label="Team",
        queryset=Team.objects.none(),
        empty_label="Choose a team",
        help_text="Its members see the system. It stays with this team.",
        error_messages={"invalid_choice": NO_SUCH_TEAM},
    )
    field_order = ("name", "team", "purpose", "owner", *FIELDS)
    later = FIELDS[1:]  # what the page folds away, so that registering stays short

    def __init__(self, data: Any, *, initial: dict[str, Any], teams: Any, owners: Any) -> None:
        super().__init__(data, initial=initial)
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]
        self.offer_owners(owners)

    def values(self) -> dict[str, Any]:
        return {**super().values(), "team_id": self.cleaned_data["team"].pk}

    @property
    def shows_later(self) -> bool:
        """Whether what is folded away must be seen: something is wrong there, or filled in already."""
        return self.is_bound and any(self[name].errors or self[name].data for name in self.later)


class ChangeForm(SystemFields, VersionedForm):
    """What is said about a system, on the version that was read."""

    field_order = ("expected_version", "name", "purpose", "owner", *FIELDS)

    def __init__(self, data: Any, *, system: AISystem, owners: Any) -> None:
        said = {name: getattr(system, name) for name in SystemFields.base_fields}
        super().__init__(data, initial={**said, "expected_version": system.version})
        self.offer_owners(owners)

    def values(self) -> dict[str, Any]:
        return {**super().values(), "expected_version": self.cleaned_data["expected_version"]}

    def lines(self, theirs: AISystem) -> list[tuple[forms.BoundField, str, str]]:
        """The fields on which the version that someone else saved differs from this one: field, theirs, ours."""
        pairs = [(self[name], getattr(theirs, name), self.cleaned_data[name]) for name in SystemFields.base_fields]
        return [
            (field, _in_words(field, saved), _in_words(field, typed)) for field, saved, typed in pairs if saved != typed
        ]


def _in_words(field: forms.BoundField, value: Any) -> str:
    """A value as people read it: choices by their labels, lists in a line."""
    if field.name == "links":
        return "; ".join(map(link_line, value))
    choices: Any = getattr(field.field, "choices", ())
    labels = {} if field.name == "owner" else dict(choices)
    if isinstance(value, list):
        return ", ".join(str(labels.get(each, each)) for each in value)
    return str(labels.get(value, value)) if value else ""


class ArchiveForm(VersionedForm):
    """Why a system is put away."""

    reason = forms.CharField(
        label="Why",
        max_length=LONGEST_REASON,
        help_text="What became of the system, and what took its place.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DuplicateForm(VersionedForm):
    """What a copy is called, and whose it is."""

    name = forms.CharField(label="Name of the copy", min_length=2, max_length=120)
    team = forms.ModelChoiceField(
        label="Team",
        queryset=Team.objects.none(),
        empty_label=None,
        help_text="Its members see the copy. It stays with this team.",
        error_messages={"invalid_choice": NO_SUCH_TEAM},
    )

    def __init__(self, data: Any, *, initial: dict[str, Any], teams: Any) -> None:
        super().__init__(data, initial=initial)
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"name": data["name"], "team_id": data["team"].pk, "expected_version": data["expected_version"]}


@dataclass(frozen=True)
class Ask:
    """A question as it stands on the page. One that is not shown is there too, out of sight, and keeps its answer."""

    question: Question
    field: forms.BoundField
    is_shown: bool
    is_changed: bool
    beside: str = ""  # what the components have to do with the answer

    @property
    def in_a_row(self) -> bool:
        labels = self.question.labels.values()
        return self.question.kind != "many" and sum(map(len, labels)) <= SIDE_BY_SIDE


class ProfileForm(forms.Form):
    """One field per question, named by its key. Nothing must be answered.

    A question without a saved answer begins with what the components suggest; it is saved when the person saves.
    """

    expected_number = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(
        self,
        data: Any,
        *,
        rule_set: RuleSet,
        saved: Mapping[str, Any],
        number: int,
        suggested: Mapping[str, Suggestion],
    ) -> None:
        self.rule_set = rule_set
        self.saved = saved
        self.suggested = suggested
        initial = {key: _as_ticked(answer) for key, answer in self._first().items()}
        super().__init__(data, initial={**initial, "expected_number": number})
        for question in rule_set.questions:
            self.fields[question.key] = _field(question)

    def clean(self) -> None:
        for question in self.rule_set.questions:
            problem = _contradiction(question, self.cleaned_data.get(question.key))
            if problem:
                self.add_error(question.key, problem)
        try:
            validate_answers(self.rule_set, self.answers)
        except InvalidAnswersError as error:
            for key, sentence in error.errors.items():
                self.add_error(key if key in self.fields else None, sentence)

    @property
    def answers(self) -> dict[str, Any]:
        """What the form says now, without what it got wrong: typed if anything was sent; if not, saved or suggested."""
        if not self.is_bound:
            return self._first()
        given = {question.key: self.cleaned_data.get(question.key) for question in self.rule_set.questions}
        return {key: _as_answer(ticked) for key, ticked in given.items() if ticked}

    def asks(self) -> Iterator[Ask]:
        """Every question in the order of the profile."""
        answers = self.answers
        shown = {question.key for question in questions_to_show(self.rule_set, answers)}
        beside = self._beside(answers)
        for question in self.rule_set.questions:
            key = question.key
            is_changed = answers.get(key) != self.saved.get(key)
            yield Ask(question, self[key], key in shown, is_changed, beside.get(key, ""))

    def _first(self) -> dict[str, Any]:
        """What the form begins with."""
        return {**{key: each.answer for key, each in self.suggested.items()}, **self.saved}

    def _beside(self, answers: Mapping[str, Any]) -> dict[str, str]:
        """A sentence for each question whose answer is suggested by the components, or contradicts them."""
        against = contradictions(self.suggested, answers)
        said = {key: f"The components say otherwise: {each.why}." for key, each in against.items()}
        for key, each in self.suggested.items():
            if key not in self.saved and answers.get(key) == each.answer:
                said[key] = f"Suggested, because {each.why}. Change it if that is wrong."
        return said

    def take_number(self, number: int) -> None:
        """Let the form, sent once more, stand for "yes, over theirs"."""
        data = self.data.copy()  # type: ignore[attr-defined]
        data[self.add_prefix("expected_number")] = str(number)
        self.data = data


def _field(question: Question) -> forms.Field:
    choices = [(value, question.labels[value]) for value in question.choices]
    common: dict[str, Any] = {"label": question.text, "help_text": question.hint, "required": False}
    choices.append((UNKNOWN, question.labels.get(UNKNOWN, NOT_KNOWN)))
    if question.kind == "many":
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **common)
    return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)


def _contradiction(question: Question, ticked: Any) -> str:
    """What a list of ticks gets wrong: one that denies the others stands alone."""
    if question.kind != "many" or not ticked or len(ticked) == 1:
        return ""
    labels = {UNKNOWN: NOT_KNOWN, **question.labels}
    alone = [labels[value] for value in (NONE, UNKNOWN) if value in ticked]
    return f"“{alone[0]}” cannot stand together with other answers." if alone else ""


def _as_ticked(answer: Any) -> Any:
    """An empty list is an answer: the tick at "I don't know yet"."""
    return [UNKNOWN] if answer == [] else answer


def _as_answer(ticked: Any) -> Any:
    return [] if ticked == [UNKNOWN] else ticked
