"""What is needed to review a system's threats, read in one place: profile, last review, risks, dismissals, parties."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from catalog.reading import Catalog
from risks.register.differing import Difference, Ground, Held, difference
from risks.register.in_force import InForce, Reviewed
from risks.register.models import Dismissal, Review, Risk
from risks.register.threats import key_of
from risks.systems.identification import current_profile
from risks.systems.models import AISystem, Profile
from risks.systems.rules import Verdict, identify


@dataclass(frozen=True)
class ReviewState:
    """Where the review of a system stands. Mappings go by the threat's key of today.

    `risks` holds several where an edition made one threat of two. `profile` is None while nothing is answered.
    """

    system: AISystem
    edition: str
    profile: Profile | None
    review: Review | None
    risks: Mapping[str, tuple[Risk, ...]]
    dismissals: Mapping[str, Dismissal]
    verdicts: Mapping[str, Verdict]
    difference: Difference

    @property
    def number(self) -> int:
        """The number of the profile, 0 while there is none."""
        return self.profile.number if self.profile else 0

    def version_of(self, key: str) -> int:
        """The version of what the register holds of a threat: those of its open risks added up; 0 without any."""
        return sum(risk.version for risk in self.open_risks(key))

    def open_risks(self, key: str) -> list[Risk]:
        """Those of a threat that are not dismissed."""
        return [risk for risk in self.risks.get(key, ()) if risk.dismissed_at is None]

    @property
    def is_behind(self) -> bool:
        """Whether a person should review it; nothing waits before the profile is begun."""
        return self.profile is not None and self.difference.is_behind


def review_state(system: AISystem, catalog: Catalog, in_force: InForce | None = None) -> ReviewState:
    """Five queries, one less for a caller who has read what is in force."""
    profile = current_profile(system)
    review: Review | None = system.reviews.in_force().select_related("profile").first()
    risks: dict[str, tuple[Risk, ...]] = {}
    for risk in system.risks.all():
        key = key_of(catalog, risk.threat_key)
        risks[key] = (*risks.get(key, ()), risk)
    dismissals = dismissals_of(system, catalog)
    parties = (
        _parties(system, catalog)
        if in_force is None
        else {key: assigned.party for key, assigned in in_force.parties.items()}
    )
    held = Held(
        open=frozenset(key for key, rows in risks.items() if any(risk.dismissed_at is None for risk in rows)),
        dismissed=frozenset(dismissals),
        parties=parties,
    )
    now = Ground(catalog, profile.answers if profile else {})
    seen = ground_of(catalog, review.edition, review.profile.answers if review.profile else {}) if review else None
    return ReviewState(
        system=system,
        edition=catalog.edition,
        profile=profile,
        review=review,
        risks=risks,
        dismissals=dismissals,
        verdicts=identify(catalog.rule_set, now.answers).verdicts,
        difference=difference(seen, now, held),
    )


@dataclass(frozen=True)
class ReviewStanding:
    """How far the review of a system is, for pages that show it beside other things."""

    review: Reviewed | None
    has_profile: bool
    has_dismissals: bool
    difference: Difference

    @property
    def is_behind(self) -> bool:
        """As ReviewState's."""
        return self.has_profile and self.difference.is_behind


def review_standing(in_force: InForce, catalog: Catalog, open_keys: Collection[str]) -> ReviewStanding:
    """What review_state finds, from what was read already; `open_keys` are the threats of open risks. No query."""
    review = in_force.review
    held = Held(
        open=frozenset(open_keys),
        dismissed=frozenset(in_force.dismissals),
        parties={key: assigned.party for key, assigned in in_force.parties.items()},
    )
    seen = ground_of(catalog, review.edition, review.answers or {}) if review else None
    found = difference(seen, Ground(catalog, in_force.answers), held)
    return ReviewStanding(review, in_force.profile is not None, bool(in_force.dismissals), found)


def dismissals_of(system: AISystem, catalog: Catalog) -> dict[str, Dismissal]:
    """The dismissals in force by the key of their threat today, the newest of each; one query."""
    return {key_of(catalog, row.threat_key): row for row in reversed(list(system.dismissals.in_force()))}


def ground_of(catalog: Catalog, edition: str, answers: Mapping[str, Any]) -> Ground | None:
    """What a review rested on; None for an edition that is not loaded any more."""
    for each in (catalog, *catalog.others):
        if each.edition == edition:
            return Ground(each, answers)
    return None


def _parties(system: AISystem, catalog: Catalog) -> dict[str, str]:
    """The parties that people set, by the threat's key of today, the newest of each; one query."""
    rows = system.responsibilities.in_force().values_list("threat_key", "party")
    return {key_of(catalog, key): party for key, party in reversed(list(rows))}
