"""What is in force of a risk that was loaded with its parts (RiskQuerySet.with_parts); nothing here causes a query.

A risk has no party of its own: it is read from what a person set and from the rules, so that it cannot fall behind
the responsibility matrix, whether the risk came first or the setting.
"""

from collections.abc import Callable, Iterable
from typing import Any

from catalog.reading import Catalog
from risks.register.models import Rating, Risk, Treatment
from risks.register.threats import key_of
from risks.systems.choices import Party
from risks.systems.rules import Verdict, verdict_on


def ratings_of(risk: Risk) -> dict[str, Rating]:
    """The ratings in force by kind."""
    return {rating.kind: rating for rating in risk.ratings_in_force}  # type: ignore[attr-defined]


def treatment_of(risk: Risk) -> Treatment | None:
    """The treatment in force."""
    return next((row for row in treatments_of(risk) if row.superseded_at is None), None)


def treatments_of(risk: Risk) -> list[Treatment]:
    """The treatments that were loaded, the newest first: the one in force, and with `past` those before it."""
    loaded: list[Treatment] = risk.treatments_loaded  # type: ignore[attr-defined]
    return loaded


def rows_below(risk: Risk, name: str, narrow: Callable[[Any], Iterable[Any]]) -> list[Any]:
    """The rows of BELOW under a risk that was loaded with its past, narrowed and ordered by a function.

    Where there are none they cost no query, nor the work of building one.
    """
    return list(narrow(getattr(risk, name).all())) if risk.below[name] else []  # type: ignore[attr-defined]


def party_of(risk: Risk, catalog: Catalog) -> Party | None:
    """Who answers for the threat: the party that a person set, else the rules' default; None while nobody does."""
    key = key_of(catalog, risk.threat_key)
    for row in risk.parties_set or ():  # type: ignore[attr-defined]
        if key_of(catalog, row["threat_key"]) == key:
            return Party(row["party"])
    return default_party(verdict_on(catalog.rule_set, key, _profile_of(risk).get("answers", {})))


def profile_number_of(risk: Risk) -> int:
    """The number of the system's profile; 0 while it has none."""
    return int(_profile_of(risk).get("number", 0))


def _profile_of(risk: Risk) -> dict[str, Any]:
    return risk.profile_set or {}  # type: ignore[attr-defined]


def default_party(verdict: Verdict | None) -> Party | None:
    """The party by the rules; None for a threat that does not apply by them."""
    return Party(verdict.party) if verdict and verdict.party else None
