"""The catalog as other subjects read it: an edition as immutable values, kept in the process as it never changes.

`current()` is the edition in force, `packaged()` the one that comes with the project, without a database.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any

from catalog.content import Content, content_of, read_content
from catalog.models import Edition
from catalog.profile import PACKAGED_EDITION, RuleSet, parse_rule_set
from catalog.vocabulary import ControlArea, ControlType, Lifecycle, Property, Strength, Surface, ThreatKind

KEPT = 4  # editions held in the process: the one in force, and a few for tests and upgrades


class NoEdition(LookupError):
    """No edition is in force."""

    def __init__(self) -> None:
        super().__init__("No edition of the catalog is loaded. Run: manage.py load_catalog")


@dataclass(frozen=True)
class Source:
    """Where the facts of an edition come from."""

    name: str
    url: str
    licence: str
    commit: str
    date: str


@dataclass(frozen=True)
class ImpactFacts:
    """One of the Exchange's impacts. `letter` is that of the threat map; `sign` is the number where there is none."""

    code: str
    number: int
    letter: str | None
    title: str
    property: Property
    sign: str


@dataclass(frozen=True)
class ThreatFacts:
    """A threat or a group of threats. `parent` is a key; a variant is judged with its parent and never on its own."""

    key: str
    number: str
    title: str
    kind: ThreatKind
    parent: str | None
    surface: Surface
    lifecycle: Lifecycle
    impacts: tuple[str, ...]
    aliases: tuple[str, ...]
    url: str
    summary: str
    how: str
    is_variant: bool

    @property
    def is_group(self) -> bool:
        return self.kind is ThreatKind.GROUP


@dataclass(frozen=True)
class ControlGroupFacts:
    """A heading under which controls stand. The group of a threat has that threat's key."""

    key: str
    number: str | None
    title: str
    parent: str | None
    url: str
    is_threat_group: bool


@dataclass(frozen=True)
class ControlFacts:
    """A control. `group` is the part of the Exchange it comes from, `parent_key` the heading it stands under."""

    key: str
    name: str
    source_name: str
    group: ControlArea
    parent_key: str
    types: tuple[ControlType, ...]
    lifecycle: tuple[Lifecycle, ...]
    url: str
    aliases: tuple[str, ...]
    purpose: str
    practice: str


@dataclass(frozen=True)
class LinkFacts:
    """That a control works against a threat. `origin` says in words where that comes from; `distance` sorts."""

    threat: ThreatFacts
    control: ControlFacts
    via: tuple[str, ...]
    strength: Strength
    party: tuple[str, ...]
    condition: str | None
    excluded: bool
    note: str | None
    origin: str
    distance: tuple[int, ...]

    @property
    def is_own(self) -> bool:
        return self.strength is Strength.SPECIFIC

    @property
    def is_general(self) -> bool:
        return self.strength in (Strength.EMPHASISED_GENERAL, Strength.GENERAL)


@dataclass(frozen=True, eq=False)
class Catalog:
    """An edition. All mappings go by key, in the order of the edition. Compared by identity."""

    edition: str
    source: Source
    impacts: Mapping[str, ImpactFacts]
    threats: Mapping[str, ThreatFacts]
    control_groups: Mapping[str, ControlGroupFacts]
    controls: Mapping[str, ControlFacts]
    links: tuple[LinkFacts, ...]
    question_groups: Mapping[str, str]
    rule_set: RuleSet
    _old_threats: Mapping[str, str] = field(init=False, repr=False)
    _old_controls: Mapping[str, str] = field(init=False, repr=False)
    _by_threat: Mapping[str, tuple[LinkFacts, ...]] = field(init=False, repr=False)
    _by_control: Mapping[str, tuple[LinkFacts, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        closest_first = sorted((link for link in self.links if not link.excluded), key=lambda link: link.distance)
        for name, value in {
            "_old_threats": {alias: threat.key for threat in self.threats.values() for alias in threat.aliases},
            "_old_controls": {alias: control.key for control in self.controls.values() for alias in control.aliases},
            "_by_threat": _grouped((link.threat.key, link) for link in closest_first),
            "_by_control": _grouped((link.control.key, link) for link in closest_first),
        }.items():
            object.__setattr__(self, name, value)

    def threat(self, key: str) -> ThreatFacts:
        """The threat with this key, or that had it in an earlier edition. KeyError when there is none."""
        return self.threats[self._old_threats.get(key, key)]

    def control(self, key: str) -> ControlFacts:
        """The control with this key, or that had it in an earlier edition. KeyError when there is none."""
        return self.controls[self._old_controls.get(key, key)]

    def controls_for(self, threat_key: str) -> tuple[LinkFacts, ...]:
        """What works against a threat: own before inherited before general. What the source excludes is left out."""
        return self._by_threat.get(threat_key, ())

    def threats_for(self, control_key: str) -> tuple[LinkFacts, ...]:
        """What a control works against, in the same order."""
        return self._by_control.get(control_key, ())

    def children_of(self, threat_key: str) -> tuple[ThreatFacts, ...]:
        """The threats and groups right below a group."""
        return tuple(threat for threat in self.threats.values() if threat.parent == threat_key)

    def above(self, threat_key: str) -> tuple[ThreatFacts, ...]:
        """The groups that a threat belongs to, the widest first."""
        parent = self.threats[threat_key].parent
        return () if parent is None else (*self.above(parent), self.threats[parent])

    def impacts_of(self, threat: ThreatFacts) -> tuple[ImpactFacts, ...]:
        """The impacts of a threat, in the order of the edition."""
        return tuple(impact for impact in self.impacts.values() if impact.code in threat.impacts)


def current() -> Catalog:
    """The edition in force. One query to ask which; its content is read once per process. Raises NoEdition."""
    found = Edition.objects.current().first()
    if found is None:
        raise NoEdition
    return _loaded(found)


@cache
def packaged() -> Catalog:
    """The edition that comes with the project, from its file; never touches the database."""
    return catalog_of(read_content(PACKAGED_EDITION))


@lru_cache(maxsize=KEPT)
def _loaded(edition: Edition) -> Catalog:
    """Rows are equal by id. An id is never given twice, so what is kept can't grow stale."""
    return catalog_of(content_of(edition))


def catalog_of(content: Content) -> Catalog:
    """The catalog that the content of a valid edition describes."""
    variants = set(content["not_derived"])
    threats = _keyed(_threat(entry, is_variant=entry["key"] in variants) for entry in content["threats"])
    controls = _keyed(_control(entry) for entry in content["controls"])
    impacts = [_impact(entry) for entry in content["impacts"]]
    return Catalog(
        edition=content["edition"],
        source=Source(**content["source"]),
        impacts=MappingProxyType({impact.code: impact for impact in impacts}),
        threats=threats,
        control_groups=_keyed(ControlGroupFacts(**entry) for entry in content["control_groups"]),
        controls=controls,
        links=tuple(_link(entry, threats, controls) for entry in content["links"]),
        question_groups=MappingProxyType({entry["key"]: entry["title"] for entry in content["question_groups"]}),
        rule_set=parse_rule_set(content),
    )


def _impact(entry: Content) -> ImpactFacts:
    sign = entry["letter"] or str(entry["number"])
    return ImpactFacts(**_frozen(entry, property=Property(entry["property"]), sign=sign))


def _threat(entry: Content, *, is_variant: bool) -> ThreatFacts:
    return ThreatFacts(
        **_frozen(
            entry,
            kind=ThreatKind(entry["kind"]),
            surface=Surface(entry["surface"]),
            lifecycle=Lifecycle(entry["lifecycle"]),
            is_variant=is_variant,
        )
    )


def _control(entry: Content) -> ControlFacts:
    return ControlFacts(
        **_frozen(
            entry,
            group=ControlArea(entry["group"]),
            types=tuple(ControlType(each) for each in entry["types"]),
            lifecycle=tuple(Lifecycle(each) for each in entry["lifecycle"]),
        )
    )


def _link(entry: Content, threats: Mapping[str, ThreatFacts], controls: Mapping[str, ControlFacts]) -> LinkFacts:
    strength = Strength(entry["strength"])
    return LinkFacts(
        **_frozen(
            entry,
            threat=threats[entry["threat"]],
            control=controls[entry["control"]],
            strength=strength,
            origin=_origin(strength, entry["via"], threats),
            distance=_distance(strength, entry["via"], threats),
        )
    )


def _origin(strength: Strength, via: Iterable[str], threats: Mapping[str, ThreatFacts]) -> str:
    """Where a link comes from, in words: "From Input threats, named here"."""
    titles = [threats[key].title for _, _, key in (each.partition(":") for each in via) if key]
    place = f"From {', '.join(titles)}" if titles else "General"
    return {
        Strength.SPECIFIC: "Own to this threat",
        Strength.NAMED: f"{place}, named here",
        Strength.LISTED_IN_MATRIX: f"{place}, in the periodic table",
        Strength.INHERITED: place,
        Strength.RELATED: place if titles else "Named by the control itself",
        Strength.EMPHASISED_GENERAL: "General, stressed here",
        Strength.GENERAL: "General",
        Strength.EXCLUDED: "No protection here",
    }[strength]


def _distance(strength: Strength, via: Iterable[str], threats: Mapping[str, ThreatFacts]) -> tuple[int, ...]:
    """How far a control is from a threat: by strength, then particular before general, then the nearest group first."""
    depth = max(
        (threats[key].number.count(".") for _, _, key in (each.partition(":") for each in via) if key), default=0
    )
    return strength.rank, "general" in via, -depth


def _frozen(entry: Content, **values: Any) -> dict[str, Any]:
    """The fields of an entry with lists as tuples, and some values in place of its own."""
    return {**{name: tuple(v) if isinstance(v, list) else v for name, v in entry.items()}, **values}


def _keyed[T: (ThreatFacts, ControlGroupFacts, ControlFacts)](entries: Iterable[T]) -> Mapping[str, T]:
    return MappingProxyType({entry.key: entry for entry in entries})


def _grouped(pairs: Iterable[tuple[str, LinkFacts]]) -> Mapping[str, tuple[LinkFacts, ...]]:
    groups: dict[str, list[LinkFacts]] = {}
    for key, link in pairs:
        groups.setdefault(key, []).append(link)
    return MappingProxyType({key: tuple(links) for key, links in groups.items()})
