"""The measures of a mitigation as its treatment sees them: which are not finished, and what becomes of those."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from catalog.facts import ControlFacts
from catalog.reading import Catalog
from risks.register.models import Measure, Risk
from risks.register.threats import key_of
from risks.register.time_requests import ENDED_BY_DROP, end_waiting

FOR_THIS_THREAT = "For this threat"
OTHERS = "Other controls"


def control_of(catalog: Catalog, key: str) -> ControlFacts | None:
    """The control of a key, also one that has it in another edition; None when there is none."""
    try:
        return catalog.control(key)
    except KeyError:
        return catalog.elsewhere_controls.get(key)


def control_name(catalog: Catalog, key: str) -> str:
    """What people call a control; its key where no edition that is loaded knows it."""
    control = control_of(catalog, key)
    return control.name if control else key


def control_choices(catalog: Catalog, threat_key: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """All controls by group: those of the threat first, in the order of the Exchange, then the others by their area."""
    links = catalog.controls_for(key_of(catalog, threat_key))
    close = [link.control for link in links if not link.is_general]
    groups: dict[str, list[tuple[str, str]]] = {FOR_THIS_THREAT: [(each.key, each.name) for each in close]}
    for control in catalog.controls.values():
        if control not in close:
            area = str(control.group.label) if control.group else OTHERS
            groups.setdefault(area, []).append((control.key, control.name))
    return [(name, choices) for name, choices in groups.items() if choices]


def unfinished_of(risk: Risk) -> list[Measure]:
    """Those that are neither done nor dropped, the first due first; one query."""
    return list(risk.measures.unfinished())


def must_be_finished(risk: Risk) -> None:
    """A mitigation is not done while a measure is not: raises ValidationError."""
    left = len(unfinished_of(risk))
    if left:
        said = "1 measure is not finished" if left == 1 else f"{left} measures are not finished"
        raise ValidationError({"status": f"{said}. Finish or drop {'it' if left == 1 else 'them'} first."})


def drop_unfinished(risk: Risk, *, now: datetime) -> dict[str, list[Any]]:
    """Drop what is not finished, since the risk is no longer mitigated; returns what changed by that."""
    left = unfinished_of(risk)
    for measure in left:
        drop(measure, now=now)
    return {"dropped": [None, [measure.text for measure in left]]} if left else {}


def drop(measure: Measure, *, now: datetime) -> None:
    """It keeps its row and no longer counts."""
    measure.dropped_at = now
    measure.version += 1
    measure.save(update_fields=["dropped_at", "version", "updated_at"])
    end_waiting(measure.risk, measure, ENDED_BY_DROP, now=now)
