"""The rows of the register."""

from risks.register.models.risks import Dismissal, Rating, Responsibility, Review, Risk, RiskReview
from risks.register.models.saved_views import SavedView
from risks.register.models.scale import ScaleVersion, TeamAppetite
from risks.register.models.time_requests import TimeRequest
from risks.register.models.treatments import Acceptance, Comment, Measure, Treatment

__all__ = [
    "Acceptance",
    "Comment",
    "Dismissal",
    "Measure",
    "Rating",
    "Responsibility",
    "Review",
    "Risk",
    "RiskReview",
    "SavedView",
    "ScaleVersion",
    "TeamAppetite",
    "TimeRequest",
    "Treatment",
]
