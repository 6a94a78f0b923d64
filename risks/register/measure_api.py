"""The API of measures: those of a risk, one of them, how far it is, and dropping it."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.viewsets import GenericViewSet

from accounts.authentication import person_of
from api.conditional import answer, content_etag, must_match
from api.filters import refuse_unknown
from api.pagination import PAGING
from api.permissions import SignedIn
from api.shapes import Shape, checked
from catalog import reading
from risks.register import measuring
from risks.register.access import (
    measure_to_change,
    measure_to_see,
    measure_to_update,
    risk_to_change,
    risk_to_see,
)
from risks.register.choices import TreatmentStatus
from risks.register.measures import control_name
from risks.register.models import Measure
from risks.register.services import LONGEST_NOTE


class MeasureSerializer(serializers.ModelSerializer[Measure]):
    """A step of a mitigation. `control` is a key of the catalog, `owner` a person's id.

    One that is dropped says since when, and no longer counts.
    """

    control = serializers.CharField(source="control_key")
    control_name = serializers.SerializerMethodField()
    owner_name = serializers.CharField(source="owner.name")
    is_overdue = serializers.SerializerMethodField(help_text="Whether it was due before today and is not done.")

    class Meta:
        model = Measure
        fields = (
            "id", "risk", "control", "control_name", "text", "owner", "owner_name", "due", "is_overdue", "status",
            "note", "dropped_at", "version", "created_at", "updated_at",
        )  # fmt: skip

    def get_control_name(self, measure: Measure) -> str:
        return control_name(self.context["catalog"], measure.control_key)

    def get_is_overdue(self, measure: Measure) -> bool:
        return measure.is_late(at=timezone.localdate())


class NewMeasure(Shape):
    """`control` is a key of the catalog, `owner` the id of someone who may own risks in the team."""

    control = serializers.CharField(max_length=60)
    text = serializers.CharField(max_length=measuring.LONGEST_MEASURE)
    owner = serializers.IntegerField()
    due = serializers.DateField()

    def validate(self, data: Any) -> Any:
        return _as_service(data)


class MeasureChange(Shape):
    """What is left out stays."""

    control = serializers.CharField(max_length=60, required=False)
    text = serializers.CharField(max_length=measuring.LONGEST_MEASURE, required=False)
    owner = serializers.IntegerField(required=False)
    due = serializers.DateField(required=False)

    def validate(self, data: Any) -> Any:
        return _as_service(data)


class MeasureProgress(Shape):
    """How far a measure is; `note` is about this status and needed when it is blocked."""

    status = serializers.ChoiceField(choices=TreatmentStatus.choices)
    note = serializers.CharField(max_length=LONGEST_NOTE, allow_blank=True, default="")


class MeasureEnd(Shape):
    reason = serializers.CharField(max_length=LONGEST_NOTE)


class MeasureViewSet(GenericViewSet[Measure]):
    """The measures of a risk you may see. Each has an ETag of its own."""

    permission_classes = [SignedIn]
    serializer_class = MeasureSerializer
    queryset = Measure.objects.none()
    cursor_ordering = "pk"

    @extend_schema(responses=MeasureSerializer(many=True))
    def list(self, request: Request, pk: int) -> Response:
        """All measures of a risk, the oldest first, dropped ones among them."""
        refuse_unknown(request, PAGING)
        risk = risk_to_see(person_of(request), pk)
        page = self.paginate_queryset(risk.measures.select_related("owner"))
        return self.get_paginated_response(MeasureSerializer(page, many=True, context=_context()).data)

    @extend_schema(request=NewMeasure, responses={201: MeasureSerializer})
    def create(self, request: Request, pk: int) -> Response:
        """Add a measure to a risk that is mitigated. Nothing that exists changes, so it needs no If-Match."""
        person = person_of(request)
        risk_to_change(person, pk)
        made = measuring.add_measure(pk, actor=person, **checked(NewMeasure(data=request.data)))
        location = reverse("api:risk-measure", args=[pk, made.pk], request=request)
        return answer(request, _data(request, pk, made.pk), status=201, headers={"Location": location})

    def retrieve(self, request: Request, pk: int, measure: int) -> Response:
        refuse_unknown(request)
        return answer(request, _data(request, pk, measure))

    @extend_schema(request=MeasureChange, responses=MeasureSerializer)
    def partial_update(self, request: Request, pk: int, measure: int) -> Response:
        """Change what a measure says. Needs If-Match with its ETag."""
        person = person_of(request)
        row = measure_to_change(person, pk, measure)
        must_match(request, content_etag(_shown(row)))
        as_it_is: dict[str, Any] = {
            "control_key": row.control_key,
            "text": row.text,
            "owner_id": row.owner_id,
            "due": row.due,
        }
        said = as_it_is | checked(MeasureChange(data=request.data))
        measuring.change_measure(pk, measure, actor=person, expected_version=row.version, **said)
        return answer(request, _data(request, pk, measure))

    @extend_schema(request=MeasureProgress, responses=MeasureSerializer)
    def update_status(self, request: Request, pk: int, measure: int) -> Response:
        """Say how far a measure is; its owner may do so too. Needs If-Match with its ETag."""
        person = person_of(request)
        row = measure_to_update(person, pk, measure)
        must_match(request, content_etag(_shown(row)))
        said = checked(MeasureProgress(data=request.data))
        measuring.update_measure(pk, measure, actor=person, expected_version=row.version, **said)
        return answer(request, _data(request, pk, measure))

    @extend_schema(request=MeasureEnd, responses=MeasureSerializer)
    def drop(self, request: Request, pk: int, measure: int) -> Response:
        """Say that a measure is not done after all. Needs If-Match with its ETag."""
        person = person_of(request)
        row = measure_to_change(person, pk, measure)
        must_match(request, content_etag(_shown(row)))
        reason = checked(MeasureEnd(data=request.data))["reason"]
        measuring.drop_measure(pk, measure, actor=person, reason=reason, expected_version=row.version)
        return answer(request, _data(request, pk, measure))


def _as_service(data: dict[str, Any]) -> dict[str, Any]:
    """The names that the service gives to what was sent."""
    names = {"control": "control_key", "owner": "owner_id"}
    return {names.get(name, name): value for name, value in data.items()}


def _context() -> dict[str, Any]:
    return {"catalog": reading.current()}


def _shown(row: Measure) -> Any:
    return MeasureSerializer(row, context=_context()).data


def _data(request: Request, risk_id: int, pk: int) -> Any:
    return _shown(measure_to_see(person_of(request), risk_id, pk))
