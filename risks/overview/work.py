"""What waits for one person: the treatments they own, and beside them what waiting.py finds."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from accounts.models import User
from catalog.reading import Catalog
from risks.overview.waiting import Waiting, waiting_for
from risks.register.access import may_update
from risks.register.choices import TreatmentStatus
from risks.register.models import Treatment
from risks.register.rules import Scale
from risks.register.threats import title_of

THIS_WEEK = timedelta(days=7)
RECENTLY = timedelta(days=30)
ACTIONS = (TreatmentStatus.DONE, TreatmentStatus.BLOCKED, TreatmentStatus.IN_PROGRESS)


@dataclass(frozen=True)
class Task:
    """A treatment as its owner sees it."""

    treatment: Treatment
    title: str
    level: int | None
    word: str
    is_late: bool
    may_update: bool


@dataclass(frozen=True)
class Work:
    """Unfinished treatments by when they are due, and those done in the last thirty days."""

    late: tuple[Task, ...]
    week: tuple[Task, ...]
    later: tuple[Task, ...]
    done: tuple[Task, ...]
    others: tuple[Waiting, ...] = ()

    @property
    def count(self) -> int:
        return len(self.late) + len(self.week) + len(self.later) + len(self.others)

    @property
    def late_count(self) -> int:
        return len(self.late) + sum(each.is_late for each in self.others)

    @property
    def week_count(self) -> int:
        """How many are due in the next seven days; those of `others` that are neither late nor later are so too."""
        return len(self.week) + sum(each.is_soon for each in self.others)

    @property
    def parts(self) -> list[tuple[str, str, tuple[Task, ...]]]:
        """The parts that hold something: key, heading, tasks."""
        parts = [("late", "Late", self.late), ("week", "Next seven days", self.week), ("later", "Later", self.later)]
        return [part for part in parts if part[2]]


def work_of(owner: User, catalog: Catalog, scale: Scale, *, at: date) -> Work:
    """Five queries: unfinished and done treatments of open risks with their system, and the three of waiting_for."""
    mine = Treatment.objects.visible_to(owner).in_force().of_open_risks().of_owner(owner)
    mine = mine.select_related("risk__system")
    recent = mine.filter(status=TreatmentStatus.DONE, at__date__gte=at - RECENTLY).order_by("-at")
    rows = [*mine.unfinished().order_by("due", "pk"), *recent]
    tasks = [_task(row, owner, catalog, scale, at) for row in rows]
    unfinished = [task for task in tasks if task.treatment.status != TreatmentStatus.DONE]
    return Work(
        late=tuple(task for task in unfinished if task.is_late),
        week=tuple(task for task in unfinished if at <= task.treatment.due <= at + THIS_WEEK),
        later=tuple(task for task in unfinished if task.treatment.due > at + THIS_WEEK),
        done=tuple(task for task in tasks if task.treatment.status == TreatmentStatus.DONE),
        others=waiting_for(owner, catalog, scale, at=at),
    )


def _task(treatment: Any, owner: User, catalog: Catalog, scale: Scale, at: date) -> Task:
    level = treatment.risk.current_level
    return Task(
        treatment=treatment,
        title=title_of(catalog, treatment.risk.threat_key),
        level=level,
        word=scale.word(level) if level else "",
        is_late=treatment.due < at,
        may_update=may_update(owner, treatment),
    )
