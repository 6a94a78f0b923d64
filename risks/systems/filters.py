"""What the list of systems can be narrowed to, the same for page and API."""

import re
from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from accounts.models import Team, User
from risks.systems.choices import SupplierKind
from risks.systems.models import AISystem, Component, Supplier

REFERENCE = re.compile(r"(?:AIS-)?0*(\d{1,9})", re.IGNORECASE)


class SystemFilter(forms.Form):
    """Team, owner, and words from name, purpose or supplier; or the reference."""

    q = forms.CharField(label="Find", max_length=120, required=False)
    team = forms.ModelChoiceField(label="Team", queryset=Team.objects.none(), required=False, empty_label="All teams")
    owner = forms.ModelChoiceField(
        label="Owner", queryset=User.objects.none(), required=False, empty_label="All owners"
    )

    def __init__(self, reader: User, data: Any) -> None:
        super().__init__(data, auto_id="filter_%s")
        owned = AISystem.objects.visible_to(reader).order_by().values("owner")
        self.fields["team"].queryset = Team.objects.visible_to(reader)  # type: ignore[attr-defined]
        self.fields["owner"].queryset = User.objects.filter(pk__in=owned)  # type: ignore[attr-defined]
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField):
                field.error_messages["invalid_choice"] = "Choose one of the list."

    def apply(self, systems: QuerySet[AISystem]) -> QuerySet[AISystem]:
        """The systems that fit; only for a filter that is valid, since one that is ignored hides what is missing."""
        for name in ("team", "owner"):
            if chosen := self.cleaned_data.get(name):
                systems = systems.filter(**{name: chosen})
        if words := self.cleaned_data.get("q"):
            systems = systems.filter(_mentions(words))
        return systems

    @property
    def is_set(self) -> bool:
        return any(self.cleaned_data.get(name) for name in self.fields)


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
