"""The pages of controls."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from catalog.facts import ControlFacts
from catalog.reading import Catalog, current
from pages.rendering import render_page


@require_safe
def controls(request: HttpRequest) -> HttpResponse:
    """All controls, under the headings of the source."""
    catalog = current()
    headings = [
        (heading, rows)
        for heading in catalog.control_groups.values()
        if (
            rows := [
                _control_row(catalog, each) for each in catalog.controls.values() if each.parent_key == heading.key
            ]
        )
    ]
    return render_page(request, "catalog/controls.html", {"catalog": catalog, "headings": headings})


@require_safe
def control(request: HttpRequest, key: str) -> HttpResponse:
    """One control: what it is for, what doing it looks like, what it works against. An old key leads on."""
    catalog = current()
    try:
        found = catalog.control(key)
    except KeyError as error:
        raise Http404 from error
    if found.key != key:
        return redirect("catalog:control", key=found.key)
    links = catalog.threats_for(key)
    return render_page(
        request,
        "catalog/control.html",
        {
            "catalog": catalog,
            "control": found,
            "heading": catalog.control_groups[found.parent_key],
            "particular": [link for link in links if not link.is_general],
            "general": [link for link in links if link.is_general],
            "excluded": [link for link in catalog.links if link.excluded and link.control.key == key],
        },
    )


@dataclass(frozen=True)
class ControlRow:
    """A control in a list. A general one helps against all threats; `aimed_at` counts those it is for by name."""

    control: ControlFacts
    is_general: bool
    aimed_at: int


def _control_row(catalog: Catalog, control: ControlFacts) -> ControlRow:
    links = catalog.threats_for(control.key)
    return ControlRow(control, any(link.is_general for link in links), sum(not link.is_general for link in links))
