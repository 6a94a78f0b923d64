"""The scale by API: the one in force with its lines of appetite, and its versions. It is put in force on its page."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from accounts.authentication import person_of
from accounts.models import Team
from api.conditional import answer
from api.filters import refuse_unknown
from api.pagination import PAGING
from api.permissions import SignedIn
from risks.register.models import ScaleVersion
from risks.register.scale_content import content_of
from risks.register.scales import current_scale


class LevelSerializer(serializers.Serializer[Any]):
    """One level of an axis. Its anchor is events a year, or the loss of one event; `high` is null where it is open."""

    number = serializers.IntegerField()
    word = serializers.CharField()
    meaning = serializers.CharField()
    anchor = serializers.CharField()
    low = serializers.FloatField()
    high = serializers.FloatField(allow_null=True)
    typical = serializers.FloatField()
    areas = serializers.DictField(child=serializers.CharField(), help_text="What it means in each impact area.")


class BandSerializer(serializers.Serializer[Any]):
    word = serializers.CharField()
    review_days = serializers.IntegerField()


class TeamLineSerializer(serializers.Serializer[Any]):
    team = serializers.IntegerField()
    appetite = serializers.ListField(child=serializers.IntegerField())


class ScaleSerializer(serializers.Serializer[Any]):
    """The scale in force. `levels[likelihood - 1][impact - 1]` is the level of a cell, the number of its band.

    `appetite[likelihood - 1]` is the greatest impact inside appetite, 0 for none. `team_appetite` holds the teams that
    you may see and that have a line of their own.
    """

    key = serializers.CharField()
    currency = serializers.CharField()
    likelihood = LevelSerializer(many=True)
    impact = LevelSerializer(many=True)
    bands = BandSerializer(many=True)
    levels = serializers.ListField(child=serializers.ListField(child=serializers.IntegerField()))
    appetite = serializers.ListField(child=serializers.IntegerField())
    team_appetite = TeamLineSerializer(many=True)


class ScaleContent(serializers.Serializer[Any]):
    """A scale as it is kept."""

    currency = serializers.CharField()
    likelihood = serializers.ListField(child=serializers.DictField())
    impact = serializers.ListField(child=serializers.DictField())
    bands = BandSerializer(many=True)
    levels = serializers.ListField(child=serializers.ListField(child=serializers.IntegerField()))
    appetite = serializers.ListField(child=serializers.IntegerField())


class ScaleVersionSerializer(serializers.ModelSerializer[ScaleVersion]):
    """A version of the scale; `superseded_at` is null for the one in force. Ratings name it by its key."""

    set_by = serializers.CharField(source="set_by_name")
    content = ScaleContent()

    class Meta:
        model = ScaleVersion
        fields = ("key", "number", "at", "superseded_at", "set_by", "reason", "content")


class ScaleView(APIView):
    permission_classes = [SignedIn]

    @extend_schema(responses=ScaleSerializer)
    def get(self, request: Request) -> Response:
        """The scale in force, with the lines of the teams you may see."""
        refuse_unknown(request)
        scale = current_scale()
        teams = Team.objects.visible_to(person_of(request)).filter(pk__in=list(scale.team_appetite)).order_by("pk")
        lines = [{"team": pk, "appetite": scale.team_appetite[pk]} for pk in teams.values_list("pk", flat=True)]
        axes = {name: [vars(step) for step in getattr(scale, name)] for name in ("likelihood", "impact")}
        data = {**content_of(scale), **axes, "key": scale.key, "team_appetite": lines}
        return answer(request, ScaleSerializer(data).data)


class ScaleVersionViewSet(GenericViewSet[ScaleVersion]):
    """What the organisation has put in force, the newest first; until then the scale of the project holds."""

    permission_classes = [SignedIn]
    serializer_class = ScaleVersionSerializer
    queryset = ScaleVersion.objects.all()
    cursor_ordering = "-number"

    def list(self, request: Request) -> Response:
        refuse_unknown(request, PAGING)
        page = self.paginate_queryset(ScaleVersion.objects.all())
        return self.get_paginated_response(ScaleVersionSerializer(page, many=True).data)
