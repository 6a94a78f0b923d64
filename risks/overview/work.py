"""What waits for one person: treatments and measures they own, decisions and reviews, in one order by their days."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from accounts.models import User
from catalog.reading import Catalog
from risks.overview.waiting import Reader, Waiting, in_order, others_of, requests_about
from risks.register.choices import TreatmentStatus
from risks.register.models import Treatment
from risks.register.rules import Scale

RECENTLY = timedelta(days=30)


@dataclass(frozen=True)
class Work:
    """Everything that waits, the first due first, and the treatments that were done in the last thirty days."""

    waiting: tuple[Waiting, ...]
    done: tuple[Treatment, ...]

    @property
    def count(self) -> int:
        return len(self.waiting)

    @property
    def late(self) -> tuple[Waiting, ...]:
        return tuple(each for each in self.waiting if each.is_late)

    @property
    def week(self) -> tuple[Waiting, ...]:
        return tuple(each for each in self.waiting if each.is_soon)

    @property
    def later(self) -> tuple[Waiting, ...]:
        return tuple(each for each in self.waiting if each.due and not each.is_late and not each.is_soon)

    @property
    def undated(self) -> tuple[Waiting, ...]:
        return tuple(each for each in self.waiting if each.due is None)

    @property
    def parts(self) -> list[tuple[str, str, tuple[Waiting, ...]]]:
        """The parts that hold something: key, heading, and what waits."""
        parts = [
            ("late", "Late", self.late),
            ("week", "Next seven days", self.week),
            ("later", "Later", self.later),
            ("undated", "Without a day", self.undated),
        ]
        return [part for part in parts if part[2]]


def work_of(owner: User, catalog: Catalog, scale: Scale, *, at: date) -> Work:
    """Six queries: unfinished and done treatments of open risks with their system, more time, and others_of."""
    mine: Any = Treatment.objects.visible_to(owner).in_force().of_open_risks().of_owner(owner)
    mine = mine.select_related("risk__system")
    reader, requests = Reader(owner, catalog, scale, at), requests_about(owner)
    found = [reader.work(row, requests) for row in mine.unfinished()]
    done = mine.filter(status=TreatmentStatus.DONE, at__date__gte=at - RECENTLY).order_by("-at")
    return Work(in_order([*found, *others_of(reader, requests)]), tuple(done))
