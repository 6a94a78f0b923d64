"""Requests for more time as treatments and measures see them: what waits, and what ends it without a decision."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from risks.register.choices import TimeState
from risks.register.models import Measure, Risk, TimeRequest

ENDED_BY_MOVE = "It has another day, another owner or another plan by now."
ENDED_BY_DONE = "It is done."
ENDED_BY_DROP = "It is dropped."
WITHDRAWN = {"more_time": [TimeState.WAITING.value, TimeState.WITHDRAWN.value]}  # as an event tells it


def end_all_waiting(risks: Collection[int], why: str, *, now: datetime) -> list[int]:
    """Withdraw the requests that wait about the treatments of these risks; returns the risks that had one."""
    waiting = (
        TimeRequest.objects.waiting().filter(measure=None, risk__in=risks) if risks else TimeRequest.objects.none()
    )
    found = dict(waiting.values_list("pk", "risk_id"))
    if found:
        waiting.filter(pk__in=found).update(state=TimeState.WITHDRAWN, decided_at=now, decision_note=why)
    return list(found.values())


def end_waiting(risk: Risk, measure: Measure, why: str, *, now: datetime) -> dict[str, list[Any]]:
    """Withdraw the request that waits about a measure; returns what changed by that."""
    waiting = risk.time_requests.waiting().filter(measure=measure)
    ended = waiting.update(state=TimeState.WITHDRAWN, decided_at=now, decision_note=why)
    return WITHDRAWN if ended else {}
