"""The scale in force, read from the database: one small query, and the parsed value kept while it stays the same."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Q

from risks.register.models import ScaleVersion
from risks.register.rules import DEFAULT_SCALE, Scale
from risks.register.scale_content import scale_from

_READ = """
    SELECT version.key, version.content::text, (
        SELECT json_agg(json_build_array(team_id, steps)) FROM register_teamappetite AS line WHERE {line})
    FROM (SELECT) AS always LEFT JOIN register_scaleversion AS version ON {version}
"""
_THEN = "{0}.at < %(moment)s AND ({0}.superseded_at IS NULL OR {0}.superseded_at >= %(moment)s)"
IN_FORCE = _READ.format(line="line.superseded_at IS NULL", version="version.superseded_at IS NULL")
IN_FORCE_THEN = _READ.format(line=_THEN.format("line"), version=_THEN.format("version"))


def current_scale() -> Scale:
    """The organisation's scale with the teams' own lines of appetite; one query.

    Until the organisation has put one of its own in force it is the one that comes with the project.
    """
    return _read(IN_FORCE, {})


def scale_at(moment: datetime) -> Scale:
    """The scale with the teams' lines that were in force just before a moment; one query."""
    return _read(IN_FORCE_THEN, {"moment": moment})


def scales_at(moments: Sequence[datetime]) -> list[Scale]:
    """The scales that were in force just before these moments, without lines of teams; one query."""
    rows = list(ScaleVersion.objects.order_by("number").values_list("key", "content", "at", "superseded_at"))

    def scale(moment: datetime) -> Scale:
        for key, content, at, superseded_at in rows:
            if at < moment and (superseded_at is None or superseded_at >= moment):
                return _parsed(key, json.dumps(content))
        return DEFAULT_SCALE

    return [scale(moment) for moment in moments]


def _read(sql: str, values: dict[str, Any]) -> Scale:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        key, content, lines = cursor.fetchone()
    scale = _parsed(key, content) if key else DEFAULT_SCALE
    return replace(scale, team_appetite={team: tuple(steps) for team, steps in lines or ()})


def scale_for(request: Any) -> Scale:
    """The scale in force, read once for all that one request shows."""
    if not hasattr(request, "scale_in_force"):
        request.scale_in_force = current_scale()
    found: Scale = request.scale_in_force
    return found


def scale_of(key: str) -> Scale:
    """The scale of an earlier version, as it was, without lines of teams. Raises ScaleVersion.DoesNotExist."""
    if key == DEFAULT_SCALE.key:
        return DEFAULT_SCALE
    return _parsed(key, json.dumps(ScaleVersion.objects.get(key=key).content))


@lru_cache(maxsize=64)
def _parsed(key: str, content: str) -> Scale:
    return scale_from(key, json.loads(content))


def outside_appetite(scale: Scale) -> Q:
    """The condition on risks that carry a rating (with_rating): outside the line of their team."""
    condition = _beyond(scale.appetite)
    if scale.team_appetite:
        condition &= ~Q(team_id__in=tuple(scale.team_appetite))
    for team_id, steps in scale.team_appetite.items():
        condition |= Q(team_id=team_id) & _beyond(steps)
    return condition


def _beyond(steps: tuple[int, ...]) -> Q:
    condition = Q(pk__in=())
    for likelihood, impact in enumerate(steps, 1):
        condition |= Q(rated_likelihood=likelihood, rated_impact__gt=impact)
    return condition
