"""Load an edition of the catalog from its data file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from catalog.loading import Loaded, load_file
from catalog.profile import PACKAGED_EDITION
from journal.errors import NotAllowed
from journal.recording import SYSTEM


class Command(BaseCommand):
    help = "Loads an edition of the catalog (default: the packaged one). Checks it first; repeating changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=PACKAGED_EDITION, help="the data file of the edition")
        parser.add_argument(
            "--replace",
            action="store_true",
            help="replace an edition of the same date that has other content; refused in production",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = load_file(options["file"], actor=SYSTEM, replace=options["replace"])
        except ValidationError as error:
            raise CommandError("\n".join(["Nothing was loaded:", *error.messages])) from error
        except NotAllowed as error:
            raise CommandError(str(error)) from error
        if options["verbosity"]:
            self.stdout.write(_said(loaded))


def _said(loaded: Loaded) -> str:
    if not loaded.added:
        return f"Edition {loaded.edition} is loaded already; nothing changed."
    counts = ", ".join(f"{count} {section.replace('_', ' ')}" for section, count in loaded.added.items())
    force = "is in force" if loaded.edition.is_current else "is not in force, since a newer one is"
    return f"Loaded edition {loaded.edition}, which {force}: {counts}."
