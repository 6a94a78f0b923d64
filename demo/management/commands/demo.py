"""A believable organisation to look around in."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from demo.building import Account, OrganisationNotEmpty, build
from risks.register.models import Risk
from risks.systems.models import AISystem


class Command(BaseCommand):
    help = "Builds a demo organisation into an empty register and prints its people with their passwords, once."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.MODE not in ("embedded", "test"):
            raise CommandError("The demo is for looking around on one machine. It is refused in production.")
        try:
            accounts = build(at=timezone.localdate())
        except OrganisationNotEmpty as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{AISystem.objects.count()} AI systems and {Risk.objects.count()} risks. Sign in as:\n\n")
        self.stdout.write(_table(accounts))
        self.stdout.write("\nThe passwords are shown this once.\n")


def _table(accounts: list[Account]) -> str:
    rows = [("E-mail", "Password", "Name", "Role")]
    rows += [(each.user.email, each.password, each.user.name, each.role) for each in accounts]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return "\n".join(
        "  ".join([*(cell.ljust(w) for cell, w in zip(row, widths, strict=False)), row[3]]) for row in rows
    )
