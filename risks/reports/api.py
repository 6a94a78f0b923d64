"""The API of the statement of applicability."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import person_of
from api.conditional import answer
from api.filters import refuse_unknown
from api.permissions import SignedIn
from catalog import reading
from risks.register.scales import current_scale
from risks.register.threat_states import Status
from risks.reports.applicability import Use
from risks.reports.statement import Statement, statement_of
from risks.systems.access import system_to_see
from risks.systems.choices import Party


class StatedDismissalSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField()
    by = serializers.CharField()
    at = serializers.DateTimeField()


class ThreatEntrySerializer(serializers.Serializer[Any]):
    """A threat: `level` is that of the current rating, `variant_of` the threat that an attack variant is judged with.

    `dismissal` is a person's word that it needs no risk here; it counts while `status` is `dismissed`.
    """

    threat = serializers.CharField(source="state.threat.key")
    number = serializers.CharField(source="state.threat.number")
    title = serializers.CharField(source="state.threat.title")
    status = serializers.ChoiceField(choices=Status.choices, source="state.status")
    reasons = serializers.ListField(child=serializers.CharField(), source="why")
    party = serializers.ChoiceField(choices=Party.choices, source="state.party", allow_null=True)
    risk = serializers.IntegerField(source="state.risk.pk", default=None, allow_null=True)
    level = serializers.IntegerField(allow_null=True)
    dismissal = StatedDismissalSerializer(source="state.dismissal", allow_null=True)
    variant_of = serializers.CharField(source="state.judged_with.key", default=None, allow_null=True)


class ControlEntrySerializer(serializers.Serializer[Any]):
    """A control: `threats` are those that apply and call for it, the closest first. A general one helps against all."""

    control = serializers.CharField(source="control.key")
    name = serializers.CharField(source="control.name")
    status = serializers.ChoiceField(choices=Use.choices, source="use")
    reasons = serializers.ListField(child=serializers.CharField())
    threats = serializers.SerializerMethodField()

    def get_threats(self, state: Any) -> list[str]:
        return [link.threat.key for link in state.called_by]


class StatementSerializer(serializers.Serializer[Any]):
    """Every threat and control of the edition in force; `profile` is the number of the answers, 0 without any."""

    system = serializers.IntegerField(source="system.pk")
    as_of = serializers.SerializerMethodField()
    edition = serializers.CharField()
    profile = serializers.IntegerField(source="profile_number")
    threats = ThreatEntrySerializer(many=True)
    controls = ControlEntrySerializer(many=True, source="all_controls")

    def get_as_of(self, statement: Statement) -> str:
        """The day, so that the answer stays the same for as long as nothing changes on it."""
        return timezone.localdate(statement.at).isoformat()


class StatementView(APIView):
    """What applies to a system you may see, and why."""

    permission_classes = [SignedIn]

    @extend_schema(operation_id="systems_statement_retrieve", responses=StatementSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """The statement of applicability: every threat and control, applied or not, and why."""
        refuse_unknown(request)
        system = system_to_see(person_of(request), pk)
        statement = statement_of(system, reading.current(), current_scale(), at=timezone.now())
        return answer(request, StatementSerializer(statement).data)
