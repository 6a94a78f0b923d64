"""The adjectives of AI systems, and of rows that hold from one moment on."""

from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Func, OuterRef, Value
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

    def tags(self) -> list[str]:
        """Every tag that these systems have, in order; one query."""
        tags = self.order_by().annotate(tag=Func("tags", function="unnest")).values_list("tag", flat=True).distinct()
        return sorted(tags, key=str.casefold)


class ComponentQuerySet(TeamScoped):
    def present(self) -> Self:
        """Those that the system still has."""
        return self.filter(removed_at=None)


class SupplierQuerySet(models.QuerySet[Any]):
    def visible_to(self, reader: "User") -> Self:
        """All of them for everyone who is in a team or reads everything: one list for the organisation (ADR 9)."""
        return self.all() if reader.sees_all_teams or reader.team_ids() else self.none()
