"""What the page of a risk shows of its measures, and of the controls that they put in place."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from accounts.models import User
from catalog.facts import ControlFacts, LinkFacts
from catalog.reading import Catalog
from risks.register.access import may_update
from risks.register.choices import RiskState, TreatmentOption, TreatmentStatus
from risks.register.measures import control_of
from risks.register.models import Measure, Risk, Treatment
from risks.register.parts import rows_below


@dataclass(frozen=True)
class MeasureLine:
    """One measure as one reader sees it. `control` is None where no edition that is loaded knows it."""

    row: Measure
    control: ControlFacts | None
    is_late: bool
    may_update: bool

    @property
    def is_done(self) -> bool:
        return self.row.status == TreatmentStatus.DONE


@dataclass(frozen=True)
class ControlLine:
    """A control that works against the threat, with the measures that put it in place."""

    link: LinkFacts
    measures: tuple[MeasureLine, ...]


def measures_of(
    risk: Risk, treatment: Treatment | None, reader: User, catalog: Catalog, *, at: date
) -> tuple[MeasureLine, ...]:
    """The measures of a risk that were not dropped, the first due first; one query."""
    mitigates = treatment is not None and treatment.option == TreatmentOption.MITIGATE
    is_workable = mitigates and risk.state == RiskState.OPEN
    rows = rows_below(risk, "measures", lambda rows: rows.present().select_related("owner"))
    return tuple(
        MeasureLine(
            row, control_of(catalog, row.control_key), row.is_late(at=at), is_workable and may_update(reader, row)
        )
        for row in rows
    )


def control_lines(links: Iterable[LinkFacts], measures: Iterable[MeasureLine]) -> tuple[ControlLine, ...]:
    """The controls in their order, each with its measures."""
    by_control: dict[str, list[MeasureLine]] = {}
    for measure in measures:
        if measure.control:
            by_control.setdefault(measure.control.key, []).append(measure)
    return tuple(ControlLine(link, tuple(by_control.get(link.control.key, ()))) for link in links)
