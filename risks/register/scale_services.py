"""The verbs of the scale: the only writers of its versions and of the teams' lines of appetite.

Old ratings stay as they were judged. Where a new version has other levels or another table, the ratings in force are
moved by a map: each gets a new row on the new scale, and `moved_from` says where it lay.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import Team
from journal.errors import Conflict
from journal.recording import Actor, Entry, record, record_all
from journal.writing import create, wait_for_turn
from risks.register.access import must_keep_scale
from risks.register.choices import RatingKind
from risks.register.models import Rating, Risk, ScaleVersion, TeamAppetite
from risks.register.rules import Scale
from risks.register.scale_content import InvalidScaleError, appetite_from, content_of, scale_from
from risks.register.scale_moving import LevelMap, Place, changes_band, have_same_levels, places_to_move
from risks.register.scales import current_scale
from risks.register.services import text_within

PUT_IN_FORCE, APPETITE_SET, MOVED = "scale.put_in_force", "appetite.set", "risk.moved"
LONGEST_REASON = 2_000
BATCH = 1_000  # risks moved at a time


@transaction.atomic
def put_scale_in_force(
    *, actor: Actor, content: Mapping[str, Any], level_map: LevelMap | None, reason: str, expected_key: str
) -> ScaleVersion:
    """Let a new version of the scale hold from now on, and move what is rated by the map.

    Without a `level_map` each level goes where it is offered to (LevelMap.offered). Every risk that changes band gets
    an event. Raises Conflict with the scale in force when it is not the one expected, ValidationError with the place of
    each fault, NotAllowed.
    """
    must_keep_scale(actor)
    wait_for_turn("scale")
    before = current_scale()
    if before.key != expected_key:
        raise Conflict(before)
    reason = text_within("reason", reason, LONGEST_REASON, needed="Say why.")
    number = (ScaleVersion.objects.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    after = _parsed(f"scale-{number}", content)
    if content_of(after) == content_of(before):
        raise ValidationError("This is the scale that is in force already.")
    level_map = level_map or LevelMap.offered(before, after)
    level_map.check(before, after)
    now = timezone.now()
    ScaleVersion.objects.in_force().update(superseded_at=now)
    values = {"content": content_of(after), "reason": reason, "set_by_name": actor.display_name, "at": now}
    version = create(ScaleVersion(key=after.key, number=number, **values))
    _end_appetites(before, after, now)
    moved = _move_ratings(before, after, level_map, actor)
    changes: dict[str, list[Any]] = {"scale": [before.key, after.key], "moved": [None, moved]}
    record(version, PUT_IN_FORCE, actor=actor, changes=changes, reason=reason)
    return version


@transaction.atomic
def set_team_appetite(
    team_id: int, *, actor: Actor, steps: Sequence[int] | None, reason: str, expected_key: str
) -> TeamAppetite | None:
    """Give a team a line of appetite of its own on the scale in force; None lets the organisation's hold again.

    Raises Conflict when the scale has changed, ValidationError, NotAllowed, Team.DoesNotExist.
    """
    must_keep_scale(actor)
    wait_for_turn("scale")
    team, scale = Team.objects.get(pk=team_id), current_scale()
    if scale.key != expected_key:
        raise Conflict(scale)
    reason = text_within("reason", reason, LONGEST_REASON, needed="Say why.")
    if steps is not None:
        errors: dict[str, str] = {}
        steps = appetite_from(list(steps), scale.likelihood, scale.impact, errors)
        if errors:
            raise ValidationError(errors)
    before = TeamAppetite.objects.in_force().filter(team=team).first()
    if (tuple(before.steps) if before else None) == (tuple(steps) if steps is not None else None):
        return before
    now = timezone.now()
    TeamAppetite.objects.in_force().filter(team=team).update(superseded_at=now)
    row = None
    if steps is not None:
        said = {"reason": reason, "set_by_name": actor.display_name, "at": now}
        row = create(TeamAppetite(team=team, steps=list(steps), **said))
    changes = {"appetite": [list(before.steps) if before else None, list(steps) if steps is not None else None]}
    record(team, APPETITE_SET, actor=actor, changes=changes, reason=reason, team_id=team.pk)
    return row


def _parsed(key: str, content: Mapping[str, Any]) -> Scale:
    try:
        return scale_from(key, content)
    except InvalidScaleError as error:
        raise ValidationError(error.errors) from error


def _end_appetites(before: Scale, after: Scale, now: Any) -> None:
    """A team's line is drawn on the levels of a scale; on other levels it means nothing."""
    if not have_same_levels(before, after):
        TeamAppetite.objects.in_force().update(superseded_at=now)


def _move_ratings(before: Scale, after: Scale, level_map: LevelMap, actor: Actor) -> int:
    """Write each rating in force that changes its place or band anew; returns how many risks that touched."""
    places = places_to_move(before, after, level_map)
    if not places:
        return 0
    ratings = Rating.objects.in_force().filter(likelihood__in={old[0] for old in places}).order_by("risk_id", "pk")
    moving = [rating for rating in ratings if (rating.likelihood, rating.impact) in places]
    move, count = Move(before, after, level_map, places), 0
    for batch in batched(_by_risk(moving), BATCH):
        count += len(batch)
        _move_batch([rating for ratings in batch for rating in ratings], move, actor)
    return count


def _by_risk(ratings: list[Rating]) -> list[list[Rating]]:
    found: dict[int, list[Rating]] = {}
    for rating in ratings:
        found.setdefault(rating.risk_id, []).append(rating)
    return list(found.values())


@dataclass(frozen=True)
class Move:
    """The way from one scale to the other; `places` are the cells that move."""

    before: Scale
    after: Scale
    level_map: LevelMap
    places: Mapping[tuple[int, int], Place]

    def areas(self, given: Mapping[str, int]) -> dict[str, int]:
        """The levels of the impact areas, moved as the impact is: so the worst of them stays the impact."""
        return {area: self.level_map.impact[level - 1] for area, level in given.items()}


def _move_batch(ratings: list[Rating], move: Move, actor: Actor) -> None:
    now, before, after, places = timezone.now(), move.before, move.after, move.places
    risks = Risk.objects.select_for_update().in_bulk({rating.risk_id for rating in ratings})
    Rating.objects.filter(pk__in=[rating.pk for rating in ratings]).update(superseded_at=now)
    Rating.objects.bulk_create(
        Rating(
            team_id=rating.team_id,
            risk_id=rating.risk_id,
            kind=rating.kind,
            scale=after.key,
            edition=rating.edition,
            likelihood=(place := places[rating.likelihood, rating.impact]).likelihood,
            impact=place.impact,
            level=place.level,
            reason=rating.reason,
            factors=rating.factors,
            areas=move.areas(rating.areas),
            moved_from=f"{before.in_words(rating.likelihood, rating.impact)} on {before.key}",
            rated_by_name=rating.rated_by_name,
            at=now,
        )
        for rating in ratings
    )
    Risk.objects.filter(pk__in=risks).update(version=F("version") + 1, updated_at=now)
    entries = []
    for rating in ratings:
        place = places[rating.likelihood, rating.impact]
        if rating.kind == RatingKind.CURRENT and changes_band(before, after, rating.level, place.level):
            words = [before.word(rating.level), after.word(place.level)]
            entries.append(Entry(risks[rating.risk_id], MOVED, {"band": words}, f"Moved to {after.key}."))
    record_all(entries, actor=actor)
