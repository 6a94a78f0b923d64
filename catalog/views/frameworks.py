"""The pages of frameworks: lists, standards and laws beside the Exchange, and where the catalog has their items."""

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog.crosswalk import (
    Row,
    applying,
    chapters_of,
    classes_of,
    counts_of,
    families,
    left_out_elsewhere,
    left_out_of,
    relatives_of,
    rows_of,
    with_parents,
)
from catalog.filter_bar import filter_bar
from catalog.item_filter import item_facets, narrow
from catalog.reading import current
from pages.http import Request
from pages.rendering import render_page

FEW = 12  # items that need no filter


@require_safe
def frameworks(request: Request) -> HttpResponse:
    """All frameworks, the editions of a family together."""
    catalog = current()
    context = {
        "catalog": catalog,
        "families": families(catalog),
        "counts": counts_of(catalog.item_links),
        "left_out": left_out_elsewhere(catalog),
    }
    return render_page(request, "catalog/frameworks.html", context)


@require_safe
def framework(request: Request, key: str) -> HttpResponse:
    """One framework: what it is, from when it applies, and its items with what they lead to."""
    catalog = current()
    try:
        found = catalog.frameworks[key]
    except KeyError as error:
        raise Http404 from error
    rows = rows_of(catalog, found)
    bar = filter_bar(request.GET, item_facets(rows))
    wanted = narrow(bar.wanted, rows)
    context = {
        "catalog": catalog,
        "framework": found,
        "relatives": relatives_of(catalog, found),
        "dates": applying(found, today=timezone.localdate()),
        "classes": classes_of(found),
        "items": len(rows),
        "few": FEW,
        "linked": sum(bool(row.leads) for row in rows),
        "counts": counts_of(catalog.links_of(key)),
        "bar": bar,
        "wanted": len(wanted),
        "chapters": chapters_of(with_parents(wanted, rows)),
        "is_read": is_read(rows),
        "kinds": has_kinds(rows),
        "left_out": left_out_of(catalog, found),
    }
    return render_page(request, "catalog/framework.html", context, partial="entries", status=bar.status)


def is_read(rows: list[Row]) -> bool:
    """Whether people come to read a text per item, rather than to look one up."""
    return sum(row.item.text is not None for row in rows) * 2 > len(rows)


def has_kinds(rows: list[Row]) -> bool:
    """Whether items of several kinds stand side by side, beyond that some hold the others."""
    side_by_side = (row for chapter in chapters_of(rows) for row in chapter.rows)
    return len({row.item.kind for row in side_by_side}) > 1
