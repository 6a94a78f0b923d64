"""The API of acceptance: all acceptances, those of a risk, one of them, its decision and its withdrawal."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.viewsets import GenericViewSet

from accounts.authentication import person_of
from accounts.models import User
from api.conditional import answer, content_etag, must_match
from api.filters import chosen, refuse_unknown
from api.pagination import PAGING
from api.permissions import SignedIn
from api.shapes import Shape, checked
from catalog import reading
from risks.register import accepting
from risks.register.acceptance_forms import APPROVE, DECISIONS
from risks.register.acceptance_parts import told_of_acceptance, told_of_acceptances
from risks.register.access import acceptance_to_see, must_decide, must_withdraw, risk_to_propose, risk_to_see
from risks.register.api import risk_etag
from risks.register.choices import AcceptanceState
from risks.register.models import Acceptance, Risk
from risks.register.scales import current_scale
from risks.register.services import LONGEST_NOTE, LONGEST_TEXT
from risks.systems.access import must_be_active

OF_STATE = "State as it was last written; one whose grounds have changed is `approved` until the next hour marks it."


class AcceptanceSerializer(serializers.ModelSerializer[Acceptance]):
    """An acceptance with what was judged when it was proposed. People are named by their ids and names."""

    proposed_by_name = serializers.CharField(source="proposed_by.name")
    decided_by_name = serializers.CharField(source="decided_by.name", default="")
    state = serializers.ChoiceField(choices=AcceptanceState.choices, help_text="As it was last written.")

    class Meta:
        model = Acceptance
        fields = (
            "id", "risk", "state", "reason", "conditions", "until", "likelihood", "impact", "level", "scale",
            "is_outside", "edition", "profile_number", "proposed_by", "proposed_by_name", "proposed_at", "decided_by",
            "decided_by_name", "decided_at", "decision_note", "ended_at", "ended_why",
        )  # fmt: skip


class AcceptanceNowSerializer(AcceptanceSerializer):
    """The same, and whether it holds today: what it rests on is compared at this moment."""

    holds = serializers.SerializerMethodField(help_text="Whether the risk is accepted by it today.")
    why_not = serializers.SerializerMethodField(help_text="What it rested on and is different now; empty otherwise.")

    class Meta(AcceptanceSerializer.Meta):
        fields = (*AcceptanceSerializer.Meta.fields, "holds", "why_not")  # type: ignore[assignment]

    def get_holds(self, acceptance: Acceptance) -> bool:
        return bool(self.context["told"].holds)

    def get_why_not(self, acceptance: Acceptance) -> str:
        ending = self.context["told"].ending
        return ending.why if ending else ""


class Proposal(Shape):
    """`until` is the last day; a risk outside appetite is accepted for 90 days at most, any other for 365."""

    reason = serializers.CharField(max_length=LONGEST_TEXT)
    conditions = serializers.CharField(max_length=LONGEST_NOTE, allow_blank=True, default="")
    until = serializers.DateField()


class AcceptanceDecision(Shape):
    """`note` is needed to refuse."""

    decision = serializers.ChoiceField(choices=DECISIONS)
    note = serializers.CharField(max_length=LONGEST_NOTE, allow_blank=True, default="")


class AcceptanceWithdrawal(Shape):
    reason = serializers.CharField(max_length=accepting.LONGEST_WITHDRAWAL)


class RiskAcceptanceViewSet(GenericViewSet[Acceptance]):
    """The acceptances of a risk you may see."""

    permission_classes = [SignedIn]
    serializer_class = AcceptanceSerializer
    queryset = Acceptance.objects.none()
    cursor_ordering = "-pk"

    def list(self, request: Request, pk: int) -> Response:
        """All acceptances of a risk, proposed, in force and over, the newest first."""
        refuse_unknown(request, PAGING)
        risk = risk_to_see(person_of(request), pk)
        page = self.paginate_queryset(risk.acceptances.select_related("proposed_by", "decided_by"))
        response = self.get_paginated_response(AcceptanceSerializer(page, many=True).data)
        response["ETag"] = risk_etag(risk)
        return response

    @extend_schema(request=Proposal, responses={201: AcceptanceNowSerializer})
    def create(self, request: Request, pk: int) -> Response:
        """Ask that the risk is lived with as it is rated now. Needs If-Match with the ETag of the risk."""
        person = person_of(request)
        risk: Risk = risk_to_propose(person, pk)
        must_match(request, risk_etag(risk))
        data = checked(Proposal(data=request.data))
        made = accepting.propose_acceptance(pk, actor=person, expected_version=risk.version, **data)
        location = reverse("api:acceptance", args=[made.pk], request=request)
        return answer(request, _data(person, made.pk), status=201, headers={"Location": location})


class AcceptanceViewSet(GenericViewSet[Acceptance]):
    """The acceptances of the teams you may see."""

    permission_classes = [SignedIn]
    serializer_class = AcceptanceNowSerializer
    queryset = Acceptance.objects.none()
    cursor_ordering = "pk"

    @extend_schema(
        parameters=[OpenApiParameter("state", str, description=OF_STATE, enum=AcceptanceState.values)],
        responses=AcceptanceNowSerializer(many=True),
    )
    def list(self, request: Request) -> Response:
        """All of them, the oldest first, and whether each holds today; those of one `state` as it was last written."""
        refuse_unknown(request, (*PAGING, "state"))
        person, state = person_of(request), chosen(request, "state", AcceptanceState.values)
        rows = Acceptance.objects.visible_to(person).with_risk()
        page = self.paginate_queryset(rows.filter(state=state) if state else rows)
        told = told_of_acceptances(page or (), person, reading.current(), current_scale(), at=timezone.localdate())
        return self.get_paginated_response(
            [AcceptanceNowSerializer(each.row, context={"told": each}).data for each in told]
        )

    def retrieve(self, request: Request, pk: int) -> Response:
        refuse_unknown(request)
        return answer(request, _data(person_of(request), pk))

    @extend_schema(request=AcceptanceDecision, responses=AcceptanceNowSerializer)
    def decide(self, request: Request, pk: int) -> Response:
        """Approve or refuse what another person proposed. Needs If-Match with the ETag of the acceptance."""
        person = person_of(request)
        acceptance = acceptance_to_see(person, pk)
        must_decide(person, acceptance)
        must_be_active(acceptance.risk.system)
        must_match(request, content_etag(_data(person, pk)))
        data = checked(AcceptanceDecision(data=request.data))
        approve = data["decision"] == APPROVE
        accepting.decide_acceptance(pk, actor=person, approve=approve, note=data["note"])
        return answer(request, _data(person, pk))

    @extend_schema(request=AcceptanceWithdrawal, responses=AcceptanceNowSerializer)
    def withdraw(self, request: Request, pk: int) -> Response:
        """Take back a proposal or an acceptance in force. Needs If-Match with the ETag of the acceptance."""
        person = person_of(request)
        acceptance = acceptance_to_see(person, pk)
        must_withdraw(person, acceptance)
        must_be_active(acceptance.risk.system)
        must_match(request, content_etag(_data(person, pk)))
        reason = checked(AcceptanceWithdrawal(data=request.data))["reason"]
        accepting.withdraw_acceptance(pk, actor=person, reason=reason)
        return answer(request, _data(person, pk))


def _data(person: User, pk: int) -> Any:
    row = acceptance_to_see(person, pk)
    told = told_of_acceptance(row, person, reading.current(), current_scale(), at=timezone.localdate())
    return AcceptanceNowSerializer(row, context={"told": told}).data
