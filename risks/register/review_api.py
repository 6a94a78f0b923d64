"""The API of a review: the difference, the decisions about it, and dismissals as a resource of the system."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
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
from risks.register import reviewing
from risks.register.differing import CHOICES
from risks.register.models import Dismissal
from risks.register.reviews import ReviewState, dismissals_of, review_state
from risks.register.threats import key_of, title_of
from risks.systems.access import system_to_change, system_to_see
from risks.systems.models import AISystem

GROUPS = [(group, group) for group in CHOICES]
EVERY_CHOICE = [(each, each) for each in (reviewing.REGISTER, reviewing.DISMISS, reviewing.WAIT, reviewing.KEEP)]


class RowSerializer(serializers.Serializer[Any]):
    """A threat with what is asked about it. `reasons_before` are those of the last review."""

    threat = serializers.CharField()
    title = serializers.CharField()
    group = serializers.ChoiceField(choices=GROUPS)
    what = serializers.ListField(child=serializers.CharField())
    reasons = serializers.ListField(child=serializers.CharField(), source="after")
    reasons_before = serializers.ListField(child=serializers.CharField(), source="before")
    choices = serializers.ListField(child=serializers.ChoiceField(choices=EVERY_CHOICE))
    needs_choice = serializers.BooleanField()
    version = serializers.SerializerMethodField(help_text="Of its risk in the register; 0 while there is none.")

    def get_version(self, row: Any) -> int:
        state: ReviewState = self.context["state"]
        return state.version_of(row.threat)


class ReviewedSerializer(serializers.Serializer[Any]):
    """The last review: by which profile (0: none) and edition, by whom and when."""

    profile = serializers.IntegerField(source="profile.number", default=0)
    edition = serializers.CharField()
    by = serializers.CharField(source="reviewed_by_name")
    at = serializers.DateTimeField()


class DifferenceSerializer(serializers.Serializer[Any]):
    """What holds now, by this profile and edition, against the last review; null while there was none."""

    profile = serializers.IntegerField(source="number")
    edition = serializers.CharField()
    reviewed = ReviewedSerializer(source="review", allow_null=True)
    is_behind = serializers.BooleanField(help_text="Whether something holds now that nobody has reviewed.")
    threats = RowSerializer(many=True, source="difference.rows")


class DecisionShape(Shape):
    """`reason` goes with dismiss and keep."""

    choice = serializers.ChoiceField(choices=EVERY_CHOICE)
    reason = serializers.CharField(max_length=reviewing.LONGEST_REASON, allow_blank=True, default="")


class DecisionsShape(Shape):
    """Decisions by the keys of threats. What is left out waits; a row with `needs_choice` may not be."""

    decisions = serializers.DictField(child=DecisionShape())


class DismissalSerializer(serializers.ModelSerializer[Dismissal]):
    """A dismissal; `superseded_at` is null while it is in force. `risk` is the risk dismissed with the threat."""

    threat = serializers.SerializerMethodField()
    title = serializers.SerializerMethodField()
    dismissed_by = serializers.CharField(source="dismissed_by_name")

    class Meta:
        model = Dismissal
        fields = ("threat", "title", "risk", "reason", "dismissed_by", "at", "superseded_at")

    def get_threat(self, dismissal: Dismissal) -> str:
        return key_of(self.context["catalog"], dismissal.threat_key)

    def get_title(self, dismissal: Dismissal) -> str:
        return title_of(self.context["catalog"], dismissal.threat_key)


class NewDismissal(Shape):
    threat = serializers.CharField(max_length=60)
    reason = serializers.CharField(max_length=reviewing.LONGEST_REASON)


class Withdrawal(Shape):
    reason = serializers.CharField(max_length=reviewing.LONGEST_REASON)


class ReviewView(APIView):
    """What waits for a person's word about the threats of a system."""

    permission_classes = [SignedIn]

    @extend_schema(responses=DifferenceSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """What holds now against what was last reviewed."""
        refuse_unknown(request)
        return answer(request, _difference(system_to_see(person_of(request), pk))[1])

    @extend_schema(request=DecisionsShape, responses=DifferenceSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Decide about it, all of it or nothing; answers what waits after that. Needs If-Match."""
        refuse_unknown(request)
        system = system_to_change(person_of(request), pk)
        state, data = _difference(system)
        must_match(request, content_etag(data))
        catalog, decisions = reading.current(), checked(DecisionsShape(data=request.data))["decisions"]
        reviewing.review_threats(
            pk,
            actor=person_of(request),
            decisions={
                key: reviewing.Decision(**decision, version=state.version_of(key_of(catalog, key)))
                for key, decision in decisions.items()
            },
            expected_profile=state.number,
            expected_edition=state.edition,
        )
        return answer(request, _difference(system)[1])


class DismissalViewSet(GenericViewSet[Dismissal]):
    """Threats that a person dismissed for a system you may see."""

    permission_classes = [SignedIn]
    serializer_class = DismissalSerializer
    queryset = Dismissal.objects.none()
    cursor_ordering = "-pk"

    def list(self, request: Request, pk: int) -> Response:
        """All dismissals, the newest first; those no longer in force say until when they were."""
        refuse_unknown(request, PAGING)
        system = system_to_see(person_of(request), pk)
        return self.get_paginated_response(_data(self.paginate_queryset(system.dismissals.all()), many=True))

    @extend_schema(request=NewDismissal, responses={201: DismissalSerializer})
    def create(self, request: Request, pk: int) -> Response:
        """Say that a threat needs no risk here: one that applies, is not known yet, or is in the register."""
        system_to_change(person_of(request), pk)
        data = checked(NewDismissal(data=request.data))
        row = reviewing.dismiss_threat(pk, actor=person_of(request), threat_key=data["threat"], reason=data["reason"])
        dismissal = _data(row)
        location = reverse("api:dismissal", args=[pk, dismissal["threat"]], request=request)
        return answer(request, dismissal, status=201, headers={"Location": location})

    def retrieve(self, request: Request, pk: int, key: str) -> Response:
        """The dismissal of a threat that is in force; 404 while there is none."""
        refuse_unknown(request)
        return answer(request, _data(_in_force(system_to_see(person_of(request), pk), key)))

    @extend_schema(request=Withdrawal, responses=DismissalSerializer)
    def withdraw(self, request: Request, pk: int, key: str) -> Response:
        """Take a dismissal back; answers it as it ended. Needs If-Match with the ETag of the dismissal."""
        row = _in_force(system_to_change(person_of(request), pk), key)
        must_match(request, content_etag(_data(row)))
        reason = checked(Withdrawal(data=request.data))["reason"]
        reviewing.take_back_dismissal(pk, actor=person_of(request), threat_key=key, reason=reason, expected=row.pk)
        row.refresh_from_db()
        return answer(request, _data(row))


def _difference(system: AISystem) -> tuple[ReviewState, Any]:
    state = review_state(system, reading.current())
    return state, DifferenceSerializer(state, context={"state": state}).data


def _in_force(system: AISystem, key: str) -> Dismissal:
    catalog = reading.current()
    row = dismissals_of(system, catalog).get(key_of(catalog, key))
    if row is None:
        raise Http404
    return row


def _data(rows: Any, *, many: bool = False) -> Any:
    return DismissalSerializer(rows, many=many, context={"catalog": reading.current()}).data
