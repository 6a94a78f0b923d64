"""Changing the treatments of many risks in one go: owner, due date and status.

What would change is planned first, then written, one new row and one event per risk, as for a single risk
(treating.py). So a preview is the change itself without the writing, and cannot promise anything else.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Prefetch

from accounts.access import owner_in
from accounts.models import User
from journal.errors import Conflict, NotAllowed
from journal.recording import Actor
from journal.writing import share_turn
from risks.register.models import Risk, Treatment
from risks.register.querysets import RiskQuerySet
from risks.register.treating import Change, changed_values, checked_change, must_change, write_changes
from risks.systems.models import AISystem

MOST_AT_ONCE = 500  # risks: as many as a person can look through in a preview
MOST_NAMED = 20  # risks that a refusal tells one by one
NO_SUCH_RISK = "Some of these risks are not in the register, or not yours to see."
NONE_CHOSEN = "Choose at least one risk."
TOO_MANY = f"At most {MOST_AT_ONCE} risks are changed in one go. Choose fewer, or narrow the filter."


@dataclass(frozen=True)
class Planned:
    """What a change would do to one risk: `values` are those of its treatment that differ, `why_not` a refusal.

    With neither, the risk is so already. `is_forbidden` marks what this person may not do at all.
    """

    risk: Risk
    before: Treatment | None
    values: Mapping[str, Any] = field(default_factory=dict)
    why_not: str = ""
    is_forbidden: bool = False

    @property
    def changes(self) -> dict[str, list[Any]]:
        """Each field that changes as [before, after]."""
        return {name: [getattr(self.before, name), value] for name, value in self.values.items()}


@transaction.atomic
def change_treatments(versions: Mapping[int, int | None], *, actor: Actor, change: Change) -> list[Planned]:
    """Change the treatments of many risks, all or none; returns what was done, in the order of the risks' numbers.

    `versions` are those that the person read, by the risk's id; None skips the check. Raises NotAllowed when one of the
    risks is not theirs to change, Conflict with the list of risks that somebody else changed meanwhile, and
    ValidationError when one cannot be changed, is not theirs to see, or there are too many.
    """
    change = checked_change(change)
    share_turn("scale")  # whoever moves the scale locks many risks too
    risks = _held(chosen(versions, actor))
    plan = planned(risks, change, actor)
    _must_be_possible(plan, versions)
    write_changes(((each.risk, each.before, each.values) for each in plan if each.before), actor, note=change.note)
    return plan


def plan_change(ids: Iterable[int], *, actor: Actor, change: Change) -> list[Planned]:
    """What change_treatments would do, in the order of the risks' numbers; writes nothing. Raises ValidationError."""
    change = checked_change(change)
    return planned(with_treatment(chosen(ids, actor)), change, actor)


def chosen(ids: Iterable[int], actor: Actor) -> RiskQuerySet:
    """The risks of these ids. Raises ValidationError for none, for too many, and unless the actor sees all of them.

    Nothing is said of which one is missing: one that is foreign reads like one that never was.
    """
    wanted = set(ids)
    if not wanted:
        raise ValidationError({"risks": NONE_CHOSEN})
    if len(wanted) > MOST_AT_ONCE:
        raise ValidationError({"risks": TOO_MANY})
    risks: RiskQuerySet = Risk.objects.visible_to(actor) if isinstance(actor, User) else Risk.objects.all()
    risks = risks.filter(pk__in=wanted)
    if risks.count() < len(wanted):
        raise ValidationError({"risks": NO_SUCH_RISK})
    return risks


def planned(risks: Iterable[Risk], change: Change, actor: Actor) -> list[Planned]:
    """What the change does to each of these risks, which come with system and treatment in force."""
    owners = _Owners(change)
    return [_planned(risk, change, actor, owners) for risk in risks]


class _Owners:
    """The new owner, looked up once for each team."""

    def __init__(self, change: Change) -> None:
        self.owner_id = change.owner_id
        self.found: dict[int, User | ValidationError] = {}

    def of(self, team_id: int) -> User:
        """Raises ValidationError where the person may not own anything in the team."""
        if team_id not in self.found:
            try:
                self.found[team_id] = owner_in(team_id, self.owner_id)
            except ValidationError as error:
                self.found[team_id] = error
        owner = self.found[team_id]
        if isinstance(owner, ValidationError):
            raise owner
        return owner


def _planned(risk: Risk, change: Change, actor: Actor, owners: _Owners) -> Planned:
    before: Treatment | None = next(iter(risk.treatments_in_force), None)  # type: ignore[attr-defined]
    try:
        must_change(actor, risk, before, change)
        return Planned(risk, before, changed_values(risk, before, change, owners.of))
    except NotAllowed as error:
        return Planned(risk, before, why_not=str(error), is_forbidden=True)
    except ValidationError as error:
        return Planned(risk, before, why_not=" ".join(error.messages))


def _held(risks: RiskQuerySet) -> Sequence[Risk]:
    """The risks behind the locks of their systems, in one order for everyone: so no two of these wait for each other.

    A write to one risk holds its system first, as here, and never a second one.
    """
    systems = set(risks.values_list("system_id", flat=True))
    list(AISystem.objects.select_for_update(of=("self",)).filter(pk__in=systems).order_by("pk"))
    ids = [risk.pk for risk in risks.select_for_update(of=("self",)).order_by("pk")]
    return list(with_treatment(Risk.objects.filter(pk__in=ids)))


def with_treatment(risks: RiskQuerySet) -> RiskQuerySet:
    """The risks with system and treatment in force, in the order of their numbers; two queries."""
    in_force = Treatment.objects.in_force().select_related("owner")
    found: RiskQuerySet = risks.select_related("system").order_by("number")
    return found.prefetch_related(Prefetch("treatments", in_force, to_attr="treatments_in_force"))


def _must_be_possible(plan: Sequence[Planned], versions: Mapping[int, int | None]) -> None:
    """Raises NotAllowed, Conflict or ValidationError unless every risk can be changed, and was read as it is."""
    forbidden = [each for each in plan if each.is_forbidden]
    if forbidden:
        raise NotAllowed(" ".join(_told(forbidden)))
    moved = [each.risk for each in plan if versions[each.risk.pk] not in (None, each.risk.version)]
    if moved:
        raise Conflict(moved)
    refused = [each for each in plan if each.why_not]
    if refused:
        raise ValidationError({"risks": _told(refused)})


def _told(refused: Sequence[Planned]) -> list[str]:
    named = [f"{each.risk.reference}: {each.why_not}" for each in refused[:MOST_NAMED]]
    rest = len(refused) - MOST_NAMED
    return [*named, f"And {rest} more."] if rest > 0 else named
