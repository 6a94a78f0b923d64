"""The pages of threats."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from catalog.explaining import duties_of, remarks_on, rule_for, statement_of
from catalog.facts import ImpactFacts, ThreatFacts
from catalog.reading import Catalog, current
from pages.rendering import render_page


@require_safe
def threat(request: HttpRequest, key: str) -> HttpResponse:
    """One threat or group: what, how, when, and which controls first. An old key leads on."""
    catalog = current()
    try:
        found = catalog.threat(key)
    except KeyError as error:
        raise Http404 from error
    if found.key != key:
        return redirect("catalog:threat", key=found.key)
    rule, links = rule_for(key, catalog.rule_set), catalog.controls_for(key)
    return render_page(
        request,
        "catalog/threat.html",
        {
            "catalog": catalog,
            "threat": found,
            "above": catalog.above(key),
            "impacts": catalog.impacts_of(found),
            "children": [_threat_row(catalog, child) for child in catalog.children_of(key)],
            "applies_when": statement_of(rule.applicable_when, catalog.rule_set) if rule else None,
            "duties": duties_of(rule, catalog.rule_set) if rule else (),
            "remarks": list(remarks_on(key, rule, catalog.rule_set)),
            "particular": [link for link in links if not link.is_general],
            "general": [link for link in links if link.is_general],
            "excluded": [link for link in catalog.links if link.excluded and link.threat.key == key],
        },
    )


@dataclass(frozen=True)
class ThreatRow:
    """A threat in a list."""

    threat: ThreatFacts
    impacts: tuple[ImpactFacts, ...]
    own_controls: int


def _threat_row(catalog: Catalog, threat: ThreatFacts) -> ThreatRow:
    own = sum(link.is_own for link in catalog.controls_for(threat.key))
    return ThreatRow(threat, catalog.impacts_of(threat), own)
