"""The API of suppliers and of a system's components: what they are, their versions, their removal."""

from typing import Any

from django.core.exceptions import ValidationError
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.viewsets import GenericViewSet

from accounts.authentication import person_of
from api.conditional import answer, content_etag, must_match
from api.filters import chosen, refuse_unknown
from api.pagination import PAGING
from api.permissions import SignedIn
from api.shapes import Shape, checked
from risks.systems import services
from risks.systems.access import (
    component_to_change,
    component_to_see,
    must_keep_suppliers,
    supplier_to_change,
    supplier_to_see,
    system_to_change,
    system_to_see,
)
from risks.systems.choices import ComponentKind, Delivery, HostedBy, SupplierKind
from risks.systems.component_page import rows_of
from risks.systems.filters import SupplierFilter
from risks.systems.models import Component, ComponentVersion, Supplier


class SupplierSerializer(serializers.ModelSerializer[Supplier]):
    """Somebody outside who builds or hosts components; one list for the organisation."""

    class Meta:
        model = Supplier
        fields = ("id", "name", "kind", "contact", "link", "version", "created_at", "updated_at")


class NewSupplier(Shape):
    """A supplier as it is written. `link` begins with http:// or https://."""

    name = serializers.CharField(min_length=2, max_length=120)
    kind = serializers.ChoiceField(choices=SupplierKind.choices)
    contact = serializers.CharField(max_length=200, allow_blank=True, required=False)
    link = serializers.CharField(max_length=500, allow_blank=True, required=False)


class ComponentSerializer(serializers.ModelSerializer[Component]):
    """A part of a system. `version_label` is the version in use, `version` counts the changes of this entry."""

    supplier_name = serializers.CharField(source="supplier.name", default=None, allow_null=True)
    version_label = serializers.SerializerMethodField(help_text="Empty while nobody has said.")

    class Meta:
        model = Component
        fields = (
            "id", "system", "team", "name", "kind", "supplier", "supplier_name", "hosted_by", "delivery", "note",
            "version_label", "removed_at", "removed_reason", "version", "created_at", "updated_at",
        )  # fmt: skip

    def get_version_label(self, component: Component) -> str:
        version = rows_of([component])[0].version
        return version.label if version else ""


class ComponentVersionSerializer(serializers.ModelSerializer[ComponentVersion]):
    """A version of a component; `superseded_at` is null while it is in use."""

    set_by = serializers.CharField(source="set_by_name")

    class Meta:
        model = ComponentVersion
        fields = ("label", "note", "set_by", "at", "superseded_at")


class ComponentChange(Shape):
    """What can be changed. `supplier` is a supplier's id or null; `delivery` is for models and their extensions."""

    name = serializers.CharField(min_length=2, max_length=120)
    kind = serializers.ChoiceField(choices=ComponentKind.choices)
    supplier = serializers.IntegerField(allow_null=True, required=False)
    hosted_by = serializers.ChoiceField(choices=HostedBy.choices, allow_blank=True, required=False)
    delivery = serializers.ChoiceField(choices=Delivery.choices, allow_blank=True, required=False)
    note = serializers.CharField(max_length=services.LONGEST_NOTE, allow_blank=True, required=False)


class NewComponent(ComponentChange):
    """A new component, with the version that is in use."""

    version_label = serializers.CharField(max_length=services.LONGEST_LABEL, allow_blank=True, required=False)


class NewVersion(Shape):
    """Another version, in use from now on."""

    label = serializers.CharField(max_length=services.LONGEST_LABEL)  # type: ignore[assignment]  # a field, no label
    note = serializers.CharField(max_length=500, allow_blank=True, required=False)


class Removal(Shape):
    """Why the system no longer has the component."""

    reason = serializers.CharField(max_length=services.LONGEST_REASON)


class SupplierViewSet(GenericViewSet[Supplier]):
    """The suppliers of the organisation."""

    permission_classes = [SignedIn]
    serializer_class = SupplierSerializer
    queryset = Supplier.objects.none()

    @extend_schema(
        parameters=[
            OpenApiParameter("kind", str, enum=SupplierKind.values, description="What they do for us."),
            OpenApiParameter("q", str, description="Words from name or contact."),
        ]
    )
    def list(self, request: Request) -> Response:
        refuse_unknown(request, ("kind", "q", *PAGING))
        filters = SupplierFilter(request.query_params)
        if not filters.is_valid():
            raise ValidationError(filters.errors.as_data())
        page = self.paginate_queryset(filters.apply(Supplier.objects.visible_to(person_of(request))))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(request=NewSupplier, responses={201: SupplierSerializer})
    def create(self, request: Request) -> Response:
        person = person_of(request)
        must_keep_suppliers(person)
        supplier = services.add_supplier(actor=person, **checked(NewSupplier(data=request.data)))
        location = reverse("api:supplier", args=[supplier.pk], request=request)
        return answer(request, SupplierSerializer(supplier).data, status=201, headers={"Location": location})

    def retrieve(self, request: Request, pk: int) -> Response:
        refuse_unknown(request)
        return answer(request, SupplierSerializer(supplier_to_see(person_of(request), pk)).data)

    @extend_schema(request=NewSupplier(partial=True), responses=SupplierSerializer)
    def partial_update(self, request: Request, pk: int) -> Response:
        person = person_of(request)
        supplier = supplier_to_change(person, pk)
        must_match(request, content_etag(SupplierSerializer(supplier).data))
        kept = {name: getattr(supplier, name) for name in ("name", "kind", "contact", "link")}
        data = {**kept, **checked(NewSupplier(data=request.data, partial=True))}
        supplier = services.change_supplier(pk, actor=person, expected_version=supplier.version, **data)
        return answer(request, SupplierSerializer(supplier).data)


class SystemComponentViewSet(GenericViewSet[Component]):
    """The components of a system."""

    permission_classes = [SignedIn]
    serializer_class = ComponentSerializer
    queryset = Component.objects.none()

    @extend_schema(parameters=[OpenApiParameter("removed", str, enum=("no", "yes"), description="By default no.")])
    def list(self, request: Request, pk: int) -> Response:
        """What the system has, or with `removed=yes` what it no longer has."""
        refuse_unknown(request, ("removed", *PAGING))
        of_system = system_to_see(person_of(request), pk).components.for_page()
        asked = chosen(request, "removed", ("no", "yes"))
        page = self.paginate_queryset(of_system.removed() if asked == "yes" else of_system.present())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(request=NewComponent, responses={201: ComponentSerializer})
    def create(self, request: Request, pk: int) -> Response:
        person = person_of(request)
        system_to_change(person, pk)
        data = checked(NewComponent(data=request.data))
        component = services.add_component(pk, actor=person, supplier_id=data.pop("supplier", None), **data)
        location = reverse("api:component", args=[component.pk], request=request)
        return _answer(request, component.pk, status=201, headers={"Location": location})


class ComponentViewSet(GenericViewSet[Component]):
    """A component. It is never deleted: its removal is an entry of its own, which can be taken back."""

    permission_classes = [SignedIn]
    serializer_class = ComponentSerializer
    queryset = Component.objects.none()

    def retrieve(self, request: Request, pk: int) -> Response:
        refuse_unknown(request)
        return _answer(request, pk)

    @extend_schema(request=ComponentChange(partial=True), responses=ComponentSerializer)
    def partial_update(self, request: Request, pk: int) -> Response:
        component = _as_read(request, pk)
        kept = {name: getattr(component, name) for name in ("name", "kind", "hosted_by", "delivery", "note")}
        sent = checked(ComponentChange(data=request.data, partial=True))
        data = {**kept, "supplier": component.supplier_id, **sent}
        services.change_component(
            pk,
            actor=person_of(request),
            expected_version=component.version,
            supplier_id=data.pop("supplier"),
            **data,
        )
        return _answer(request, pk)

    @extend_schema(responses=ComponentVersionSerializer(many=True))
    def versions(self, request: Request, pk: int) -> Response:
        """Every version, from the first to the one in use. The ETag is that of the component."""
        refuse_unknown(request, PAGING)
        component = component_to_see(person_of(request), pk)
        page = self.paginate_queryset(ComponentVersion.objects.filter(component=component))
        response = self.get_paginated_response(ComponentVersionSerializer(page, many=True).data)
        response["ETag"] = _etag(component)
        return response

    @extend_schema(request=NewVersion, responses={201: ComponentVersionSerializer})
    def set_version(self, request: Request, pk: int) -> Response:
        """Say which version is in use from now on. Needs If-Match with the ETag of the component."""
        component = _as_read(request, pk)
        data = checked(NewVersion(data=request.data))
        version = services.set_component_version(
            pk, actor=person_of(request), expected_version=component.version, **data
        )
        etag = _etag(component_to_see(person_of(request), pk))
        return answer(request, ComponentVersionSerializer(version).data, etag, status=201)

    @extend_schema(request=Removal, responses=ComponentSerializer)
    def remove(self, request: Request, pk: int) -> Response:
        """Say that the system no longer has it, and why. Needs If-Match with the ETag of the component."""
        component = _as_read(request, pk)
        data = checked(Removal(data=request.data))
        services.remove_component(pk, actor=person_of(request), expected_version=component.version, **data)
        return _answer(request, pk)

    @extend_schema(request=None, responses={200: ComponentSerializer})
    def put_back(self, request: Request, pk: int) -> Response:
        """Take the removal back. Needs If-Match with the ETag of the component."""
        component = _as_read(request, pk)
        services.put_back_component(pk, actor=person_of(request), expected_version=component.version)
        return _answer(request, pk)


def _as_read(request: Request, pk: int) -> Component:
    """The component to change, in the version that the caller has read. Raises 404, 403, 428, 412."""
    component = component_to_change(person_of(request), pk)
    must_match(request, _etag(component))
    return component


def _answer(request: Request, pk: int, **extra: Any) -> Response:
    return answer(request, ComponentSerializer(component_to_see(person_of(request), pk)).data, **extra)


def _etag(component: Component) -> str:
    return content_etag(ComponentSerializer(component).data)
