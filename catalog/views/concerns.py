"""What the Exchange puts beside security: pages for reference, outside the scope of the register."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from catalog.reading import current
from pages.rendering import render_page


@require_safe
def concerns(request: HttpRequest) -> HttpResponse:
    """All of them."""
    return render_page(request, "catalog/concerns.html", {"catalog": current()})


@require_safe
def concern(request: HttpRequest, key: str) -> HttpResponse:
    """One concern: what it is about, what to check, and which threats and controls it touches."""
    catalog = current()
    try:
        found = catalog.concerns[key]
    except KeyError as error:
        raise Http404 from error
    context = {
        "catalog": catalog,
        "concern": found,
        "threats": [catalog.threats[key] for key in found.threats],
        "controls": [catalog.controls[key] for key in found.controls],
    }
    return render_page(request, "catalog/concern.html", context)
