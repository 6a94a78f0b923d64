"""What the page of a risk shows of requests for more time."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from risks.register.access import may_withdraw_time
from risks.register.choices import RiskState
from risks.register.models import Risk, TimeRequest
from risks.register.parts import rows_below


@dataclass(frozen=True)
class AskedTime:
    """One request that waits, as one reader sees it."""

    row: TimeRequest
    may_decide: bool
    may_withdraw: bool


def asked_of(risk: Risk, reader: User) -> tuple[AskedTime, ...]:
    """The requests that wait, the oldest first; one query. None wait for anybody while the risk does not count."""
    if risk.state != RiskState.OPEN:
        return ()
    rows = rows_below(risk, "time_requests", _waiting)
    return tuple(
        AskedTime(
            row=row,
            may_decide=reader.may_edit(risk.team_id),
            may_withdraw=row.asked_by_id == reader.pk and may_withdraw_time(reader, row),
        )
        for row in rows
    )


def _waiting(rows: Any) -> Iterable[TimeRequest]:
    """Those that wait, with whom and what they are about."""
    found: Iterable[TimeRequest] = rows.waiting().select_related("measure", "asked_by").order_by("asked_at", "pk")
    return found
