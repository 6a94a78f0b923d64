"""Migrate as the schema's owner, then give the app role its rights."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from journal.rights import grant_rights


class Command(BaseCommand):
    help = "Migrates as the owner of the schema and grants the app role what it needs. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        if "owner" not in settings.DATABASES:
            raise CommandError("Give DB_OWNER_USER and DB_OWNER_PASSWORD: migrations run as the owner of the schema.")
        call_command("migrate", database="owner", interactive=False, verbosity=options["verbosity"])
        grant_rights(connections["owner"], settings.DATABASES["default"]["USER"])
