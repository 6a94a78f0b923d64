"""The words of systems that are stored."""

from django.db import models


class Party(models.TextChoices):
    """Whose duty a threat is."""

    OWN = "own", "Own"
    SUPPLIER = "supplier", "Supplier"
    SHARED = "shared", "Shared"
