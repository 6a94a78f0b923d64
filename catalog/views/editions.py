"""The pages of editions: which there are, which was in force when, and what one says otherwise than another."""

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from catalog.access import may_keep_catalog
from catalog.comparing import difference
from catalog.models import Edition, Term
from catalog.reading import current, edition_named
from pages.http import Request
from pages.rendering import render_page


@require_safe
def editions(request: Request) -> HttpResponse:
    """Every edition that is loaded, the newest first, and the terms of those that were in force."""
    catalog = current()
    rows = Edition.objects.visible_to(request.user).with_standing().prefetch_related(Prefetch("terms"))
    terms = list(Term.objects.visible_to(request.user).select_related("edition"))
    earlier = next((term.edition for term in terms if term.edition.key != catalog.edition), None)
    context = {
        "catalog": catalog,
        "editions": rows,
        "terms": terms,
        "earlier": earlier,
        "may_put": may_keep_catalog(request.user),
    }
    return render_page(request, "catalog/editions.html", context)


@require_safe
def edition(request: Request, key: str) -> HttpResponse:
    """One edition: what it holds, and what it says otherwise than the one in force."""
    row = get_object_or_404(Edition.objects.visible_to(request.user).with_standing(), key=key)
    catalog, shown = current(), edition_named(key)
    in_force = edition_named(catalog.edition)
    context = {
        "catalog": catalog,
        "edition": row,
        "shown": shown,
        "difference": None if row.is_current else difference(in_force, shown),
        "may_put": may_keep_catalog(request.user),
    }
    return render_page(request, "catalog/edition.html", context)
