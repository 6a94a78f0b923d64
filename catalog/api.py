"""The API of the catalog: threats and controls of the edition in force, read only, addressed by key."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from api.conditional import answer
from api.filters import chosen, refuse_unknown
from api.pagination import PAGING
from api.permissions import SignedIn
from catalog.models import Control, Impact, Threat
from catalog.reading import current
from catalog.vocabulary import ControlArea, ControlType, Lifecycle, Strength, Surface, ThreatKind


class LinkSerializer(serializers.Serializer[Any]):
    """Why a control works against a threat: where the source says so, how close the two are, and on what terms."""

    via = serializers.ListField(child=serializers.CharField())
    strength = serializers.ChoiceField(choices=Strength.choices)
    party = serializers.ListField(child=serializers.CharField())
    condition = serializers.CharField(allow_null=True)
    note = serializers.CharField(allow_null=True)


class ThreatControlSerializer(LinkSerializer):
    key = serializers.CharField(source="control.key")
    name = serializers.CharField(source="control.name")


class ControlThreatSerializer(LinkSerializer):
    key = serializers.CharField(source="threat.key")
    title = serializers.CharField(source="threat.title")


class ThreatSerializer(serializers.ModelSerializer[Threat]):
    parent = serializers.CharField(source="parent.key", allow_null=True)  # type: ignore[assignment]
    edition = serializers.CharField(source="edition.key")

    class Meta:
        model = Threat
        fields = (
            "key", "number", "title", "kind", "parent", "surface", "lifecycle", "impacts", "aliases", "url", "summary",
            "how", "edition",
        )  # fmt: skip


class ThreatDetailSerializer(ThreatSerializer):
    """A threat with its controls, the closest first; those that give no protection are left out."""

    controls = serializers.SerializerMethodField()

    class Meta(ThreatSerializer.Meta):
        fields = (*ThreatSerializer.Meta.fields, "controls")  # type: ignore[assignment]

    @extend_schema_field(ThreatControlSerializer(many=True))
    def get_controls(self, threat: Threat) -> Any:
        return ThreatControlSerializer(current().controls_for(threat.key), many=True).data


class ControlSerializer(serializers.ModelSerializer[Control]):
    parent = serializers.CharField(source="parent.key")  # type: ignore[assignment]
    edition = serializers.CharField(source="edition.key")

    class Meta:
        model = Control
        fields = (
            "key", "name", "source_name", "group", "parent", "types", "lifecycle", "aliases", "url", "purpose",
            "practice", "edition",
        )  # fmt: skip


class ControlDetailSerializer(ControlSerializer):
    """A control with the threats it works against, the closest first."""

    threats = serializers.SerializerMethodField()

    class Meta(ControlSerializer.Meta):
        fields = (*ControlSerializer.Meta.fields, "threats")  # type: ignore[assignment]

    @extend_schema_field(ControlThreatSerializer(many=True))
    def get_threats(self, control: Control) -> Any:
        return ControlThreatSerializer(current().threats_for(control.key), many=True).data


class CatalogViewSet[T: (Threat, Control)](GenericViewSet[T]):
    """Entries in the order of the edition. An old key answers with the entry it belongs to now."""

    permission_classes = [SignedIn]
    lookup_field = "key"
    cursor_ordering = "position"

    def one(self, request: Request, key: str, serializer: type[serializers.ModelSerializer[T]]) -> Response:
        refuse_unknown(request)
        entry = get_object_or_404(self.get_queryset().known_as(key))  # type: ignore[attr-defined]
        return answer(request, serializer(entry).data)

    def some(self, rows: QuerySet[T]) -> Response:
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class ThreatViewSet(CatalogViewSet[Threat]):
    serializer_class = ThreatSerializer
    queryset = Threat.objects.none()

    def get_queryset(self) -> Any:
        return Threat.objects.visible_to(self.request.user).current().select_related("edition", "parent")  # type: ignore[arg-type]

    @extend_schema(
        parameters=[
            OpenApiParameter("kind", enum=ThreatKind.values),
            OpenApiParameter("surface", enum=Surface.values),
            OpenApiParameter("lifecycle", enum=Lifecycle.values),
            OpenApiParameter("parent", description="Key of a group: the entries right below it."),
            OpenApiParameter("impact", description="Code of an impact: what hurts it."),
        ]
    )
    def list(self, request: Request) -> Response:
        refuse_unknown(request, ("kind", "surface", "lifecycle", "parent", "impact", *PAGING))
        rows = self.get_queryset()
        if kind := chosen(request, "kind", ThreatKind.values):
            rows = rows.filter(kind=kind)
        if surface := chosen(request, "surface", Surface.values):
            rows = rows.filter(surface=surface)
        if lifecycle := chosen(request, "lifecycle", Lifecycle.values):
            rows = rows.filter(lifecycle=lifecycle)
        if "parent" in request.query_params:
            groups = self.get_queryset().filter(kind=ThreatKind.GROUP).values_list("key", flat=True)
            rows = rows.filter(parent__key=chosen(request, "parent", groups))
        if "impact" in request.query_params:
            reader: Any = request.user
            codes = Impact.objects.visible_to(reader).current().values_list("code", flat=True)
            rows = rows.filter(impacts__contains=[chosen(request, "impact", codes)])
        return self.some(rows)

    @extend_schema(responses=ThreatDetailSerializer)
    def retrieve(self, request: Request, key: str) -> Response:
        return self.one(request, key, ThreatDetailSerializer)


class ControlViewSet(CatalogViewSet[Control]):
    serializer_class = ControlSerializer
    queryset = Control.objects.none()

    def get_queryset(self) -> Any:
        return Control.objects.visible_to(self.request.user).current().select_related("edition", "parent")  # type: ignore[arg-type]

    @extend_schema(
        parameters=[
            OpenApiParameter("group", enum=ControlArea.values),
            OpenApiParameter("type", enum=ControlType.values),
            OpenApiParameter("lifecycle", enum=Lifecycle.values),
        ]
    )
    def list(self, request: Request) -> Response:
        refuse_unknown(request, ("group", "type", "lifecycle", *PAGING))
        rows = self.get_queryset()
        if group := chosen(request, "group", ControlArea.values):
            rows = rows.filter(group=group)
        if type_ := chosen(request, "type", ControlType.values):
            rows = rows.filter(types__contains=[type_])
        if lifecycle := chosen(request, "lifecycle", Lifecycle.values):
            rows = rows.filter(lifecycle__contains=[lifecycle])
        return self.some(rows)

    @extend_schema(responses=ControlDetailSerializer)
    def retrieve(self, request: Request, key: str) -> Response:
        return self.one(request, key, ControlDetailSerializer)
