"""What waits for one person: the treatments they own."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Prefetch

from accounts.models import User
from catalog.reading import Catalog
from risks.register.access import may_update
from risks.register.choices import RatingKind, TreatmentStatus
from risks.register.models import Rating, Treatment
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

    @property
    def count(self) -> int:
        return len(self.late) + len(self.week) + len(self.later)

    @property
    def parts(self) -> list[tuple[str, str, tuple[Task, ...]]]:
        """The parts that hold something: key, heading, tasks."""
        parts = [("late", "Late", self.late), ("week", "Next seven days", self.week), ("later", "Later", self.later)]
        return [part for part in parts if part[2]]


def work_of(owner: User, catalog: Catalog, scale: Scale, *, at: date) -> Work:
    """Three queries: treatments of open risks with their system, and the current ratings of both lists."""
    mine = Treatment.objects.visible_to(owner).in_force().of_open_risks().of_owner(owner)
    rated = Prefetch(
        "risk__ratings", Rating.objects.in_force().filter(kind=RatingKind.CURRENT), to_attr="current_ratings"
    )
    mine = mine.select_related("risk__system").prefetch_related(rated)
    recent = mine.filter(status=TreatmentStatus.DONE, at__date__gte=at - RECENTLY).order_by("-at")
    rows = [*mine.unfinished().order_by("due", "pk"), *recent]
    tasks = [_task(row, owner, catalog, scale, at) for row in rows]
    unfinished = [task for task in tasks if task.treatment.status != TreatmentStatus.DONE]
    return Work(
        late=tuple(task for task in unfinished if task.is_late),
        week=tuple(task for task in unfinished if at <= task.treatment.due <= at + THIS_WEEK),
        later=tuple(task for task in unfinished if task.treatment.due > at + THIS_WEEK),
        done=tuple(task for task in tasks if task.treatment.status == TreatmentStatus.DONE),
    )


def _task(treatment: Any, owner: User, catalog: Catalog, scale: Scale, at: date) -> Task:
    rating = next(iter(treatment.risk.current_ratings), None)
    return Task(
        treatment=treatment,
        title=title_of(catalog, treatment.risk.threat_key),
        level=rating.level if rating else None,
        word=scale.word(rating.level) if rating else "",
        is_late=treatment.due < at,
        may_update=may_update(owner, treatment),
    )
