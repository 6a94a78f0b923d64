"""A risk as a row of a file. Pure, but for reading what is in force, which the queryset has loaded."""

from catalog.reading import Catalog
from risks.register.choices import Origin, RatingKind
from risks.register.models import Risk
from risks.register.parts import party_of, ratings_of, treatment_of
from risks.register.rules import Scale
from risks.register.threats import title_of
from risks.register.treatment_rules import DETAILS
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
    *(detail.label for detail in DETAILS.values()),
    "Origin",
    "Edition",
    "Reasons",
    "State",
)


def row_of(risk: Risk, catalog: Catalog, scale: Scale) -> list[Cell]:
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
        *_ratings(risk, scale),
        *_treatment(risk),
        Origin(risk.origin).label,
        risk.edition,
        " ".join(risk.reasons),
        risk.state.label,
    ]


def _ratings(risk: Risk, scale: Scale) -> list[Cell]:
    in_force = ratings_of(risk)
    cells: list[Cell] = []
    for kind in RatingKind.values:
        rating = in_force.get(kind)
        cells += [rating.likelihood, rating.impact, rating.level, scale.word(rating.level)] if rating else [None] * 4
    return cells


def _treatment(risk: Risk) -> list[Cell]:
    treatment = treatment_of(risk)
    if treatment is None:
        return [None] * (5 + len(DETAILS))
    return [
        treatment.get_option_display(),
        treatment.plan,
        treatment.owner.name,
        treatment.due.isoformat(),
        treatment.get_status_display(),
        *(getattr(treatment, name) or None for name in DETAILS),
    ]
