"""The API of systems: list, register, change; the profile as the object of answers; the threats that follow."""

from typing import Any

from django.core.exceptions import ValidationError
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.viewsets import GenericViewSet

from accounts.authentication import person_of
from api.conditional import answer, content_etag, must_match, version_etag
from api.filters import refuse_unknown
from api.pagination import PAGING
from api.permissions import SignedIn
from api.shapes import Shape, checked
from catalog import reading
from risks.systems import services
from risks.systems.access import must_register, system_to_change, system_to_see
from risks.systems.filters import SystemFilter
from risks.systems.identification import current_profile
from risks.systems.identification_api import IdentificationSerializer, identified
from risks.systems.models import AISystem, Profile

FILTERS = ("team", "owner", "q")


class SystemSerializer(serializers.ModelSerializer[AISystem]):
    """A system as it is read. `team` and `owner` are ids, as they are written."""

    team_name = serializers.CharField(source="team.name")
    owner_name = serializers.CharField(source="owner.name", default=None, allow_null=True)
    suppliers = serializers.ListField(
        child=serializers.CharField(),
        source="supplier_names",
        read_only=True,
        help_text="Who builds or hosts its components.",
    )

    class Meta:
        model = AISystem
        fields = (
            "id", "reference", "name", "purpose", "team", "team_name", "owner", "owner_name", "suppliers", "version",
            "created_at", "updated_at",
        )  # fmt: skip


class SystemChange(Shape):
    """What can be changed. `owner` is a person's id or null."""

    name = serializers.CharField(min_length=2, max_length=120)
    purpose = serializers.CharField(max_length=services.LONGEST_PURPOSE)
    owner = serializers.IntegerField(allow_null=True, required=False)


class SystemRegistration(SystemChange):
    """A new system. `team` is the id of a team that you may edit."""

    team = serializers.IntegerField()


class SystemViewSet(GenericViewSet[AISystem]):
    """AI systems of the teams you may see."""

    permission_classes = [SignedIn]
    serializer_class = SystemSerializer
    queryset = AISystem.objects.none()
    cursor_ordering = "number"

    def get_queryset(self) -> Any:
        return AISystem.objects.visible_to(person_of(self.request)).for_list()

    @extend_schema(
        parameters=[
            OpenApiParameter("team", int, description="Id of a team."),
            OpenApiParameter("owner", int, description="Id of the owner of a system."),
            OpenApiParameter("q", str, description="Words from name, purpose or supplier; or a reference (AIS-0001)."),
        ]
    )
    def list(self, request: Request) -> Response:
        refuse_unknown(request, (*FILTERS, *PAGING))
        filters = SystemFilter(person_of(request), request.query_params)
        if not filters.is_valid():
            raise ValidationError(filters.errors.as_data())
        page = self.paginate_queryset(filters.apply(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(request=SystemRegistration, responses={201: SystemSerializer})
    def create(self, request: Request) -> Response:
        must_register(person_of(request))
        data = checked(SystemRegistration(data=request.data))
        system = services.register_system(
            actor=person_of(request),
            team_id=data["team"],
            name=data["name"],
            purpose=data["purpose"],
            owner_id=data.get("owner"),
        )
        location = reverse("api:system", args=[system.pk], request=request)
        registered = system_to_see(person_of(request), system.pk)
        return _answer(request, registered, status=201, headers={"Location": location})

    def retrieve(self, request: Request, pk: int) -> Response:
        refuse_unknown(request)
        return _answer(request, system_to_see(person_of(request), pk))

    @extend_schema(request=SystemChange(partial=True), responses=SystemSerializer)
    def partial_update(self, request: Request, pk: int) -> Response:
        system = system_to_change(person_of(request), pk)
        must_match(request, content_etag(SystemSerializer(system).data))
        kept = {"name": system.name, "purpose": system.purpose, "owner": system.owner_id}
        data = {**kept, **checked(SystemChange(data=request.data, partial=True))}
        owner_id = data.pop("owner")
        services.change_system(pk, actor=person_of(request), expected_version=system.version, owner_id=owner_id, **data)
        return _answer(request, system_to_see(person_of(request), pk))

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def profile(self, request: Request, pk: int) -> Response:
        """The answers: question to value, or to a list of values. What is missing is not known yet."""
        refuse_unknown(request)
        profile = current_profile(system_to_see(person_of(request), pk))
        return answer(request, profile.answers if profile else {}, _profile_etag(profile))

    @extend_schema(request=OpenApiTypes.OBJECT, responses=OpenApiTypes.OBJECT)
    def answer_profile(self, request: Request, pk: int) -> Response:
        """Put down all answers. The first profile needs no If-Match, every later one does."""
        profile = current_profile(system_to_change(person_of(request), pk))
        if profile is not None or "If-Match" in request.headers:
            must_match(request, _profile_etag(profile))
        profile = services.answer_profile(
            pk, actor=person_of(request), answers=request.data, expected_number=profile.number if profile else 0
        )
        return answer(request, profile.answers, _profile_etag(profile))

    @extend_schema(responses=IdentificationSerializer)
    def threats(self, request: Request, pk: int) -> Response:
        """The verdict on every threat, whose it is, and why; what makes it worse, and what to look into."""
        refuse_unknown(request)
        profile = current_profile(system_to_see(person_of(request), pk))
        answers, number = (profile.answers, profile.number) if profile else ({}, 0)
        return answer(request, {"profile": number, **identified(reading.current().rule_set, answers)})


def _answer(request: Request, system: AISystem, **extra: Any) -> Response:
    return answer(request, SystemSerializer(system).data, **extra)


def _profile_etag(profile: Profile | None) -> str:
    return version_etag(profile.number if profile else 0, "profile")
