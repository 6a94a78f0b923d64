"""Forms of components and suppliers: shape only, services save."""

from typing import Any

from django import forms

from pages.forms import VersionedForm
from risks.systems.choices import ComponentKind, Delivery, HostedBy, SupplierKind
from risks.systems.models import Component, Supplier
from risks.systems.services import LONGEST_LABEL, LONGEST_NOTE, LONGEST_REASON, NO_SUCH_SUPPLIER

NOT_SAID = ("", "Not known yet")

type Lines = list[tuple[forms.BoundField, str, str]]


class ComponentFields(forms.Form):
    """What is said about a component. The supplier is chosen from the list, or a new one is named on the spot."""

    kind = forms.ChoiceField(label="Kind", choices=[("", "Choose a kind"), *ComponentKind.choices])
    name = forms.CharField(
        label="Name", min_length=2, max_length=120, help_text="As people call it: “Corvus chat”, “Policy texts”."
    )
    supplier = forms.ModelChoiceField(
        label="Supplier",
        queryset=Supplier.objects.none(),
        required=False,
        empty_label="Nobody outside",
        help_text="Who outside builds or hosts it.",
        error_messages={"invalid_choice": NO_SUCH_SUPPLIER},
    )
    new_supplier = forms.CharField(label="Name of the new supplier", min_length=2, max_length=120, required=False)
    new_supplier_kind = forms.ChoiceField(
        label="What they do for us", choices=[("", "Choose one"), *SupplierKind.choices], required=False
    )
    hosted_by = forms.ChoiceField(
        label="Hosted by",
        choices=[*HostedBy.choices, NOT_SAID],
        required=False,
        widget=forms.RadioSelect,
        help_text="Where it runs or lies.",
    )
    delivery = forms.ChoiceField(
        label="How it comes to us",
        choices=[*Delivery.choices, ("", "Not known yet, or not a model")],
        required=False,
        widget=forms.RadioSelect,
        help_text="For a model or a model extension. The profile suggests answers from this.",
    )
    note = forms.CharField(
        label="Note",
        max_length=LONGEST_NOTE,
        required=False,
        help_text="What people should know about it. Only who may see the system reads this.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def offer_suppliers(self, suppliers: Any) -> None:
        self.fields["supplier"].queryset = suppliers  # type: ignore[attr-defined]

    @property
    def names_new_supplier(self) -> bool:
        """Whether the part for a new supplier has anything in it, and so has to be seen."""
        return any(self[name].value() or self[name].errors for name in ("new_supplier", "new_supplier_kind"))

    def values(self) -> dict[str, Any]:
        """The data as a service takes it: the supplier by id."""
        data = dict(self.cleaned_data)
        supplier = data.pop("supplier")
        return {**data, "supplier_id": supplier.pk if supplier else None}


class ComponentForm(ComponentFields):
    """A new component, with the version that is in use."""

    version_label = forms.CharField(
        label="Version",
        max_length=LONGEST_LABEL,
        required=False,
        help_text="The one in use now: a release, a date, a commit.",
    )
    field_order = ("kind", "name", "version_label")

    def __init__(self, data: Any, *, suppliers: Any, first: dict[str, Any]) -> None:
        super().__init__(data, initial=first)
        self.offer_suppliers(suppliers)


class ComponentChangeForm(ComponentFields, VersionedForm):
    """What is said about a component, on the version that was read."""

    said = ("kind", "name", "supplier", "hosted_by", "delivery", "note")

    def __init__(self, data: Any, *, component: Component, suppliers: Any) -> None:
        first = {name: getattr(component, name) for name in self.said}
        super().__init__(data, initial={**first, "expected_version": component.version})
        self.offer_suppliers(suppliers)

    def lines(self, theirs: Component) -> Lines:
        """The fields on which the version that someone else saved differs from this one: field, theirs, ours."""
        return _lines(self, theirs, self.said)


class VersionForm(VersionedForm):
    """Another version of a component."""

    label = forms.CharField(label="Version", max_length=LONGEST_LABEL, help_text="A release, a date, a commit.")
    note = forms.CharField(
        label="What is different", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class RemovalForm(VersionedForm):
    """Why a system no longer has a component."""

    reason = forms.CharField(
        label="Why the system no longer has it", max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3})
    )


class SupplierForm(forms.Form):
    """A supplier, new or not."""

    said = ("name", "kind", "contact", "link")

    name = forms.CharField(label="Name", min_length=2, max_length=120)
    kind = forms.ChoiceField(label="What they do for us", choices=[("", "Choose one"), *SupplierKind.choices])
    contact = forms.CharField(
        label="Contact",
        max_length=200,
        required=False,
        help_text="Whom to ask about security: a name, an address.",
    )
    link = forms.CharField(
        label="Link",
        max_length=500,
        required=False,
        help_text="Their page on security or trust: https://…",
        widget=forms.URLInput,
    )


class SupplierChangeForm(SupplierForm, VersionedForm):
    """What is said about a supplier, on the version that was read."""

    def __init__(self, data: Any, *, supplier: Supplier) -> None:
        first = {name: getattr(supplier, name) for name in self.said}
        super().__init__(data, initial={**first, "expected_version": supplier.version})

    def lines(self, theirs: Supplier) -> Lines:
        """The fields on which the version that someone else saved differs from this one: field, theirs, ours."""
        return _lines(self, theirs, self.said)


def _lines(form: forms.Form, theirs: Any, names: tuple[str, ...]) -> Lines:
    pairs = [(form[name], getattr(theirs, name), form.cleaned_data[name]) for name in names]
    return [
        (field, _in_words(field, saved), _in_words(field, typed)) for field, saved, typed in pairs if saved != typed
    ]


def _in_words(field: forms.BoundField, value: Any) -> str:
    """A value as the field offers it."""
    if not value:
        return ""
    offered: Any = field.field.choices if type(field.field) is forms.ChoiceField else ()
    return str(dict(offered).get(value, value))
