"""What the page of components shows of each."""

from collections.abc import Iterable
from dataclasses import dataclass

from risks.systems.choices import DELIVERED_KINDS, ComponentKind, HostedBy
from risks.systems.models import Component, ComponentVersion


@dataclass(frozen=True)
class ComponentRow:
    """A component, its version in force (None while nobody has said one) and those before, the newest first."""

    component: Component
    version: ComponentVersion | None
    past: list[ComponentVersion]

    @property
    def is_delivered(self) -> bool:
        """Whether anyone asks how it comes to us."""
        return self.component.kind in DELIVERED_KINDS

    @property
    def host(self) -> str:
        """Who hosts it, by name; empty while that is not known."""
        if self.component.hosted_by == HostedBy.SUPPLIER and self.component.supplier:
            return self.component.supplier.name
        return str(self.component.get_hosted_by_display())


def rows_of(components: Iterable[Component]) -> list[ComponentRow]:
    """The components with their versions (fetched by `for_page`), in the order given."""
    return [_row(component) for component in components]


def by_kind(components: Iterable[Component]) -> list[Component]:
    """The model first, as the choices of kind stand; within a kind the oldest first."""
    order = ComponentKind.values
    return sorted(components, key=lambda component: (order.index(component.kind), component.pk))


def _row(component: Component) -> ComponentRow:
    versions = list(component.versions.all())
    current = next((version for version in versions if version.superseded_at is None), None)
    return ComponentRow(component, current, [version for version in versions if version is not current])
