"""The API of the heatmap: the numbers of its page, today or as a day in the past ended."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import person_of
from api.conditional import answer
from api.permissions import SignedIn
from catalog import reading
from risks.register.api import FILTERS
from risks.register.choices import RatingKind
from risks.register.heatmap import Heatmap, counts_by_place, heatmap_of
from risks.register.map_filter import read_map_filter, risks_asked_for
from risks.register.past import day_in_the_past, past_of
from risks.register.scales import current_scale

OF_THE_PAGE = ("move", "cell")  # parameters that only the page has
OF_AT = "A day in the past, such as 2026-01-31: the heatmap as it ended. Today when left out."


class CellSerializer(serializers.Serializer[Any]):
    """One place on the scale. `outside_appetite` is by the line of the only team asked for, else by everyone's."""

    likelihood = serializers.IntegerField()
    impact = serializers.IntegerField()
    level = serializers.IntegerField()
    word = serializers.CharField()
    outside_appetite = serializers.BooleanField()
    count = serializers.IntegerField()


class HeatmapSerializer(serializers.Serializer[Any]):
    """How many risks lie in each cell; those together with `not_rated` are `total`. `scale` is the one of that day."""

    kind = serializers.ChoiceField(choices=RatingKind.choices)
    at = serializers.DateField()
    scale = serializers.CharField()
    cells = CellSerializer(many=True)
    rated = serializers.IntegerField()
    not_rated = serializers.IntegerField()
    total = serializers.IntegerField()


class HeatmapView(APIView):
    """How many risks lie where on the scale."""

    permission_classes = [SignedIn]

    @extend_schema(parameters=[*FILTERS, OpenApiParameter("at", date, description=OF_AT)], responses=HeatmapSerializer)
    def get(self, request: Request) -> Response:
        """Count the risks that the filter lets through by their place on the scale."""
        person, scale, today = person_of(request), current_scale(), timezone.localdate()
        params = request.query_params
        if unknown := {name: [f"There is no filter “{name}”."] for name in OF_THE_PAGE if name in params}:
            raise ValidationError(unknown)
        day = day_in_the_past(params["at"], today=today) if params.get("at") else None
        past = past_of(day) if day else None
        scale = past.scale if past else scale
        wanted = read_map_filter(params, reader=person, catalog=reading.current(), scale=scale, today=today)
        counts = counts_by_place(risks_asked_for(person, wanted, past, at=today))
        found = heatmap_of(counts, wanted.kind, scale, wanted=wanted)
        return answer(request, HeatmapSerializer(_told(found, day or today)).data)


def _told(found: Heatmap, day: date) -> dict[str, Any]:
    cells = [
        {
            "likelihood": cell.likelihood,
            "impact": cell.impact,
            "level": cell.level,
            "word": cell.word,
            "outside_appetite": found.scale.is_outside_appetite(cell.likelihood, cell.impact),
            "count": cell.count,
        }
        for row in reversed(found.rows)
        for cell in row.cells
    ]
    return {
        "kind": found.kind,
        "at": day,
        "scale": found.scale.key,
        "cells": cells,
        "rated": found.rated,
        "not_rated": found.unrated,
        "total": found.total,
    }
