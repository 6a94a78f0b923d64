"""Who answers for what: the responsibility matrix of a system, threat by party.

The rules' default holds until a person sets another party with a reason (Exchange, risk analysis: "responsibility").
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.db.models import F

from catalog import reading
from catalog.facts import ThreatFacts
from catalog.reading import Catalog
from risks.register.models import Risk
from risks.register.parts import default_party
from risks.register.rules import DEFAULT_SCALE, Scale
from risks.register.scales import current_scale
from risks.register.threats import key_of, told_of
from risks.systems.choices import Party
from risks.systems.identification import identification_of
from risks.systems.models import AISystem
from risks.systems.rules import Identification, Verdict

PARTIES = (Party.OWN, Party.SHARED, Party.SUPPLIER)  # in the order of the columns


class Setting(Protocol):
    """What a person set for one threat; a row of Responsibility."""

    pk: int
    party: str
    reason: str
    set_by_name: str
    at: datetime


class Registered(Protocol):
    """A risk of the register, with the level of its current rating."""

    pk: int
    threat_key: str
    rated_level: int | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One party for one threat: whether it is in force, and whether it is what the rules say."""

    party: Party
    is_in_force: bool
    is_default: bool


@dataclass(frozen=True, slots=True)
class Duty:
    """Who answers for one threat. `default` is None for a threat that only a person put into the register.

    `version` is the id of the setting in force, 0 while there is none; it lets a form notice that someone was faster.
    """

    threat: ThreatFacts
    party: Party | None
    default: Party | None
    why: tuple[str, ...]
    setting: Setting | None
    risk: Registered | None
    scale: Scale

    @property
    def level(self) -> int | None:
        """The level of the risk as it is now; None when it is not rated or not in the register."""
        return self.risk.rated_level if self.risk else None

    @property
    def level_word(self) -> str:
        return self.scale.word(self.level) if self.level else "not rated"

    @property
    def is_overridden(self) -> bool:
        return self.setting is not None

    @property
    def version(self) -> int:
        return self.setting.pk if self.setting else 0

    @property
    def cells(self) -> tuple[Cell, ...]:
        return tuple(Cell(party, party == self.party, party == self.default) for party in PARTIES)


@dataclass(frozen=True, slots=True)
class Undecided:
    """A threat of which it is not known yet whether it applies, and what that waits for."""

    threat: ThreatFacts
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """All duties of a system, and the threats that are not duties yet because an answer is missing."""

    duties: tuple[Duty, ...]
    undetermined: tuple[Undecided, ...]

    def duty(self, threat_key: str) -> Duty | None:
        """The row of a threat; None when it does not apply."""
        return next((duty for duty in self.duties if duty.threat.key == threat_key), None)

    @property
    def counts(self) -> list[tuple[Party, int]]:
        """How many threats each party answers for."""
        return [(party, sum(duty.party == party for duty in self.duties)) for party in PARTIES]

    @property
    def needs_supplier(self) -> bool:
        """Whether anyone but us answers for something."""
        return any(duty.party in (Party.SHARED, Party.SUPPLIER) for duty in self.duties)


def matrix_of(system: AISystem, *, catalog: Catalog | None = None, scale: Scale | None = None) -> Matrix:
    """The matrix as it stands today; six queries, less where catalog and scale are given."""
    # Dismissed ones are left out, those of an archived system not: its matrix can still be read.
    risks = (
        Risk.objects.filter(system=system, dismissed_at=None)
        .with_rating()
        .order_by(F("rated_level").desc(nulls_last=True), "number")
    )
    settings = system.responsibilities.in_force()
    catalog = catalog or reading.current()
    return matrix(
        catalog,
        identification_of(system, catalog),
        settings={row.threat_key: row for row in settings},
        risks={risk.threat_key: risk for risk in risks},
        scale=scale or current_scale(),
    )


def matrix(
    catalog: Catalog,
    identification: Identification,
    *,
    settings: Mapping[str, Setting],
    risks: Mapping[str, Registered],
    scale: Scale = DEFAULT_SCALE,
) -> Matrix:
    """One row for each threat that applies or is in the register, in the order of the catalog. Keys may be old ones.

    Threats of registered risks that the catalog in force has no more come last. Settings come the newest first and
    risks the worst first: of those whose threats have become one, the first counts.
    """
    settings, risks = _up_to_date(catalog, settings), _up_to_date(catalog, risks)
    duties, undetermined = [], []
    for threat in catalog.threats.values():
        verdict = identification.verdicts.get(threat.key)
        if (verdict and verdict.status == "applicable") or threat.key in risks:
            duties.append(_duty(threat, verdict, settings.get(threat.key), risks.get(threat.key), scale))
        elif verdict and verdict.status == "undetermined":
            undetermined.append(Undecided(threat, tuple(verdict.sentences("status"))))
    for key in risks:
        gone = told_of(catalog, key) if key not in catalog.threats else None
        if gone:
            duties.append(_duty(gone, None, settings.get(key), risks[key], scale))
    return Matrix(tuple(duties), tuple(undetermined))


def _duty(
    threat: ThreatFacts, verdict: Verdict | None, setting: Setting | None, risk: Registered | None, scale: Scale
) -> Duty:
    default = default_party(verdict)
    return Duty(
        threat=threat,
        party=Party(setting.party) if setting else default,
        default=default,
        why=tuple(verdict.sentences("party")) if verdict else (),
        setting=setting,
        risk=risk,
        scale=scale,
    )


def _up_to_date[T](catalog: Catalog, by_key: Mapping[str, T]) -> dict[str, T]:
    """By the keys of today. Where two threats have become one, the first of them counts."""
    found: dict[str, T] = {}
    for key, value in by_key.items():
        found.setdefault(key_of(catalog, key), value)
    return found
