"""What a judgement rests on: factors of likelihood, and the impact in each area, of which the worst leads. Pure.

The factors are guidance. They set no number: how much each weighs differs from threat to threat, and a sum of them
would look more exact than it is. They are kept with the rating, so that the next person sees what it was judged by.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

from risks.register.choices import FactorEffect, RatingKind
from risks.register.rules import AREAS, Scale

if TYPE_CHECKING:
    from risks.register.models import Rating


@dataclass(frozen=True)
class Factor:
    """One thing that makes an attack more or less likely, and what to ask about it."""

    word: str
    ask: str


FACTORS = {
    "access": Factor("Attacker access", "How hard is it to reach what would be attacked?"),
    "capability": Factor("Attacker capability", "What knowledge and means does it take?"),
    "motive": Factor("Attacker motive", "What would somebody gain by it?"),
    "number": Factor("Number of attackers", "How many could and would try?"),
    "caught": Factor("Chance of being caught", "Would it be noticed, and who did it?"),
    "susceptibility": Factor("Susceptibility", "How readily does this system give way?"),
    "incidents": Factor("Incidents so far", "Has it happened here, or to systems like it?"),
}


def judged(
    scale: Scale,
    *,
    kind: str,
    likelihood: int,
    impact: int | None,
    factors: Mapping[str, str],
    areas: Mapping[str, int],
) -> dict[str, Any]:
    """The values of a rating. Without an impact it is the worst of the areas. Raises ValidationError by field."""
    errors: dict[str, str] = {}
    if kind not in RatingKind.values:
        errors["kind"] = "Choose inherent, current or target."
    if not 1 <= likelihood <= len(scale.likelihood):
        errors["likelihood"] = f"Likelihood is a number from 1 to {len(scale.likelihood)}."
    if any(name not in FACTORS or effect not in FactorEffect.values for name, effect in factors.items()):
        errors["factors"] = f"Say of {', '.join(FACTORS)} whether it lowers, is neutral, raises or is unknown."
    if any(area not in AREAS or not 1 <= level <= len(scale.impact) for area, level in areas.items()):
        errors["areas"] = f"Give {', '.join(AREAS)} an impact from 1 to {len(scale.impact)}, or leave it out."
    else:
        worst = max(areas.values(), default=impact or 0)
        impact = impact or worst
        if not 1 <= impact <= len(scale.impact):
            errors["impact"] = f"Impact is a number from 1 to {len(scale.impact)}."
        elif impact != worst:
            step = scale.impact_step(worst)
            errors["impact"] = f"The worst area leads: {leading(areas)} has {step.number} {step.word}."
    if errors or impact is None:
        raise ValidationError(errors)
    return {
        "kind": kind,
        "scale": scale.key,
        "likelihood": likelihood,
        "impact": impact,
        "level": scale.level(likelihood, impact),
        "factors": {name: factors[name] for name in FACTORS if name in factors},
        "areas": {area: areas[area] for area in AREAS if area in areas},
    }


def changes_of_rating(scale: Scale, before: "Rating | None", after: "Rating") -> dict[str, list[Any]]:
    """What an event says of a rating: all its numbers, changed or not, since a judgement is read as a whole.

    The word of the band goes along, so that the journal still reads right when the scale is another.
    """
    kind, pair = after.kind, (before, after)
    changes: dict[str, list[Any]] = {
        f"{kind}_{name}": [getattr(each, name, None) for each in pair] for name in ("likelihood", "impact", "level")
    }
    changes[f"{kind}_band"] = [scale.word(each.level) if each else None for each in pair]
    for name in ("factors", "areas"):
        said = [getattr(each, name, None) or None for each in pair]
        if any(said):
            changes[name] = said
    return changes


def leading(areas: Mapping[str, int]) -> str:
    """The areas with the worst impact, in words: "Financial and Safety"; empty where none was judged."""
    worst = max(areas.values(), default=0)
    words = [word for area, word in AREAS.items() if areas.get(area) == worst]
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def areas_in_words(areas: Mapping[str, int]) -> str:
    """ "Financial 4, Safety 3", the worst first."""
    found = sorted(((areas[area], word) for area, word in AREAS.items() if area in areas), key=lambda each: -each[0])
    return ", ".join(f"{word} {level}" for level, word in found)


def factors_in_words(factors: Mapping[str, str]) -> str:
    """ "Attacker access: raises, Attacker motive: lowers", in the order of FACTORS."""
    said = {FACTORS[name].word: FactorEffect(factors[name]) for name in FACTORS if name in factors}
    return ", ".join(f"{word}: {effect.label.lower()}" for word, effect in said.items())
