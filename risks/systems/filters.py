"""What the list of systems can be narrowed to, the same for page and API."""

import re
from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from accounts.models import Team, User
from risks.systems.ai_act import NOT_CLASSIFIED
from risks.systems.choices import AiActClass, Criticality, DataCategory, Stage, SupplierKind
from risks.systems.models import AISystem, Component, Supplier
from risks.systems.querysets import AISystemQuerySet

UNSAID = "none"
ACTIVE, ARCHIVED, ALL = "active", "archived", "all"
MORE = ("criticality", "ai_act_class", "data_category", "tag")
NO_SUCH_CHOICE = "Choose one of the list."

REFERENCE = re.compile(r"(?:AIS-)?0*(\d{1,9})", re.IGNORECASE)


def one_of(label: str, choices: Any, *, every: str, unsaid: str = "") -> forms.ChoiceField:
    """A choice among known values; `unsaid` names those systems of which nobody has said it."""
    offered = [("", every), *choices.choices, *([(UNSAID, unsaid)] if unsaid else [])]
    return forms.ChoiceField(
        label=label, choices=offered, required=False, error_messages={"invalid_choice": NO_SUCH_CHOICE}
    )


class SystemFilter(forms.Form):
    """Team, owner, words from name, purpose or supplier or the reference, and what is said about a system.

    Archived systems are left out unless they are asked for.
    """

    q = forms.CharField(label="Find", max_length=120, required=False)
    team = forms.ModelChoiceField(label="Team", queryset=Team.objects.none(), required=False, empty_label="All teams")
    owner = forms.ModelChoiceField(
        label="Owner", queryset=User.objects.none(), required=False, empty_label="All owners"
    )
    stage = one_of("Stage", Stage, every="All stages", unsaid="No stage yet")
    criticality = one_of("Criticality", Criticality, every="All criticalities", unsaid="Not said yet")
    ai_act_class = one_of("EU AI Act", AiActClass, every="All classes", unsaid=NOT_CLASSIFIED)
    data_category = one_of("Data", DataCategory, every="All data")
    tag = forms.CharField(
        label="Tag",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"list": "tags", "autocomplete": "off"}),
    )
    state = forms.ChoiceField(
        label="State",
        choices=[(ACTIVE, "Active systems"), (ARCHIVED, "Archived systems"), (ALL, "All systems")],
        required=False,
        error_messages={"invalid_choice": NO_SUCH_CHOICE},
    )

    def __init__(self, reader: User, data: Any) -> None:
        super().__init__(data, auto_id="filter_%s")
        self.reader = reader
        owned = AISystem.objects.visible_to(reader).order_by().values("owner")
        self.fields["team"].queryset = Team.objects.visible_to(reader)  # type: ignore[attr-defined]
        self.fields["owner"].queryset = User.objects.filter(pk__in=owned)  # type: ignore[attr-defined]
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField):
                field.error_messages["invalid_choice"] = NO_SUCH_CHOICE

    def apply(self, systems: AISystemQuerySet) -> AISystemQuerySet:
        """The systems that fit; only for a filter that is valid, since one that is ignored hides what is missing."""
        systems = _in_state(systems, self.cleaned_data.get("state"))
        for name in ("team", "owner"):
            if chosen := self.cleaned_data.get(name):
                systems = systems.filter(**{name: chosen})
        for name in ("stage", "criticality", "ai_act_class"):
            if said := self.cleaned_data.get(name):
                systems = systems.filter(**{name: "" if said == UNSAID else said})
        if category := self.cleaned_data.get("data_category"):
            systems = systems.filter(data_categories__contains=[category])
        if tag := self.cleaned_data.get("tag"):
            systems = systems.tagged(tag)
        if words := self.cleaned_data.get("q"):
            systems = systems.filter(_mentions(words))
        return systems

    @property
    def is_set(self) -> bool:
        return any(self.cleaned_data.get(name) not in (None, "", ACTIVE) for name in self.fields)

    @property
    def more_chosen(self) -> int:
        """How many of the choices are made that the page keeps under "More"."""
        return sum(bool(self.cleaned_data.get(name)) for name in MORE)

    def more(self) -> list[forms.BoundField]:
        return [self[name] for name in MORE]

    def known_tags(self) -> list[str]:
        return AISystem.objects.visible_to(self.reader).tags()


def _in_state(systems: AISystemQuerySet, state: str | None) -> AISystemQuerySet:
    if state == ALL:
        return systems
    return systems.archived() if state == ARCHIVED else systems.active()


class SupplierFilter(forms.Form):
    """Words from name or contact, and what they do for us."""

    q = forms.CharField(label="Find", max_length=120, required=False)
    kind = forms.ChoiceField(label="What they do", choices=[("", "All kinds"), *SupplierKind.choices], required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data, auto_id="filter_%s")

    def apply(self, suppliers: QuerySet[Supplier]) -> QuerySet[Supplier]:
        """The suppliers that fit; only for a filter that is valid."""
        if kind := self.cleaned_data.get("kind"):
            suppliers = suppliers.filter(kind=kind)
        if words := self.cleaned_data.get("q"):
            suppliers = suppliers.filter(Q(name__icontains=words) | Q(contact__icontains=words))
        return suppliers

    @property
    def is_set(self) -> bool:
        return any(self.cleaned_data.get(name) for name in self.fields)


def _mentions(words: str) -> Q:
    found = Q(name__icontains=words) | Q(purpose__icontains=words) | Q(pk__in=_supplied_by(words))
    if reference := REFERENCE.fullmatch(words):
        found |= Q(number=int(reference[1]))
    return found


def _supplied_by(words: str) -> QuerySet[Component, int]:
    """The systems with a component of a supplier of that name."""
    components: QuerySet[Component] = Component.objects.present().filter(supplier__name__icontains=words)
    return components.values_list("system", flat=True)
