"""A register of any size, to measure with."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from demo.load import Size, TooFewSystems, now_at_noon, seed


class Command(BaseCommand):
    help = "Adds risks, systems and teams in bulk, for measuring how pages grow. Refused in production."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--risks", type=int, default=1_000)
        parser.add_argument("--systems", type=int, default=0, help="default: one for every 20 risks")
        parser.add_argument("--teams", type=int, default=0, help="default: one for every 500 risks, at least 3")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.MODE not in ("embedded", "test"):
            raise CommandError("Rows for measuring do not belong into a register in use. Refused in production.")
        risks = options["risks"]
        size = Size(risks, options["systems"] or max(1, -(-risks // 20)), options["teams"] or max(3, risks // 500))
        if min(size.risks, size.systems, size.teams) < 1:
            raise CommandError("Give numbers from 1 on.")
        try:
            seed(size, at=now_at_noon())
        except TooFewSystems as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{size.risks} risks of {size.systems} systems in {size.teams} teams.")
