"""The adjectives of AI systems, and of rows that hold from one moment on."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Count, Func, OuterRef, Q, Value
from django.db.models.functions import Concat, Lower

from accounts.querysets import TeamScoped

if TYPE_CHECKING:
    from accounts.models import User


class Dated(TeamScoped):
    """Rows of a team that are superseded, never changed."""

    def in_force(self) -> Self:
        """Those that hold now; the database allows one at a time."""
        return self.filter(superseded_at=None)


class AISystemQuerySet(TeamScoped):
    def for_list(self) -> Self:
        """With team and owner, and as `supplier_names` who builds or hosts the components."""
        components: Any = self.model._meta.get_field("components").related_model
        supplied = components._default_manager.present().filter(system=OuterRef("pk"), supplier__isnull=False)
        names = supplied.order_by("supplier__name").values("supplier__name").distinct()
        return self.select_related("team", "owner").annotate(supplier_names=ArraySubquery(names)).order_by("number")

    def active(self) -> Self:
        """Those that are not archived."""
        return self.filter(archived_at=None)

    def archived(self) -> Self:
        return self.filter(archived_at__isnull=False)

    def tagged(self, tag: str) -> Self:
        """Those with this tag, whatever its capitals."""
        text, between = models.TextField(), Value("\n", output_field=models.TextField())
        joined = Func("tags", between, function="array_to_string", output_field=text)
        lines = Lower(Concat(between, joined, between, output_field=text))
        wanted = Lower(Value(f"\n{tag}\n"))
        return self.alias(_tags=lines).filter(_tags__contains=wanted)

    def tags(self, *, most: int | None = None) -> list[str]:
        """Every tag that these systems have, or the first so many by name; one query."""
        tags = self.order_by().annotate(tag=Func("tags", function="unnest")).values_list("tag", flat=True).distinct()
        return sorted(tags.order_by("tag")[:most], key=str.casefold)


class ComponentQuerySet(TeamScoped):
    def present(self) -> Self:
        """Those that the system still has."""
        return self.filter(removed_at=None)

    def removed(self) -> Self:
        """Those that it no longer has, the last one first."""
        return self.exclude(removed_at=None).order_by("-removed_at", "-pk")

    def delivered(self) -> Self:
        """Those of which it is known how they come to us; only models and their extensions are asked."""
        return self.exclude(delivery="")

    def of_active_systems(self) -> Self:
        """Those of systems that are not archived."""
        return self.filter(system__archived_at=None)

    def for_page(self) -> Self:
        """With supplier, system and versions, the newest version first."""
        return self.select_related("supplier", "system", "team").prefetch_related("versions")


class SupplierQuerySet(models.QuerySet[Any]):
    def visible_to(self, reader: "User") -> Self:
        """All of them for everyone who is in a team or reads everything: one list for the organisation (ADR 9)."""
        return self.all() if reader.sees_all_teams or reader.team_ids() else self.none()

    def with_counts(self, reader: "User") -> Self:
        """With `components_seen` and `systems_seen`: how many of each, of the reader's teams, are theirs."""
        seen = Q(components__removed_at=None, components__system__archived_at=None)
        if not reader.sees_all_teams:
            seen &= Q(components__team_id__in=reader.team_ids())
        return self.annotate(
            components_seen=Count("components", filter=seen, distinct=True),
            systems_seen=Count("components__system", filter=seen, distinct=True),
        ).order_by("name", "pk")


class ImportDraftQuerySet(models.QuerySet[Any]):
    def visible_to(self, reader: "User") -> Self:
        """A draft is its uploader's alone."""
        return self.filter(uploader_id=reader.pk)

    def expired(self, *, at: datetime) -> Self:
        return self.filter(expires_at__lte=at)
