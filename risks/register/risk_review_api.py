"""The API of a risk's reviews."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.authentication import person_of
from api.conditional import answer, must_match
from api.filters import refuse_unknown
from api.pagination import PAGING
from api.permissions import SignedIn
from api.shapes import Shape, checked
from risks.register.access import risk_to_change, risk_to_see
from risks.register.api import risk_etag
from risks.register.models import RiskReview
from risks.register.risk_reviewing import review_risk
from risks.register.services import LONGEST_NOTE


class RiskReviewSerializer(serializers.ModelSerializer[RiskReview]):
    """That a risk stood as it was judged, by that edition. Without a reason it was said after another look."""

    reviewed_by = serializers.CharField(source="reviewed_by_name")

    class Meta:
        model = RiskReview
        fields = ("edition", "reason", "reviewed_by", "at")


class Standing(Shape):
    reason = serializers.CharField(max_length=LONGEST_NOTE)


class RiskReviewViewSet(GenericViewSet[RiskReview]):
    """The reviews of a risk."""

    permission_classes = [SignedIn]
    serializer_class = RiskReviewSerializer
    queryset = RiskReview.objects.none()
    cursor_ordering = "-pk"

    @extend_schema(responses=RiskReviewSerializer(many=True))
    def list(self, request: Request, pk: int) -> Response:
        """All reviews of a risk, the newest first."""
        refuse_unknown(request, PAGING)
        page = self.paginate_queryset(risk_to_see(person_of(request), pk).reviews.all())
        return self.get_paginated_response(RiskReviewSerializer(page, many=True).data)

    @extend_schema(request=Standing, responses={201: RiskReviewSerializer})
    def create(self, request: Request, pk: int) -> Response:
        """Say that a risk stands as it is judged. Needs If-Match with the ETag of the risk."""
        person = person_of(request)
        risk = risk_to_change(person, pk)
        must_match(request, risk_etag(risk))
        data = checked(Standing(data=request.data))
        review_risk(pk, actor=person, expected_version=risk.version, **data)
        risk = risk_to_see(person, pk)
        return answer(request, RiskReviewSerializer(risk.reviews.first()).data, risk_etag(risk), status=201)
