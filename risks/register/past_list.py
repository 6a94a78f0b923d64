"""The risks behind a count of a past day: their rating of then and of now. The register shows today."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catalog.reading import Catalog
from risks.register.choices import RiskState
from risks.register.map_filter import place_of_cell
from risks.register.models import Risk
from risks.register.past import Past
from risks.register.rules import Scale
from risks.register.threats import title_of

MOST_LISTED = 100


@dataclass(frozen=True)
class ThenAndNow:
    """A risk of that day. The words are empty where it was, or is, not rated."""

    risk: Risk
    title: str
    then: str
    then_level: int | None
    now: str
    now_level: int | None
    state_word: str  # what it is now; empty while open


@dataclass(frozen=True)
class PastList:
    """The first risks of a cell, by number; `is_cut` when there are more."""

    words: str
    rows: tuple[ThenAndNow, ...]
    is_cut: bool


def listed(risks: Any, cell: str, kind: str, past: Past, scale: Scale, catalog: Catalog) -> PastList:
    """One query. `risks` are those of the filter as the day ended; `scale` is today's."""
    place = place_of_cell(cell)
    if place is None:
        risks, words = risks.filter(rated_level=None), "Not rated"
    else:
        risks, words = risks.filter(rated_likelihood=place[0], rated_impact=place[1]), past.scale.in_words(*place)
    rows = list(risks.select_related("system").order_by("number")[: MOST_LISTED + 1])
    told = (_row(risk, kind, past, scale, catalog) for risk in rows[:MOST_LISTED])
    return PastList(words, tuple(told), is_cut=len(rows) > MOST_LISTED)


def _row(risk: Any, kind: str, past: Past, scale: Scale, catalog: Catalog) -> ThenAndNow:
    now: Mapping[str, int | None] = {name: getattr(risk, f"{kind}_{name}") for name in ("likelihood", "impact")}
    likelihood, impact = now["likelihood"], now["impact"]
    is_rated = likelihood is not None and impact is not None
    return ThenAndNow(
        risk=risk,
        title=title_of(catalog, risk.threat_key),
        then=past.scale.in_words(risk.rated_likelihood, risk.rated_impact) if risk.rated_level else "",
        then_level=risk.rated_level,
        now=scale.in_words(likelihood, impact) if is_rated else "",  # type: ignore[arg-type]
        now_level=getattr(risk, f"{kind}_level"),
        state_word="" if risk.state == RiskState.OPEN else risk.state.label.lower(),
    )
