"""The API of the catalog: what is in force, and the editions that are loaded. Read only, addressed by key."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from api.conditional import answer
from api.filters import refuse_unknown
from api.lists import answer_list
from api.pagination import PAGING
from api.permissions import SignedIn
from catalog import shapes
from catalog.comparing import difference
from catalog.filters import Facet, control_facets, read_filter, threat_facets
from catalog.models import Edition
from catalog.reading import Catalog, current, edition_named
from catalog.vocabulary import ControlArea, ControlType, Doer, Effort, Lifecycle, ModelType, Surface, ThreatKind

type Facets = Callable[[Catalog], Sequence[Facet[Any]]]

MANY = "Given more than once, the values are joined by or."
CURSOR = (
    OpenApiParameter("cursor", description="From the `next` of the page before."),
    OpenApiParameter("page_size", type=int, description="1 to 500; 100 by default."),
)


def expand(relations: Mapping[str, Any] | Sequence[str]) -> OpenApiParameter:
    """The parameter that asks for relations, separated by commas."""
    return OpenApiParameter("expand", description=f"Relations to include, by commas: {', '.join(relations)}.")


def facet(name: str, values: Sequence[str] | None = None, about: str = "") -> OpenApiParameter:
    """A filter of a list."""
    return OpenApiParameter(name, enum=values, many=True, description=f"{about} {MANY}".strip())


class CatalogViewSet(ViewSet):
    """Entries in the order of the edition. An old key answers with the entry it belongs to now."""

    permission_classes = [SignedIn]
    lookup_field = "key"
    shape: type[serializers.Serializer[Any]]
    relations: shapes.Expand = {}
    always: tuple[str, ...] = ()  # relations that one entry comes with, whether asked for or not

    def one(self, request: Request, catalog: Catalog, entry: Any) -> Response:
        refuse_unknown(request, ("expand",))
        return answer(request, self.told(catalog, entry, (*self.always, *self.expanded(request))))

    def some(
        self, request: Request, catalog: Catalog, entries: Iterable[Any], facets: Sequence[Facet[Any]] = ()
    ) -> Response:
        try:
            wanted = read_filter(request.query_params, facets, beside=(*PAGING, "expand"))
        except ValidationError as error:
            raise ParseError(" ".join(error.messages)) from error
        expanded = self.expanded(request)
        placed = [(place, entry) for place, entry in enumerate(entries) if wanted.passes(entry)]
        return answer_list(request, placed, lambda page: [self.told(catalog, entry, expanded) for entry in page])

    def told(self, catalog: Catalog, entry: Any, relations: Sequence[str]) -> dict[str, Any]:
        """An entry with some of its relations."""
        told = {**self.shape(entry).data, "edition": catalog.edition}
        return told | {name: self.relations[name](catalog, entry) for name in dict.fromkeys(relations)}

    def expanded(self, request: Request) -> list[str]:
        """The relations that are asked for. Raises 400 for one that there is not."""
        asked = [name for name in request.query_params.get("expand", "").split(",") if name]
        for name in asked:
            if name not in self.relations:
                known = ", ".join(sorted(self.relations))
                raise ParseError(f"'{name[:80]}' is not a value of 'expand'. Known are: {known}.")
        return asked


def found(find: Callable[[str], Any], key: str) -> Any:
    """The entry with this key, or that has it in another edition. Raises Http404."""
    try:
        return find(key)
    except KeyError as error:
        raise Http404 from error


class ThreatViewSet(CatalogViewSet):
    shape = shapes.ThreatShape
    relations = shapes.THREAT_RELATIONS
    always = ("controls",)

    @extend_schema(
        responses=shapes.ExpandedThreatShape(many=True),
        parameters=[
            facet("surface", Surface.values),
            facet("lifecycle", Lifecycle.values),
            facet("impact", about="Code of an impact: what hurts it."),
            facet("asset", about="Code of an asset that is hurt or attacked."),
            facet("model", ModelType.values, "Kind of model that it may concern."),
            facet("framework", about="Key of a framework that has a link to it."),
            facet("kind", ThreatKind.values),
            facet("parent", about="Key of a group: the entries right below it."),
            facet("origin", ["exchange", "own"]),
            expand(shapes.THREAT_RELATIONS),
            *CURSOR,
        ],
    )
    def list(self, request: Request) -> Response:
        catalog = current()
        return self.some(request, catalog, catalog.threats.values(), threat_facets(catalog))

    @extend_schema(responses=shapes.ExpandedThreatShape, parameters=[expand(shapes.THREAT_RELATIONS)])
    def retrieve(self, request: Request, key: str) -> Response:
        catalog = current()
        return self.one(request, catalog, found(catalog.threat, key))


class ControlViewSet(CatalogViewSet):
    shape = shapes.ControlShape
    relations = shapes.CONTROL_RELATIONS
    always = ("threats",)

    @extend_schema(
        responses=shapes.ExpandedControlShape(many=True),
        parameters=[
            facet("type", ControlType.values),
            facet("lifecycle", Lifecycle.values),
            facet("essential", about="Key of an essential category, at any height."),
            facet("effort", Effort.values),
            facet("done_by", Doer.values),
            facet("group", ControlArea.values),
            facet("framework", about="Key of a framework that has a link to it."),
            facet("standard", about="Name of a standard that the source names for it."),
            facet("origin", ["exchange", "own"]),
            expand(shapes.CONTROL_RELATIONS),
            *CURSOR,
        ],
    )
    def list(self, request: Request) -> Response:
        catalog = current()
        return self.some(request, catalog, catalog.controls.values(), control_facets(catalog))

    @extend_schema(responses=shapes.ExpandedControlShape, parameters=[expand(shapes.CONTROL_RELATIONS)])
    def retrieve(self, request: Request, key: str) -> Response:
        catalog = current()
        return self.one(request, catalog, found(catalog.control, key))


class FrameworkViewSet(CatalogViewSet):
    shape = shapes.FrameworkShape
    relations = shapes.FRAMEWORK_RELATIONS

    @extend_schema(
        responses=shapes.ExpandedFrameworkShape(many=True),
        parameters=[
            facet("family", about="Shared by the editions of one framework."),
            expand(shapes.FRAMEWORK_RELATIONS),
            *CURSOR,
        ],
    )
    def list(self, request: Request) -> Response:
        catalog = current()
        families = {framework.family: framework.family for framework in catalog.frameworks.values()}
        family = Facet[Any]("family", "Family", families, lambda each, value: each.family == value)
        return self.some(request, catalog, catalog.frameworks.values(), [family])

    @extend_schema(responses=shapes.ExpandedFrameworkShape, parameters=[expand(shapes.FRAMEWORK_RELATIONS)])
    def retrieve(self, request: Request, key: str) -> Response:
        catalog = current()
        return self.one(request, catalog, found(catalog.frameworks.__getitem__, key))


class EditionViewSet(CatalogViewSet):
    """Editions, the newest first. `expand=difference` compares one with the edition in force."""

    shape = shapes.EditionShape
    relations = {"difference": lambda catalog, edition: _difference(catalog, edition)}

    def told(self, catalog: Catalog, entry: Any, relations: Sequence[str]) -> dict[str, Any]:
        told = dict(self.shape(entry).data)
        return told | {name: self.relations[name](catalog, entry) for name in relations}

    @extend_schema(responses=shapes.ExpandedEditionShape(many=True), parameters=[expand(("difference",)), *CURSOR])
    def list(self, request: Request) -> Response:
        rows = Edition.objects.visible_to(request.user).with_standing()  # type: ignore[arg-type]
        return self.some(request, current(), rows)

    @extend_schema(responses=shapes.ExpandedEditionShape, parameters=[expand(("difference",))])
    def retrieve(self, request: Request, key: str) -> Response:
        rows = Edition.objects.visible_to(request.user).with_standing()  # type: ignore[arg-type]
        return self.one(request, current(), get_object_or_404(rows, key=key))


def _difference(catalog: Catalog, edition: Edition) -> Any:
    return shapes.difference_of(difference(edition_named(catalog.edition), edition_named(edition.key)))
