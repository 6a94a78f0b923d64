"""The entrance to the catalog."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from catalog.reading import current
from pages.rendering import render_page


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the edition in force holds, and the ways into it."""
    catalog = current()
    threats = [threat for threat in catalog.threats.values() if not threat.is_group]
    context = {
        "catalog": catalog,
        "released": date.fromisoformat(catalog.edition),
        "threat_count": len(threats),
        "group_count": len(catalog.threats) - len(threats),
    }
    return render_page(request, "catalog/home.html", context)
