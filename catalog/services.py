"""The verbs of an organisation's own threats and controls: their only writers.

Every write adds a revision, which is how each process learns that the catalog reads differently now, and renews what
search knows of them.
"""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from catalog.access import must_keep_catalog
from catalog.indexing import index_own
from catalog.models import OwnControl, OwnEntry, OwnLink, OwnRevision, OwnThreat
from catalog.own_reading import key_today
from catalog.profile import condition_fault
from catalog.reading import Catalog, current
from catalog.vocabulary import LONGEST_KEY, LONGEST_LINE, LONGEST_TEXT, OWN
from journal.errors import Conflict
from journal.recording import Actor, record
from journal.writing import create, differences, save

THREAT_ADDED, THREAT_CHANGED = "ownthreat.added", "ownthreat.changed"
CONTROL_ADDED, CONTROL_CHANGED = "owncontrol.added", "owncontrol.changed"
THREAT_RETIRED, THREAT_RESTORED = "ownthreat.retired", "ownthreat.restored"
CONTROL_RETIRED, CONTROL_RESTORED = "owncontrol.retired", "owncontrol.restored"

MOST_EVIDENCE = 20


@transaction.atomic
def add_threat(*, actor: Actor, controls: Iterable[str], **values: Any) -> OwnThreat:
    """Add a threat of the organisation's own, linked with these controls. Its key is made of its title.

    `values` are title, parent_key (a group of the catalog, which gives surface and lifecycle), summary, how, hurts,
    applies, likelihood, impact, impacts, url and applicable_when. Raises ValidationError, NotAllowed.
    """
    must_keep_catalog(actor)
    _wait_for_other_writers()
    catalog = current()
    values = _threat_values(catalog, **values)
    row = create(OwnThreat(key=_new_key(OwnThreat, values["title"]), **values))
    links = _set_links(catalog, row, controls)
    record(row, THREAT_ADDED, actor=actor, changes={name: [None, v] for name, v in {**values, **links}.items() if v})
    _next_revision()
    return row


@transaction.atomic
def change_threat(
    key: str, *, actor: Actor, expected_version: int | None, controls: Iterable[str], **values: Any
) -> OwnThreat:
    """Change an own threat and its links; values as in add_threat. Its key stays. Raises Conflict, DoesNotExist too."""
    must_keep_catalog(actor)
    _wait_for_other_writers()
    row = _locked(OwnThreat, key, expected_version)
    catalog = current()
    _change(catalog, row, THREAT_CHANGED, actor, _threat_values(catalog, **values), controls)
    return row


@transaction.atomic
def add_control(*, actor: Actor, threats: Iterable[str], **values: Any) -> OwnControl:
    """Add a control of the organisation's own, linked with these threats. Its key is made of its name.

    `values` are name, parent_key (a control group of the catalog), purpose, practice, types, lifecycle, essentials,
    effort, effort_reason, trade_off, evidence, done_by, done_by_note and url. Raises ValidationError, NotAllowed.
    """
    must_keep_catalog(actor)
    _wait_for_other_writers()
    catalog = current()
    values = _control_values(catalog, **values)
    row = create(OwnControl(key=_new_key(OwnControl, values["name"]), **values))
    links = _set_links(catalog, row, threats)
    record(row, CONTROL_ADDED, actor=actor, changes={name: [None, v] for name, v in {**values, **links}.items() if v})
    _next_revision()
    return row


@transaction.atomic
def change_control(
    key: str, *, actor: Actor, expected_version: int | None, threats: Iterable[str], **values: Any
) -> OwnControl:
    """Change an own control and its links; values as in add_control. Raises also Conflict, DoesNotExist."""
    must_keep_catalog(actor)
    _wait_for_other_writers()
    row = _locked(OwnControl, key, expected_version)
    catalog = current()
    _change(catalog, row, CONTROL_CHANGED, actor, _control_values(catalog, **values), threats)
    return row


@transaction.atomic
def retire(row: OwnEntry, *, actor: Actor, expected_version: int | None, is_retired: bool) -> OwnEntry:
    """Offer an own entry no more, or again. Risks that have it keep it. Raises Conflict, NotAllowed."""
    must_keep_catalog(actor)
    _wait_for_other_writers()
    row = _locked(type(row), row.key, expected_version)
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


def _links(row: OwnEntry, catalog: Catalog) -> dict[str, str | None]:
    """Each key that is kept as linked, and what the catalog calls it today; None where it is not there."""
    here, there = _ends(row)
    find = catalog.control if there == "control_key" else catalog.threat
    kept = OwnLink.objects.filter(**{here: row.key}).values_list(there, flat=True)
    return {key: key_today(find, key) for key in kept}


def _change(
    catalog: Catalog, row: OwnEntry, verb: str, actor: Actor, values: dict[str, Any], links: Iterable[str]
) -> None:
    changes = differences(row, **values)
    before = links_of(row, catalog)
    linked = _set_links(catalog, row, links)
    name, after = next(iter(linked.items()))
    if not changes and before == after:
        return
    save(row, changes)
    record(row, verb, actor=actor, changes={**changes, **({name: [before, after]} if before != after else {})})
    _next_revision()


def _set_links(catalog: Catalog, row: OwnEntry, keys: Iterable[str]) -> dict[str, list[str]]:
    """Leave exactly these links of those that the catalog has; what they are called in an event, and the keys."""
    here, there = _ends(row)
    name = "controls" if there == "control_key" else "threats"
    wanted = sorted(set(keys))
    known = catalog.controls if name == "controls" else catalog.threats
    if strange := [key for key in wanted if key not in known]:
        raise ValidationError({name: f"There is no such entry: {', '.join(strange)[:LONGEST_LINE]}."})
    kept = _links(row, catalog)
    unwanted = [key for key, today in kept.items() if today is not None and today not in wanted]
    OwnLink.objects.filter(**{here: row.key, f"{there}__in": unwanted}).delete()
    new = set(wanted) - set(kept.values())
    OwnLink.objects.bulk_create(OwnLink(**{here: row.key, there: key}) for key in sorted(new))
    return {name: wanted}


def _ends(row: OwnEntry) -> tuple[str, str]:
    return ("threat_key", "control_key") if isinstance(row, OwnThreat) else ("control_key", "threat_key")


def _threat_values(catalog: Catalog, *, title: str, parent_key: str, applicable_when: Any = None, **values: Any) -> Any:
    group = catalog.threats.get(parent_key)
    if group is None or not group.is_group:
        raise ValidationError({"parent_key": "Choose a group of the catalog."})
    if strange := set(values.get("impacts", ())) - set(catalog.impacts):
        raise ValidationError({"impacts": f"There is no such impact: {', '.join(sorted(strange))[:LONGEST_LINE]}."})
    if applicable_when is not None and (wrong := condition_fault(applicable_when, catalog.rule_set)):
        raise ValidationError({"applicable_when": wrong})
    texts = ("summary", "how", "hurts", "applies", "likelihood", "impact")
    return {
        "title": _line("title", title),
        "parent_key": parent_key,
        "surface": group.surface.value,
        "lifecycle": group.lifecycle.value,
        "impacts": list(values.get("impacts", ())),
        "url": str(values.get("url", "")).strip(),
        "applicable_when": applicable_when,
        **{name: _text(name, values.get(name, ""), needed=name == "summary") for name in texts},
    }


def _control_values(catalog: Catalog, *, name: str, parent_key: str, **values: Any) -> dict[str, Any]:
    if parent_key not in catalog.control_groups:
        raise ValidationError({"parent_key": "Choose a control group of the catalog."})
    if strange := set(values.get("essentials", ())) - set(catalog.essentials):
        raise ValidationError(
            {"essentials": f"There is no such category: {', '.join(sorted(strange))[:LONGEST_LINE]}."}
        )
    evidence = [_text("evidence", each) for each in values.get("evidence", ()) if each.strip()]
    if len(evidence) > MOST_EVIDENCE:
        raise ValidationError({"evidence": f"Name at most {MOST_EVIDENCE} pieces of evidence."})
    texts = ("purpose", "practice", "effort_reason", "trade_off", "done_by_note")
    return {
        "name": _line("name", name),
        "parent_key": parent_key,
        "types": list(values.get("types", ())),
        "lifecycle": list(values.get("lifecycle", ())),
        "essentials": list(values.get("essentials", ())),
        "effort": values.get("effort", ""),
        "evidence": evidence,
        "done_by": list(values.get("done_by", ())),
        "url": str(values.get("url", "")).strip(),
        **{each: _text(each, values.get(each, ""), needed=each == "purpose") for each in texts},
    }


def _line(name: str, value: str) -> str:
    value = " ".join(value.split())
    if not value:
        raise ValidationError({name: "Give it a name."})
    if len(value) > LONGEST_LINE:
        raise ValidationError({name: f"Keep this within {LONGEST_LINE} characters; it has {len(value)}."})
    return value


def _text(name: str, value: str, *, needed: bool = False) -> str:
    value = value.strip()
    if needed and not value:
        raise ValidationError({name: "Say it in a sentence or two."})
    if len(value) > LONGEST_TEXT:
        raise ValidationError({name: f"Keep this within {LONGEST_TEXT:,} characters; it has {len(value):,}."})
    return value


def _new_key(model: type[OwnEntry], name: str) -> str:
    """A key that no entry has: own-shadow-models, own-shadow-models-2."""
    stem = (OWN + (slugify(name).replace("_", "-") or "entry"))[: LONGEST_KEY - 5].strip("-")
    taken = set(model.objects.filter(key__startswith=stem).values_list("key", flat=True))
    number = next(number for number in range(1, len(taken) + 2) if _numbered(stem, number) not in taken)
    return _numbered(stem, number)


def _numbered(stem: str, number: int) -> str:
    return stem if number == 1 else f"{stem}-{number}"


def _locked[E: OwnEntry](model: type[E], key: str, expected_version: int | None) -> E:
    row = model.objects.select_for_update().get(key=key)
    if expected_version is not None and row.version != expected_version:
        raise Conflict(row)
    return row  # type: ignore[no-any-return]


def _wait_for_other_writers() -> None:
    """Revisions must come to light in the order of their ids, and keys and the rows of search be drawn one by one."""
    with transaction.get_connection().cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('catalog.own', 0))")


def _next_revision() -> None:
    OwnRevision.objects.create()
    index_own()
