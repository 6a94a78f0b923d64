"""An API token from the command line."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from accounts.services import TOKEN_DAYS, create_token
from journal.recording import SYSTEM


class Command(BaseCommand):
    help = "Makes an API token for a person and prints it as the last word. It cannot be read again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--user", required=True, metavar="EMAIL")
        parser.add_argument("--name", required=True)
        parser.add_argument("--scopes", default="read", help="read, write or read,write")
        parser.add_argument("--days", type=int, default=TOKEN_DAYS)

    def handle(self, *args: Any, user: str, name: str, scopes: str, days: int, **options: Any) -> None:
        owner = User.objects.active().filter(email__iexact=user).first()
        if owner is None:
            raise CommandError(f"There is no active person with the e-mail {user}.")
        names = [part.strip() for part in scopes.split(",") if part.strip()]
        try:
            token, secret = create_token(owner, actor=SYSTEM, name=name, scopes=names, days=days)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"Token {token.name} for {owner.email}, ends {token.expires_at:%Y-%m-%d}: {secret}")
