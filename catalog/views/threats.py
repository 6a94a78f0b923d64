"""The pages of threats: the list, and one threat or group."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from catalog.access import may_keep_catalog
from catalog.crossing import cre_of, crossings_of, standards_of
from catalog.explaining import duties_of, remarks_on, rule_for, statement_of
from catalog.facts import Context, ImpactFacts, Layer, ThreatFacts
from catalog.filter_bar import filter_bar
from catalog.filters import threat_facets
from catalog.reading import Catalog, current
from catalog.vocabulary import Target
from pages.rendering import render_page


@dataclass(frozen=True)
class ThreatRow:
    """A threat in a list; `depth` is 0 for what stands right below a surface."""

    threat: ThreatFacts
    impacts: tuple[ImpactFacts, ...]
    own_controls: int
    depth: int = 0


@require_safe
def threats(request: HttpRequest) -> HttpResponse:
    """All threats by surface, or those that the filter in the address lets through."""
    catalog = current()
    bar = filter_bar(request.GET, threat_facets(catalog), rest=4)
    found = bar.wanted.narrow(catalog.threats.values())
    context = {
        "catalog": catalog,
        "bar": bar,
        "surfaces": _by_surface(catalog, found, is_filtered=bool(bar.chips)),
        "count": sum(not threat.is_group for threat in found),
        "total": sum(not threat.is_group for threat in catalog.threats.values()),
        "found": len(found),
    }
    return render_page(request, "catalog/threats.html", context, partial="entries", status=bar.status)


@require_safe
def threat(request: HttpRequest, key: str) -> HttpResponse:
    """One threat or group. An old key leads on; one that only another edition has is shown as that has it."""
    catalog = current()
    try:
        found = catalog.threat(key)
    except KeyError as error:
        if key in catalog.elsewhere_threats:
            return _elsewhere(request, catalog, catalog.elsewhere_threats[key])
        raise Http404 from error
    if found.key != key:
        return redirect("catalog:threat", key=found.key)
    return render_page(request, "catalog/threat.html", _page(request, catalog, found))


def _page(request: HttpRequest, catalog: Catalog, found: ThreatFacts) -> dict[str, Any]:
    key, links = found.key, catalog.controls_for(found.key)
    rule = rule_for(key, catalog.rule_set)
    return {
        "catalog": catalog,
        "threat": found,
        "above": catalog.above(key),
        "impacts": catalog.impacts_of(found),
        "hurt": [catalog.assets[code] for code in found.assets_hurt],
        "attacked": [catalog.assets[code] for code in found.assets_attacked],
        "children": [_row(catalog, child) for child in catalog.children_of(key)],
        "applies_when": statement_of(rule.applicable_when, catalog.rule_set) if rule else None,
        "duties": duties_of(rule, catalog.rule_set) if rule else (),
        "remarks": list(remarks_on(key, rule, catalog.rule_set)),
        "particular": [link for link in links if not link.is_general],
        "general": [link for link in links if link.is_general],
        "excluded": [link for link in catalog.links if link.excluded and link.threat.key == key],
        "layers": _layers(catalog, found),
        "contexts": _contexts(catalog, key),
        "crossings": crossings_of(catalog, Target.THREAT, key),
        "standards": standards_of(catalog, Target.THREAT, key),
        "cres": cre_of(catalog, Target.THREAT, key),
        "may_keep": found.is_ours and may_keep_catalog(request.user),
    }


def _elsewhere(request: HttpRequest, catalog: Catalog, found: ThreatFacts) -> HttpResponse:
    context = {"catalog": catalog, "threat": found, "impacts": catalog.impacts_of(found)}
    return render_page(request, "catalog/threat_elsewhere.html", context)


def _by_surface(
    catalog: Catalog, found: list[ThreatFacts], *, is_filtered: bool
) -> list[tuple[ThreatFacts, list[ThreatRow]]]:
    """Each surface with its rows. Below a filter the surfaces are only headings."""
    tops = [threat for threat in catalog.threats.values() if threat.parent is None and not threat.is_ours]
    rows: dict[str, list[ThreatRow]] = {top.key: [] for top in tops}
    for threat in found:
        above = catalog.above(threat.key)
        if above or threat.is_ours:
            key = above[0].key if above else tops[0].key
            rows[key].append(_row(catalog, threat, depth=max(len(above) - 1, 0)))
    return [(top, rows[top.key]) for top in tops if rows[top.key] or not is_filtered]


def _layers(catalog: Catalog, threat: ThreatFacts) -> list[tuple[Layer, str]]:
    """The layers of protection of a threat or of a group above it, each with its control's name."""
    keys = {threat.key, *(above.key for above in catalog.above(threat.key))}
    return [(layer, catalog.controls[layer.control].name) for layer in catalog.layers if layer.threat in keys]


def _contexts(catalog: Catalog, key: str) -> list[Context]:
    """Where the source says to look at this threat first: retrieval, agents."""
    return [context for context in catalog.contexts if key in context.threats]


def _row(catalog: Catalog, threat: ThreatFacts, *, depth: int = 0) -> ThreatRow:
    own = sum(link.is_own for link in catalog.controls_for(threat.key))
    return ThreatRow(threat, catalog.impacts_of(threat), own, depth)
