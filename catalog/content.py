"""An edition as plain values: read from its data file, or put together from its rows. Both give the same."""

import hashlib
import json
from pathlib import Path
from typing import Any

from api.parsers import parse_json
from catalog.models import (
    Control,
    ControlGroup,
    Edition,
    Entry,
    Impact,
    Modifier,
    Question,
    QuestionGroup,
    Rule,
    Threat,
    ThreatControl,
)
from catalog.shape import FIELDS, OPTIONAL

LARGEST_FILE = 20_000_000  # bytes; the packaged edition has a third of a megabyte

MODELS: dict[str, type[Entry]] = {
    "impacts": Impact,
    "threats": Threat,
    "control_groups": ControlGroup,
    "controls": Control,
    "links": ThreatControl,
    "question_groups": QuestionGroup,
    "questions": Question,
    "rules": Rule,
    "modifiers": Modifier,
}
# Where a field of the data file is found in the rows, unless it has the same name there.
COLUMNS = {
    "threats": {"parent": "parent__key"},
    "control_groups": {"parent": "parent__key"},
    "controls": {"parent_key": "parent__key"},
    "links": {"threat": "threat__key", "control": "control__key"},
    "questions": {"group": "group__key"},
    "rules": {"threat": "threat__key"},
    "modifiers": {"id": "key"},
}

type Content = dict[str, Any]


def read_content(path: Path) -> Any:
    """The value in a data file. Raises ValueError with a sentence when it cannot be read or is not JSON."""
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}.") from error
    if len(raw) > LARGEST_FILE:
        raise ValueError(f"{path} is larger than {LARGEST_FILE} bytes.")
    try:
        return parse_json(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} is not UTF-8.") from error


def digest_of(content: Any) -> str:
    """SHA-256 of the content, hexadecimal. Spaces and the order of names in an object make no difference."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def content_of(edition: Edition) -> Content:
    """The content of an edition from its rows, one query per table."""
    content: Content = {"edition": edition.key, "source": edition.source}
    for section in MODELS:
        content[section] = _section(edition, section)
    _order_dependencies(content["questions"])
    variants = Threat.objects.filter(edition=edition, is_variant=True).order_by("position")
    content["not_derived"] = list(variants.values_list("key", flat=True))
    return content


def _section(edition: Edition, section: str) -> list[Content]:
    """The rows of a table as the objects of the data file, in its order. What it may leave out is left out."""
    names, columns = FIELDS[section], COLUMNS.get(section, {})
    optional = OPTIONAL.get(section, set())
    rows = MODELS[section].objects.filter(edition=edition).order_by("position")
    return [
        {name: value for name, value in zip(names, row, strict=True) if value is not None or name not in optional}
        for row in rows.values_list(*(columns.get(name, name) for name in names))
    ]


def _order_dependencies(questions: list[Content]) -> None:
    """The database keeps no order of names in an object; dependencies come in the order of the profile."""
    order = [question["key"] for question in questions]
    for question in questions:
        if question["asked_if"]:
            question["asked_if"] = dict(sorted(question["asked_if"].items(), key=lambda item: order.index(item[0])))
