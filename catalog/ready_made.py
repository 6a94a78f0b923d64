"""Whose matter each threat is when a model is bought ready-made, per way of deployment. Pure."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from catalog.drawing import Holder, Light, Place
from catalog.facts import ReadyMade, ThreatFacts
from catalog.threat_map import place_of
from catalog.vocabulary import Surface


class Side(StrEnum):
    """Whose a threat is; a threat that the source's map does not show is neither's."""

    OURS = "ours"
    SUPPLIER = "supplier"
    UNSTATED = "not stated"


def sides(ready: ReadyMade, threats: Iterable[ThreatFacts], parents: Mapping[str, str | None]) -> dict[str, Side]:
    """Whose each threat is. A group that the source names stands for all below it; our own threats are ours.

    The source names what stays ours. The rest is the supplier's where it attacks what a supplier delivers: the model,
    or the making of it. Anything else is left open rather than guessed.
    """
    return {threat.key: _side(ready, threat, parents) for threat in threats}


def lights(found: Mapping[str, Side]) -> dict[str, Light]:
    """How the threat map shows whose threats are; ours are drawn plainly."""
    looks = {
        Side.OURS: Light(),
        Side.SUPPLIER: Light(Side.SUPPLIER, is_double=True),
        Side.UNSTATED: Light(Side.UNSTATED, is_dashed=True),
    }
    return {key: looks[side] for key, side in found.items()}


def holders(found: Mapping[str, Side], threats: Iterable[ThreatFacts]) -> dict[Place, Holder]:
    """Whose the assets are: the supplier's where all threats are the supplier's."""
    by_place: dict[Place, set[Side]] = {}
    for threat in threats:
        by_place.setdefault(place_of(threat), set()).add(found[threat.key])
    return {
        place: Holder("the supplier’s", is_ours=False) if by_place.get(place) == {Side.SUPPLIER} else Holder("ours")
        for place in Place
    }


def _side(ready: ReadyMade, threat: ThreatFacts, parents: Mapping[str, str | None]) -> Side:
    line, key = set(), threat.key
    while key and key not in line:
        line.add(key)
        key = parents.get(key) or ""
    if threat.is_ours or line & set(ready.threats):
        return Side.OURS
    is_delivered = threat.surface is Surface.DEVELOPMENT or place_of(threat) is Place.MODEL
    return Side.SUPPLIER if is_delivered else Side.UNSTATED
