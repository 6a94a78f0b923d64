"""What is different between two editions, as plain values. Works in both directions, so a step back reads as well."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any, Protocol

from catalog.reading import Catalog
from catalog.vocabulary import OWN

# Fields that say where an entry stands, not what it means.
BESIDE = frozenset({"key", "aliases", "url", "number", "source_name", "is_ours"})
# Fields of a threat that change what a rating of it was about.
MEANING = (
    "title",
    "summary",
    "how",
    "hurts",
    "applies",
    "likelihood",
    "impact",
    "impacts",
    "surface",
    "lifecycle",
    "parent",
)
IN_WORDS = {
    "applies": "when it applies",
    "how": "how it happens",
    "hurts": "what it hurts",
    "impact": "what to consider for the impact",
    "impacts": "impacts",
    "likelihood": "what to consider for the likelihood",
    "name": "title",
    "parent": "group",
    "parent_key": "heading",
}


class Keyed(Protocol):
    """An entry that may have had other keys before."""

    @property
    def key(self) -> str: ...

    @property
    def aliases(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class FieldChange:
    """A field that says something else. Long texts are not cut here."""

    name: str
    before: Any
    after: Any

    @property
    def words(self) -> str:
        return in_words(self.name)


@dataclass(frozen=True)
class Change:
    """An entry that is in both editions and not the same. Renamed: another key or another title."""

    key: str
    title: str
    old_key: str
    old_title: str
    fields: tuple[FieldChange, ...]

    @property
    def is_renamed(self) -> bool:
        return self.key != self.old_key or self.title != self.old_title


@dataclass(frozen=True)
class Named:
    """An entry that only one of the editions has."""

    key: str
    title: str


@dataclass(frozen=True)
class Section:
    """What is different in one section. An entry that is renamed and changed stands in both lists."""

    name: str
    added: tuple[Named, ...]
    retired: tuple[Named, ...]
    renamed: tuple[Change, ...]
    changed: tuple[Change, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.retired or self.renamed or self.changed)


@dataclass(frozen=True)
class LinkChange:
    """A control that is linked with a threat in one of the editions only."""

    threat: str
    threat_title: str
    control: str
    control_name: str
    is_new: bool


@dataclass(frozen=True)
class Difference:
    """All that is different, by section, and the links between threats and controls that came and went."""

    before: str
    after: str
    sections: tuple[Section, ...]
    links: tuple[LinkChange, ...]

    def __bool__(self) -> bool:
        return any(self.sections) or bool(self.links)


@lru_cache(maxsize=16)
def difference(before: Catalog, after: Catalog) -> Difference:
    """What is different from one edition to another. Own entries belong to no edition and are left out."""
    pairs = (
        ("threats", before.threats, after.threats),
        ("controls", before.controls, after.controls),
        ("control groups", before.control_groups, after.control_groups),
        ("frameworks", before.frameworks, after.frameworks),
        ("framework items", _items(before), _items(after)),
        ("concerns", before.concerns, after.concerns),
        ("questions", _questions(before), _questions(after)),
        ("rules", _rules(before, after), _rules(after, after)),
    )
    sections = tuple(_section(name, old, new) for name, old, new in pairs)
    return Difference(before.edition, after.edition, sections, tuple(_link_changes(before, after)))


@lru_cache(maxsize=16)
def meaning_changes(before: Catalog, after: Catalog) -> Mapping[str, tuple[str, ...]]:
    """Why what was judged by one edition deserves another look in the other: reasons by the threat's key in `before`.

    A threat whose meaning, rule or particular controls did not change is not in it; a mere new number or address is no
    reason.
    """
    found: dict[str, tuple[str, ...]] = {}
    links = grouped_links(before, after)
    for key, old in before.threats.items():
        if key.startswith(OWN):
            continue
        new = counterpart(old, after.threats)
        if new is None:
            found[key] = (f"It is not in edition {after.edition}.",)
            continue
        names = [in_words(name) for name in MEANING if not _same(getattr(old, name), getattr(new, name), before, after)]
        reasons = [f"Changed: {', '.join(names)}."] if names else []
        if _rule(before, key) != _rule(after, new.key):
            reasons.append("The rule that says when it applies is another.")
        came = [each.control_name for each in links.get(new.key, ()) if each.is_new]
        went = [each.control_name for each in links.get(new.key, ()) if not each.is_new]
        reasons += [f"New controls: {', '.join(came)}."] if came else []
        reasons += [f"Controls no longer linked: {', '.join(went)}."] if went else []
        if reasons:
            found[key] = tuple(reasons)
    return found


def grouped_links(before: Catalog, after: Catalog) -> dict[str, list[LinkChange]]:
    """The changed links that are particular to a threat, by its key in `after`."""
    groups: dict[str, list[LinkChange]] = {}
    for change in _link_changes(before, after, general=False):
        groups.setdefault(change.threat, []).append(change)
    return groups


def counterpart[T: Keyed](entry: T, others: Mapping[str, T]) -> T | None:
    """The same entry in another edition: by its key, or by a key that one of the two had before."""
    for key in (entry.key, *entry.aliases):
        if key in others:
            return others[key]
    return next((other for other in others.values() if entry.key in other.aliases), None)


def in_words(name: str) -> str:
    """A field as people call it."""
    return IN_WORDS.get(name, name.replace("_", " "))


def _section(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Section:
    before = {key: entry for key, entry in before.items() if not str(key).startswith(OWN)}
    after = {key: entry for key, entry in after.items() if not str(key).startswith(OWN)}
    both: list[Change] = []
    retired, met = [], set()
    for key, old in before.items():
        new = counterpart(old, after) if hasattr(old, "aliases") else after.get(key)
        if new is None:
            retired.append(Named(_key(old), _title(old)))
            continue
        met.add(_key(new))
        changes = tuple(_field_changes(old, new))
        if changes or _key(old) != _key(new):
            both.append(Change(_key(new), _title(new), _key(old), _title(old), changes))
    added = tuple(Named(_key(new), _title(new)) for new in after.values() if _key(new) not in met)
    return Section(
        name=name,
        added=added,
        retired=tuple(retired),
        renamed=tuple(change for change in both if change.is_renamed),
        changed=tuple(change for change in both if any(each.name not in ("title", "name") for each in change.fields)),
    )


def _field_changes(before: Any, after: Any) -> Iterable[FieldChange]:
    for field in fields(before):
        if field.name not in BESIDE:
            pair = getattr(before, field.name), getattr(after, field.name)
            if pair[0] != pair[1]:
                yield FieldChange(field.name, *pair)


def _link_changes(before: Catalog, after: Catalog, *, general: bool = True) -> Iterable[LinkChange]:
    """Links that only one edition has, by the keys of `after`. Links of entries that came or went say nothing."""
    old = {}
    for link in before.links:
        ends = counterpart(link.threat, after.threats), counterpart(link.control, after.controls)
        if ends[0] and ends[1]:
            old[ends[0].key, ends[1].key] = link
    new = {(link.threat.key, link.control.key): link for link in after.links}
    kept = {pair: (old.get(pair), new.get(pair)) for pair in (*old, *new)}
    for (threat, control), pair in kept.items():
        if OWN in (threat[: len(OWN)], control[: len(OWN)]):
            continue
        if counterpart(after.threats[threat], before.threats) is None:
            continue
        there = [link is not None and not link.excluded and (general or not link.is_general) for link in pair]
        is_known = pair[0] is not None or counterpart(after.controls[control], before.controls) is not None
        if there[0] != there[1] and (is_known or not general):
            names = after.threats[threat].title, after.controls[control].name
            yield LinkChange(threat, names[0], control, names[1], is_new=there[1])


def _same(old: Any, new: Any, before: Catalog, after: Catalog) -> bool:
    """Whether two values mean the same; a group that only has another key is the same group."""
    if old == new or not isinstance(old, str) or old not in before.threats:
        return bool(old == new)
    there = counterpart(before.threats[old], after.threats)
    return there is not None and there.key == new


@dataclass(frozen=True)
class _RuleText:
    key: str
    title: str
    applicable_when: str
    responsibility: str
    remarks: str


@dataclass(frozen=True)
class _QuestionText:
    key: str
    title: str
    kind: str
    values: tuple[str, ...]
    asked_if: str


def _rules(catalog: Catalog, named_by: Catalog) -> dict[str, _RuleText]:
    """The rules by their threat. Titles are taken from one edition, so that a new title is no change of the rule."""
    threats = ((key, counterpart(threat, named_by.threats)) for key, threat in catalog.threats.items())
    titles = {key: threat.title for key, threat in threats if threat}
    return {
        rule.threat: _RuleText(rule.threat, titles.get(rule.threat, rule.threat), *_rule_parts(rule))
        for rule in catalog.rule_set.rules
    }


def _rule(catalog: Catalog, key: str) -> tuple[str, ...] | None:
    return next((_rule_parts(rule) for rule in catalog.rule_set.rules if rule.threat == key), None)


def _rule_parts(rule: Any) -> tuple[str, str, str]:
    """Conditions are frozen values: their representation is the same exactly when they are."""
    parties = repr([(entry.when, entry.party) for entry in rule.responsibility])
    return repr(rule.applicable_when), parties, repr([(each.when, each.sentence) for each in rule.remarks])


def _questions(catalog: Catalog) -> dict[str, _QuestionText]:
    return {
        each.key: _QuestionText(
            each.key, each.text, each.kind, each.values, repr([(k, sorted(v)) for k, v in each.asked_if])
        )
        for each in catalog.rule_set.questions
    }


def _items(catalog: Catalog) -> dict[str, Any]:
    return {f"{framework}/{identity}": item for (framework, identity), item in catalog.items.items()}


def _key(entry: Any) -> str:
    return str(entry.key) if hasattr(entry, "key") else f"{entry.framework}/{entry.id}"


def _title(entry: Any) -> str:
    return str(getattr(entry, "title", None) or getattr(entry, "name", ""))
