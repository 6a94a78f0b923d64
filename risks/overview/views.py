"""Home and my work."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from catalog import reading
from pages.http import Request
from pages.rendering import render_page
from risks.overview.decisions import decisions_for
from risks.overview.expiring import expiring_of
from risks.overview.first_steps import STEPS, first_steps_for
from risks.overview.standing import Standing, standing_of
from risks.overview.unknowns import unknowns_of
from risks.overview.work import work_of
from risks.register.choices import RatingKind
from risks.register.filters import RiskFilter
from risks.register.heatmap import Heatmap, heatmap, heatmap_of
from risks.register.models import Risk
from risks.register.rules import Scale
from risks.register.scales import scale_for


@require_safe
def home(request: Request) -> HttpResponse:
    """Where everything stands, the most important first."""
    catalog, scale, today = reading.current(), scale_for(request), timezone.localdate()
    standing = standing_of(request.user, catalog, scale, at=today)
    unknowns = unknowns_of(request.user, catalog)
    if standing.is_empty:
        steps = first_steps_for(request.user, unknowns)
        return render_page(request, "overview/first.html", {"steps": steps, "all_steps": STEPS})
    kind = request.GET.get("kind", "")
    kind = kind if kind in RatingKind.values else RatingKind.CURRENT.value
    decisions = decisions_for(request.user, catalog, scale, at=today)
    context = {
        "standing": standing,
        "unknowns": unknowns,
        "decisions": decisions,
        "expiring": expiring_of(request.user, catalog, scale, at=today),
        "heatmap": _heatmap(request.user, standing, kind, scale),
        "kinds": list(RatingKind),
    }
    return render_page(request, "overview/home.html", context, partial="heatmap")


@require_safe
def work(request: Request) -> HttpResponse:
    """What this person owns and has not done yet."""
    found = work_of(request.user, reading.current(), scale_for(request), at=timezone.localdate())
    return render_page(request, "overview/work.html", {"work": found})


def _heatmap(reader: User, standing: Standing, kind: str, scale: Scale) -> Heatmap:
    """The current ratings are counted already, with the figures beside them."""
    wanted = RiskFilter(kind=kind)
    if kind == RatingKind.CURRENT:
        return heatmap_of(standing.places, kind, scale, wanted=wanted)
    return heatmap(Risk.objects.visible_to(reader).open(), kind, scale, wanted=wanted)
