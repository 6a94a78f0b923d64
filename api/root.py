"""`GET /api/v1/`: the resources by name, each with its address."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view, permission_classes
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from api.permissions import SignedIn

RESOURCES = ("threats", "controls", "teams", "systems", "suppliers", "risks", "threat-identification", "schema")


@extend_schema(responses={200: OpenApiTypes.OBJECT}, description="The resources by name, each with its address.")
@api_view(["GET"])
@permission_classes([SignedIn])
def root(request: Request) -> Response:
    return Response({name: reverse(f"api:{name}", request=request) for name in RESOURCES})
