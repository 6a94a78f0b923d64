"""The pages of frameworks: lists, standards and laws beside the Exchange, and where the catalog has their items."""

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog.crosswalk import (
    Row,
    applying,
    classes_of,
    chapters_of,
    counts_of,
    families,
    left_out_of,
    relatives_of,
    rows_of,
    with_parents,
)
from catalog.item_filter import item_filter
from catalog.reading import current
from pages.http import Request
from pages.rendering import render_page


@require_safe
def frameworks(request: Request) -> HttpResponse:
    """All frameworks, the editions of a family together."""
    catalog = current()
    context = {"catalog": catalog, "families": families(catalog), "counts": counts_of(catalog.item_links)}
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
    asked = item_filter(request.GET, rows)
    wanted = asked.narrow(rows)
    context = {
        "catalog": catalog,
        "framework": found,
        "relatives": relatives_of(catalog, found),
        "dates": applying(found, today=timezone.localdate()),
        "classes": classes_of(found),
        "items": len(rows),
        "linked": sum(bool(row.leads) for row in rows),
        "counts": counts_of(catalog.links_of(key)),
        "asked": asked,
        "wanted": len(wanted),
        "chapters": chapters_of(with_parents(wanted, rows)),
        "is_read": is_read(rows),
        "kinds": has_kinds(rows),
        "left_out": left_out_of(catalog, found),
    }
    status = 400 if asked.problems else 0
    return render_page(request, "catalog/framework.html", context, partial="items", status=status)


def is_read(rows: list[Row]) -> bool:
    """Whether people come to read a text per item, rather than to look one up."""
    return sum(row.item.text is not None for row in rows) * 2 > len(rows)


def has_kinds(rows: list[Row]) -> bool:
    """Whether items of several kinds stand side by side, beyond that some hold the others."""
    side_by_side = (row for chapter in chapters_of(rows) for row in chapter.rows)
    return len({row.item.kind for row in side_by_side}) > 1
