"""The API of more time: what waits, asking, deciding, and taking a request back."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.viewsets import GenericViewSet

from accounts.authentication import person_of
from accounts.models import User
from api.conditional import answer, content_etag, must_match
from api.filters import refuse_unknown
from api.pagination import PAGING
from api.permissions import SignedIn
from api.shapes import Shape, checked
from risks.register import asking_time
from risks.register.access import (
    measure_to_update,
    must_edit,
    must_withdraw_time,
    risk_to_see,
    risk_to_update,
    time_request_to_see,
)
from risks.register.api import risk_etag
from risks.register.models import TimeRequest
from risks.register.services import LONGEST_NOTE
from risks.register.time_forms import DECISIONS, GRANT
from risks.systems.access import must_be_active


class TimeRequestSerializer(serializers.ModelSerializer[TimeRequest]):
    """A wish for a later day; `measure` is null where it is about the treatment. `due` is the day when it was asked."""

    asked_by_name = serializers.CharField(source="asked_by.name")
    decided_by_name = serializers.CharField(source="decided_by.name", default="")

    class Meta:
        model = TimeRequest
        fields = (
            "id", "risk", "measure", "due", "asked_until", "note", "state", "asked_by", "asked_by_name", "asked_at",
            "decided_by", "decided_by_name", "decided_at", "decision_note",
        )  # fmt: skip


class NewTimeRequest(Shape):
    """`measure` is the id of one of the risk's; left out, it is about the treatment. `until` is the new day."""

    measure = serializers.IntegerField(required=False)
    until = serializers.DateField()
    note = serializers.CharField(max_length=LONGEST_NOTE)


class TimeDecision(Shape):
    """`note` is needed to refuse."""

    decision = serializers.ChoiceField(choices=DECISIONS)
    note = serializers.CharField(max_length=LONGEST_NOTE, allow_blank=True, default="")


class RiskTimeRequestViewSet(GenericViewSet[TimeRequest]):
    """Asking for more time below a risk."""

    permission_classes = [SignedIn]
    serializer_class = TimeRequestSerializer
    queryset = TimeRequest.objects.none()

    @extend_schema(request=NewTimeRequest, responses={201: TimeRequestSerializer})
    def create(self, request: Request, pk: int) -> Response:
        """Ask for a later day; who may edit the team moves it at once. Needs If-Match with the ETag of the risk."""
        person = person_of(request)
        risk = risk_to_see(person, pk)
        named = request.data.get("measure") if isinstance(request.data, dict) else None
        if named is None:
            risk_to_update(person, pk)
        must_match(request, risk_etag(risk))
        data = checked(NewTimeRequest(data=request.data))
        measure_id, version = data.pop("measure", None), risk.version
        if measure_id is not None:
            version = measure_to_update(person, pk, measure_id).version
        asked = asking_time.ask_time(pk, actor=person, measure_id=measure_id, expected_version=version, **data)
        location = reverse("api:time-request", args=[asked.pk], request=request)
        return answer(request, _data(person, asked.pk), status=201, headers={"Location": location})


class TimeRequestViewSet(GenericViewSet[TimeRequest]):
    """Requests for more time of the teams you may see."""

    permission_classes = [SignedIn]
    serializer_class = TimeRequestSerializer
    queryset = TimeRequest.objects.none()
    cursor_ordering = "pk"

    @extend_schema(responses=TimeRequestSerializer(many=True))
    def list(self, request: Request) -> Response:
        """What waits for a decision, the oldest first."""
        refuse_unknown(request, PAGING)
        waiting = TimeRequest.objects.visible_to(person_of(request)).waiting().of_open_risks().with_work()
        return self.get_paginated_response(TimeRequestSerializer(self.paginate_queryset(waiting), many=True).data)

    def retrieve(self, request: Request, pk: int) -> Response:
        refuse_unknown(request)
        return answer(request, _data(person_of(request), pk))

    @extend_schema(request=TimeDecision, responses=TimeRequestSerializer)
    def decide(self, request: Request, pk: int) -> Response:
        """Grant or refuse; granted, the day is moved. Needs If-Match with the ETag of the request."""
        person = person_of(request)
        asked = time_request_to_see(person, pk)
        must_edit(person, asked.team_id)
        must_be_active(asked.risk.system)
        must_match(request, content_etag(_data(person, pk)))
        data = checked(TimeDecision(data=request.data))
        asking_time.decide_time(pk, actor=person, grant=data["decision"] == GRANT, note=data["note"])
        return answer(request, _data(person, pk))

    @extend_schema(request=None, responses=TimeRequestSerializer)
    def withdraw(self, request: Request, pk: int) -> Response:
        """Take a request back. Needs If-Match with the ETag of the request."""
        person = person_of(request)
        asked = time_request_to_see(person, pk)
        must_withdraw_time(person, asked)
        must_be_active(asked.risk.system)
        must_match(request, content_etag(_data(person, pk)))
        checked(Shape(data=request.data))
        asking_time.withdraw_time(pk, actor=person)
        return answer(request, _data(person, pk))


def _data(person: User, pk: int) -> Any:
    return TimeRequestSerializer(time_request_to_see(person, pk)).data
