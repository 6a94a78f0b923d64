"""What pages show of a risk's treatment: what its option asked for, and the treatments before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from risks.register.models import Treatment
from risks.register.querysets import MOST_TREATMENTS
from risks.register.treatment_rules import DETAILS, details_of

MOST_EARLIER = 20  # on the page of a risk; of those before them the journal tells


@dataclass(frozen=True)
class Earlier:
    """A treatment that was replaced: its last state, and from when until when it was in force."""

    last: Treatment
    since: datetime
    until: datetime
    details: tuple[tuple[str, str], ...]


def details_in_words(treatment: Treatment) -> tuple[tuple[str, str], ...]:
    """What its option asks for beside the plan, each by its label; what nobody has said yet is left out."""
    said = ((each.label, str(getattr(treatment, each.name))) for each in details_of(treatment.option))
    return tuple((label, text) for label, text in said if text)


def earlier_of(treatments: Sequence[Treatment]) -> tuple[Earlier, ...]:
    """The latest treatments before the one in force, from the latest rows, the newest first.

    Rows that differ in status, note, owner or day only are one treatment: it was carried on, not replaced.
    """
    runs: list[list[Treatment]] = []
    for row in treatments:
        if runs and _what(runs[-1][0]) == _what(row):
            runs[-1].append(row)
        else:
            runs.append([row])
    if len(treatments) >= MOST_TREATMENTS:
        runs.pop()  # when it began is not known
    found = (
        Earlier(run[0], run[-1].at, run[0].superseded_at, details_in_words(run[0]))
        for run in runs
        if run[0].superseded_at
    )
    return tuple(islice(found, MOST_EARLIER))


def _what(row: Treatment) -> tuple[str, ...]:
    return (row.option, row.plan, *(getattr(row, name) for name in DETAILS))
