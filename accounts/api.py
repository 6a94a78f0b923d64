"""The API of teams: read only, the caller's own or all of them for organisation-wide roles."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.models import Team
from api.conditional import answer
from api.filters import refuse_unknown
from api.pagination import PAGING
from api.permissions import SignedIn


class TeamSerializer(serializers.ModelSerializer[Team]):
    class Meta:
        model = Team
        fields = ("id", "name")


class TeamViewSet(GenericViewSet[Team]):
    """Teams the caller may see; a system belongs to one of them."""

    permission_classes = [SignedIn]
    serializer_class = TeamSerializer
    queryset = Team.objects.none()

    def get_queryset(self) -> Any:
        return Team.objects.visible_to(self.request.user)  # type: ignore[arg-type]

    def list(self, request: Request) -> Response:
        refuse_unknown(request, PAGING)
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request: Request, pk: str) -> Response:
        return answer(request, self.get_serializer(self.get_object()).data)
