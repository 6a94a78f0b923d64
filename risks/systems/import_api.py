"""The API of imports: the file is the body, as it is; the answer is what it would do, or did."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import person_of
from api.filters import refuse_unknown
from api.permissions import SignedIn
from journal.errors import Conflict
from risks.systems.access import must_register
from risks.systems.importing import RefusedError, import_systems, plan_import
from risks.systems.imports.plan import MOST_BYTES, MOST_REMARKS, Plan
from risks.systems.models import AISystem

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BOM = "application/vnd.cyclonedx+json"
MEDIA_TYPES = ("text/csv", XLSX, BOM, "application/json")
CHANGED = "Something changed since the dry run with this digest. Send the file once more without dry_run=false."


class FileParser(BaseParser):
    """The body as bytes, no more of them than a file may have."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        raw: bytes = stream.read(MOST_BYTES + 1)
        if len(raw) > MOST_BYTES:
            raise ParseError(f"The file is larger than {MOST_BYTES // 1_000_000} MB.")
        return raw


class RemarkSerializer(serializers.Serializer[Any]):
    """A sentence about a place: a row and column of a sheet, or a path of a BOM."""

    row = serializers.IntegerField(allow_null=True)
    place = serializers.CharField()
    text = serializers.CharField()


class PlannedComponentSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    kind = serializers.CharField()
    supplier = serializers.CharField()
    hosted_by = serializers.CharField()
    version = serializers.CharField()
    note = serializers.CharField()


class PlannedAnswerSerializer(serializers.Serializer[Any]):
    """`follows_from` is the field of a BOM that says so; empty in a sheet, which answers itself."""

    question = serializers.CharField()
    answer = serializers.JSONField(source="plain")
    follows_from = serializers.CharField(source="source")


class PlannedSystemSerializer(serializers.Serializer[Any]):
    """`team` and `owner` are ids, null for what was not found or not said."""

    row = serializers.IntegerField(source="said.row", allow_null=True)
    name = serializers.CharField(source="said.name")
    purpose = serializers.CharField(source="said.purpose")
    team = serializers.IntegerField(source="team_id", allow_null=True)
    team_name = serializers.CharField()
    owner = serializers.IntegerField(source="owner_id", allow_null=True)
    about = serializers.SerializerMethodField()
    answers = PlannedAnswerSerializer(source="said.answers", many=True)
    components = PlannedComponentSerializer(source="said.components", many=True)

    def get_about(self, system: Any) -> dict[str, Any]:
        return dict(system.said.fields)


class NewSupplierSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    kind = serializers.CharField()


class ImportCountsSerializer(serializers.Serializer[Any]):
    systems = serializers.IntegerField()
    components = serializers.IntegerField()
    answers = serializers.IntegerField()
    new_suppliers = serializers.IntegerField()
    wrong_rows = serializers.IntegerField()


class ImportReportSerializer(serializers.Serializer[Any]):
    """What a file would do. `digest` sent as `expected` imports exactly this. At most 200 errors and warnings each."""

    format = serializers.CharField()
    may_be_imported = serializers.BooleanField()
    digest = serializers.CharField()
    counts = ImportCountsSerializer()
    errors = RemarkSerializer(many=True)  # type: ignore[assignment]
    warnings = RemarkSerializer(many=True)
    notes = serializers.ListField(child=serializers.CharField())
    new_suppliers = NewSupplierSerializer(many=True)
    systems = PlannedSystemSerializer(many=True)


class ImportedSystemSerializer(serializers.ModelSerializer[AISystem]):
    class Meta:
        model = AISystem
        fields = ("id", "reference", "name", "team")


class ImportedSerializer(serializers.Serializer[Any]):
    """What was registered, in the order of the file."""

    systems = ImportedSystemSerializer(many=True)


class ImportView(APIView):
    """Systems from a CSV, an Excel workbook or a CycloneDX BOM."""

    permission_classes = [SignedIn]
    parser_classes = [type("FileParser", (FileParser,), {"media_type": media_type}) for media_type in MEDIA_TYPES]

    @extend_schema(
        operation_id="systems_import",
        parameters=[
            OpenApiParameter("dry_run", bool, description="true (the default) only reports; false imports."),
            OpenApiParameter("team", int, description="Id of the team of what names none, such as a BOM."),
            OpenApiParameter("expected", str, description="The digest of the dry run that is to be carried out."),
        ],
        request=dict.fromkeys(MEDIA_TYPES, OpenApiTypes.BINARY),
        responses={200: ImportReportSerializer, 201: OpenApiResponse(ImportedSerializer)},
    )
    def post(self, request: Request) -> Response:
        """A dry run answers 200 whatever is in the file. An import answers 201, or 400 and has changed nothing."""
        refuse_unknown(request, ("dry_run", "team", "expected"))
        actor = person_of(request)
        must_register(actor)
        params = request.query_params
        dry_run, team_id = _dry_run(params), _team(params)
        sent: Any = request.data
        raw = sent if isinstance(sent, bytes) else b""  # a body of no length is never parsed
        if dry_run:
            plan = plan_import(raw, actor=actor, team_id=team_id)
            return Response(ImportReportSerializer(_report(plan)).data)
        try:
            systems = import_systems(raw, actor=actor, team_id=team_id, expected=params.get("expected"))
        except Conflict:
            raise ValidationError({"expected": CHANGED}) from None
        except RefusedError as refusal:
            raise RefusedError(refusal.remarks[:MOST_REMARKS]) from None
        return Response(ImportedSerializer({"systems": systems}).data, status=201)


def _dry_run(params: QueryDict) -> bool:
    said = params.get("dry_run", "true")
    if said not in ("true", "false"):
        raise ValidationError({"dry_run": "Say true or false."})
    return said == "true"


def _team(params: QueryDict) -> int | None:
    said = params.get("team")
    if said is None:
        return None
    if not (said.isascii() and said.isdigit() and len(said) < 10):
        raise ValidationError({"team": "Give the id of a team."})
    return int(said)


def _report(plan: Plan) -> dict[str, Any]:
    return {
        "format": plan.format,
        "may_be_imported": plan.may_be_imported,
        "digest": plan.digest,
        "counts": {
            "systems": len(plan.systems),
            "components": plan.components,
            "answers": plan.answers,
            "new_suppliers": len(plan.new_suppliers),
            "wrong_rows": plan.wrong_rows,
        },
        "errors": plan.errors[:MOST_REMARKS],
        "warnings": plan.warnings[:MOST_REMARKS],
        "notes": plan.notes,
        "new_suppliers": plan.new_suppliers,
        "systems": plan.systems,
    }
