"""The API's way to change many risks in one go: a dry run first, then all of it or nothing."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import person_of
from api.errors import PreconditionFailed
from api.filters import refuse_unknown
from api.permissions import SignedIn
from api.shapes import Shape, checked
from journal.errors import Conflict
from risks.register.changing import MOST_AT_ONCE, MOST_NAMED, Planned, change_treatments, plan_change
from risks.register.choices import TreatmentStatus
from risks.register.models import Risk
from risks.register.services import LONGEST_NOTE
from risks.register.treating import Change

CHANGED, SAME, REFUSED, MOVED = "changed", "unchanged", "refused", "moved"
TWICE = "A risk is named twice."


class RiskInVersion(Shape):
    """A risk as it was read."""

    id = serializers.IntegerField(min_value=1)
    version = serializers.IntegerField(min_value=0)


class TreatmentChange(Shape):
    """What is to change of a treatment in force; what is left out stays. `owner` is a person's id.

    `note` is about the status: left out, another status has none.
    """

    owner = serializers.IntegerField(required=False)
    due = serializers.DateField(required=False)
    status = serializers.ChoiceField(choices=TreatmentStatus.choices, required=False)
    note = serializers.CharField(max_length=LONGEST_NOTE, allow_blank=True, required=False)


class RiskChanges(TreatmentChange):
    """The same for many risks, each in the version that was read; `dry_run` (true unless you say false) only tells."""

    dry_run = serializers.BooleanField(default=True)
    risks = serializers.ListField(child=RiskInVersion(), min_length=1, max_length=MOST_AT_ONCE)


class RiskOutcome(serializers.Serializer[Any]):
    """What happens to one risk. `changes` holds each field that changes as [before, after]; owners are ids."""

    id = serializers.IntegerField()
    reference = serializers.CharField()
    version = serializers.IntegerField(help_text="As it is after this.")
    outcome = serializers.ChoiceField(choices=[CHANGED, SAME, REFUSED, MOVED])
    changes = serializers.DictField(child=serializers.ListField())
    why_not = serializers.CharField(help_text="Why it cannot be changed.")


class RiskChangesReport(serializers.Serializer[Any]):
    """In the order of the references."""

    dry_run = serializers.BooleanField()
    results = RiskOutcome(many=True)


class RiskChangesView(APIView):
    """Changing owner, due date and status of many risks."""

    permission_classes = [SignedIn]

    @extend_schema(operation_id="risks_change", request=RiskChanges, responses={200: RiskChangesReport})
    def post(self, request: Request) -> Response:
        """A dry run tells what would be done. With `dry_run` false all of it is done, or nothing and the answer is 4xx.

        A risk that somebody else changed since the version named is `moved` in a dry run, and makes it 412 else.
        """
        refuse_unknown(request)
        data, person = checked(RiskChanges(data=request.data)), person_of(request)
        dry_run, change = data.pop("dry_run"), change_from(data)
        versions = {each["id"]: each["version"] for each in data["risks"]}
        if len(versions) < len(data["risks"]):
            raise ValidationError({"risks": TWICE})
        if dry_run:
            plan = plan_change(versions, actor=person, change=change)
        else:
            try:
                plan = change_treatments(versions, actor=person, change=change)
            except Conflict as conflict:
                raise PreconditionFailed(_moved(conflict.current)) from None
        results = [_outcome(each, versions[each.risk.pk], dry_run=dry_run) for each in plan]
        return Response(RiskChangesReport({"dry_run": dry_run, "results": results}).data)


def change_from(data: dict[str, Any]) -> Change:
    """What was sent, as the services take it."""
    return Change(data.get("owner"), data.get("due"), data.get("status"), data.get("note"))


def _outcome(planned: Planned, version: int, *, dry_run: bool) -> dict[str, Any]:
    risk = planned.risk
    moved = dry_run and risk.version != version
    outcome = REFUSED if planned.why_not else MOVED if moved else CHANGED if planned.values else SAME
    return {
        "id": risk.pk,
        "reference": risk.reference,
        "version": risk.version,
        "outcome": outcome,
        "changes": {name: [_plain(each) for each in pair] for name, pair in planned.changes.items()},
        "why_not": planned.why_not,
    }


def _plain(value: Any) -> Any:
    return getattr(value, "pk", value)


def _moved(risks: Iterable[Risk]) -> str:
    named = [risk.reference for risk in risks]
    rest = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
    return f"Somebody else changed {', '.join(named[:MOST_NAMED])}{rest}. Nothing was changed. Read them again."
