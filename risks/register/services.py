"""The verbs of risks: registering, describing, rating, and saying who answers for them.

What hangs on a risk has its verbs in modules of their own; docs/development.md lists them.

The risk is the aggregate: whatever changes below it locks the risk, steps its version on and leaves one event on it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import count
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from catalog import reading
from catalog.reading import Catalog
from journal.errors import Conflict
from journal.recording import Actor, record
from journal.texts import CONTROL_CHARACTERS, LINE_ENDS, is_readable
from journal.writing import create, differences, insert, lock, next_number, save, share_turn
from risks.register.acceptances import end_by_rating, with_acceptance
from risks.register.access import must_edit
from risks.register.choices import Origin, RatingKind
from risks.register.judging import changes_of_rating, judged
from risks.register.models import Dismissal, Rating, Responsibility, Review, Risk, RiskReview, Treatment
from risks.register.parts import default_party
from risks.register.reviews import ReviewState, dismissals_of, review_state
from risks.register.scales import current_scale
from risks.register.threats import key_of, threat_of, threats_for_risks
from risks.systems.access import must_be_active
from risks.systems.identification import identification_of
from risks.systems.models import AISystem
from risks.systems.rules import Verdict

REGISTERED, DESCRIBED = "risk.registered", "risk.described"
RATED = "risk.rated"
ASSIGNED = "responsibility.set"
LOOKED = "risk.looked_at"
REVIEWED = "system.reviewed"

LONGEST_TEXT = 4_000  # characters of a description, a reason or a plan
LONGEST_NOTE = 2_000

NOT_KNOWN_YET = "It is not known yet whether this threat applies. A person put it into the register all the same."
OTHER_SCALE = "The scale has changed since you opened this. Judge by the levels that are shown now."
DISMISSED_HERE = "This threat is dismissed for this system. Take the dismissal back first."
IS_DISMISSED = "This risk is dismissed. Take the dismissal back first."


@transaction.atomic
def confirm_threats(system_id: int, *, actor: Actor) -> list[Risk]:
    """Register a risk for every applicable threat that has neither risk nor dismissal; returns the new ones.

    The supplier's are included; undetermined threats wait for their answers. It counts as a review, unless something
    waits that asks for more than putting threats into the register: that stays until somebody judges it
    (reviewing.review_threats). Doing it again adds nothing.
    """
    system = locked_system(system_id, actor)
    catalog = reading.current()
    state = review_state(system, catalog)
    wanted = {row.threat for row in state.difference.of("new", "waiting")}
    keys = [key for key in state.verdicts if key in wanted]
    numbers = count(next_number(Risk, "risk")) if keys else count()
    risks = [
        register_threat(
            system, catalog, key, actor=actor, number=number, reasons=reasons_to_register(state.verdicts[key])
        )
        for key, number in zip(keys, numbers, strict=False)
    ]
    if not state.difference.needs_judgement:
        record_review(state, actor=actor, decided={"registered": keys})
    return risks


@transaction.atomic
def add_risk(system_id: int, *, actor: Actor, threat_key: str, description: str = "") -> Risk:
    """Register one threat by hand, whatever the rules say, also one of which it is not known yet whether it applies.

    Raises ValidationError, NotAllowed.
    """
    system = locked_system(system_id, actor)
    description = text_within("description", description, LONGEST_TEXT)
    catalog = reading.current()
    threat = _threat_to_register(catalog, threat_key)
    if threat in dismissals_of(system, catalog):
        raise ValidationError({"threat": DISMISSED_HERE})
    if threat in registered_threats(system, catalog):
        raise ValidationError({"threat": "This threat is in the register of this system already."})
    return register_threat(
        system,
        catalog,
        threat,
        actor=actor,
        number=next_number(Risk, "risk"),
        origin=Origin.HAND,
        reasons=reasons_to_register(identification_of(system, catalog).verdicts.get(threat)),
        description=description,
    )


@transaction.atomic
def describe_risk(risk_id: int, *, actor: Actor, expected_version: int | None, description: str) -> Risk:
    """Say what the threat means for this system. Raises Conflict, ValidationError, NotAllowed."""
    risk = locked_risk(risk_id, actor, expected_version)
    changes = differences(risk, description=text_within("description", description, LONGEST_TEXT))
    if changes:
        save(risk, changes)
        record(risk, DESCRIBED, actor=actor, changes=changes)
    return risk


@transaction.atomic
def look_again(
    risk_id: int, *, actor: Actor, expected_version: int | None, expected_edition: str | None = None
) -> Risk:
    """Say that a risk stands as it was judged, though the catalog has changed.

    It is judged by the edition in force from now on, which counts as a review too. `expected_edition` is the one that
    the person saw in force; None skips that check. Raises Conflict, NotAllowed.
    """
    risk = locked_risk(risk_id, actor, expected_version)
    edition = reading.current().edition
    if expected_edition is not None and expected_edition != edition:
        raise Conflict(risk)
    changes = differences(risk, edition=edition)
    if changes:
        said = {"edition": edition, "reviewed_by_name": actor.display_name}
        create(RiskReview(team_id=risk.team_id, risk=risk, **said))
        save(risk, changes)
        record(risk, LOOKED, actor=actor, changes=changes)
    return risk


@transaction.atomic
def rate_risk(
    risk_id: int,
    *,
    actor: Actor,
    kind: str,
    likelihood: int,
    impact: int | None,
    reason: str,
    expected_version: int | None,
    factors: Mapping[str, str] | None = None,
    areas: Mapping[str, int] | None = None,
    expected_scale: str | None = None,
) -> Risk:
    """Judge a risk from now on; likelihood and impact are level numbers of the scale.

    `factors` say what each does to the likelihood, and set no number. `areas` are impacts by area, the worst of which
    is the impact. `expected_scale` is the key of the scale that the person judged by; None skips that check.

    The rating before stays as it was judged. The same judgement for the same reason by the same edition changes
    nothing. A risk counts as judged by the edition in force once its current rating is. Raises Conflict,
    ValidationError, NotAllowed.
    """
    share_turn("scale")  # no rating is written on a scale that is being replaced
    risk = locked_risk(risk_id, actor, expected_version)
    must_be_open(risk)
    scale = current_scale()
    if expected_scale is not None and expected_scale != scale.key:
        raise ValidationError(OTHER_SCALE)
    values = judged(scale, kind=kind, likelihood=likelihood, impact=impact, factors=factors or {}, areas=areas or {})
    values["reason"] = text_within("reason", reason, LONGEST_TEXT, needed="Say why you judge it so.")
    before: Any = with_acceptance(risk.ratings.in_force().filter(kind=kind)).first()
    edition = reading.current().edition
    moved = differences(risk, edition=edition) if kind == RatingKind.CURRENT else {}
    if before is not None and not differences(before, **values) and not moved:
        return risk
    now = timezone.now()
    supersede(before, now)
    row = Rating(team_id=risk.team_id, risk=risk, edition=edition, rated_by_name=actor.display_name, at=now, **values)
    after = insert(row)
    if moved:
        risk.edition = edition
    step_on(risk, "edition")
    if before is not None and before.is_accepted:
        moved |= end_by_rating(risk, after, by=actor.display_name, now=now)
    record(risk, RATED, actor=actor, changes={**changes_of_rating(scale, before, after), **moved}, reason=after.reason)
    return risk


@transaction.atomic
def assign_party(system_id: int, *, actor: Actor, threat_key: str, party: str, reason: str) -> Responsibility | None:
    """Say who answers for a threat to a system from now on; an empty party leaves it to the rules again.

    Returns the row in force, None where the rules hold. Every risk of that threat has the party from this moment,
    also one that is registered later: it is read, not copied (parts.party_of). Whether somebody must answer for the
    threat at all is for assurance to judge, which knows the whole matrix. Raises NotAllowed, ValidationError.
    """
    system = locked_system(system_id, actor)
    catalog = reading.current()
    key = key_of(catalog, threat_key)
    rows = system.responsibilities.in_force()
    # The newest first. There are several where an edition made one threat of two: then all of them end.
    in_force = [row for row in rows if key_of(catalog, row.threat_key) == key]
    before = in_force[0] if in_force else None
    if before is None and not party:
        return None
    now = timezone.now()
    for row in in_force:
        supersede(row, now)
    after = None
    if party:
        said = {"party": party, "reason": reason, "set_by_name": actor.display_name, "at": now}
        after = create(Responsibility(team_id=system.team_id, system=system, threat_key=key, **said))
    default = default_party(identification_of(system, catalog).verdicts.get(key))
    pair = [row.party if row else default for row in (before, after)]
    record(system, ASSIGNED, actor=actor, changes={"threat": [None, key], "party": pair}, reason=reason)
    return after


def record_review(state: ReviewState, *, actor: Actor, decided: Mapping[str, Sequence[str]]) -> Review:
    """Put on record what a person had before them, and which threats they `decided` about, by what they decided.

    The same profile and edition again, with nothing decided, changes nothing.
    """
    before, system = state.review, state.system
    pairs: dict[str, list[Any]] = {
        "profile": [before.profile.number if before and before.profile else None, state.number or None],
        "edition": [before.edition if before else None, state.edition],
    }
    changes: dict[str, list[Any]] = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    changes |= {name: [None, list(keys)] for name, keys in decided.items() if keys}
    if before is not None and not changes:
        return before
    now = timezone.now()
    supersede(before, now)
    review = create(
        Review(
            team_id=system.team_id,
            system=system,
            profile=state.profile,
            edition=state.edition,
            reviewed_by_name=actor.display_name,
            at=now,
        )
    )
    record(system, REVIEWED, actor=actor, changes=changes)
    return review


def reasons_to_register(verdict: Verdict | None) -> list[str]:
    """The reasons a new risk keeps: none where the rules do not hold the threat; said so where that is not known."""
    if verdict is None or verdict.status == "not_applicable":
        return []
    return [NOT_KNOWN_YET, *verdict.sentences()] if verdict.status == "undetermined" else verdict.sentences()


def registered_threats(system: AISystem, catalog: Catalog) -> set[str]:
    """The threats of a system that are in the register, by their keys of today; one query."""
    return {key_of(catalog, key) for key in system.risks.values_list("threat_key", flat=True)}


def locked_system(system_id: int, actor: Actor) -> AISystem:
    """The system, held so that two confirmations at once never meet on the same threat."""
    system = lock(AISystem, system_id)
    must_edit(actor, system.team_id)
    must_be_active(system)
    return system


def locked_risk(risk_id: int, actor: Actor, expected_version: int | None) -> Risk:
    """The risk, held. Who may not change it is told so, before anything about its version."""
    risk = held_risk(risk_id)
    must_edit(actor, risk.team_id)
    must_be_active(risk.system)
    must_be_at(risk, expected_version)
    return risk


def held_risk(risk_id: int) -> Risk:
    """The risk behind its system's lock, so that nobody archives the system while something below it is written."""
    risks = Risk.objects.select_related("system")
    # Both in one statement, the system first: rows are locked in the order in which they are named.
    risk: Risk = risks.select_for_update(of=("system", "self")).get(pk=risk_id)
    return risk


def must_be_at(risk: Risk, expected_version: int | None) -> None:
    """Raises Conflict with the risk when somebody was faster."""
    if expected_version is not None and risk.version != expected_version:
        raise Conflict(risk)


def must_be_open(risk: Risk) -> None:
    """Raises ValidationError for a risk that is dismissed. That its system is not archived is must_be_active's."""
    if risk.dismissed_at is not None:
        raise ValidationError(IS_DISMISSED)


def register_threat(
    system: AISystem,
    catalog: Catalog,
    threat_key: str,
    *,
    actor: Actor,
    number: int,
    reasons: list[str],
    origin: str = Origin.RULE,
    description: str = "",
) -> Risk:
    risk = create(
        Risk(
            number=number,
            team_id=system.team_id,
            system=system,
            threat_key=threat_key,
            edition=catalog.edition,
            origin=origin,
            reasons=reasons,
            description=description,
        )
    )
    changes: dict[str, list[Any]] = {"threat": [None, threat_key], "system": [None, system], "origin": [None, origin]}
    record(risk, REGISTERED, actor=actor, changes=changes)
    return risk


def _threat_to_register(catalog: Catalog, key: str) -> str:
    """The key of a threat that can be a risk; an old key is brought up to date."""
    threat = threat_of(catalog, key)
    if threat is None:
        raise ValidationError({"threat": "Choose a threat of the catalog."})
    if threat not in threats_for_risks(catalog):
        raise ValidationError({"threat": f"{threat.title} is a group. Choose one of its threats."})
    return threat.key


def text_within(name: str, value: str, longest: int, *, needed: str = "") -> str:
    """Without space around and control characters. A text column has no length of its own, so it is measured here."""
    value = value.strip()
    if needed and not value:
        raise ValidationError({name: needed})
    if not is_readable(value, kept=LINE_ENDS):
        raise ValidationError({name: CONTROL_CHARACTERS})
    if len(value) > longest:
        raise ValidationError({name: f"Keep this within {longest:,} characters; it has {len(value):,}."})
    return value


def step_on(risk: Risk, *fields: str) -> None:
    """Something below the risk has changed, and of its own only `fields`, which need no check."""
    risk.version += 1
    risk.save(update_fields=["version", "updated_at", *fields])


def step_all_on(risks: Sequence[Risk]) -> None:
    """The same for many, which are held; one statement."""
    now = timezone.now()
    Risk.objects.filter(pk__in=[risk.pk for risk in risks]).update(version=F("version") + 1, updated_at=now)
    for risk in risks:
        risk.version, risk.updated_at = risk.version + 1, now


def supersede_all(rows: Sequence[Treatment], at: datetime) -> None:
    """End dated rows of one table at the moment their successors begin; one statement."""
    Treatment.objects.filter(pk__in=[row.pk for row in rows]).update(superseded_at=at)
    for row in rows:
        row.superseded_at = at


def supersede(row: Rating | Treatment | Responsibility | Dismissal | Review | None, at: datetime) -> None:
    """End a dated row at the moment its successor begins, so that every moment has one."""
    if row is not None:
        row.superseded_at = at
        row.save(update_fields=["superseded_at"])
