"""The verbs of an organisation's own threats and controls: their only writers.

Every write adds a revision, which is how each process learns that the catalog reads differently now, and renews what
search knows of them.
"""

from collections.abc import Collection, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from catalog.access import must_keep_catalog
from catalog.indexing import index_own
from catalog.models import OwnControl, OwnEntry, OwnLink, OwnRevision, OwnThreat
from catalog.own_reading import key_today
from catalog.own_values import control_values, threat_values
from catalog.reading import Catalog, current
from catalog.vocabulary import LONGEST_KEY, LONGEST_LINE, OWN
from journal.recording import Actor, record
from journal.writing import create, differences, lock, save, wait_for_turn

THREAT_ADDED, THREAT_CHANGED = "ownthreat.added", "ownthreat.changed"
CONTROL_ADDED, CONTROL_CHANGED = "owncontrol.added", "owncontrol.changed"
THREAT_RETIRED, THREAT_RESTORED = "ownthreat.retired", "ownthreat.restored"
CONTROL_RETIRED, CONTROL_RESTORED = "owncontrol.retired", "owncontrol.restored"


@transaction.atomic
def add_threat(*, actor: Actor, controls: Iterable[str], **values: Any) -> OwnThreat:
    """Add a threat of the organisation's own, linked with these controls. Its key is made of its title.

    `values` are title, parent_key (a group of the catalog, which gives surface and lifecycle), summary, how, hurts,
    applies, likelihood, impact, impacts, other_names, variants (title and text), in_rag, in_agents, fits (per kind of
    model yes or no), assets_hurt, assets_attacked, url and applicable_when. Raises ValidationError, NotAllowed.
    """
    catalog = _begin(actor)
    values = threat_values(catalog, **values)
    row = OwnThreat(key=_new_key(OwnThreat, values["title"]), **values)
    _add(catalog, row, values, controls, actor)
    return row


@transaction.atomic
def change_threat(
    threat_id: int, *, actor: Actor, expected_version: int | None, controls: Iterable[str], **values: Any
) -> OwnThreat:
    """Change an own threat and its links; values as in add_threat. Its key stays. Raises Conflict, DoesNotExist too."""
    catalog = _begin(actor)
    row = lock(OwnThreat, threat_id, expected_version)
    _change(catalog, row, threat_values(catalog, **values), controls, actor)
    return row


@transaction.atomic
def add_control(*, actor: Actor, threats: Iterable[str], **values: Any) -> OwnControl:
    """Add a control of the organisation's own, linked with these threats. Its key is made of its name.

    `values` are name, parent_key (a control group of the catalog), purpose, practice, types, lifecycle, essentials,
    effort, effort_reason, trade_off, evidence, done_by, done_by_note and url. Raises ValidationError, NotAllowed.
    """
    catalog = _begin(actor)
    values = control_values(catalog, **values)
    row = OwnControl(key=_new_key(OwnControl, values["name"]), **values)
    _add(catalog, row, values, threats, actor)
    return row


@transaction.atomic
def change_control(
    control_id: int, *, actor: Actor, expected_version: int | None, threats: Iterable[str], **values: Any
) -> OwnControl:
    """Change an own control and its links; values as in add_control. Raises also Conflict, DoesNotExist."""
    catalog = _begin(actor)
    row = lock(OwnControl, control_id, expected_version)
    _change(catalog, row, control_values(catalog, **values), threats, actor)
    return row


@transaction.atomic
def retire(row: OwnEntry, *, actor: Actor, expected_version: int | None, is_retired: bool) -> OwnEntry:
    """Offer an own entry no more, or again. Risks that have it keep it. Raises Conflict, NotAllowed."""
    _begin(actor)
    row = lock(type(row), row.pk, expected_version)
    changes = differences(row, is_retired=is_retired)
    if not changes:
        return row
    save(row, changes)
    verbs = (THREAT_RESTORED, THREAT_RETIRED) if isinstance(row, OwnThreat) else (CONTROL_RESTORED, CONTROL_RETIRED)
    record(row, verbs[is_retired], actor=actor, changes=changes)
    _next_revision()
    return row


def links_of(row: OwnEntry, catalog: Catalog) -> list[str]:
    """The keys that an own entry is linked with, as the catalog has them today; one query.

    What the catalog does not have is left out, and stays linked for when it has it again.
    """
    return sorted({key for key in _links(row, catalog).values() if key})


def _begin(actor: Actor) -> Catalog:
    """What every write begins with. Writers take turns: revisions must come to light in the order of their ids, and
    keys and the rows of search be drawn one by one.
    """
    must_keep_catalog(actor)
    wait_for_turn("catalog.own")
    return current()


def _add(catalog: Catalog, row: OwnEntry, values: dict[str, Any], links: Iterable[str], actor: Actor) -> None:
    create(row)
    name, (_, after) = _set_links(catalog, row, links, actor)
    verb = THREAT_ADDED if isinstance(row, OwnThreat) else CONTROL_ADDED
    changes = {each: [None, value] for each, value in {**values, name: after}.items() if value}
    record(row, verb, actor=actor, changes=changes)
    _next_revision()


def _change(catalog: Catalog, row: OwnEntry, values: dict[str, Any], links: Iterable[str], actor: Actor) -> None:
    changes = differences(row, **_with_what_waits(catalog, row, values))
    name, (before, after) = _set_links(catalog, row, links, actor)
    if not changes and before == after:
        return
    save(row, changes)
    linked = {name: [before, after]} if before != after else {}
    record(row, _changed(row), actor=actor, changes={**changes, **linked})
    _next_revision()


def _with_what_waits(catalog: Catalog, row: OwnEntry, values: dict[str, Any]) -> dict[str, Any]:
    """The values, with codes kept that the catalog does not have today and another edition may have again."""
    known: dict[str, Collection[str]] = {
        "impacts": catalog.impacts,
        "assets_hurt": catalog.assets,
        "assets_attacked": catalog.assets,
        "essentials": catalog.essentials,
    }
    waiting = {
        name: [code for code in getattr(row, name) if code not in known[name]] for name in known if name in values
    }
    return {**values, **{name: [*values[name], *codes] for name, codes in waiting.items()}}


def _links(row: OwnEntry, catalog: Catalog) -> dict[str, str | None]:
    """Each key that is kept as linked, and what the catalog calls it today; None where it is not there."""
    here, there = _ends(row)
    find = catalog.control if there == "control_key" else catalog.threat
    kept = OwnLink.objects.filter(**{here: row.key}).values_list(there, flat=True)
    return {key: key_today(find, key) for key in kept}


def _set_links(
    catalog: Catalog, row: OwnEntry, keys: Iterable[str], actor: Actor
) -> tuple[str, tuple[list[str], list[str]]]:
    """Leave exactly these links of those that the catalog has; what they are called in an event, and the keys before
    and after. Where the other end is an own entry too, it has changed as well.
    """
    here, there = _ends(row)
    name = _linked_as(row)
    wanted = sorted(set(keys))
    known = catalog.controls if name == "controls" else catalog.threats
    if strange := [key for key in wanted if key not in known]:
        raise ValidationError({name: f"There is no such entry: {', '.join(strange)[:LONGEST_LINE]}."})
    kept = _links(row, catalog)
    before = sorted({key for key in kept.values() if key})
    others = _own_ends(row, set(before) ^ set(wanted), catalog)
    unwanted = [key for key, today in kept.items() if today is not None and today not in wanted]
    OwnLink.objects.filter(**{here: row.key, f"{there}__in": unwanted}).delete()
    OwnLink.objects.bulk_create(OwnLink(**{here: row.key, there: key}) for key in sorted(set(wanted) - set(before)))
    for other, had in others:
        has = sorted({*had, row.key} if other.key in wanted else {*had} - {row.key})
        save(other, {})
        record(other, _changed(other), actor=actor, changes={_linked_as(other): [had, has]})
    return name, (before, wanted)


def _own_ends(row: OwnEntry, keys: Iterable[str], catalog: Catalog) -> list[tuple[OwnEntry, list[str]]]:
    """The own entries among the other ends of links, held, each with what it is linked with."""
    own = [key for key in keys if key.startswith(OWN)]
    model: type[OwnEntry] = OwnControl if isinstance(row, OwnThreat) else OwnThreat
    found = model.objects.filter(key__in=own).order_by("pk").select_for_update() if own else ()
    return [(other, links_of(other, catalog)) for other in found]


def _ends(row: OwnEntry) -> tuple[str, str]:
    return ("threat_key", "control_key") if isinstance(row, OwnThreat) else ("control_key", "threat_key")


def _linked_as(row: OwnEntry) -> str:
    """What the links of an own entry are called."""
    return "controls" if isinstance(row, OwnThreat) else "threats"


def _changed(row: OwnEntry) -> str:
    return THREAT_CHANGED if isinstance(row, OwnThreat) else CONTROL_CHANGED


def _new_key(model: type[OwnEntry], name: str) -> str:
    """A key that no entry has: own-shadow-models, own-shadow-models-2."""
    stem = (OWN + (slugify(name).replace("_", "-") or "entry"))[: LONGEST_KEY - 5].strip("-")
    taken = set(model.objects.filter(key__startswith=stem).values_list("key", flat=True))
    number = next(number for number in range(1, len(taken) + 2) if _numbered(stem, number) not in taken)
    return _numbered(stem, number)


def _numbered(stem: str, number: int) -> str:
    return stem if number == 1 else f"{stem}-{number}"


def _next_revision() -> None:
    OwnRevision.objects.create()
    index_own()
