"""`manage.py import_systems FILE`: systems from a file, with the rights of a person."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Team, User
from journal.errors import NotAllowed
from risks.systems.import_page import counts_in_words, errors_in_words
from risks.systems.importing import RefusedError, import_systems, plan_import
from risks.systems.imports.plan import MOST_BYTES, Plan


class Command(BaseCommand):
    help = "Tells what a CSV, an Excel workbook or a CycloneDX BOM would register; with --write, registers all of it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file")
        parser.add_argument("--user", required=True, metavar="EMAIL", help="whose rights and name the import has")
        parser.add_argument("--team", default="", help="the team of what names none, such as a BOM")
        parser.add_argument("--write", action="store_true", help="import, if nothing is wrong")

    def handle(self, *args: Any, file: str, user: str, team: str, write: bool, **options: Any) -> None:
        actor = User.objects.active().filter(email__iexact=user).first()
        if actor is None:
            raise CommandError(f"There is no active person with the e-mail {user}.")
        raw, team_id = _read(file), _team_id(actor, team)
        try:
            plan = plan_import(raw, actor=actor, team_id=team_id)
            self._tell(plan)
            if not plan.may_be_imported:
                raise CommandError(f"Nothing can be imported: {errors_in_words(plan)}.")
            if write:
                systems = import_systems(raw, actor=actor, team_id=team_id, expected=plan.digest)
                self.stdout.write(f"Registered: {', '.join(system.reference for system in systems)}.")
        except RefusedError as error:
            raise CommandError("\n".join(map(str, error.remarks))) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except NotAllowed as error:
            raise CommandError(str(error)) from error

    def _tell(self, plan: Plan) -> None:
        self.stdout.write(f"{plan.format or 'File'}: {counts_in_words(plan)}.")
        for word, remarks in (("Error", plan.errors), ("Warning", plan.warnings)):
            for remark in remarks:
                self.stdout.write(f"{word}. {remark}")
        for note in plan.notes:
            self.stdout.write(note)


def _read(file: str) -> bytes:
    try:
        with Path(file).open("rb") as stream:
            return stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from None


def _team_id(actor: User, name: str) -> int | None:
    if not name:
        return None
    found = Team.objects.editable_by(actor).filter(name__iexact=name).first()
    if found is None:
        raise CommandError(f"{actor.name} edits no team called “{name}”.")
    return int(found.pk)
