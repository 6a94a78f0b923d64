"""The threat map: all threats, or whose they are when a model is bought ready-made."""

from collections.abc import Sequence

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from catalog.drawing import Drawing
from catalog.facts import ReadyMade, ThreatFacts
from catalog.reading import Catalog, current
from catalog.ready_made import Side, holders, lights, sides
from catalog.threat_map import draw
from pages.http import Request
from pages.rendering import render_page

GENERAL = "general"


@require_safe
def threat_map(request: Request) -> HttpResponse:
    """One view of the map: in general, or for one way in which a ready-made model is run."""
    catalog, view = current(), request.GET.get("view", GENERAL)
    ready = catalog.ready_made.get(view)
    if ready is None and view != GENERAL:
        raise BadRequest
    threats = catalog.judged_threats
    found = _sides(catalog, ready, threats) if ready else {}
    context = {
        "catalog": catalog,
        "view": view,
        "ready": ready,
        "count": len(threats),
        "ours": sum(side is Side.OURS for side in found.values()),
        "has_unstated": Side.UNSTATED in found.values(),
        "drawing": _drawing(catalog, ready, threats),
    }
    return render_page(request, "catalog/map.html", context)


def _drawing(catalog: Catalog, ready: ReadyMade | None, threats: Sequence[ThreatFacts]) -> Drawing:
    block = [
        ("Threat map", ready.title if ready else "All threats, in general"),
        ("Catalog edition", catalog.edition),
        ("Threats drawn", str(len(threats))),
    ]
    if ready is None:
        return draw(threats, catalog.impacts_of, block=block)
    found = _sides(catalog, ready, threats)
    return draw(threats, catalog.impacts_of, lit=lights(found), holders=holders(found, threats), block=block)


def _sides(catalog: Catalog, ready: ReadyMade, threats: Sequence[ThreatFacts]) -> dict[str, Side]:
    parents = {threat.key: threat.parent for threat in catalog.threats.values()}
    return sides(ready, threats, parents)
