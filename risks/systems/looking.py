"""What the Threats tab says beside the verdicts: what to look into, what makes it worse, and what is optional."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from catalog.facts import ControlFacts, ThreatFacts
from catalog.profile import Modifier, Question
from catalog.reading import Catalog
from catalog.vocabulary import Effect, PointContext
from risks.systems.attention import Attention
from risks.systems.results import TRIFECTA, places_of
from risks.systems.rules import Identification


@dataclass(frozen=True)
class Look:
    """One line: a question to look into or what the profile says to it, and the threats and controls it concerns.

    `sign` is short ("R03"); `place` is the question of the profile to answer first, where one would settle it.
    """

    sign: str
    text: str
    why: str
    threats: tuple[ThreatFacts, ...]
    controls: tuple[ControlFacts, ...]
    url: str = ""
    place: Question | None = None
    is_open: bool = False


@dataclass(frozen=True)
class LookGroup:
    """Lines under one heading."""

    key: str
    title: str
    looks: list[Look]


def looks_of(
    catalog: Catalog, identification: Identification, attention: Iterable[Attention], answers: Mapping[str, Any]
) -> list[LookGroup]:
    """The points that matter, by what they are about; the lethal trifecta leads the agents. Empty groups are left out.

    Optional controls come last.
    """
    places = places_of(catalog.rule_set, answers)
    groups = [LookGroup(each.value, each.label, []) for each in PointContext]
    groups.append(LookGroup("optional", "Optional control", []))
    by_key = {group.key: group.looks for group in groups}
    for modifier in identification.modifiers:
        if modifier.id == TRIFECTA:
            by_key[PointContext.AGENTIC].append(_of_modifier(catalog, identification, modifier))
        elif modifier.effect == Effect.OPTIONAL_CONTROL:
            by_key["optional"].append(_of_modifier(catalog, identification, modifier))
    for each in attention:
        by_key[each.point.context].append(_of_point(catalog, identification, each, places))
    return [group for group in groups if group.looks]


def _of_point(
    catalog: Catalog, identification: Identification, attention: Attention, places: Mapping[str, Question]
) -> Look:
    """A point with those of its threats that apply or may apply."""
    point, verdicts = attention.point, identification.verdicts
    concerned = [key for key in point.threats if key not in verdicts or verdicts[key].status != "not_applicable"]
    waits = attention.is_open and point.settled_by is not None
    return Look(
        sign=point.id,
        text=point.question if waits or not attention.answer else attention.answer,
        why=point.why,
        threats=tuple(catalog.threats[key] for key in concerned),
        controls=tuple(catalog.controls[key] for key in point.controls),
        url=point.url,
        place=places.get(point.settled_by.question) if waits and point.settled_by else None,
        is_open=attention.is_open,
    )


def _of_modifier(catalog: Catalog, identification: Identification, modifier: Modifier) -> Look:
    """A modifier with the threats that apply and it acts on."""
    acted_on = [key for key in modifier.threats if modifier.id in identification.verdicts[key].modifiers]
    names = [catalog.controls[key].name for key in modifier.controls]
    return Look(
        sign="",
        text="Lethal trifecta" if modifier.id == TRIFECTA else ", ".join(names),
        why=modifier.sentence,
        threats=tuple(catalog.threats[key] for key in acted_on),
        controls=tuple(catalog.controls[key] for key in modifier.controls),
    )
