"""What the teams dismissed, and a system whose answers changed after its review."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Dismissed:
    """A threat to a system (by key) that needs no risk, in the words of the person (by key) who said so."""

    system: str
    threat: str
    reason: str
    by: str


@dataclass(frozen=True)
class Changed:
    """Answers of a system that are different since its review, and whoever gave them."""

    system: str
    answers: dict[str, Any]
    dropped: tuple[str, ...]  # questions that are not asked any more
    by: str

    def after(self, before: dict[str, Any]) -> dict[str, Any]:
        """All answers as they are since then."""
        return {key: answer for key, answer in {**before, **self.answers}.items() if key not in self.dropped}


DISMISSALS = (
    Dismissed(
        "fraud",
        "agentescape",
        "Its one action is to hold a payout back, and a person releases each of them. It has no tools and no network.",
        "raj",
    ),
    Dismissed(
        "extraction",
        "evasion",
        "A clerk compares every figure with the letter before it is booked, so a misread one is caught the same day.",
        "sara",
    ),
)
# Since October the speech model runs on our own servers, without the generative summary, and sorts calls by urgency.
CHANGES = (
    Changed(
        "calls",
        {"model_types": ["predictive"], "run_by": "own", "output_can_cause_harm": "yes", "classification_task": "yes"},
        ("untrusted_data_in_prompt",),
        "lucia",
    ),
)
