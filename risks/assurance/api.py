"""The API of responsibility: the matrix of a system, and the party of one threat."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.authentication import person_of
from api.conditional import answer, content_etag, must_match
from api.filters import refuse_unknown
from api.permissions import SignedIn
from api.shapes import Shape, checked
from risks.assurance.matrix import Duty, matrix_of
from risks.assurance.services import LONGEST_REASON, set_responsibility
from risks.register.models import Responsibility
from risks.systems.access import system_to_change, system_to_see
from risks.systems.choices import Party
from risks.systems.models import AISystem


class DutySerializer(serializers.Serializer[Any]):
    """Who answers for one threat. `default` is what the rules say; the last three are null while that holds."""

    threat = serializers.CharField(source="threat.key")
    title = serializers.CharField(source="threat.title")
    party = serializers.ChoiceField(choices=Party.choices, allow_null=True)
    default = serializers.ChoiceField(choices=Party.choices, allow_null=True)
    default_reasons = serializers.ListField(child=serializers.CharField(), source="why")
    reason = serializers.CharField(source="setting.reason", default=None, allow_null=True)
    set_by = serializers.CharField(source="setting.set_by_name", default=None, allow_null=True)
    set_at = serializers.DateTimeField(source="setting.at", default=None, allow_null=True)


class UndeterminedSerializer(serializers.Serializer[Any]):
    threat = serializers.CharField(source="threat.key")
    title = serializers.CharField(source="threat.title")
    reasons = serializers.ListField(child=serializers.CharField(), source="why")


class MatrixSerializer(serializers.Serializer[Any]):
    """Every threat that applies or is in the register, and those of which it is not known yet."""

    suppliers = serializers.ListField(child=serializers.CharField())
    threats = DutySerializer(many=True, source="matrix.duties")
    undetermined = UndeterminedSerializer(many=True, source="matrix.undetermined")


class ResponsibilityChange(Shape):
    """`party` null goes back to the rules' default and needs no reason."""

    party = serializers.ChoiceField(choices=Party.choices, allow_null=True)
    reason = serializers.CharField(max_length=LONGEST_REASON, allow_blank=True, default="")


class ResponsibilityViewSet(GenericViewSet[Responsibility]):
    """Who answers for the threats to a system you may see."""

    permission_classes = [SignedIn]
    serializer_class = DutySerializer
    queryset = Responsibility.objects.none()

    @extend_schema(operation_id="systems_responsibility_matrix", responses=MatrixSerializer)
    def matrix(self, request: Request, pk: int) -> Response:
        refuse_unknown(request)
        system = system_to_see(person_of(request), pk)
        data = MatrixSerializer({"suppliers": system.supplier_names, "matrix": matrix_of(system)}).data
        return answer(request, data)

    @extend_schema(responses=DutySerializer)
    def retrieve(self, request: Request, pk: int, key: str) -> Response:
        refuse_unknown(request)
        return _answer(request, _duty(system_to_see(person_of(request), pk), key))

    @extend_schema(request=ResponsibilityChange, responses=DutySerializer)
    def update(self, request: Request, pk: int, key: str) -> Response:
        """Set another party, or go back to the rules. The first departure from them needs no If-Match."""
        before = _duty(system_to_change(person_of(request), pk), key)
        if before.is_overridden or "If-Match" in request.headers:
            must_match(request, content_etag(DutySerializer(before).data))
        change = checked(ResponsibilityChange(data=request.data))
        after = set_responsibility(
            pk,
            actor=person_of(request),
            threat_key=key,
            party=change["party"] or "",
            reason=change["reason"],
            expected_version=before.version,
        )
        return _answer(request, after)


def _duty(system: AISystem, key: str) -> Duty:
    duty = matrix_of(system).duty(key)
    if duty is None:
        raise Http404
    return duty


def _answer(request: Request, duty: Duty) -> Response:
    return answer(request, DutySerializer(duty).data)
