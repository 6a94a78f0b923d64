"""What the API says of the catalog's entries: a serializer per kind, and the relations that are expanded on request."""

from collections.abc import Callable, Mapping
from typing import Any

from rest_framework import serializers

from catalog.building import grouped
from catalog.comparing import Difference
from catalog.crossing import cre_of, standards_of
from catalog.facts import ControlFacts, FrameworkFacts, ThreatFacts
from catalog.reading import Catalog
from catalog.vocabulary import (
    Basis,
    ControlArea,
    ControlType,
    Coverage,
    Doer,
    Effort,
    Fit,
    Lifecycle,
    Reading,
    Relation,
    Strength,
    Surface,
    Target,
    ThreatKind,
)

type Serializer = serializers.Serializer[Any]
type Expand = Mapping[str, Callable[[Catalog, Any], Any]]


def texts(**options: Any) -> serializers.ListField:
    """A list of short texts."""
    return serializers.ListField(child=serializers.CharField(), **options)


class LinkShape(serializers.Serializer[Any]):
    """Why a control works against a threat: where the source says so, how close the two are, and on what terms."""

    via = texts()
    strength = serializers.ChoiceField(choices=Strength.choices)
    party = texts()
    condition = serializers.CharField(allow_null=True)
    note = serializers.CharField(allow_null=True)


class ThreatControlShape(LinkShape):
    key = serializers.CharField(source="control.key")
    name = serializers.CharField(source="control.name")


class ControlThreatShape(LinkShape):
    key = serializers.CharField(source="threat.key")
    title = serializers.CharField(source="threat.title")


class CrosswalkShape(serializers.Serializer[Any]):
    """An item of a framework that has to do with the entry, and what that rests on."""

    framework = serializers.CharField(source="framework.key")
    item = serializers.CharField(source="item.id")
    title = serializers.CharField(source="item.title")
    basis = serializers.ChoiceField(choices=Basis.choices)
    relation = serializers.ChoiceField(choices=Relation.choices, allow_null=True)
    reading = serializers.ChoiceField(choices=Reading.choices, allow_null=True)
    note = serializers.CharField(allow_null=True)


class StandardShape(serializers.Serializer[Any]):
    """A standard that the source names, and how far it covers the entry."""

    standard = serializers.CharField()
    clause = serializers.CharField(allow_null=True)
    title = serializers.CharField(allow_null=True)
    coverage = serializers.ChoiceField(choices=Coverage.choices)
    qualifier = serializers.CharField(allow_null=True)
    particularity = serializers.BooleanField()
    scope = serializers.CharField(allow_null=True)
    url = serializers.CharField(allow_null=True)


class CreShape(serializers.Serializer[Any]):
    """An entry of OpenCRE."""

    id = serializers.CharField()
    title = serializers.CharField()
    url = serializers.CharField()


class VariantShape(serializers.Serializer[Any]):
    """A kind of attack that a threat takes the form of."""

    title = serializers.CharField()
    text = serializers.CharField()


class ThreatShape(serializers.Serializer[Any]):
    """A threat or a group of threats. `likelihood` and `impact` say what to consider when rating."""

    key = serializers.CharField()
    number = serializers.CharField()
    title = serializers.CharField()
    kind = serializers.ChoiceField(choices=ThreatKind.choices)
    parent = serializers.CharField(allow_null=True)  # type: ignore[assignment]
    is_own = serializers.BooleanField(source="is_ours", help_text="Of the organisation, beside the edition.")
    surface = serializers.ChoiceField(choices=Surface.choices)
    lifecycle = serializers.ChoiceField(choices=Lifecycle.choices)
    impacts = texts()
    assets_hurt = texts()
    assets_attacked = texts()
    fits = serializers.DictField(child=serializers.ChoiceField(choices=Fit.choices, allow_null=True))
    aliases = texts()
    other_names = texts()
    url = serializers.CharField()
    summary = serializers.CharField()
    how = serializers.CharField()
    hurts = serializers.CharField()
    applies = serializers.CharField()
    likelihood = serializers.CharField()
    impact = serializers.CharField()
    variants = VariantShape(many=True)
    in_rag = serializers.CharField(allow_null=True)
    in_agents = serializers.CharField(allow_null=True)
    edition = serializers.CharField(read_only=True, default="", help_text="The edition in force.")


class ExpandedThreatShape(ThreatShape):
    """A threat with what was asked for by `expand`."""

    controls = ThreatControlShape(many=True, required=False)
    children = texts(required=False)
    frameworks = CrosswalkShape(many=True, required=False)
    standards = StandardShape(many=True, required=False)
    opencre = CreShape(many=True, required=False)


class ControlShape(serializers.Serializer[Any]):
    """A control. `effort` is this project's estimate, with its reason."""

    key = serializers.CharField()
    name = serializers.CharField()
    source_name = serializers.CharField()
    group = serializers.ChoiceField(choices=ControlArea.choices, allow_null=True)
    parent = serializers.CharField(source="parent_key")  # type: ignore[assignment]
    is_own = serializers.BooleanField(source="is_ours", help_text="Of the organisation, beside the edition.")
    types = serializers.ListField(child=serializers.ChoiceField(choices=ControlType.choices))
    lifecycle = serializers.ListField(child=serializers.ChoiceField(choices=Lifecycle.choices))
    essentials = texts()
    aliases = texts()
    url = serializers.CharField()
    is_delegable = serializers.BooleanField()
    qualifier = serializers.CharField(allow_null=True)
    purpose = serializers.CharField()
    practice = serializers.CharField()
    effort = serializers.ChoiceField(choices=Effort.choices)
    effort_reason = serializers.CharField()
    trade_off = serializers.CharField()
    evidence = texts()
    done_by = serializers.ListField(child=serializers.ChoiceField(choices=Doer.choices))
    done_by_note = serializers.CharField()
    edition = serializers.CharField(read_only=True, default="", help_text="The edition in force.")


class ExpandedControlShape(ControlShape):
    """A control with what was asked for by `expand`."""

    threats = ControlThreatShape(many=True, required=False)
    frameworks = CrosswalkShape(many=True, required=False)
    standards = StandardShape(many=True, required=False)
    opencre = CreShape(many=True, required=False)


class ItemLinkShape(serializers.Serializer[Any]):
    """An entry of the catalog, or a section of the Exchange, that an item has to do with."""

    target = serializers.ChoiceField(choices=Target.choices)
    key = serializers.CharField()
    basis = serializers.ChoiceField(choices=Basis.choices)
    relation = serializers.ChoiceField(choices=Relation.choices, allow_null=True)
    reading = serializers.ChoiceField(choices=Reading.choices, allow_null=True)
    note = serializers.CharField(allow_null=True)


class ItemShape(serializers.Serializer[Any]):
    """An entry of a framework with its links."""

    id = serializers.CharField()
    title = serializers.CharField()
    is_own_title = serializers.BooleanField()
    url = serializers.CharField()
    parent = serializers.CharField(allow_null=True)  # type: ignore[assignment]
    kind = serializers.CharField(allow_null=True)
    text = serializers.CharField(allow_null=True)
    replaced_by = serializers.CharField(allow_null=True)
    links = ItemLinkShape(many=True)


class DateShape(serializers.Serializer[Any]):
    """From which day a part of a law applies."""

    scope = serializers.CharField()
    date = serializers.DateField()


class FrameworkShape(serializers.Serializer[Any]):
    """A list, standard or law outside the Exchange, in one of its own editions."""

    key = serializers.CharField()
    title = serializers.CharField()
    version = serializers.CharField()
    family = serializers.CharField()
    publisher = serializers.CharField()
    url = serializers.CharField()
    licence = serializers.CharField(allow_null=True)
    about = serializers.CharField()
    notes = texts()
    dates = DateShape(many=True)
    edition = serializers.CharField(read_only=True, default="", help_text="The edition in force.")


class LeftOutShape(serializers.Serializer[Any]):
    """A link that was looked at and left out."""

    item = serializers.CharField()
    key = serializers.CharField()
    why = serializers.CharField()


class ExpandedFrameworkShape(FrameworkShape):
    """A framework with what was asked for by `expand`."""

    items = ItemShape(many=True, required=False)
    left_out = LeftOutShape(many=True, required=False)


class NamedShape(serializers.Serializer[Any]):
    key = serializers.CharField()
    title = serializers.CharField()


class ChangeShape(NamedShape):
    old_key = serializers.CharField()
    old_title = serializers.CharField()
    fields_changed = texts()


class SectionShape(serializers.Serializer[Any]):
    """What is different in one section."""

    name = serializers.CharField()
    added = NamedShape(many=True)
    retired = NamedShape(many=True)
    renamed = ChangeShape(many=True)
    changed = ChangeShape(many=True)


class LinkChangeShape(serializers.Serializer[Any]):
    threat = serializers.CharField()
    control = serializers.CharField()
    is_new = serializers.BooleanField()


class DifferenceShape(serializers.Serializer[Any]):
    """What an edition says otherwise than the one in force."""

    before = serializers.CharField()
    after = serializers.CharField()
    sections = SectionShape(many=True)
    links = LinkChangeShape(many=True)


class EditionShape(serializers.Serializer[Any]):
    """A dated state of the catalog; it never changes. `digest` is the SHA-256 of its content."""

    key = serializers.CharField()
    released = serializers.DateField()
    source = serializers.DictField()  # type: ignore[assignment]
    digest = serializers.CharField()
    loaded_at = serializers.DateTimeField()
    is_current = serializers.BooleanField()


class ExpandedEditionShape(EditionShape):
    """An edition with what was asked for by `expand`."""

    difference = DifferenceShape(required=False)


def _controls(catalog: Catalog, threat: ThreatFacts) -> Any:
    return ThreatControlShape(catalog.controls_for(threat.key), many=True).data


def _threats(catalog: Catalog, control: ControlFacts) -> Any:
    return ControlThreatShape(catalog.threats_for(control.key), many=True).data


def _about(target: Target) -> Expand:
    """The relations that threats and controls share."""
    return {
        "frameworks": lambda catalog, entry: CrosswalkShape(catalog.links_to(target, entry.key), many=True).data,
        "standards": lambda catalog, entry: StandardShape(standards_of(catalog, target, entry.key), many=True).data,
        "opencre": lambda catalog, entry: CreShape(cre_of(catalog, target, entry.key), many=True).data,
    }


def _items(catalog: Catalog, framework: FrameworkFacts) -> Any:
    links = grouped((link.item.id, link) for link in catalog.links_of(framework.key))
    items = [{**vars(each), "links": links.get(each.id, ())} for each in catalog.items_of(framework.key)]
    return ItemShape(items, many=True).data


def _left_out(catalog: Catalog, framework: FrameworkFacts) -> Any:
    return LeftOutShape([each for each in catalog.left_out if each.framework == framework.key], many=True).data


def difference_of(found: Difference) -> Any:
    """A difference as the API says it: which fields changed, not their texts."""

    def change(each: Any) -> dict[str, Any]:
        names = {name: getattr(each, name) for name in ("key", "title", "old_key", "old_title")}
        return names | {"fields_changed": [field.name for field in each.fields]}

    sections = [
        {
            "name": section.name,
            "added": section.added,
            "retired": section.retired,
            "renamed": [change(each) for each in section.renamed],
            "changed": [change(each) for each in section.changed],
        }
        for section in found.sections
        if section
    ]
    return DifferenceShape(
        {"before": found.before, "after": found.after, "sections": sections, "links": found.links}
    ).data


THREAT_RELATIONS: Expand = {
    "controls": _controls,
    "children": lambda catalog, threat: [child.key for child in catalog.children_of(threat.key)],
    **_about(Target.THREAT),
}
CONTROL_RELATIONS: Expand = {"threats": _threats, **_about(Target.CONTROL)}
FRAMEWORK_RELATIONS: Expand = {"items": _items, "left_out": _left_out}
