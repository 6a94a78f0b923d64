"""The entries of an edition as immutable values. Fields are named as in the data file, references are keys."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from catalog.vocabulary import (
    Basis,
    ControlArea,
    ControlType,
    Coverage,
    Doer,
    Effort,
    Fit,
    Lifecycle,
    ModelType,
    Party,
    Property,
    Reading,
    Relation,
    Strength,
    Surface,
    Target,
    ThreatKind,
)


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
class Variant:
    """A kind of attack that a threat takes the form of."""

    title: str
    text: str


@dataclass(frozen=True)
class ThreatFacts:
    """A threat or a group of threats. A variant is judged with its parent and never on its own.

    `likelihood` and `impact` say what to consider when rating; `impacts` are codes. `fits` says per kind of model
    whether the source ties the threat to it.
    """

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
    other_names: tuple[str, ...]
    summary: str
    how: str
    hurts: str
    applies: str
    likelihood: str
    impact: str
    variants: tuple[Variant, ...]
    in_rag: str | None
    in_agents: str | None
    fits: dict[str, Fit | None]
    is_restricted: bool
    assets_hurt: tuple[str, ...]
    assets_attacked: tuple[str, ...]
    is_variant: bool
    is_ours: bool = False  # of the organisation, beside the edition

    def __hash__(self) -> int:
        return hash(self.key)

    @property
    def is_group(self) -> bool:
        return self.kind is ThreatKind.GROUP

    def concerns(self, kind: ModelType) -> bool:
        """Whether it may concern a kind of model; where the source is silent it does, unless it is tied to others."""
        fit = self.fits.get(kind.value)
        return fit in (Fit.YES, Fit.LOW) if fit or self.is_restricted else True


@dataclass(frozen=True)
class ControlGroupFacts:
    """A heading under which controls stand. The group of a threat has that threat's key."""

    key: str
    number: str | None
    title: str
    parent: str | None
    url: str
    is_threat_group: bool
    purpose: str
    start: str


@dataclass(frozen=True)
class ControlFacts:
    """A control. `group` is the part of the Exchange it comes from, `parent_key` the heading it stands under."""

    key: str
    name: str
    source_name: str
    group: ControlArea | None
    parent_key: str
    types: tuple[ControlType, ...]
    lifecycle: tuple[Lifecycle, ...]
    url: str
    aliases: tuple[str, ...]
    is_delegable: bool
    qualifier: str | None
    essentials: tuple[str, ...]
    purpose: str
    practice: str
    effort: Effort
    effort_reason: str
    trade_off: str
    evidence: tuple[str, ...]
    done_by: tuple[Doer, ...]
    done_by_note: str
    is_ours: bool = False  # of the organisation, beside the edition


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


@dataclass(frozen=True)
class StandardFacts:
    """A standard that the source names for a control or a threat, and how far it covers that."""

    control: str | None
    threat: str | None
    standard: str
    clause: str | None
    title: str | None
    coverage: Coverage
    qualifier: str | None
    particularity: bool
    scope: str | None
    url: str | None


@dataclass(frozen=True)
class CreFacts:
    """An entry of OpenCRE that the source names for a control or a threat."""

    control: str | None
    threat: str | None
    id: str
    title: str
    url: str


@dataclass(frozen=True)
class SectionFacts:
    """A section of the Exchange that is neither a threat nor a control."""

    key: str
    title: str
    url: str


@dataclass(frozen=True)
class Dated:
    """From which day a part of a law applies."""

    scope: str
    date: date


@dataclass(frozen=True)
class ItemFacts:
    """An entry of a framework, under the id and title that the framework gives it."""

    framework: str
    id: str
    title: str
    is_own_title: bool
    url: str
    parent: str | None
    kind: str | None
    text: str | None
    replaced_by: str | None


@dataclass(frozen=True)
class FrameworkFacts:
    """A list, standard or law outside the Exchange, in one of its own editions."""

    key: str
    title: str
    version: str
    family: str
    publisher: str
    url: str
    licence: str | None
    about: str
    notes: tuple[str, ...]
    roles: tuple[dict[str, str], ...]
    dates: tuple[Dated, ...]
    classes: tuple[dict[str, Any], ...]

    def __hash__(self) -> int:
        return hash(self.key)


@dataclass(frozen=True)
class ItemLinkFacts:
    """That an item of a framework has to do with an entry of the catalog, and what that rests on."""

    framework: FrameworkFacts
    item: ItemFacts
    target: Target
    key: str
    basis: Basis
    relation: Relation | None
    reading: Reading | None
    added_late: bool
    note: str | None

    @property
    def is_editorial(self) -> bool:
        return self.basis is Basis.EDITORIAL

    @property
    def is_weak(self) -> bool:
        return self.reading is Reading.WEAK


@dataclass(frozen=True)
class LeftOut:
    """A link of a framework that is not shipped, and why."""

    framework: str
    item: str
    key: str
    why: str


@dataclass(frozen=True)
class Part:
    """A part of a page about a concern."""

    title: str
    text: str
    checklist: tuple[str, ...]


@dataclass(frozen=True)
class ConcernFacts:
    """What the Exchange puts beside security; outside the scope of the register."""

    key: str
    title: str
    url: str
    lead: str
    parts: tuple[Part, ...]
    threats: tuple[str, ...]
    controls: tuple[str, ...]


@dataclass(frozen=True)
class EssentialFacts:
    """An essential category of controls; the widest have no parent."""

    key: str
    title: str
    parent: str | None


@dataclass(frozen=True)
class MatrixRow:
    """A row of the source's AI security matrix."""

    id: str
    title: str
    qualifier: str | None
    threat: str | None
    asset: str
    property: Property
    surface: str
    lifecycle: Lifecycle


@dataclass(frozen=True)
class Cell:
    """A control or a control group in the periodic table, and whose it is where the source says so."""

    target: Target
    key: str
    party: Party | None


@dataclass(frozen=True)
class PeriodicRow:
    """A row of the source's periodic table: a threat and its controls. `label` names controls that have no entry."""

    id: str
    title: str
    threat: str | None
    asset: str
    property: Property
    surface: str
    lifecycle: Lifecycle
    cells: tuple[Cell, ...]
    label: str | None


@dataclass(frozen=True)
class RiskArea:
    """A general risk area with the controls that the source starts from."""

    title: str
    controls: tuple[str, ...]


@dataclass(frozen=True)
class Context:
    """What to look at first where retrieval or agents are involved."""

    context: str
    aspect: str | None
    threats: tuple[str, ...]
    controls: tuple[str, ...]


@dataclass(frozen=True)
class Layer:
    """A layer of protection against a threat, from the inside out."""

    threat: str
    number: int
    title: str
    control: str


@dataclass(frozen=True)
class ReadyMade:
    """The threats and controls that stay ours when a model is bought ready-made, per way of deployment."""

    deployment: str
    title: str
    threats: tuple[str, ...]
    own_controls: tuple[str, ...]
    supplier_controls: tuple[str, ...]
