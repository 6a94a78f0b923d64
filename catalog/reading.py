"""The catalog as other subjects read it: an edition and an organisation's own entries, as immutable values.

`current()` is what is in force, kept in the process for as long as it stays so; `packaged()` is the edition that comes
with the project, without a database; `edition_named()` is any edition that is loaded.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import Any

from django.db import connection

from catalog import building, facts
from catalog.building import grouped, keyed
from catalog.content import Content, content_of, read_content
from catalog.facts import (
    ControlFacts,
    FrameworkFacts,
    ImpactFacts,
    ItemFacts,
    ItemLinkFacts,
    LinkFacts,
    Source,
    ThreatFacts,
)
from catalog.models import Edition
from catalog.own_reading import own_entries, with_own
from catalog.profile import PACKAGED_EDITION, RuleSet, parse_rule_set
from catalog.vocabulary import Target

STATE = """
    SELECT edition_id, (SELECT max(id) FROM catalog_edition), (SELECT coalesce(max(id), 0) FROM catalog_ownrevision)
    FROM catalog_term WHERE until IS NULL
"""
KEPT = 32  # editions held in the process beside those that the catalog in force compares itself with; 2 MB each


class NoEdition(LookupError):
    """No edition is in force."""

    def __init__(self) -> None:
        super().__init__("No edition of the catalog is loaded. Run: manage.py load_catalog")


@dataclass(frozen=True, eq=False)
class Catalog:
    """An edition, with the organisation's own entries after it. Mappings go by key, in order. Compared by identity.

    `others` are further editions that are loaded, the newest first. `elsewhere_threats` and `elsewhere_controls` hold
    what only those know, so that a risk whose threat is retired, or not known yet after a step back, still says what it
    is about; `later_threats` and `later_controls` lead from a key that only they have to the same entry here.
    `waiting_rules` are own threats whose rule asks something that this edition does not.
    """

    edition: str
    source: Source
    impacts: Mapping[str, ImpactFacts]
    threats: Mapping[str, ThreatFacts]
    control_groups: Mapping[str, facts.ControlGroupFacts]
    controls: Mapping[str, ControlFacts]
    links: tuple[LinkFacts, ...]
    standards: tuple[facts.StandardFacts, ...]
    opencre: tuple[facts.CreFacts, ...]
    sections: Mapping[str, facts.SectionFacts]
    frameworks: Mapping[str, FrameworkFacts]
    items: Mapping[tuple[str, str], ItemFacts]
    item_links: tuple[ItemLinkFacts, ...]
    left_out: tuple[facts.LeftOut, ...]
    concerns: Mapping[str, facts.ConcernFacts]
    assets: Mapping[str, str]
    essentials: Mapping[str, facts.EssentialFacts]
    matrix: tuple[facts.MatrixRow, ...]
    periodic: tuple[facts.PeriodicRow, ...]
    risk_areas: tuple[facts.RiskArea, ...]
    contexts: tuple[facts.Context, ...]
    layers: tuple[facts.Layer, ...]
    ready_made: Mapping[str, facts.ReadyMade]
    question_groups: Mapping[str, str]
    rule_set: RuleSet
    others: "tuple[Catalog, ...]" = ()
    elsewhere_threats: Mapping[str, ThreatFacts] = field(default_factory=dict)
    elsewhere_controls: Mapping[str, ControlFacts] = field(default_factory=dict)
    later_threats: Mapping[str, str] = field(default_factory=dict)
    later_controls: Mapping[str, str] = field(default_factory=dict)
    waiting_rules: frozenset[str] = frozenset()
    _old_threats: Mapping[str, str] = field(init=False, repr=False)
    _old_controls: Mapping[str, str] = field(init=False, repr=False)
    _by_threat: Mapping[str, tuple[LinkFacts, ...]] = field(init=False, repr=False)
    _by_control: Mapping[str, tuple[LinkFacts, ...]] = field(init=False, repr=False)
    _items_of: Mapping[str, tuple[ItemFacts, ...]] = field(init=False, repr=False)
    _links_to: Mapping[tuple[Target, str], tuple[ItemLinkFacts, ...]] = field(init=False, repr=False)
    _links_of: Mapping[str, tuple[ItemLinkFacts, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        closest_first = sorted((link for link in self.links if not link.excluded), key=lambda link: link.distance)
        for name, value in {
            "_old_threats": {**self.later_threats, **_by_alias(self.threats.values())},
            "_old_controls": {**self.later_controls, **_by_alias(self.controls.values())},
            "_by_threat": grouped((link.threat.key, link) for link in closest_first),
            "_by_control": grouped((link.control.key, link) for link in closest_first),
            "_items_of": grouped((item.framework, item) for item in self.items.values()),
            "_links_to": grouped(((link.target, link.key), link) for link in self.item_links),
            "_links_of": grouped((link.framework.key, link) for link in self.item_links),
        }.items():
            object.__setattr__(self, name, value)

    def threat(self, key: str) -> ThreatFacts:
        """The threat with this key, or that has it in another edition. KeyError when there is none."""
        return self.threats[self._old_threats.get(key, key)]

    def control(self, key: str) -> ControlFacts:
        """The control with this key, or that has it in another edition. KeyError when there is none."""
        return self.controls[self._old_controls.get(key, key)]

    def keys_of(self, threat_key: str) -> tuple[str, ...]:
        """Every key under which other rows may have kept a threat: that of today, then those of other editions."""
        return (threat_key, *(old for old, key in self._old_threats.items() if key == threat_key))

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

    @property
    def judged_threats(self) -> tuple[ThreatFacts, ...]:
        """The threats that are judged on their own: those with a rule, and any other but groups and variants."""
        ruled = {rule.threat for rule in self.rule_set.rules}
        return tuple(
            threat
            for threat in self.threats.values()
            if threat.key in ruled or not (threat.is_group or threat.is_variant)
        )

    def impacts_of(self, threat: ThreatFacts) -> tuple[ImpactFacts, ...]:
        """The impacts of a threat, in the order of the edition."""
        return tuple(impact for impact in self.impacts.values() if impact.code in threat.impacts)

    def items_of(self, framework_key: str) -> tuple[ItemFacts, ...]:
        """The items of a framework, in its order."""
        return self._items_of.get(framework_key, ())

    def links_of(self, framework_key: str) -> tuple[ItemLinkFacts, ...]:
        """The links of a framework's items."""
        return self._links_of.get(framework_key, ())

    def links_to(self, target: Target, key: str) -> tuple[ItemLinkFacts, ...]:
        """The links of all frameworks that lead to an entry."""
        return self._links_to.get((target, key), ())

    def essential_path(self, key: str) -> tuple[facts.EssentialFacts, ...]:
        """An essential category with those above it, the widest first."""
        found = self.essentials[key]
        return (found,) if found.parent is None else (*self.essential_path(found.parent), found)


@dataclass(frozen=True)
class State:
    """What decides how the catalog reads: ids that are never given twice, so what is kept can't grow stale."""

    current: int
    newest: int
    own: int


def current() -> Catalog:
    """What is in force. One query to ask which; its content is read once per process. Raises NoEdition."""
    return _kept(_state())


def for_request(request: Any) -> Catalog:
    """What is in force, asked for once for all that one request shows."""
    if not hasattr(request, "catalog_in_force"):
        request.catalog_in_force = current()
    found: Catalog = request.catalog_in_force
    return found


def as_if_in_force(edition: Edition) -> Catalog:
    """What current() would be with this edition in force. One query. Raises NoEdition."""
    return _kept(replace(_state(), current=edition.pk))


def edition_named(key: str) -> Catalog:
    """An edition that is loaded, without own entries. Raises Edition.DoesNotExist."""
    return _loaded(Edition.objects.get(key=key))


def _state() -> State:
    """Asked by every request, so in plain SQL: to build the statement would cost more than to run it."""
    with connection.cursor() as cursor:
        cursor.execute(STATE)
        found = cursor.fetchone()
    if found is None:
        raise NoEdition
    return State(*found)


@cache
def packaged() -> Catalog:
    """The edition that comes with the project, from its files; never touches the database."""
    return catalog_of(read_content(PACKAGED_EDITION))


@lru_cache(maxsize=4)
def _kept(state: State) -> Catalog:
    """The edition in force with the own entries, and with what only other editions know."""
    edition = _loaded(Edition.objects.get(pk=state.current))
    others = [_loaded(other) for other in Edition.objects.exclude(pk=state.current).order_by("-released")]
    return with_own(edition, own_entries(), tuple(others))


@lru_cache(maxsize=KEPT)
def _loaded(edition: Edition) -> Catalog:
    """Rows are equal by id, and an id is never given twice."""
    return catalog_of(content_of(edition))


def catalog_of(content: Content) -> Catalog:
    """The catalog that the content of a valid edition describes."""
    variants = set(content["not_derived"])
    threats = keyed(building.threat(entry, is_variant=entry["key"] in variants) for entry in content["threats"])
    controls = keyed(building.control(entry) for entry in content["controls"])
    frameworks = keyed(building.framework(entry) for entry in content["frameworks"])
    items = {(entry["framework"], entry["id"]): ItemFacts(**entry) for entry in content["items"]}
    return Catalog(
        edition=content["edition"],
        source=Source(**content["source"]),
        impacts=keyed((building.impact(entry) for entry in content["impacts"]), "code"),
        threats=threats,
        control_groups=keyed(building.control_group(entry) for entry in content["control_groups"]),
        controls=controls,
        links=tuple(building.link(entry, threats, controls) for entry in content["links"]),
        standards=tuple(building.standard(entry) for entry in content["standards"]),
        opencre=tuple(facts.CreFacts(**entry) for entry in content["opencre"]),
        sections=keyed(facts.SectionFacts(**entry) for entry in content["sections"]),
        frameworks=frameworks,
        items=items,
        item_links=tuple(building.item_link(entry, frameworks, items) for entry in content["item_links"]),
        left_out=tuple(facts.LeftOut(**entry) for entry in content["left_out"]),
        concerns=keyed(building.concern(entry) for entry in content["concerns"]),
        question_groups={entry["key"]: entry["title"] for entry in content["question_groups"]},
        rule_set=parse_rule_set(content),
        **_exhibits(content),
    )


def _by_alias(entries: Iterable[ThreatFacts | ControlFacts]) -> dict[str, str]:
    return {alias: entry.key for entry in entries for alias in entry.aliases}


def _exhibits(content: Content) -> dict[str, Any]:
    """The tables and pictures of the source."""
    return {
        "assets": {entry["code"]: entry["title"] for entry in content["assets"]},
        "essentials": keyed(facts.EssentialFacts(**entry) for entry in content["essentials"]),
        "matrix": tuple(building.matrix_row(entry) for entry in content["matrix"]),
        "periodic": tuple(building.periodic_row(entry) for entry in content["periodic"]),
        "risk_areas": tuple(building.made(facts.RiskArea, entry) for entry in content["risk_areas"]),
        "contexts": tuple(building.made(facts.Context, entry) for entry in content["contexts"]),
        "layers": tuple(building.made(facts.Layer, entry) for entry in content["layers"]),
        "ready_made": keyed((building.made(facts.ReadyMade, entry) for entry in content["ready_made"]), "deployment"),
    }
