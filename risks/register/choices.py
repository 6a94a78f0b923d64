"""The words of the register that are stored."""

from django.db import models


class RatingKind(models.TextChoices):
    """Before any control, as it is now, and where the treatment leads."""

    INHERENT = "inherent", "Inherent"
    CURRENT = "current", "Current"
    TARGET = "target", "Target"


class TreatmentOption(models.TextChoices):
    """The four options of the Exchange's risk treatment (risk analysis, step 3)."""

    MITIGATE = "mitigate", "Mitigate"
    TRANSFER = "transfer", "Transfer"
    AVOID = "avoid", "Avoid"
    ACCEPT = "accept", "Accept"


class TreatmentStatus(models.TextChoices):
    OPEN = "open", "Open"
    IN_PROGRESS = "in_progress", "In progress"
    BLOCKED = "blocked", "Blocked"
    DONE = "done", "Done"


class Party(models.TextChoices):
    """Whose duty a threat is."""

    OWN = "own", "Own"
    SUPPLIER = "supplier", "Supplier"
    SHARED = "shared", "Shared"


class Origin(models.TextChoices):
    """How a risk came into the register."""

    RULE = "rule", "By rule"
    HAND = "hand", "By hand"
