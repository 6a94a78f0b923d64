"""What matters about one system now, for the head of each of its tabs: figures, each with where its rows are.

A figure of the register and its link are the same filter, so that they cannot disagree.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Max
from django.urls import reverse

from accounts.models import User
from catalog.reading import Catalog
from risks.register.choices import TreatmentStatus
from risks.register.filters import RiskFilter
from risks.register.in_force import InForce, in_force_of
from risks.register.models import Risk
from risks.register.reviews import review_standing
from risks.register.rules import Scale
from risks.register.scales import outside_appetite
from risks.register.threats import key_of
from risks.systems.choices import Party
from risks.systems.models import AISystem
from risks.systems.results import progress
from risks.systems.rules import Identification, identify

UNFINISHED = tuple(status.value for status in TreatmentStatus if status is not TreatmentStatus.DONE)


@dataclass(frozen=True)
class Figure:
    """A count, and the address of what is counted."""

    count: int
    url: str


@dataclass(frozen=True)
class SystemFacts:
    """The figures of one system. `worst` is a level number, None while no risk is rated.

    A supplier gap is a threat that is the supplier's or shared, of a system that names no supplier: nobody can be asked
    for assurance. That is all a gap can mean until evidence of assurance is kept. `review_waits` says that answers or
    edition have changed what follows since the threats were reviewed.
    """

    risks: Figure
    worst: int | None
    worst_word: str
    worst_url: str
    unrated: Figure
    outside: Figure
    treatments: Figure
    late: Figure
    unknown: Figure
    unanswered: Figure
    gaps: Figure
    unregistered: Figure
    review_waits: bool


def facts_of(
    system: AISystem,
    reader: User,
    catalog: Catalog,
    scale: Scale,
    *,
    at: date,
    in_force: InForce | None = None,
) -> SystemFacts:
    """The figures on the day `at`, of open risks; two queries: the risks, and what holds about the system."""
    filters = filters_of(system.pk, scale)
    risks = Risk.objects.visible_to(reader).open().filter(system=system)
    found = (
        risks.with_rating()
        .order_by()
        .aggregate(
            **{name: each.count(at=at) for name, each in filters.items()},
            worst_level=Max("rated_level"),
            keys=ArrayAgg("threat_key", default=[]),
        )
    )
    in_force = in_force or in_force_of(system, catalog)
    identification = identify(catalog.rule_set, in_force.answers)
    registered = {key_of(catalog, key) for key in found["keys"]}
    worst = found["worst_level"]
    figures = {name: Figure(found[name], _register(each)) for name, each in filters.items()}
    return SystemFacts(
        **figures,
        **_of_threats(system, catalog, in_force, identification, registered),
        worst=worst,
        worst_word=scale.word(worst) if worst else "",
        worst_url=_register(RiskFilter(system=(system.pk,), level=(worst,))) if worst else "",
        review_waits=_review_waits(in_force, catalog, registered),
    )


def filters_of(system_id: int, scale: Scale) -> Mapping[str, RiskFilter]:
    """What the register's figures count, by their names."""
    own = (system_id,)
    return {
        "risks": RiskFilter(system=own),
        "unrated": RiskFilter(system=own, unrated=True),
        "outside": RiskFilter(system=own, outside=True, beyond=outside_appetite(scale)),
        "treatments": RiskFilter(system=own, status=UNFINISHED),
        "late": RiskFilter(system=own, overdue=True),
    }


def _review_waits(in_force: InForce, catalog: Catalog, registered: Collection[str]) -> bool:
    """Whether the review page has something new to show; a first review is asked for by other figures."""
    return in_force.review is not None and review_standing(in_force, catalog, registered).is_behind


def supplier_gaps(in_force: InForce, identification: Identification, registered: Collection[str]) -> int:
    """How many threats that apply, or are in the register, are the supplier's or shared and not dismissed."""
    keys = _applicable(identification).union(registered).difference(in_force.dismissals)
    return sum(_party(key, in_force, identification) in (Party.SHARED, Party.SUPPLIER) for key in keys)


def _of_threats(
    system: AISystem, catalog: Catalog, in_force: InForce, identification: Identification, registered: Collection[str]
) -> dict[str, Figure]:
    page, profile_page = (reverse(name, args=[system.pk]) for name in ("systems:detail", "systems:profile"))
    applicable = _applicable(identification)
    waiting = applicable.difference(registered, in_force.dismissals) if in_force.profile else set()
    how_far = progress(catalog.rule_set, in_force.answers)
    gaps = 0 if system.supplier_names else supplier_gaps(in_force, identification, registered)
    return {
        # Before anything is answered the page lists no threat that is not known yet; the questions are what there is.
        "unknown": Figure(
            identification.counts["undetermined"], f"{page}#undetermined" if in_force.profile else profile_page
        ),
        "unanswered": Figure(how_far.missing, profile_page),
        "gaps": Figure(gaps, reverse("assurance:matrix", args=[system.pk])),
        "unregistered": Figure(len(waiting), f"{page}#applicable"),
    }


def _applicable(identification: Identification) -> set[str]:
    return {key for key, verdict in identification.verdicts.items() if verdict.status == "applicable"}


def _party(key: str, in_force: InForce, identification: Identification) -> str | None:
    """Who answers for a threat: the party that a person set, else the rules' default."""
    if setting := in_force.parties.get(key):
        return setting.party
    verdict = identification.verdicts.get(key)
    return verdict.party if verdict else None


def _register(wanted: RiskFilter) -> str:
    return f"{reverse('register:risks')}{wanted.query()}"
