"""The words of the register that are stored."""

from django.db import models


class RatingKind(models.TextChoices):
    """Before any control, as it is now, and where the treatment leads."""

    INHERENT = "inherent", "Inherent"
    CURRENT = "current", "Current"
    TARGET = "target", "Target"

    @property
    def meaning(self) -> str:
        return _KINDS[self]


class FactorEffect(models.TextChoices):
    """What a factor does to the likelihood of a threat."""

    LOWERS = "lowers", "Lowers"
    NEUTRAL = "neutral", "Neutral"
    RAISES = "raises", "Raises"
    UNKNOWN = "unknown", "Not known"


class TreatmentOption(models.TextChoices):
    """The four options of the Exchange's risk treatment (risk analysis, step 3)."""

    MITIGATE = "mitigate", "Mitigate"
    TRANSFER = "transfer", "Transfer"
    AVOID = "avoid", "Avoid"
    ACCEPT = "accept", "Accept"

    @property
    def meaning(self) -> str:
        return _OPTIONS[self]


class TreatmentStatus(models.TextChoices):
    """How far a treatment is. Any status may follow any other: work is taken up again, or turns out not to be done."""

    OPEN = "open", "Open"
    IN_PROGRESS = "in_progress", "In progress"
    BLOCKED = "blocked", "Blocked"
    DONE = "done", "Done"


class AcceptanceState(models.TextChoices):
    """The life of an acceptance: proposed, then decided by another person; once approved it holds until it ends."""

    PROPOSED = "proposed", "Proposed"
    APPROVED = "approved", "Approved"
    REFUSED = "refused", "Refused"
    WITHDRAWN = "withdrawn", "Withdrawn"
    EXPIRED = "expired", "Expired"
    STALE = "stale", "No longer holds"
    RENEWED = "renewed", "Renewed"


class Accepted(models.TextChoices):
    """How a risk stands with its acceptance, as people ask for it. What no longer holds is not in force."""

    NONE = "none", "None"
    PROPOSED = "proposed", "Proposed"
    IN_FORCE = "in_force", "In force"
    EXPIRING = "expiring", "Ends within 30 days"


class TimeState(models.TextChoices):
    """The life of a request for more time."""

    WAITING = "waiting", "Waiting"
    GRANTED = "granted", "Granted"
    REFUSED = "refused", "Refused"
    WITHDRAWN = "withdrawn", "Withdrawn"


class RiskState(models.TextChoices):
    """Whether a risk counts: it is open until it is dismissed, or its system is archived."""

    OPEN = "open", "Open"
    DISMISSED = "dismissed", "Dismissed"
    ARCHIVED = "archived", "Archived"


class Origin(models.TextChoices):
    """How a risk came into the register."""

    RULE = "rule", "By rule"
    HAND = "hand", "By hand"


_KINDS = {
    RatingKind.INHERENT: "Before any control.",
    RatingKind.CURRENT: "As it is now, with the controls in place.",
    RatingKind.TARGET: "Where the treatment should lead.",
}
_OPTIONS = {
    TreatmentOption.MITIGATE: "Put controls in place that make it less likely or less harmful.",
    TreatmentOption.TRANSFER: "Let someone else carry it, by contract or insurance.",
    TreatmentOption.AVOID: "Stop doing what brings the risk.",
    TreatmentOption.ACCEPT: "Live with it as it is, knowingly.",
}
