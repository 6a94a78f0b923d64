"""The trend: a page of its own, of which the home page fetches the part."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from pages.http import Request
from pages.rendering import render_page
from risks.overview.trend import trend_of
from risks.overview.trend_chart import chart_of
from risks.register.scales import scale_for


@require_safe
def trend(request: Request) -> HttpResponse:
    """The last twelve month ends and today, by band."""
    found = trend_of(request.user, at=timezone.localdate(), scale=scale_for(request))
    context = {"trend": found, "chart": chart_of(found.months)}
    return render_page(request, "overview/trend.html", context, partial="trend")
