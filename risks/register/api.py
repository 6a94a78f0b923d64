"""The API of the register: list, add and describe risks; ratings and the treatment as resources below each.

A risk has one ETag for itself and for what lies below it, since all of it steps the same version on.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from accounts.authentication import person_of
from api.conditional import answer, content_etag, must_match
from api.filters import refuse_unknown
from api.pagination import PAGING
from api.permissions import SignedIn
from api.shapes import Shape, checked
from catalog import reading
from risks.register import services, treating
from risks.register.access import must_edit, risk_to_change, risk_to_see, risk_to_update
from risks.register.another_look import reasons_to_look
from risks.register.changing_api import TreatmentChange, change_from
from risks.register.choices import FactorEffect, RatingKind, RiskState, TreatmentOption
from risks.register.filter_values import MEANINGS, SEVERAL
from risks.register.filters import read_filter
from risks.register.judging import FACTORS
from risks.register.models import Rating, Risk, Treatment
from risks.register.parts import party_of, ratings_of, treatment_of
from risks.register.rules import AREAS
from risks.register.scales import current_scale
from risks.register.threats import title_of
from risks.register.treatment_rules import DETAILS
from risks.systems.access import system_to_change
from risks.systems.choices import Party
from risks.systems.models import AISystem

OF_FACTORS = f"What each does to the likelihood: {', '.join(FACTORS)}. They set no number."
OF_AREAS = f"Impact levels by area: {', '.join(AREAS)}. The worst leads."
FILTERS = [OpenApiParameter(name, str, description=text, many=name in SEVERAL) for name, text in MEANINGS.items()]


class RatingSerializer(serializers.ModelSerializer[Rating]):
    """A judgement on the scale named; `superseded_at` is null while it is in force."""

    rated_by = serializers.CharField(source="rated_by_name")
    factors = serializers.DictField(child=serializers.ChoiceField(FactorEffect.choices), help_text=OF_FACTORS)
    areas = serializers.DictField(child=serializers.IntegerField(), help_text=OF_AREAS)
    moved_from = serializers.CharField(help_text="Where it lay on an earlier scale, if it was moved with the scale.")

    class Meta:
        model = Rating
        fields = (
            "kind", "scale", "likelihood", "impact", "level", "reason", "factors", "areas", "moved_from", "rated_by",
            "at", "superseded_at",
        )  # fmt: skip


class TreatmentSerializer(serializers.ModelSerializer[Treatment]):
    """The treatment in force. `owner` is a person's id."""

    owner_name = serializers.CharField(source="owner.name")
    set_by = serializers.CharField(source="set_by_name")

    class Meta:
        model = Treatment
        fields = ("option", "plan", *DETAILS, "owner", "owner_name", "due", "status", "note", "set_by", "at")


class RatingsInForce(serializers.Serializer[Any]):
    """The three kinds; null where nobody has judged yet."""

    inherent = RatingSerializer(allow_null=True)
    current = RatingSerializer(allow_null=True)
    target = RatingSerializer(allow_null=True)


class RiskSerializer(serializers.ModelSerializer[Risk]):
    """A risk as it is read: one threat, by its key, to one system."""

    threat = serializers.CharField(source="threat_key")
    threat_title = serializers.SerializerMethodField()
    party = serializers.SerializerMethodField()
    reviewed_at = serializers.DateTimeField(
        read_only=True, help_text="When it was last rated or reviewed; null while it is not rated."
    )
    reasons = serializers.ListField(child=serializers.CharField())
    another_look = serializers.SerializerMethodField(help_text="Why it needs another look; empty when it stands.")
    rating = serializers.SerializerMethodField()
    treatment = serializers.SerializerMethodField()
    state = serializers.ChoiceField(choices=RiskState.choices, read_only=True)

    class Meta:
        model = Risk
        fields = (
            "id", "reference", "system", "team", "threat", "threat_title", "state", "party", "origin", "edition",
            "reasons", "another_look", "description", "rating", "treatment", "reviewed_at",
            "version", "created_at", "updated_at",
        )  # fmt: skip

    def get_threat_title(self, risk: Risk) -> str:
        return title_of(self.context["catalog"], risk.threat_key)

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_another_look(self, risk: Risk) -> tuple[str, ...]:
        return reasons_to_look(self.context["catalog"], edition=risk.edition, threat_key=risk.threat_key)

    @extend_schema_field(serializers.ChoiceField(choices=Party.choices, allow_blank=True))
    def get_party(self, risk: Risk) -> str:
        return party_of(risk, self.context["catalog"]) or ""

    @extend_schema_field(RatingsInForce)
    def get_rating(self, risk: Risk) -> dict[str, Any]:
        ratings = ratings_of(risk)
        return {kind: RatingSerializer(ratings[kind]).data if kind in ratings else None for kind in RatingKind.values}

    @extend_schema_field(TreatmentSerializer(allow_null=True))
    def get_treatment(self, risk: Risk) -> Any:
        treatment = treatment_of(risk)
        return TreatmentSerializer(treatment).data if treatment else None


class NewRisk(Shape):
    """A risk by hand. `system` is the id of a system that you may edit, `threat` a key of the catalog."""

    system = serializers.IntegerField()
    threat = serializers.CharField(max_length=60)
    description = serializers.CharField(max_length=services.LONGEST_TEXT, allow_blank=True, required=False)


class Description(Shape):
    description = serializers.CharField(max_length=services.LONGEST_TEXT, allow_blank=True)


class Judgement(Shape):
    """Likelihood and impact are level numbers of the scale. Where areas are given, the worst of them is the impact.

    `scale` is the key of the scale that it was judged by; where it is another by now, nothing is written.
    """

    kind = serializers.ChoiceField(choices=RatingKind.choices)
    likelihood = serializers.IntegerField()
    impact = serializers.IntegerField(required=False, help_text="May be left out where areas are given.")
    reason = serializers.CharField(max_length=services.LONGEST_TEXT)
    factors = serializers.DictField(
        child=serializers.ChoiceField(FactorEffect.choices), required=False, help_text=OF_FACTORS
    )
    areas = serializers.DictField(child=serializers.IntegerField(), required=False, help_text=OF_AREAS)
    scale = serializers.CharField(required=False, max_length=40)

    def validate(self, data: Any) -> Any:
        if data.get("impact") is None and not data.get("areas"):
            raise serializers.ValidationError({"impact": ["Give an impact, or the areas of which the worst leads."]})
        return {"impact": None, "expected_scale": data.pop("scale", None), **data}


def _detail(name: str) -> serializers.CharField:
    """A text that one option asks for."""
    detail = DETAILS[name]
    text = f"{detail.label}: for the option {detail.option.value}."
    return serializers.CharField(max_length=detail.longest, required=False, allow_blank=True, help_text=text)


class Decision(Shape):
    """What is done about a risk. `owner` is the id of someone who may own risks in its team.

    Transfer needs `to_whom`, `by_what` and `remains`, avoid needs `decided_by`; no other option takes them. One that is
    left out stays as it is while the option does.
    """

    option = serializers.ChoiceField(choices=TreatmentOption.choices)
    plan = serializers.CharField(max_length=services.LONGEST_TEXT)
    owner = serializers.IntegerField()
    due = serializers.DateField()
    to_whom = _detail("to_whom")
    by_what = _detail("by_what")
    remains = _detail("remains")
    decided_by = _detail("decided_by")

    def validate(self, data: Any) -> Any:
        said = {name: data.pop(name) for name in DETAILS if name in data}
        return {"owner_id": data.pop("owner"), "details": said, **data}


class RiskViewSet(GenericViewSet[Risk]):
    """Risks of the teams you may see."""

    permission_classes = [SignedIn]
    serializer_class = RiskSerializer
    queryset = Risk.objects.none()

    @property
    def cursor_ordering(self) -> str:
        return "-pk" if self.action == "ratings" else "pk"

    @extend_schema(parameters=FILTERS)
    def list(self, request: Request) -> Response:
        person, catalog = person_of(request), reading.current()
        wanted = read_filter(request.query_params, reader=person, catalog=catalog, scale=current_scale(), beside=PAGING)
        risks = wanted.narrow(Risk.objects.visible_to(person), at=timezone.localdate())
        page = self.paginate_queryset(risks.with_parts())
        data = RiskSerializer(page, many=True, context={"catalog": catalog}).data
        return self.get_paginated_response(data)

    @extend_schema(request=NewRisk, responses={201: RiskSerializer})
    def create(self, request: Request) -> Response:
        """Add a risk by hand."""
        person, data = person_of(request), checked(NewRisk(data=request.data))
        system = AISystem.objects.visible_to(person).filter(pk=data["system"]).first()
        if system is None:
            raise ValidationError({"system": "There is no such system."})
        must_edit(person, system.team_id)
        risk = services.add_risk(
            system.pk, actor=person, threat_key=data["threat"], description=data.get("description", "")
        )
        location = reverse("api:risk", args=[risk.pk], request=request)
        return _answer(request, risk.pk, status=201, headers={"Location": location})

    def retrieve(self, request: Request, pk: int) -> Response:
        refuse_unknown(request)
        return _answer(request, pk)

    @extend_schema(request=Description, responses=RiskSerializer)
    def partial_update(self, request: Request, pk: int) -> Response:
        """Say what the threat means for this system. Needs If-Match."""
        risk = risk_to_change(person_of(request), pk)
        must_match(request, risk_etag(risk))
        data = checked(Description(data=request.data))
        services.describe_risk(pk, actor=person_of(request), expected_version=risk.version, **data)
        return _answer(request, pk)

    @extend_schema(responses=RatingSerializer(many=True))
    def ratings(self, request: Request, pk: int) -> Response:
        """All ratings of a risk, the newest first; those no longer in force say until when they were."""
        refuse_unknown(request, PAGING)
        risk = risk_to_see(person_of(request), pk)
        response = self.get_paginated_response(
            RatingSerializer(self.paginate_queryset(risk.ratings.all()), many=True).data
        )
        response["ETag"] = risk_etag(risk)
        return response

    @extend_schema(request=Judgement, responses={201: RatingSerializer})
    def rate(self, request: Request, pk: int) -> Response:
        """Judge a risk from now on. Needs If-Match with the ETag of the risk."""
        risk = risk_to_change(person_of(request), pk)
        must_match(request, risk_etag(risk))
        data = checked(Judgement(data=request.data))
        services.rate_risk(pk, actor=person_of(request), expected_version=risk.version, **data)
        risk = risk_to_see(person_of(request), pk)
        return answer(request, RatingSerializer(ratings_of(risk)[data["kind"]]).data, risk_etag(risk), status=201)

    @extend_schema(responses=TreatmentSerializer)
    def treatment(self, request: Request, pk: int) -> Response:
        """The treatment in force; 404 while none is chosen."""
        refuse_unknown(request)
        return _answer_treatment(request, pk)

    @extend_schema(request=Decision, responses=TreatmentSerializer)
    def treat(self, request: Request, pk: int) -> Response:
        """Decide what is done about a risk. Needs If-Match with the ETag of the risk."""
        risk = risk_to_change(person_of(request), pk)
        must_match(request, risk_etag(risk))
        data = checked(Decision(data=request.data))
        treating.treat_risk(pk, actor=person_of(request), expected_version=risk.version, **data)
        return _answer_treatment(request, pk)

    @extend_schema(request=TreatmentChange, responses=TreatmentSerializer)
    def update_treatment(self, request: Request, pk: int) -> Response:
        """Change owner, due date or status; its owner may say the status too. Needs If-Match with the risk's ETag."""
        person = person_of(request)
        risk = risk_to_update(person, pk)
        must_match(request, risk_etag(risk))
        change = change_from(checked(TreatmentChange(data=request.data)))
        treating.change_treatment(pk, actor=person, change=change, expected_version=risk.version)
        return _answer_treatment(request, pk)


class ConfirmationView(APIView):
    """Confirming which threats apply to a system."""

    permission_classes = [SignedIn]

    @extend_schema(request=None, responses={200: RiskSerializer(many=True)})
    def post(self, request: Request, pk: int) -> Response:
        """Register a risk for every applicable threat that has none; answers the new ones. Safe to repeat."""
        refuse_unknown(request)
        checked(Shape(data=request.data or {}))
        system_to_change(person_of(request), pk)
        new = services.confirm_threats(pk, actor=person_of(request))
        risks = Risk.objects.visible_to(person_of(request)).filter(pk__in=[risk.pk for risk in new]).with_parts()
        context = {"catalog": reading.current()}
        return Response({"results": RiskSerializer(risks, many=True, context=context).data, "next": None})


def _data(risk: Risk) -> Any:
    return RiskSerializer(risk, context={"catalog": reading.current()}).data


def risk_etag(risk: Risk) -> str:
    """One ETag for a risk and for what lies below it. The risk comes from access.py."""
    return content_etag(_data(risk))


def _answer(request: Request, pk: int, **extra: Any) -> Response:
    return answer(request, _data(risk_to_see(person_of(request), pk)), **extra)


def _answer_treatment(request: Request, pk: int) -> Response:
    risk = risk_to_see(person_of(request), pk)
    treatment = treatment_of(risk)
    if treatment is None:
        raise NotFound("No treatment is chosen yet.")
    return answer(request, TreatmentSerializer(treatment).data, risk_etag(risk))
