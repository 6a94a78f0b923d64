"""The API of comments on a risk."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.viewsets import GenericViewSet

from accounts.authentication import person_of
from api.conditional import answer
from api.filters import refuse_unknown
from api.pagination import PAGING
from api.permissions import SignedIn
from api.shapes import Shape, checked
from risks.register.access import comment_to_see, comment_to_take_back, must_comment, risk_to_see
from risks.register.commenting import LONGEST_COMMENT, comment_on_risk, take_back_comment
from risks.register.models import Comment


class CommentSerializer(serializers.ModelSerializer[Comment]):
    """A comment in Markdown, as it was typed. One that is taken back keeps its place and has no text."""

    text = serializers.SerializerMethodField()

    class Meta:
        model = Comment
        fields = ("id", "author", "author_name", "text", "at", "taken_back_at")

    def get_text(self, comment: Comment) -> str:
        return "" if comment.taken_back_at else comment.text


class NewComment(Shape):
    text = serializers.CharField(max_length=LONGEST_COMMENT, help_text="Markdown.")


class CommentViewSet(GenericViewSet[Comment]):
    """What people said about a risk."""

    permission_classes = [SignedIn]
    serializer_class = CommentSerializer
    queryset = Comment.objects.none()

    @extend_schema(responses=CommentSerializer(many=True))
    def list(self, request: Request, pk: int) -> Response:
        """All comments on a risk, the oldest first."""
        refuse_unknown(request, PAGING)
        page = self.paginate_queryset(risk_to_see(person_of(request), pk).comments.all())
        return self.get_paginated_response(CommentSerializer(page, many=True).data)

    @extend_schema(request=NewComment, responses={201: CommentSerializer})
    def create(self, request: Request, pk: int) -> Response:
        """Say something about a risk. Nothing that exists changes, so it needs no If-Match."""
        person = person_of(request)
        must_comment(person, risk_to_see(person, pk))
        data = checked(NewComment(data=request.data))
        comment = comment_on_risk(pk, actor=person, **data)
        location = reverse("api:risk-comment", args=[pk, comment.pk], request=request)
        return answer(request, CommentSerializer(comment).data, status=201, headers={"Location": location})

    def retrieve(self, request: Request, pk: int, comment: int) -> Response:
        refuse_unknown(request)
        return answer(request, CommentSerializer(comment_to_see(person_of(request), pk, comment)).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: int, comment: int) -> Response:
        """Take a comment back: one's own, or as a security officer anyone's. Safe to repeat."""
        refuse_unknown(request)
        take_back_comment(comment_to_take_back(person_of(request), pk, comment).pk, actor=person_of(request))
        return Response(status=204)
