"""The pages of the Exchange's tables: matrix, periodic table, essential categories, general risk areas."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from catalog.facts import MatrixRow
from catalog.reading import Catalog, current
from catalog.tables import bands, categories_of, contexts_of, controls_of, tiles_of, without_category
from pages.rendering import render_page


@require_safe
def matrix(request: HttpRequest) -> HttpResponse:
    """The AI security matrix: by asset and what is hurt, from where, by which threat."""
    catalog = current()
    context = {
        "catalog": catalog,
        "bands": [
            (band, [(line, _controls(catalog, line.row)) for line in band.lines]) for band in bands(catalog.matrix)
        ],
        "assets": len({row.asset for row in catalog.matrix}),
    }
    return render_page(request, "catalog/matrix.html", context)


@require_safe
def periodic(request: HttpRequest) -> HttpResponse:
    """The periodic table of AI security: each threat with the controls that answer it."""
    catalog = current()
    context = {
        "catalog": catalog,
        "bands": [
            (band, [(line, tiles_of(catalog, line.row)) for line in band.lines]) for band in bands(catalog.periodic)
        ],
    }
    return render_page(request, "catalog/periodic.html", context)


@require_safe
def essentials(request: HttpRequest) -> HttpResponse:
    """The essential categories with their controls."""
    catalog = current()
    context = {"catalog": catalog, "categories": categories_of(catalog), "rest": without_category(catalog)}
    return render_page(request, "catalog/essentials.html", context)


@require_safe
def risk_areas(request: HttpRequest) -> HttpResponse:
    """General risk areas with the controls to start from, and what to look at first with retrieval and agents."""
    catalog = current()
    context = {
        "catalog": catalog,
        "areas": [(area, controls_of(catalog, area)) for area in catalog.risk_areas],
        "contexts": contexts_of(catalog),
    }
    return render_page(request, "catalog/risk_areas.html", context)


def _controls(catalog: Catalog, row: MatrixRow) -> int | None:
    """How many controls there are for a row's threat beside the general ones; None where it is no entry."""
    return sum(not link.is_general for link in catalog.controls_for(row.threat)) if row.threat else None
