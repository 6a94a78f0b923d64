"""The pages of controls: the list, one control, and one group of controls."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from catalog.access import may_keep_catalog
from catalog.crossing import cre_of, crossings_of, standards_of
from catalog.facts import ControlFacts, ControlGroupFacts
from catalog.filter_bar import filter_bar
from catalog.filters import control_facets
from catalog.reading import Catalog, current
from catalog.vocabulary import Target
from pages.rendering import render_page


@dataclass(frozen=True)
class ControlRow:
    """A control in a list. A general one helps against all threats; `aimed_at` counts those it is for by name."""

    control: ControlFacts
    is_general: bool
    aimed_at: int


@require_safe
def controls(request: HttpRequest) -> HttpResponse:
    """All controls under the headings of the source, or those that the filter in the address lets through."""
    catalog = current()
    bar = filter_bar(request.GET, control_facets(catalog), rest=3)
    found = bar.wanted.narrow(catalog.controls.values())
    context = {
        "catalog": catalog,
        "bar": bar,
        "headings": _under_headings(catalog, found),
        "count": len(found),
        "total": len(catalog.controls),
    }
    return render_page(request, "catalog/controls.html", context, partial="entries", status=bar.status)


@require_safe
def control(request: HttpRequest, key: str) -> HttpResponse:
    """One control: what it is for, what it costs, how to tell that it works. An old key leads on."""
    catalog = current()
    try:
        found = catalog.control(key)
    except KeyError as error:
        if key in catalog.elsewhere_controls:
            elsewhere = {"catalog": catalog, "control": catalog.elsewhere_controls[key]}
            return render_page(request, "catalog/control_elsewhere.html", elsewhere)
        raise Http404 from error
    if found.key != key:
        return redirect("catalog:control", key=found.key)
    return render_page(request, "catalog/control.html", _page(request, catalog, found))


@require_safe
def group(request: HttpRequest, key: str) -> HttpResponse:
    """A group of controls: what they share, and where to begin."""
    catalog = current()
    found = catalog.control_groups.get(key)
    if found is None:
        raise Http404
    rows = [_row(catalog, each) for each in catalog.controls.values() if each.parent_key == key]
    context = {
        "catalog": catalog,
        "group": found,
        "above": catalog.control_groups[found.parent] if found.parent else None,
        "below": [each for each in catalog.control_groups.values() if each.parent == key],
        "threat": catalog.threats.get(key),
        "rows": rows,
        "crossings": crossings_of(catalog, Target.GROUP, key),
    }
    return render_page(request, "catalog/group.html", context)


def _page(request: HttpRequest, catalog: Catalog, found: ControlFacts) -> dict[str, Any]:
    key, links = found.key, catalog.threats_for(found.key)
    return {
        "catalog": catalog,
        "control": found,
        "heading": catalog.control_groups[found.parent_key],
        "essentials": [catalog.essential_path(each) for each in found.essentials],
        "areas": [area for area in catalog.risk_areas if key in area.controls],
        "particular": [link for link in links if not link.is_general],
        "general": [link for link in links if link.is_general],
        "excluded": [link for link in catalog.links if link.excluded and link.control.key == key],
        "crossings": crossings_of(catalog, Target.CONTROL, key),
        "standards": standards_of(catalog, Target.CONTROL, key),
        "cres": cre_of(catalog, Target.CONTROL, key),
        "may_keep": found.is_ours and may_keep_catalog(request.user),
    }


def _under_headings(catalog: Catalog, found: list[ControlFacts]) -> list[tuple[ControlGroupFacts, list[ControlRow]]]:
    headings = (
        (heading, [_row(catalog, each) for each in found if each.parent_key == heading.key])
        for heading in catalog.control_groups.values()
    )
    return [(heading, rows) for heading, rows in headings if rows]


def _row(catalog: Catalog, control: ControlFacts) -> ControlRow:
    links = catalog.threats_for(control.key)
    return ControlRow(control, any(link.is_general for link in links), sum(not link.is_general for link in links))
