"""The verb of profiles: the only writer of answers."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from catalog import reading
from journal.errors import Conflict
from journal.recording import Actor, record
from journal.writing import create, lock
from risks.systems.access import must_change
from risks.systems.answers import InvalidAnswersError, validate_answers
from risks.systems.models import AISystem, Profile

ANSWERED = "profile.answered"


@transaction.atomic
def answer_profile(system_id: int, *, actor: Actor, answers: object, expected_number: int | None = None) -> Profile:
    """Put down the answers about a system from now on, all of them: one that is not among them is taken back.

    `answers` is an object of questions and answers, not looked at by anyone yet (see `validate_answers`).
    `expected_number` is the number of the profile the caller had read, 0 for none; None skips the check. The same
    answers again leave everything as it is. Raises Conflict with the profile now in force, ValidationError, NotAllowed.
    """
    system = lock(AISystem, system_id)
    must_change(actor, system)
    current = system.profiles.in_force().first()
    if expected_number is not None and expected_number != (current.number if current else 0):
        raise Conflict(current)
    valid = valid_answers(answers)
    if current is not None and current.answers == valid:
        return current
    profile = _supersede(system, current, valid, actor)
    changes = _changed_answers(current.answers if current else {}, valid)
    record(system, ANSWERED, actor=actor, changes=changes)
    return profile


def valid_answers(answers: object) -> dict[str, Any]:
    """The answers as the edition in force takes them. Raises ValidationError that names the questions."""
    try:
        return validate_answers(reading.current().rule_set, answers)
    except InvalidAnswersError as error:
        raise ValidationError(error.errors) from error


def _supersede(system: AISystem, current: Profile | None, answers: dict[str, Any], actor: Actor) -> Profile:
    """End the profile in force and begin the next at the same moment, so that every moment has one."""
    now = timezone.now()
    if current is not None:
        current.superseded_at = now
        current.save(update_fields=["superseded_at"])
    return create(
        Profile(
            team_id=system.team_id,
            system=system,
            number=(current.number if current else 0) + 1,
            answers=answers,
            answered_by_name=actor.display_name,
            at=now,
        )
    )


def _changed_answers(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    return {key: [before.get(key), after.get(key)] for key in {**before, **after} if before.get(key) != after.get(key)}
