"""Requests for more time as treatments and measures see them: what waits, and what ends it without a decision."""

from datetime import datetime
from typing import Any

from risks.register.choices import TimeState
from risks.register.models import Measure, Risk

ENDED_BY_MOVE = "It has another day, another owner or another plan by now."
ENDED_BY_DONE = "It is done."
ENDED_BY_DROP = "It is dropped."


def end_waiting(risk: Risk, measure: Measure | None, why: str, *, now: datetime) -> dict[str, list[Any]]:
    """Withdraw the request that waits about the treatment, or about a measure; returns what changed by that."""
    waiting = risk.time_requests.waiting().filter(measure=measure)
    ended = waiting.update(state=TimeState.WITHDRAWN, decided_at=now, decision_note=why)
    return {"more_time": [TimeState.WAITING.value, TimeState.WITHDRAWN.value]} if ended else {}
