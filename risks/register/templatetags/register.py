"""What pages of the rooms below tell about the register, which their own code does not know."""

from collections.abc import Iterable, Mapping

from django import template

from catalog.reading import Catalog
from risks.register.models import Risk
from risks.register.threats import key_of
from risks.systems.models import AISystem
from risks.systems.results import ThreatLine

register = template.Library()


@register.simple_tag
def risks_of(system: AISystem, catalog: Catalog) -> dict[str, Risk]:
    """The risks of a system by the key of their threat today; one query."""
    return {key_of(catalog, risk.threat_key): risk for risk in system.risks.all()}


@register.filter
def without_risk(lines: Iterable[ThreatLine], risks: Mapping[str, Risk]) -> list[ThreatLine]:
    """The threats among these that are not in the register yet."""
    return [line for line in lines if line.threat.key not in risks]


@register.filter
def risk_for(risks: Mapping[str, Risk], line: ThreatLine) -> Risk | None:
    """The risk that stands for a threat, if it is in the register."""
    return risks.get(line.threat.key)
