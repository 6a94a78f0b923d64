"""What to send to the pages of the scale."""

import json
from typing import Any

from risks.register.rules import DEFAULT_SCALE
from risks.register.scale_content import content_of
from risks.register.scale_forms import PreviewForm, ScaleForm, Size


def other_content() -> dict[str, Any]:
    """The scale of the project with one cell a band higher: no rating of the world lies there."""
    content = content_of(DEFAULT_SCALE)
    content["levels"][4][2] = 5
    return content


def as_form(world: Any = None) -> dict[str, Any]:
    """The scale in force as its form sends it."""
    form = ScaleForm(DEFAULT_SCALE, Size.of(DEFAULT_SCALE))
    return {field.name: "" if field.value() is None else field.value() for field in form}


def to_put(world: Any = None) -> dict[str, Any]:
    """What the preview sends to put another scale in force."""
    form = PreviewForm(DEFAULT_SCALE, DEFAULT_SCALE)
    sent = {field.name: field.value() or "" for field in form}
    return sent | {"content": json.dumps(other_content()), "reason": "The board decided.", "put": "1"}


def a_line(world: Any = None) -> dict[str, Any]:
    """A team's own line on the scale in force."""
    ends = {f"appetite-{number}": 1 for number in range(1, 6)}
    return ends | {"reason": "Payments are strict.", "expected_key": DEFAULT_SCALE.key}
