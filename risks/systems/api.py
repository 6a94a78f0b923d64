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
from risks.systems import about, life_cycle, services
from risks.systems.access import must_edit, must_register, system_to_change, system_to_see
from risks.systems.choices import AiActClass, Criticality, DataCategory, Stage
from risks.systems.filters import ACTIVE, ALL, ARCHIVED, UNSAID, SystemFilter
from risks.systems.identification import current_profile
from risks.systems.identification_api import IdentificationSerializer, identified
from risks.systems.models import MOST_TAGS, AISystem, Profile

FILTERS = ("team", "owner", "stage", "criticality", "ai_act_class", "data_category", "tag", "state", "q")
UNSAID_MEANS = f"`{UNSAID}`: nobody has said it yet."


class LinkShape(Shape):
    title = serializers.CharField(max_length=about.LONGEST_TITLE)
    url = serializers.CharField(max_length=about.LONGEST_ADDRESS, help_text="http or https.")


class SystemSerializer(serializers.ModelSerializer[AISystem]):
    """A system as it is read. `team` and `owner` are ids, as they are written. Empty means nobody has said it yet."""

    team_name = serializers.CharField(source="team.name")
    owner_name = serializers.CharField(source="owner.name", default=None, allow_null=True)
    suppliers = serializers.ListField(
        child=serializers.CharField(),
        source="supplier_names",
        read_only=True,
        help_text="Who builds or hosts its components.",
    )
    links = LinkShape(many=True, read_only=True)

    class Meta:
        model = AISystem
        fields = (
            "id", "reference", "name", "purpose", "team", "team_name", "owner", "owner_name", "suppliers",
            "stage", "criticality", "ai_act_class", "ai_act_reason", "data_categories", "tags", "links",
            "archived_at", "version", "created_at", "updated_at",
        )  # fmt: skip


class SystemChange(Shape):
    """What can be changed. `owner` is a person's id or null."""

    name = serializers.CharField(min_length=2, max_length=120)
    purpose = serializers.CharField(max_length=services.LONGEST_PURPOSE)
    owner = serializers.IntegerField(allow_null=True, required=False)
    stage = serializers.ChoiceField(Stage.choices, required=False, allow_blank=True)
    criticality = serializers.ChoiceField(Criticality.choices, required=False, allow_blank=True)
    ai_act_class = serializers.ChoiceField(AiActClass.choices, required=False, allow_blank=True)
    ai_act_reason = serializers.CharField(
        required=False, allow_blank=True, max_length=about.LONGEST_REASON, help_text="A class needs its reason."
    )
    data_categories = serializers.ListField(
        child=serializers.ChoiceField(DataCategory.choices), required=False, max_length=len(DataCategory)
    )
    tags = serializers.ListField(
        child=serializers.CharField(max_length=about.LONGEST_TAG),
        required=False,
        max_length=MOST_TAGS,
        help_text="Each once, whatever its capitals; without commas.",
    )
    links = LinkShape(many=True, required=False)


class SystemRegistration(SystemChange):
    """A new system. `team` is the id of a team that you may edit."""

    team = serializers.IntegerField()


class Archiving(Shape):
    """Why a system is put away."""

    reason = serializers.CharField(max_length=life_cycle.LONGEST_REASON)


class Duplication(Shape):
    """What a copy is called; `team` is the id of a team that you may edit, by default that of the system."""

    name = serializers.CharField(min_length=2, max_length=120)
    team = serializers.IntegerField(required=False)


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
            OpenApiParameter("stage", str, enum=[*Stage.values, UNSAID], description=UNSAID_MEANS),
            OpenApiParameter("criticality", str, enum=[*Criticality.values, UNSAID], description=UNSAID_MEANS),
            OpenApiParameter("ai_act_class", str, enum=[*AiActClass.values, UNSAID], description=UNSAID_MEANS),
            OpenApiParameter("data_category", str, enum=DataCategory.values, description="A kind of data it handles."),
            OpenApiParameter("tag", str, description="A tag, whatever its capitals."),
            OpenApiParameter("state", str, enum=[ACTIVE, ARCHIVED, ALL], description="Without it: active."),
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
        team_id, owner_id = data.pop("team"), data.pop("owner", None)
        system = services.register_system(actor=person_of(request), team_id=team_id, owner_id=owner_id, **data)
        return _registered(request, system)

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

    @extend_schema(request=Archiving, responses=SystemSerializer)
    def archive(self, request: Request, pk: int) -> Response:
        """Put a system away: it stays readable and takes no changes. Needs If-Match."""
        system = self._system_to_keep(request, pk)
        data = checked(Archiving(data=request.data))
        life_cycle.archive_system(pk, actor=person_of(request), expected_version=system.version, **data)
        return _answer(request, system_to_see(person_of(request), pk))

    @extend_schema(request=None, responses=SystemSerializer)
    def restore(self, request: Request, pk: int) -> Response:
        """Take an archived system back, as it was. Needs If-Match."""
        system = self._system_to_keep(request, pk)
        checked(Shape(data=request.data))
        life_cycle.restore_system(pk, actor=person_of(request), expected_version=system.version)
        return _answer(request, system_to_see(person_of(request), pk))

    @extend_schema(request=Duplication, responses={201: SystemSerializer})
    def duplicate(self, request: Request, pk: int) -> Response:
        """Register another system like this one, without its risks and history. Needs If-Match."""
        system = system_to_see(person_of(request), pk)
        must_register(person_of(request))
        must_match(request, content_etag(SystemSerializer(system).data))
        data = checked(Duplication(data=request.data))
        copy = life_cycle.duplicate_system(
            pk,
            actor=person_of(request),
            name=data["name"],
            team_id=data.get("team"),
            expected_version=system.version,
        )
        return _registered(request, copy)

    def _system_to_keep(self, request: Request, pk: int) -> AISystem:
        """The system that was read, for a change that an archived one takes too."""
        system = system_to_see(person_of(request), pk)
        must_edit(person_of(request), system.team_id)
        must_match(request, content_etag(SystemSerializer(system).data))
        return system

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


def _registered(request: Request, system: AISystem) -> Response:
    location = reverse("api:system", args=[system.pk], request=request)
    registered = system_to_see(person_of(request), system.pk)
    return _answer(request, registered, status=201, headers={"Location": location})


def _profile_etag(profile: Profile | None) -> str:
    return version_etag(profile.number if profile else 0, "profile")
