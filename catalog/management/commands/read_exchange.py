"""Read the published content of the Exchange and say what differs from an edition of the catalog."""

import json
import sys
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseError
from django.utils import timezone

from catalog.content import content_of, read_content
from catalog.exchange.comparing import Comparison, compare
from catalog.exchange.drafting import draft
from catalog.exchange.entries import read_exchange
from catalog.exchange.sources import read_source
from catalog.exchange.telling import as_data, as_sentences
from catalog.exchange.values import Exchange, Unreadable
from catalog.models import Edition
from catalog.profile import PACKAGED_EDITION

DIFFERENT, UNREADABLE = 1, 2  # exit codes


class Command(BaseCommand):
    help = (
        "Reads the content of the OWASP AI Exchange, a checkout or a zip, and says how it differs from an edition."
        " Exit code 0: the same; 1: differences; 2: it cannot be read."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="a folder or a zip with the pages of the Exchange")
        parser.add_argument("--json", action="store_true", help="one JSON object instead of sentences")
        parser.add_argument(
            "--against",
            metavar="EDITION",
            help="the key of a loaded edition or the path of one's data (default: the edition in force)",
        )
        parser.add_argument("--draft", type=Path, metavar="FILE", help="write a draft of the next edition to this file")
        parser.add_argument("--date", type=_date, metavar="YYYY-MM-DD", help="the date of the draft (default: today)")

    def handle(self, *args: Any, **options: Any) -> None:
        to: Path | None = options["draft"]
        if to is not None and to.exists():
            raise CommandError(f"{to} exists already. A draft replaces no file.", returncode=UNREADABLE)
        name, content = _edition(options["against"])
        try:
            exchange = read_exchange(read_source(options["path"]))
        except Unreadable as error:
            raise CommandError(str(error), returncode=UNREADABLE) from error
        comparison = compare(exchange, content)
        if to is not None:
            self._write_draft(to, content, exchange, comparison, options["date"] or timezone.localdate())
        if options["json"]:
            self.stdout.write(json.dumps(as_data(comparison)))
        else:
            self.stdout.writelines(f"{line}\n" for line in as_sentences(comparison, name))
        if comparison:
            sys.exit(DIFFERENT)

    def _write_draft(
        self, to: Path, content: dict[str, Any], exchange: Exchange, comparison: Comparison, at: date
    ) -> None:
        text = json.dumps(draft(content, exchange, comparison, at=at), indent=2, ensure_ascii=False)
        try:
            with to.open("x", encoding="utf-8") as file:
                file.write(f"{text}\n")
        except OSError as error:
            raise CommandError(f"{to} cannot be written: {error.strerror}.", returncode=UNREADABLE) from error
        self.stderr.write(f"The draft of edition {at} is in {to}. load_catalog says what must still be written.")


def _date(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise ArgumentTypeError(f"“{value}” is not a date such as 2026-08-22.") from error


def _edition(against: str | None) -> tuple[str, dict[str, Any]]:
    """The edition to compare with: how to call it, and its content."""
    edition = _loaded(against)
    if edition is not None:
        return f"edition {edition}", content_of(edition)
    path = PACKAGED_EDITION if against is None else Path(against)
    if not path.exists():
        raise CommandError(f"“{against}” is neither a loaded edition nor a file with one.", returncode=UNREADABLE)
    try:
        content = read_content(path)
    except ValueError as error:
        raise CommandError(str(error), returncode=UNREADABLE) from error
    if not isinstance(content, dict) or not isinstance(content.get("threats"), list):
        raise CommandError(f"{path} holds no edition.", returncode=UNREADABLE)
    return f"the edition in {path}", content


def _loaded(against: str | None) -> Edition | None:
    """The edition in the database. Without a database there is none, and the packaged one will do."""
    try:
        return Edition.objects.current().first() if against is None else Edition.objects.filter(key=against).first()
    except DatabaseError:
        return None
