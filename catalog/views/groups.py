"""The pages of control groups."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from catalog.reading import current
from catalog.tables import controls_under
from pages.rendering import render_page


@require_safe
def group(request: HttpRequest, key: str) -> HttpResponse:
    """One group: what it is for, how to begin, and its controls."""
    catalog = current()
    try:
        found = catalog.control_groups[key]
    except KeyError as error:
        raise Http404 from error
    context = {"catalog": catalog, "group": found, "controls": controls_under(catalog, key)}
    return render_page(request, "catalog/group.html", context)
