"""How each threat of the catalog stands with one system: what the rules say, what people decided, where its risk is.

One reading for the threat map, the list of threats and the statement of applicability, so that they cannot disagree.
`threat_states` is pure; `states_of` reads what it needs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, TextChoices

from catalog.facts import ThreatFacts
from catalog.reading import Catalog
from risks.register.choices import Origin, TreatmentStatus
from risks.register.in_force import Assigned, Dismissed, InForce, in_force_of
from risks.register.models import Risk
from risks.register.parts import default_party
from risks.register.threats import key_of, threats_for_risks, told_of
from risks.systems.choices import Party
from risks.systems.models import AISystem
from risks.systems.rules import Identification, Verdict, identify

type Registered = Any  # a Risk


class Status(TextChoices):
    """Whether a threat applies: the verdict of the rules, unless people decided otherwise."""

    APPLICABLE = "applicable", "Applies"
    UNDETERMINED = "undetermined", "Not known yet"
    DISMISSED = "dismissed", "Dismissed"
    NOT_APPLICABLE = "not_applicable", "Does not apply"


@dataclass(frozen=True)
class ThreatState:
    """One threat to one system. `verdict` is None for what the rules do not judge; `judged_with` is a variant's threat.

    `risk` stands for it in the register, dismissed or not. `days_late` are those of its treatment, 0 when not late.
    """

    threat: ThreatFacts
    status: Status
    verdict: Verdict | None
    party: Party | None
    setting: Assigned | None
    risk: Registered | None
    dismissal: Dismissed | None
    judged_with: ThreatFacts | None
    days_late: int

    @property
    def applies(self) -> bool:
        return self.status is Status.APPLICABLE

    @property
    def open_risk(self) -> Registered | None:
        """The risk, unless it is dismissed and counts no more."""
        return self.risk if self.risk and self.risk.dismissed_at is None else None

    @property
    def is_beyond_rules(self) -> bool:
        """Whether it applies because of its risk in the register, while the rules do not say that it does."""
        ruled = self.verdict is not None and self.verdict.status == "applicable"
        return self.applies and self.open_risk is not None and not ruled

    @property
    def is_by_hand(self) -> bool:
        return self.open_risk is not None and self.open_risk.origin == Origin.HAND

    def level(self, kind: str) -> int | None:
        """The level of its rating of a kind; None while it is not rated or not in the register."""
        return getattr(self.open_risk, f"{kind}_level") if self.open_risk else None

    @property
    def treatment_word(self) -> str:
        """How far its treatment is; empty while none is chosen."""
        status = self.open_risk.treatment_status if self.open_risk else None
        return TreatmentStatus(status).label if status else ""

    @property
    def late_words(self) -> str:
        """ "late 2 days", or nothing."""
        return f"late {self.days_late} day{'' if self.days_late == 1 else 's'}" if self.days_late else ""


@dataclass(frozen=True)
class SystemThreats:
    """All threats of a system as they stand, by key in the order of the catalog, and what that rests on."""

    system: AISystem
    catalog: Catalog
    in_force: InForce
    identification: Identification
    states: Mapping[str, ThreatState]

    @property
    def shown(self) -> tuple[ThreatState, ...]:
        """Those that the rules judge or a risk stands for: all but variants, and own threats that nobody added here."""
        return tuple(state for state in self.states.values() if state.verdict or state.risk)

    @property
    def unruled(self) -> tuple[ThreatState, ...]:
        """Those in the register that the rules do not judge."""
        return tuple(state for state in self.shown if not state.verdict)

    @property
    def counts(self) -> dict[Status, int]:
        """How many have each status; a variant is counted with its threat."""
        alone = [state.status for state in self.states.values() if not state.judged_with]
        return {status: alone.count(status) for status in Status}


def states_of(system: AISystem, catalog: Catalog, *, at: date, in_force: InForce | None = None) -> SystemThreats:
    """As they stand on the day `at`; two queries, one where the caller has read what is in force."""
    in_force = in_force or in_force_of(system, catalog)
    identification = identify(catalog.rule_set, in_force.answers)
    risks = Risk.objects.filter(system=system)
    open_first = F("dismissed_at").asc(nulls_first=True)  # a dismissed one must not hide one that is open
    worst_first = risks.order_by(open_first, F("current_level").desc(nulls_last=True), "number")
    states = threat_states(catalog, identification, in_force, worst_first, at=at)
    return SystemThreats(system, catalog, in_force, identification, states)


def threat_states(
    catalog: Catalog, identification: Identification, in_force: InForce, risks: Iterable[Registered], *, at: date
) -> dict[str, ThreatState]:
    """By key, in the order of the catalog; threats of the register that the edition in force has no more come last.

    Of risks whose threats have become one, the first counts.
    """
    registered: dict[str, Registered] = {}
    for risk in risks:
        registered.setdefault(key_of(catalog, risk.threat_key), risk)
    known = {threat.key: threat for threat in threats_for_risks(catalog)}
    gone = {key: told for key in registered if key not in known and (told := told_of(catalog, key))}
    states: dict[str, ThreatState] = {}
    for key, threat in (known | gone).items():
        verdict, parent = identification.verdicts.get(key), _judged_with(catalog, threat)
        risk, dismissal = registered.get(key), in_force.dismissals.get(key)
        setting = in_force.parties.get(key)
        states[key] = ThreatState(
            threat=threat,
            status=_status(verdict, risk, dismissal, states.get(parent.key) if parent else None),
            verdict=verdict,
            party=Party(setting.party) if setting else default_party(verdict),
            setting=setting,
            risk=risk,
            dismissal=dismissal,
            judged_with=parent,
            days_late=_days_late(risk, at),
        )
    return states


def _status(
    verdict: Verdict | None, risk: Registered | None, dismissal: Dismissed | None, parent: ThreatState | None
) -> Status:
    """An open risk means that it applies. A dismissal counts only against what would apply or is not known yet."""
    if risk and risk.dismissed_at is None:
        return Status.APPLICABLE
    if (dismissal or risk) and not (verdict and verdict.status == "not_applicable"):
        return Status.DISMISSED
    if verdict:
        return Status(verdict.status)
    return parent.status if parent else Status.NOT_APPLICABLE


def _judged_with(catalog: Catalog, threat: ThreatFacts) -> ThreatFacts | None:
    """The threat that a variant is judged with: the nearest above it that is judged on its own."""
    if not threat.is_variant or threat.key not in catalog.threats:
        return None
    judged = {each.key for each in catalog.judged_threats}
    return next((above for above in reversed(catalog.above(threat.key)) if above.key in judged), None)


def _days_late(risk: Registered | None, at: date) -> int:
    if risk is None or risk.dismissed_at is not None or risk.treatment_due is None:
        return 0
    is_late = risk.treatment_due < at and risk.treatment_status != TreatmentStatus.DONE
    return (at - risk.treatment_due).days if is_late else 0
