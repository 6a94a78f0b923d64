"""The heatmap: today or as a day in the past ended, with what moved."""

from datetime import date
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog import reading
from pages.http import Request
from pages.rendering import render_page
from risks.register.choices import RatingKind
from risks.register.filter_bar import filter_bar
from risks.register.heatmap import Heatmap, Links, counts_by_place, heatmap_of
from risks.register.map_filter import UNRATED, MapFilter, Move, read_map_filter, risks_asked_for
from risks.register.movement import ends_of, movement, summary
from risks.register.past import Past, day_in_the_past, past_of
from risks.register.past_list import listed
from risks.register.scales import scale_for


@require_safe
def heatmap(request: Request) -> HttpResponse:
    """The heatmap of the risks that the filter lets through, on the day asked for."""
    catalog, scale, today = reading.current(), scale_for(request), timezone.localdate()
    past = past_asked(request, today)
    read = partial(read_map_filter, today=today)
    then = past.scale if past else scale
    bar = filter_bar(request.GET, reader=request.user, catalog=catalog, scale=then, read=read)
    wanted: Any = bar.wanted
    past = past if wanted.at else None
    found, drawn = drawn_for(request, wanted, past, today)
    context: dict[str, Any] = {
        "bar": bar,
        "heatmap": drawn,
        "past": past,
        "today": today,
        "kinds": [(kind, wanted.query(kind=kind.value, cell="")) for kind in RatingKind],
        "moves": _moves(wanted),
        "now_query": wanted.query(at=None, cell="", move="" if wanted.move == Move.TODAY else wanted.move),
        "without_day": [pair for pair in bar.pairs if pair[0] not in ("at", "cell")],
    }
    if wanted.move:
        ends = ends_of(wanted.move, wanted.kind, past=past, scale=scale)
        moved = movement(found, wanted.move, ends, catalog)
        context |= {"movement": moved, "beside": summary(moved)}
    if past and wanted.cell:
        context["listed"] = listed(found, wanted.cell, wanted.kind, past, scale, catalog)
    return render_page(request, "register/heatmap.html", context, partial="heatmap", status=400 if bar.problems else 0)


def past_asked(request: Request, today: date) -> Past | None:
    """The day in the past that the address asks for; what is wrong with it the filter says."""
    try:
        day = day_in_the_past(request.GET["at"], today=today) if request.GET.get("at") else None
    except ValidationError:
        return None
    return past_of(day) if day else None


def drawn_for(request: Request, wanted: MapFilter, past: Past | None, today: date) -> tuple[Any, Heatmap]:
    """The risks of the filter, and their heatmap."""
    narrowed = risks_asked_for(request.user, wanted, past, at=today)
    counts, scale = counts_by_place(narrowed), past.scale if past else scale_for(request)
    links = _own_links(wanted) if past else None
    return narrowed, heatmap_of(counts, wanted.kind, scale, wanted=wanted, links=links)


def _own_links(wanted: MapFilter) -> Links:
    """To the list below the map."""
    return Links(
        page=reverse("register:heatmap"),
        cell=lambda likelihood, impact: f"{wanted.query(cell=f'{likelihood}x{impact}')}#then",
        unrated=f"{wanted.query(cell=UNRATED)}#then",
        total="",
    )


def _moves(wanted: MapFilter) -> list[tuple[Move, str, bool]]:
    """The movements that can be shown, each with its query string and whether it is; pressed again it goes away."""
    offered = [move for move in Move if move != Move.TODAY or wanted.at]
    return [
        (move, wanted.query(move="" if wanted.move == move else move.value, cell=""), wanted.move == move)
        for move in offered
    ]
