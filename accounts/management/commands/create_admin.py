"""The first administrator, with a random password that is printed once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from accounts.models import User
from accounts.roles import OrganisationRole
from accounts.services import create_user
from journal.recording import SYSTEM


class Command(BaseCommand):
    help = "Creates the first administrator and prints the password as the last word. Does nothing when there is one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", default="Administrator")

    @transaction.atomic
    def handle(self, *args: Any, email: str, name: str, **options: Any) -> None:
        if User.objects.filter(organisation_role=OrganisationRole.ADMINISTRATOR).exists():
            return
        user, password = create_user(
            actor=SYSTEM, email=email, name=name, organisation_role=OrganisationRole.ADMINISTRATOR
        )
        self.stdout.write(f"Administrator {user.email}, password (shown once): {password}")
