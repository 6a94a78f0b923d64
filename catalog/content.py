"""An edition as plain values: read from its data files, or put together from its rows. Both give the same."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from api.parsers import parse_json
from catalog.models import (
    Concern,
    Control,
    ControlGroup,
    Edition,
    Entry,
    Exhibit,
    Framework,
    FrameworkItem,
    Impact,
    ItemLink,
    Modifier,
    OpenCre,
    Point,
    Question,
    QuestionGroup,
    Rule,
    Standard,
    Threat,
    ThreatControl,
)
from catalog.shape import FIELDS, OPTIONAL

LARGEST_FILE = 20_000_000  # bytes; the largest of the packaged edition has a third of a megabyte
MOST_FILES = 50  # in the folder of an edition

# The sections that have tables of their own. All others are tables and pictures of the source: see Exhibit.
MODELS: dict[str, type[Entry]] = {
    "impacts": Impact,
    "threats": Threat,
    "control_groups": ControlGroup,
    "controls": Control,
    "links": ThreatControl,
    "standards": Standard,
    "opencre": OpenCre,
    "frameworks": Framework,
    "items": FrameworkItem,
    "item_links": ItemLink,
    "concerns": Concern,
    "question_groups": QuestionGroup,
    "questions": Question,
    "rules": Rule,
    "modifiers": Modifier,
    "attention": Point,
}
EXHIBITS = tuple(section for section in FIELDS if section not in MODELS)
# Where a field of the data file is found in the rows, unless it has the same name there.
COLUMNS = {
    "threats": {"parent": "parent__key"},
    "control_groups": {"parent": "parent__key"},
    "controls": {"parent_key": "parent__key"},
    "links": {"threat": "threat__key", "control": "control__key"},
    "standards": {"threat": "threat__key", "control": "control__key"},
    "opencre": {"threat": "threat__key", "control": "control__key", "id": "cre"},
    "items": {"framework": "framework__key", "id": "identity"},
    "item_links": {"framework": "framework__key"},
    "questions": {"group": "group__key"},
    "rules": {"threat": "threat__key"},
    "modifiers": {"id": "key"},
    "attention": {"id": "key"},
}

type Content = dict[str, Any]


def read_content(path: Path) -> Any:
    """The value in a data file, or the sections of all files in a folder, put together.

    Raises ValueError with a sentence when something cannot be read, is not JSON, or two files hold the same section.
    """
    if not path.is_dir():
        return _read_file(path)
    files = sorted(path.glob("*.json"))
    if not files or len(files) > MOST_FILES:
        raise ValueError(f"{path} is no folder of an edition: it holds {len(files)} files that end in .json.")
    return _together((file.name, _read_file(file)) for file in files)


def _read_file(path: Path) -> Any:
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


def _together(files: Iterable[tuple[str, Any]]) -> Content:
    content: Content = {}
    holders: dict[str, str] = {}
    for name, part in files:
        if not isinstance(part, dict):
            raise ValueError(f"{name} does not hold an object of sections.")
        for section, value in part.items():
            if section in holders:
                raise ValueError(f"{name} and {holders[section]} both hold the section “{section}”.")
            content[section], holders[section] = value, name
    return content


def digest_of(content: Any) -> str:
    """SHA-256 of the content, hexadecimal. Spaces and the order of names in an object make no difference."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def content_of(edition: Edition) -> Content:
    """The content of an edition from its rows, one query per table."""
    content: Content = {"edition": edition.key, "source": edition.source}
    exhibits: dict[str, list[Content]] = {section: [] for section in EXHIBITS}
    for section, row in Exhibit.objects.filter(edition=edition).order_by("position").values_list("section", "content"):
        exhibits[section].append(row)
    for section in FIELDS:
        content[section] = _section(edition, section) if section in MODELS else exhibits[section]
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
