"""An organisation's own threats and controls in the shape of an edition's, and an edition together with them."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from catalog.building import keyed
from catalog.facts import ControlFacts, LinkFacts, ThreatFacts, Variant
from catalog.models import OwnControl, OwnLink, OwnThreat
from catalog.profile import with_rules
from catalog.vocabulary import ControlType, Doer, Effort, Fit, Lifecycle, ModelType, Strength, Surface, ThreatKind

if TYPE_CHECKING:
    from catalog.reading import Catalog

NUMBER = "own"  # where an entry of the Exchange has its number
ORIGIN = "Linked by us"


@dataclass(frozen=True)
class Own:
    """All own entries. Retired ones are kept apart: risks that have them still say what they are about."""

    threats: tuple[ThreatFacts, ...]
    controls: tuple[ControlFacts, ...]
    retired_threats: tuple[ThreatFacts, ...]
    retired_controls: tuple[ControlFacts, ...]
    links: tuple[tuple[str, str], ...]
    rules: tuple[dict[str, Any], ...]


def own_entries() -> Own:
    """All own entries, three queries."""
    threats, controls = list(OwnThreat.objects.all()), list(OwnControl.objects.all())
    return Own(
        threats=tuple(threat_of(row) for row in threats if not row.is_retired),
        controls=tuple(control_of(row) for row in controls if not row.is_retired),
        retired_threats=tuple(threat_of(row) for row in threats if row.is_retired),
        retired_controls=tuple(control_of(row) for row in controls if row.is_retired),
        links=tuple(OwnLink.objects.values_list("threat_key", "control_key")),
        rules=tuple(
            {"threat": row.key, "applicable_when": row.applicable_when, "responsibility": [{"party": "own"}]}
            for row in threats
            if row.applicable_when is not None and not row.is_retired
        ),
    )


def threat_of(row: OwnThreat) -> ThreatFacts:
    """An own threat as the catalog's are."""
    return ThreatFacts(
        key=row.key,
        number=NUMBER,
        title=row.title,
        kind=ThreatKind.THREAT,
        parent=row.parent_key,
        surface=Surface(row.surface),
        lifecycle=Lifecycle(row.lifecycle),
        impacts=tuple(row.impacts),
        aliases=(),
        url=row.url,
        other_names=tuple(row.other_names),
        summary=row.summary,
        how=row.how,
        hurts=row.hurts,
        applies=row.applies,
        likelihood=row.likelihood,
        impact=row.impact,
        variants=tuple(Variant(**variant) for variant in row.variants),
        in_rag=row.in_rag,
        in_agents=row.in_agents,
        fits={kind.value: Fit(fit) if (fit := row.fits.get(kind.value)) else None for kind in ModelType},
        is_restricted=False,
        assets_hurt=tuple(row.assets_hurt),
        assets_attacked=tuple(row.assets_attacked),
        is_variant=False,
        is_ours=True,
    )


def control_of(row: OwnControl) -> ControlFacts:
    """An own control as the catalog's are."""
    return ControlFacts(
        key=row.key,
        name=row.name,
        source_name=row.name,
        group=None,
        parent_key=row.parent_key,
        types=tuple(ControlType(each) for each in row.types),
        lifecycle=tuple(Lifecycle(each) for each in row.lifecycle),
        url=row.url,
        aliases=(),
        is_delegable=False,
        qualifier=None,
        essentials=tuple(row.essentials),
        purpose=row.purpose,
        practice=row.practice,
        effort=Effort(row.effort),
        effort_reason=row.effort_reason,
        trade_off=row.trade_off,
        evidence=tuple(row.evidence),
        done_by=tuple(Doer(each) for each in row.done_by),
        done_by_note=row.done_by_note,
        is_ours=True,
    )


def with_own(edition: "Catalog", own: Own, others: "tuple[Catalog, ...]" = ()) -> "Catalog":
    """An edition with the own entries after its own, and beside it what only other editions know.

    An own threat whose group the edition does not have stands under the widest group of its surface, and an own control
    under the first heading, so that nothing is lost by an upgrade. Assets and categories that the edition does not have
    are passed over. General controls hold for own threats as well.
    """
    elsewhere, later = _only_in(others, "threats", edition.threats, edition.threat)
    elsewhere_controls, later_controls = _only_in(others, "controls", edition.controls, edition.control)
    edition = replace(edition, later_threats=later, later_controls=later_controls)
    tops: dict[Surface, str] = {}
    for threat in edition.threats.values():
        if threat.parent is None:
            tops.setdefault(threat.surface, threat.key)
    own_threats = [_threat_within(edition, tops, threat) for threat in own.threats]
    own_controls = [_control_within(edition, control) for control in own.controls]
    threats = keyed([*edition.threats.values(), *own_threats])
    controls = keyed([*edition.controls.values(), *own_controls])
    rule_set, unread = with_rules(edition.rule_set, own.rules)
    linked = {
        (key_today(edition.threat, threat) or threat, key_today(edition.control, control) or control)
        for threat, control in own.links
    }
    links = [
        *edition.links,
        *_own_links(linked, threats, controls),
        *_general_links(edition, own_threats, tops, linked),
    ]
    return replace(
        edition,
        threats=threats,
        controls=controls,
        links=tuple(links),
        rule_set=rule_set,
        waiting_rules=frozenset(unread),
        others=others,
        elsewhere_threats=elsewhere | {threat.key: threat for threat in own.retired_threats},
        elsewhere_controls=elsewhere_controls | {control.key: control for control in own.retired_controls},
    )


def _threat_within(edition: "Catalog", tops: Mapping[Surface, str], threat: ThreatFacts) -> ThreatFacts:
    """An own threat in terms that the edition has."""
    return replace(
        threat,
        parent=key_today(edition.threat, threat.parent or "") or tops.get(threat.surface),
        assets_hurt=tuple(code for code in threat.assets_hurt if code in edition.assets),
        assets_attacked=tuple(code for code in threat.assets_attacked if code in edition.assets),
    )


def _control_within(edition: "Catalog", control: ControlFacts) -> ControlFacts:
    """An own control in terms that the edition has."""
    is_known = control.parent_key in edition.control_groups
    return replace(
        control,
        parent_key=control.parent_key if is_known else next(iter(edition.control_groups), ""),
        essentials=tuple(key for key in control.essentials if key in edition.essentials),
    )


def key_today(find: Callable[[str], Any], key: str) -> str | None:
    """The key that an entry has in the catalog, of the one it had when it was kept; None where it is not there."""
    try:
        return str(find(key).key)
    except KeyError:
        return None


def _only_in(
    others: "Iterable[Catalog]", section: str, known: Mapping[str, Any], find: Callable[[str], Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """What only other editions have, by key; and the keys that only they have for an entry that is here as well."""
    elsewhere: dict[str, Any] = {}
    later: dict[str, str] = {}
    for other in others:
        for key, entry in getattr(other, section).items():
            try:
                find(key)
            except KeyError:
                here = next((alias for alias in entry.aliases if alias in known), None)
                if here is None:
                    elsewhere.setdefault(key, entry)
                else:
                    later.setdefault(key, here)
    return elsewhere, later


def _own_links(linked: Collection[tuple[str, str]], threats: Any, controls: Any) -> Iterable[LinkFacts]:
    """In the order of the catalog, whatever order they were made in."""
    for control in controls.values():
        for threat, _ in sorted(pair for pair in linked if pair[1] == control.key):
            if threat in threats:
                yield _link(threats[threat], control, Strength.SPECIFIC, ORIGIN)


def _general_links(
    edition: "Catalog",
    own_threats: Iterable[ThreatFacts],
    tops: Mapping[Surface, str],
    linked: Collection[tuple[str, str]],
) -> Iterable[LinkFacts]:
    """The general controls of a top group are general for whatever stands below it."""
    for threat in own_threats:
        for link in edition.controls_for(tops.get(threat.surface, "")):
            if link.is_general and (threat.key, link.control.key) not in linked:
                yield _link(threat, link.control, link.strength, link.origin)


def _link(threat: ThreatFacts, control: ControlFacts, strength: Strength, origin: str) -> LinkFacts:
    return LinkFacts(
        threat=threat,
        control=control,
        via=("own",) if strength is Strength.SPECIFIC else ("general",),
        strength=strength,
        party=(),
        condition=None,
        excluded=False,
        note=None,
        origin=origin,
        distance=(strength.rank, strength is not Strength.SPECIFIC, 0),
    )
