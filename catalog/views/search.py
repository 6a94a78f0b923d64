"""Search over the catalog: a page, and its results while typing."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from catalog.crosswalk import anchor_of
from catalog.reading import current
from catalog.searching import LONGEST_QUERY, MOST_RESULTS, Result, search
from catalog.vocabulary import Found
from pages.http import Request
from pages.rendering import render_page

PAGES = {
    Found.THREAT: "catalog:threat",
    Found.CONTROL: "catalog:control",
    Found.GROUP: "catalog:group",
    Found.FRAMEWORK: "catalog:framework",
    Found.CONCERN: "catalog:concern",
}


@require_safe
def find(request: Request) -> HttpResponse:
    """What fits the words in the address, of every kind or of one. A kind that is not known is as good as none."""
    query = request.GET.get("q", "").replace("\x00", "")
    kind = request.GET.get("kind", "")
    asked = Found(kind) if kind in Found.values else None
    results = search(query, reader=request.user, kind=asked)
    context = {
        "catalog": current(),
        "results": results,
        "found": [(result, address_of(result)) for result in results.found],
        "kinds": [(each, count, each is asked) for each, count in results.counts.items()],
        "asked": asked,
        "most": MOST_RESULTS,
        "longest": LONGEST_QUERY,
    }
    return render_page(request, "catalog/search.html", context, partial="results")


def address_of(result: Result) -> str:
    """The page that a result leads to."""
    if result.kind is Found.ITEM:
        framework, _, item = result.key.partition("/")
        return f"{reverse('catalog:framework', args=[framework])}#{anchor_of(item)}"
    if result.kind is Found.QUESTION:
        return f"{reverse('catalog:questions')}#{result.key}"
    return reverse(PAGES[result.kind], args=[result.key])
