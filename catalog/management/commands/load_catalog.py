"""Load an edition of the catalog from its data file."""

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from catalog.comparing import Difference, Section, difference
from catalog.loading import Loaded, load_file, put_in_force
from catalog.models import Edition
from catalog.profile import PACKAGED_EDITION
from catalog.reading import edition_named
from journal.errors import NotAllowed
from journal.recording import SYSTEM

MOST_NAMED = 20  # entries of a kind of change; the page of the edition has them all


class Command(BaseCommand):
    help = "Loads an edition of the catalog (default: the packaged one). Checks it first; repeating changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file",
            nargs="?",
            type=Path,
            default=PACKAGED_EDITION,
            help="the data file of the edition, or a folder of files with its sections",
        )
        parser.add_argument(
            "--in-force",
            action="store_true",
            help="put it in force at once, without a look at what that touches; the first edition always is",
        )
        parser.add_argument(
            "--replace",
            action="store_true",
            help="replace an edition of the same date that has other content; refused in production",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        before = Edition.objects.current().first()
        try:
            loaded = load_file(options["file"], actor=SYSTEM, replace=options["replace"])
            if options["in_force"]:
                put_in_force(loaded.edition.key, actor=SYSTEM, expected=None)
        except ValidationError as error:
            raise CommandError("\n".join(["Nothing was loaded:", *error.messages])) from error
        except NotAllowed as error:
            raise CommandError(str(error)) from error
        if options["verbosity"]:
            self.stdout.write("\n".join(_said(loaded, before)))


def _said(loaded: Loaded, before: Edition | None) -> Iterator[str]:
    """What was added, and what is different from the edition that was in force until now."""
    edition = loaded.edition
    is_current = Edition.objects.current().filter(pk=edition.pk).exists()
    force = "is in force" if is_current else "is not in force"
    if loaded.added:
        counts = ", ".join(f"{count} {section.replace('_', ' ')}" for section, count in loaded.added.items() if count)
        yield f"Loaded edition {edition}, which {force}: {counts}."
    else:
        yield f"Edition {edition} is loaded already and {force}; nothing was written."
    if before and before.pk != edition.pk and Edition.objects.filter(pk=before.pk).exists():
        yield from _differences(difference(edition_named(before.key), edition_named(edition.key)))
    if not is_current:
        yield f"See what it touches and put it in force on the page /catalog/editions/{edition}/, or with --in-force."


def _differences(found: Difference) -> Iterator[str]:
    if not found:
        yield f"No difference from edition {found.before}."
        return
    yield f"Compared with edition {found.before}:"
    for section in found.sections:
        yield from _of_section(section)
    came = sum(link.is_new for link in found.links)
    if found.links:
        yield f"  links of threats and controls: {came} added, {len(found.links) - came} retired"


def _of_section(section: Section) -> Iterator[str]:
    changed = (f"{change.key} ({', '.join(each.words for each in change.fields)})" for change in section.changed)
    for word, names in (
        ("added", [named.key for named in section.added]),
        ("changed", list(changed)),
        ("renamed", [_renamed(change.old_key, change.key, change.title) for change in section.renamed]),
        ("retired", [named.key for named in section.retired]),
    ):
        if names:
            yield f"  {section.name} {word}: {len(names)}: {_listed(names)}"


def _renamed(old_key: str, key: str, title: str) -> str:
    return f"{old_key} → {key}" if old_key != key else f"{key} “{title}”"


def _listed(names: Iterable[str]) -> str:
    names = list(names)
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more
