"""Loads an edition: the only writer of the catalog."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from catalog.content import COLUMNS, MODELS, Content, digest_of, read_content
from catalog.models import Control, ControlGroup, Edition, Entry, QuestionGroup, Threat
from catalog.validation import faults
from journal.errors import NotAllowed
from journal.recording import Actor, record

LOADED = "catalog.loaded"

# Which rows a field of the data file refers to.
REFERENCES: dict[str, dict[str, type[Entry]]] = {
    "threats": {"parent": Threat},
    "control_groups": {"parent": ControlGroup},
    "controls": {"parent_key": ControlGroup},
    "links": {"threat": Threat, "control": Control},
    "questions": {"group": QuestionGroup},
    "rules": {"threat": Threat},
}

type Written = dict[type[Entry], dict[str, int]]  # per model the id of each key


@dataclass(frozen=True)
class Loaded:
    """An edition and how many rows were added per section of its file; none when it was there already."""

    edition: Edition
    added: dict[str, int]


def load_file(path: Path, *, actor: Actor, replace: bool = False) -> Loaded:
    """Load the edition in a data file; see load_edition. Raises ValidationError for an unreadable file too."""
    try:
        content = read_content(path)
    except ValueError as error:
        raise ValidationError(str(error)) from error
    return load_edition(content, actor=actor, replace=replace)


@transaction.atomic
def load_edition(content: Any, *, actor: Actor, replace: bool = False) -> Loaded:
    """Add an edition and put it in force, unless a newer one is. The same content again changes nothing.

    Raises ValidationError with every fault. An edition is immutable, so other content under the key of one that is
    there is a fault as well; `replace` takes that one away first, outside production only (NotAllowed).
    """
    _wait_for_other_loads()
    digest = digest_of(content)
    if same := Edition.objects.filter(digest=digest).first():
        return Loaded(same, {})
    if wrong := faults(content):
        raise ValidationError(wrong)
    _make_room(content["edition"], replace=replace)
    edition, before = _add_edition(content, digest)
    added = _add_rows(edition, content)
    changes = {"current edition": before} if before[0] != before[1] else {}
    record(edition, LOADED, actor=actor, changes={**changes, **{name: [0, count] for name, count in added.items()}})
    return Loaded(edition, added)


def _wait_for_other_loads() -> None:
    """Two processes that load at once would both find nothing there."""
    with transaction.get_connection().cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('catalog.load', 0))")


def _make_room(key: str, *, replace: bool) -> None:
    there = Edition.objects.filter(key=key).first()
    if there is None:
        return
    if not replace:
        raise ValidationError(
            f"Edition {key} is loaded with other content. An edition never changes: give the new content a new date."
        )
    if settings.IN_PRODUCTION:
        raise NotAllowed("An edition is never replaced in production. Give the new content a new date.")
    there.delete()


def _add_edition(content: Content, digest: str) -> tuple[Edition, list[str | None]]:
    """The row of the edition, and the keys of the edition in force before and after."""
    released = date.fromisoformat(content["edition"])
    current = Edition.objects.current().select_for_update().first()
    is_newest = current is None or current.released < released
    if current is not None and is_newest:
        Edition.objects.filter(pk=current.pk).update(is_current=False)
    edition = Edition(
        key=content["edition"], released=released, source=content["source"], digest=digest, is_current=is_newest
    )
    edition.full_clean()
    edition.save(force_insert=True)
    before = current.key if current else None
    return edition, [before, edition.key if is_newest else before]


def _add_rows(edition: Edition, content: Content) -> dict[str, int]:
    written: Written = {}
    for section, model in MODELS.items():
        for layer in _layers(content[section]):
            rows = [_row(edition, section, position, content, written) for position in layer]
            model.objects.bulk_create(rows)
            if section in ("threats", "control_groups", "controls", "question_groups"):
                written.setdefault(model, {}).update({row.key: row.pk for row in rows})  # type: ignore[attr-defined]
    return {section: len(content[section]) for section in MODELS}


def _layers(entries: list[Content]) -> Iterator[list[int]]:
    """Positions of entries, parents in an earlier layer than their children. There are no circles in valid content."""
    depth: dict[str, int] = {}
    parents = {entry["key"]: entry["parent"] for entry in entries if "parent" in entry}
    for key in parents:
        above, steps = parents[key], 0
        while above is not None:
            above, steps = parents[above], steps + 1
        depth[key] = steps
    for layer in range(max(depth.values(), default=0) + 1):
        yield [position for position, entry in enumerate(entries) if depth.get(entry.get("key", ""), 0) == layer]


def _row(edition: Edition, section: str, position: int, content: Content, written: Written) -> Entry:
    entry, references, columns = content[section][position], REFERENCES.get(section, {}), COLUMNS.get(section, {})
    values: dict[str, Any] = {}
    for name, value in entry.items():
        column = columns.get(name, name)
        if name in references:
            values[column.replace("__key", "_id")] = None if value is None else written[references[name]][value]
        else:
            values[column] = value
    if section == "threats":
        values["is_variant"] = entry["key"] in content["not_derived"]
    return MODELS[section](edition=edition, position=position, **values)
