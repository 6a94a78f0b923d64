"""Loads an edition: the only writer of the catalog."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from catalog.access import must_keep_catalog
from catalog.content import COLUMNS, EXHIBITS, MODELS, Content, digest_of, read_content
from catalog.indexing import index_edition
from catalog.models import Control, ControlGroup, Edition, Entry, Exhibit, Framework, QuestionGroup, Term, Threat
from catalog.validation import faults
from journal.errors import Conflict, NotAllowed
from journal.recording import Actor, record
from journal.writing import wait_for_turn

LOADED, REPLACED, PUT_IN_FORCE = "edition.loaded", "edition.replaced", "edition.put_in_force"
LOADING = "catalog.load"

# Which rows a field of the data file refers to.
REFERENCES: dict[str, dict[str, type[Entry]]] = {
    "threats": {"parent": Threat},
    "control_groups": {"parent": ControlGroup},
    "controls": {"parent_key": ControlGroup},
    "links": {"threat": Threat, "control": Control},
    "standards": {"threat": Threat, "control": Control},
    "opencre": {"threat": Threat, "control": Control},
    "items": {"framework": Framework},
    "item_links": {"framework": Framework},
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
    """Load the edition in a file or folder; see load_edition. Raises ValidationError for unreadable files too."""
    try:
        content = read_content(path)
    except ValueError as error:
        raise ValidationError(str(error)) from error
    return load_edition(content, actor=actor, replace=replace)


@transaction.atomic
def load_edition(content: Any, *, actor: Actor, replace: bool = False) -> Loaded:
    """Add an edition. The first one comes into force; later ones wait for put_in_force. The same again writes nothing.

    Raises ValidationError with every fault. An edition is immutable, so other content under the key of one that is
    there is a fault as well; `replace` takes that one away first, outside production only (NotAllowed).
    """
    wait_for_turn(LOADING)  # two processes that load at once would both find nothing there
    digest = digest_of(content)
    if same := Edition.objects.filter(digest=digest).first():
        return Loaded(same, {})
    if wrong := faults(content):
        raise ValidationError(wrong)
    before = _make_room(content["edition"], replace=replace)
    released = date.fromisoformat(content["edition"])
    edition = Edition(key=content["edition"], released=released, source=content["source"], digest=digest)
    edition.full_clean()
    edition.save(force_insert=True)
    added = _add_rows(edition, content)
    index_edition(edition, content)
    record(edition, LOADED, actor=actor, changes={name: [0, count] for name, count in added.items() if count})
    if before is not None:
        record(edition, REPLACED, actor=actor, changes={"digest": [before.digest, edition.digest]})
    if (before is not None and before.is_current) or not Edition.objects.current().exists():
        put_in_force(edition.key, actor=actor, expected=None)
    return Loaded(edition, added)


@transaction.atomic
def put_in_force(key: str, *, actor: Actor, expected: str | None, reason: str = "") -> Edition:
    """Let an edition that is loaded be the catalog from now on, an older one too; nothing else changes.

    `expected` is the key of the edition that the caller saw in force; None skips that check. Raises NotAllowed,
    Edition.DoesNotExist, and Conflict with the edition in force.
    """
    must_keep_catalog(actor)
    wait_for_turn(LOADING)
    edition: Edition = Edition.objects.get(key=key)
    before: Edition | None = Edition.objects.current().first()
    if expected is not None and before is not None and before.key != expected:
        raise Conflict(before)
    if before == edition:
        return edition
    now = timezone.now()
    Term.objects.current().update(until=now)
    Term.objects.create(edition=edition, since=now, put_by_name=actor.display_name)
    changes = {"current edition": [before.key if before else None, edition.key]}
    record(edition, PUT_IN_FORCE, actor=actor, changes=changes, reason=reason)
    return edition


def _make_room(key: str, *, replace: bool) -> Any:
    """Take an edition of this key away, where that is allowed; the one that was there, with its standing."""
    there = Edition.objects.filter(key=key).with_standing().first()
    if there is None:
        return None
    if not replace:
        raise ValidationError(
            f"Edition {key} is loaded with other content. An edition never changes: give the new content a new date."
        )
    if settings.IN_PRODUCTION:
        raise NotAllowed("An edition is never replaced in production. Give the new content a new date.")
    there.delete()
    return there


def _add_rows(edition: Edition, content: Content) -> dict[str, int]:
    written: Written = {}
    for section, model in MODELS.items():
        for layer in _layers(content[section], has_parents=section in ("threats", "control_groups")):
            rows = [_row(edition, section, position, content, written) for position in layer]
            model.objects.bulk_create(rows)
            if section in ("threats", "control_groups", "controls", "frameworks", "question_groups"):
                written.setdefault(model, {}).update({row.key: row.pk for row in rows})  # type: ignore[attr-defined]
    Exhibit.objects.bulk_create(
        Exhibit(edition=edition, section=section, position=position, content=row)
        for section in EXHIBITS
        for position, row in enumerate(content[section])
    )
    return {section: len(content[section]) for section in (*MODELS, *EXHIBITS)}


def _layers(entries: list[Content], *, has_parents: bool) -> Iterator[list[int]]:
    """Positions of entries, parents in an earlier layer than their children. There are no circles in valid content."""
    parents = {entry["key"]: entry["parent"] for entry in entries} if has_parents else {}
    depth: dict[str, int] = {}
    for key in parents:
        above, steps = parents[key], 0
        while above is not None:
            above, steps = parents[above], steps + 1
        depth[key] = steps
    for layer in range(max(depth.values(), default=0) + 1):
        yield [place for place, entry in enumerate(entries) if not has_parents or depth[entry["key"]] == layer]


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
