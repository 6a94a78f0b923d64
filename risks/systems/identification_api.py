"""The API of identification: what follows from a profile, be it a system's own or one that is only sent to ask."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.filters import refuse_unknown
from api.permissions import SignedInToRead
from catalog import reading
from catalog.profile import RuleSet
from catalog.vocabulary import Effect, PointContext
from risks.systems.attention import Attention, attention_to
from risks.systems.choices import Party
from risks.systems.results import progress
from risks.systems.rules import STATUSES, Identification, identify
from risks.systems.services import valid_answers


class VerdictSerializer(serializers.Serializer[Any]):
    """The verdict on one threat; `modifiers` are the ids of those that act on it."""

    status = serializers.ChoiceField(choices=[(each, each) for each in STATUSES.values()])
    party = serializers.ChoiceField(choices=Party.choices, allow_null=True)
    reasons = serializers.ListField(child=serializers.CharField())
    modifiers = serializers.ListField(child=serializers.CharField())


class ModifierSerializer(serializers.Serializer[Any]):
    """What the answers say beyond verdicts, and the applicable threats or the optional controls it is about."""

    id = serializers.CharField()
    effect = serializers.ChoiceField(choices=Effect.choices)
    sentence = serializers.CharField()
    threats = serializers.ListField(child=serializers.CharField())
    controls = serializers.ListField(child=serializers.CharField())


class AttentionSerializer(serializers.Serializer[Any]):
    """Something to look into, and why. It adds no threat and changes no verdict.

    `answer` is what the profile says to it ("Yes: …", "No: …", "Not answered yet."), null where no question of the
    profile asks it; `answered_by` is the key of the one that does.
    """

    id = serializers.CharField()
    context = serializers.ChoiceField(choices=PointContext.choices)  # type: ignore[assignment]  # a field by that name
    question = serializers.CharField()
    why = serializers.CharField()
    answer = serializers.CharField(allow_null=True)
    answered_by = serializers.CharField(allow_null=True)
    reasons = serializers.ListField(child=serializers.CharField())
    threats = serializers.ListField(child=serializers.CharField())
    controls = serializers.ListField(child=serializers.CharField())
    url = serializers.CharField()


class IdentifiedSerializer(serializers.Serializer[Any]):
    """Which threats apply by a profile and an edition of the catalog, and what deserves a look beside them."""

    edition = serializers.CharField()
    questions_asked = serializers.IntegerField()
    questions_answered = serializers.IntegerField()
    counts = serializers.DictField(child=serializers.IntegerField())
    threats = serializers.DictField(child=VerdictSerializer())
    modifiers = serializers.ListField(child=ModifierSerializer())
    attention = serializers.ListField(child=AttentionSerializer())


class IdentificationSerializer(IdentifiedSerializer):
    """Likewise, by the profile of a system with this number (0: none yet)."""

    profile = serializers.IntegerField()


class ThreatIdentificationView(APIView):
    """Identification without a system."""

    permission_classes = [SignedInToRead]

    @extend_schema(request=OpenApiTypes.OBJECT, responses=IdentifiedSerializer)
    def post(self, request: Request) -> Response:
        """Send the answers of a profile and read which threats apply. Saves nothing, so the scope read is enough."""
        refuse_unknown(request)
        return Response(identified(reading.current().rule_set, valid_answers(request.data)))


def identified(rule_set: RuleSet, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What follows from valid answers, as it is sent."""
    identification, how_far = identify(rule_set, answers), progress(rule_set, answers)
    return {
        "edition": rule_set.edition,
        "questions_asked": how_far.asked,
        "questions_answered": how_far.answered,
        "counts": identification.counts,
        "threats": {
            verdict.threat: {
                "status": verdict.status,
                "party": verdict.party,
                "reasons": verdict.sentences(),
                "modifiers": list(verdict.modifiers),
            }
            for verdict in identification.verdicts.values()
        },
        "modifiers": _modifiers(identification),
        "attention": [_attention(each) for each in attention_to(rule_set, answers)],
    }


def _modifiers(identification: Identification) -> list[dict[str, Any]]:
    return [
        {
            "id": modifier.id,
            "effect": modifier.effect,
            "sentence": modifier.sentence,
            "threats": [each.threat for each in identification.verdicts.values() if modifier.id in each.modifiers],
            "controls": list(modifier.controls),
        }
        for modifier in identification.modifiers
    ]


def _attention(attention: Attention) -> dict[str, Any]:
    point = attention.point
    return {
        "id": point.id,
        "context": point.context,
        "question": point.question,
        "why": point.why,
        "answer": attention.answer,
        "answered_by": point.settled_by.question if point.settled_by else None,
        "reasons": [reason.text for reason in attention.reasons],
        "threats": list(point.threats),
        "controls": list(point.controls),
        "url": point.url,
    }
