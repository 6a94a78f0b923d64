"""The shape of a body: what it may hold, and nothing else."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers


class Shape(serializers.Serializer[Any]):
    """Refuses fields that it does not take, by name: a change that is ignored would look like one that is made."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            taken = {name for name, field in self.fields.items() if not field.read_only}
            refused = [name for name in data if name not in taken]
            if refused:
                raise serializers.ValidationError({str(name): ["This cannot be set here."] for name in refused[:20]})
        return super().to_internal_value(data)


def checked(shape: Shape) -> dict[str, Any]:
    """What was sent, once it has the shape. Raises DRF's ValidationError."""
    shape.is_valid(raise_exception=True)
    data: dict[str, Any] = shape.validated_data
    return data
