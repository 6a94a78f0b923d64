"""A risk as a row of a file. Pure, but for reading what is in force, which the queryset has loaded."""

from catalog.reading import Catalog
from risks.register.choices import Origin, RatingKind
from risks.register.models import Risk
from risks.register.parts import party_of, ratings_of, treatment_of
from risks.register.rules import DEFAULT_SCALE
from risks.register.threats import title_of
from risks.reports.spreadsheet import Cell

HEADER: tuple[str, ...] = (
    "Reference",
    "System",
    "System reference",
    "Team",
    "Threat key",
    "Threat",
    "Party",
    *(f"{kind.label} {name}" for kind in RatingKind for name in ("likelihood", "impact", "level", "level in words")),
    "Treatment option",
    "Plan",
    "Owner",
    "Due",
    "Status",
    "Origin",
    "Edition",
    "Reasons",
    "State",
)


def row_of(risk: Risk, catalog: Catalog) -> list[Cell]:
    """The row of a risk that was loaded with its parts (see RiskQuerySet.with_parts)."""
    party = party_of(risk, catalog)
    return [
        risk.reference,
        risk.system.name,
        risk.system.reference,
        risk.team.name,
        risk.threat_key,
        title_of(catalog, risk.threat_key),
        party.label if party else None,
        *_ratings(risk),
        *_treatment(risk),
        Origin(risk.origin).label,
        risk.edition,
        " ".join(risk.reasons),
        risk.state.label,
    ]


def _ratings(risk: Risk) -> list[Cell]:
    in_force = ratings_of(risk)
    cells: list[Cell] = []
    for kind in RatingKind.values:
        rating = in_force.get(kind)
        cells += (
            [rating.likelihood, rating.impact, rating.level, DEFAULT_SCALE.word(rating.level)] if rating else [None] * 4
        )
    return cells


def _treatment(risk: Risk) -> list[Cell]:
    treatment = treatment_of(risk)
    if treatment is None:
        return [None] * 5
    return [
        treatment.get_option_display(),
        treatment.plan,
        treatment.owner.name,
        treatment.due.isoformat(),
        treatment.get_status_display(),
    ]
