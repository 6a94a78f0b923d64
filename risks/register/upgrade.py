"""What putting another edition in force would touch: systems whose threats change, and risks to look at again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from catalog.comparing import Difference, difference, meaning_changes
from catalog.models import Edition
from catalog.reading import Catalog
from risks.register.another_look import touched
from risks.register.models import Risk
from risks.register.threats import key_of, title_of
from risks.systems.models import AISystem, Profile
from risks.systems.rules import Verdict, identify

MOST = 50  # rows of a list on the page


@dataclass(frozen=True)
class TouchedRisk:
    """A risk that would need another look, and why."""

    risk: Risk
    title: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class TouchedSystem:
    """A system for which the rules would say something else. The lists hold titles of threats."""

    system: AISystem
    newly: tuple[str, ...]
    no_longer: tuple[str, ...]
    unknown: tuple[str, ...]
    party: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.newly or self.no_longer or self.unknown or self.party)


@dataclass(frozen=True)
class Upgrade:
    """The whole page: what is different, and what that touches among what the reader may see."""

    edition: Edition
    before: str
    difference: Difference
    risks: tuple[TouchedRisk, ...]
    risk_count: int
    systems: tuple[TouchedSystem, ...]
    system_count: int


def upgrade_to(edition: Edition, after: Catalog, before: Catalog, reader: User) -> Upgrade:
    """What it means for a reader if an edition replaces the one in force; four queries."""
    looks = {
        each.edition: meaning_changes(each, after) for each in (before, *before.others) if each.edition != after.edition
    }
    risks = Risk.objects.visible_to(reader).open().filter(touched(looks)).select_related("system").order_by("number")
    systems = _touched_systems(after, before, reader)
    return Upgrade(
        edition=edition,
        before=before.edition,
        difference=difference(before, after),
        risks=tuple(
            TouchedRisk(risk, title_of(before, risk.threat_key), looks[risk.edition][risk.threat_key])
            for risk in risks[:MOST]
        ),
        risk_count=risks.count(),
        systems=tuple(systems[:MOST]),
        system_count=len(systems),
    )


def _touched_systems(after: Catalog, before: Catalog, reader: User) -> list[TouchedSystem]:
    """Systems that are described and whose verdicts would change, in their order."""
    answers: dict[int, Any] = dict(Profile.objects.visible_to(reader).in_force().values_list("system_id", "answers"))
    systems = (
        system for system in AISystem.objects.visible_to(reader).active().order_by("number") if system.pk in answers
    )
    touched = (_touched(system, answers[system.pk], after, before) for system in systems)
    return [each for each in touched if each]


def _touched(system: AISystem, answers: Mapping[str, Any], after: Catalog, before: Catalog) -> TouchedSystem:
    old = {key_of(after, key): verdict for key, verdict in identify(before.rule_set, answers).verdicts.items()}
    new = identify(after.rule_set, answers).verdicts

    def titles(status: str, here: Mapping[str, Verdict], there: Mapping[str, Verdict]) -> tuple[str, ...]:
        keys = (k for k, v in here.items() if v.status == status and (k not in there or there[k].status != status))
        return tuple(title_of(after, key) if key in after.threats else title_of(before, key) for key in keys)

    both = (key for key in new if key in old and new[key].status == old[key].status == "applicable")
    return TouchedSystem(
        system=system,
        newly=titles("applicable", new, old),
        no_longer=titles("applicable", old, new),
        unknown=titles("undetermined", new, old),
        party=tuple(title_of(after, key) for key in both if new[key].party != old[key].party),
    )
