"""The API of saved views."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.viewsets import GenericViewSet

from accounts.authentication import person_of
from api.conditional import answer, must_match, version_etag
from api.filters import refuse_unknown
from api.pagination import PAGING
from api.permissions import SignedIn
from api.shapes import Shape, checked
from risks.register.access import view_to_keep, view_to_see
from risks.register.models import SavedView
from risks.register.saving_views import LONGEST_NAME, LONGEST_QUERY, change_view, delete_view, save_view

OF_QUERY = "Filter, sort, columns and density as in the address of the register, without the question mark."


class SavedViewSerializer(serializers.ModelSerializer[SavedView]):
    """A way to look at the register. `owner` is a person's id; a shared one is for everyone."""

    class Meta:
        model = SavedView
        fields = ("id", "name", "query", "is_shared", "owner", "version", "at")


class NewView(Shape):
    name = serializers.CharField(max_length=LONGEST_NAME)
    query = serializers.CharField(max_length=LONGEST_QUERY, allow_blank=True, help_text=OF_QUERY)
    is_shared = serializers.BooleanField(required=False)
    replaces = serializers.BooleanField(required=False, help_text="Replace your view of this name, if there is one.")


class OtherView(Shape):
    name = serializers.CharField(max_length=LONGEST_NAME, required=False)
    query = serializers.CharField(max_length=LONGEST_QUERY, allow_blank=True, required=False, help_text=OF_QUERY)
    is_shared = serializers.BooleanField(required=False)


class SavedViewViewSet(GenericViewSet[SavedView]):
    """Your views, and those that others share."""

    permission_classes = [SignedIn]
    serializer_class = SavedViewSerializer
    queryset = SavedView.objects.none()

    def list(self, request: Request) -> Response:
        refuse_unknown(request, PAGING)
        page = self.paginate_queryset(SavedView.objects.visible_to(person_of(request)))
        return self.get_paginated_response(SavedViewSerializer(page, many=True).data)

    @extend_schema(request=NewView, responses={201: SavedViewSerializer})
    def create(self, request: Request) -> Response:
        """Save a view. What its query names you must be able to see."""
        view = save_view(actor=person_of(request), **checked(NewView(data=request.data)))
        location = reverse("api:saved-view", args=[view.pk], request=request)
        return _answer(request, view, status=201, headers={"Location": location})

    def retrieve(self, request: Request, pk: int) -> Response:
        refuse_unknown(request)
        return _answer(request, view_to_see(person_of(request), pk))

    @extend_schema(request=OtherView, responses=SavedViewSerializer)
    def partial_update(self, request: Request, pk: int) -> Response:
        """Change a view of yours. Needs If-Match."""
        person = person_of(request)
        view = view_to_keep(person, pk)
        must_match(request, _etag(view))
        values: dict[str, Any] = {"name": view.name, "query": view.query, "is_shared": view.is_shared}
        data = values | checked(OtherView(data=request.data))
        return _answer(request, change_view(pk, actor=person, expected_version=view.version, **data))

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: int) -> Response:
        """Delete a view of yours. Needs If-Match."""
        refuse_unknown(request)
        view = view_to_keep(person_of(request), pk)
        must_match(request, _etag(view))
        delete_view(pk, actor=person_of(request), expected_version=view.version)
        return Response(status=204)


def _etag(view: SavedView) -> str:
    return version_etag(view.version, "view", view.pk)


def _answer(request: Request, view: SavedView, **extra: Any) -> Response:
    return answer(request, SavedViewSerializer(view).data, _etag(view), **extra)
