"""What waits for a person's word about a system's threats: what holds now against what was last reviewed. Pure.

Nothing is registered, rated or dropped by this; it only says what to look at, with the reasons before and after.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from catalog.reading import Catalog
from risks.register.threats import key_of, title_of
from risks.systems.choices import Party
from risks.systems.results import GAINED, LOST
from risks.systems.rules import Verdict, identify

type Group = Literal["new", "dropped", "changed", "waiting", "unknown"]
type Choice = Literal["register", "dismiss", "wait", "keep"]

CHOICES: Mapping[Group, tuple[Choice, ...]] = {
    "new": ("register", "dismiss", "wait"),
    "dropped": ("keep", "dismiss"),
    "changed": (),
    "waiting": ("register", "dismiss", "wait"),
    "unknown": ("wait", "register", "dismiss"),
}
# What is chosen before a person chooses. A judgement to drop or keep a risk has no preset.
PRESETS: Mapping[Group, Choice] = {"new": "register", "waiting": "wait", "unknown": "wait"}


@dataclass(frozen=True)
class Ground:
    """What verdicts rest on: an edition and the answers of a profile."""

    catalog: Catalog
    answers: Mapping[str, Any]


@dataclass(frozen=True)
class Held:
    """What people have said about a system's threats, by their keys of today."""

    open: frozenset[str] = frozenset()  # in the register, and not dismissed
    dismissed: frozenset[str] = frozenset()
    parties: Mapping[str, str] = field(default_factory=dict)  # set by a person, in place of the rules'


@dataclass(frozen=True)
class Row:
    """One threat with what is asked about it.

    `before` and `after` are reasons in words; `before` is empty for what nobody has reviewed yet. `what` says what
    happened where that is not clear from the group.
    """

    threat: str
    title: str
    group: Group
    after: tuple[str, ...]
    before: tuple[str, ...] = ()
    what: tuple[str, ...] = ()

    @property
    def choices(self) -> tuple[Choice, ...]:
        return CHOICES[self.group]

    @property
    def preset(self) -> Choice | None:
        return PRESETS.get(self.group)

    @property
    def needs_choice(self) -> bool:
        """Whether a review must say something about it."""
        return bool(self.choices) and self.preset is None


@dataclass(frozen=True)
class Difference:
    """All rows, by group and then in the order of the catalog. `is_first` while nobody has reviewed the system."""

    rows: tuple[Row, ...]
    is_first: bool

    def of(self, *groups: Group) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.group in groups)

    @property
    def is_behind(self) -> bool:
        """Whether something holds now that nobody has reviewed."""
        return bool(self.of("new", "dropped", "changed"))

    @property
    def needs_judgement(self) -> bool:
        """Whether some of it is more than putting new threats into the register."""
        return bool(self.of("dropped", "changed"))

    @property
    def unregistered(self) -> int:
        """How many threats apply without a risk and without a dismissal."""
        return len(self.of("new", "waiting"))

    @property
    def sentence(self) -> str:
        """ "3 threats are new, 1 no longer applies, 2 have changed"; empty when nothing waits."""
        new, dropped, changed, waiting = (
            len(self.of(group))
            for group in ("new", "dropped", "changed", "waiting")  # type: ignore[arg-type]
        )
        parts = []
        if new and self.is_first:
            parts.append((new, "waits for a first review", "wait for a first review"))
        elif new:
            parts.append((new, "is new", "are new"))
        parts += [(dropped, "no longer applies", "no longer apply"), (changed, "has changed", "have changed")]
        parts.append((waiting, "was left for later", "were left for later"))
        said = [f"{number} {one if number == 1 else many}" for number, one, many in parts if number]
        if not said:
            return ""
        number, rest = said[0].split(" ", 1)
        return ", ".join([f"{number} {'threat' if number == '1' else 'threats'} {rest}", *said[1:]])


def difference(seen: Ground | None, now: Ground, held: Held) -> Difference:
    """What holds now against what was `seen` at the last review; None when there was none.

    A threat that another edition calls by another name is the same threat.
    """
    verdicts = identify(now.catalog.rule_set, now.answers).verdicts
    earlier = _verdicts_then(seen, now, verdicts)
    keys = (*now.catalog.threats, *sorted(held.open - now.catalog.threats.keys()))
    found: dict[Group, list[Row]] = {group: [] for group in CHOICES}
    for key in keys:
        row = _row(key, earlier.get(key), verdicts.get(key), seen, now, held)
        if row:
            found[row.group].append(row)
    return Difference(tuple(row for rows in found.values() for row in rows), is_first=seen is None)


def _verdicts_then(seen: Ground | None, now: Ground, verdicts: Mapping[str, Verdict]) -> Mapping[str, Verdict]:
    """The verdicts of the last review by the keys of today, none without one. The same ground has the same verdicts.

    Where an edition made one threat of two, the one that applied counts. An own threat belongs to no edition, so it is
    read by its rule of today from the answers of then.
    """
    if seen is None:
        return {}
    if seen == now:
        return verdicts
    found: dict[str, Verdict] = {}
    for key, verdict in identify(seen.catalog.rule_set, seen.answers).verdicts.items():
        today = key_of(now.catalog, key)
        if today not in found or verdict.status == "applicable":
            found[today] = verdict
    if seen.catalog.edition != now.catalog.edition:
        own = [key for key in verdicts if key not in found and now.catalog.threats[key].is_ours]
        if own:
            by_rule = identify(now.catalog.rule_set, seen.answers).verdicts
            found |= {key: by_rule[key] for key in own}
    return found


def _row(
    key: str, before: Verdict | None, after: Verdict | None, seen: Ground | None, now: Ground, held: Held
) -> Row | None:
    """What is asked about one threat; None when nothing is."""
    status = after.status if after else None
    if (before is after and key in now.catalog.threats) if key in held.open else status == "not_applicable":
        return None  # most threats; the pages that look at many systems rely on this being quick
    title = title_of(now.catalog, key)
    if key in held.open:
        if _is_gone(key, seen, now):
            gone = (f"Edition {now.catalog.edition} of the catalog does not have it.",)
            return Row(key, title, "dropped", gone, _why(before), ("The catalog has it no more.",))
        if before and after and before.status == "applicable" != status:
            what = "Not known any more." if status == "undetermined" else "Does not apply any more."
            return Row(key, title, "dropped", _why(after), _why(before), (what,))
        what_changed = tuple(_changes(key, before, after, seen, now, held))
        return Row(key, title, "changed", _all(after), _all(before), what_changed) if what_changed else None
    if key in held.dismissed:
        if before and status == "applicable" != before.status:
            return Row(key, title, "changed", _why(after), _why(before), ("Applies now. It is dismissed.",))
        return None
    if status == "applicable":
        is_new = before is None or before.status != "applicable"
        return Row(key, title, "new" if is_new else "waiting", _why(after), _why(before) if is_new else ())
    return Row(key, title, "unknown", _why(after)) if status == "undetermined" else None


def _is_gone(key: str, seen: Ground | None, now: Ground) -> bool:
    """Whether the catalog had the threat at the last review and has it no more."""
    return seen is not None and key not in now.catalog.threats and key_of(seen.catalog, key) in seen.catalog.threats


def _changes(
    key: str, before: Verdict | None, after: Verdict | None, seen: Ground | None, now: Ground, held: Held
) -> Iterable[str]:
    """What else is different for a risk of the register, in words."""
    if before is None or after is None or seen is None or after.status != "applicable":
        return
    if before.status != "applicable":
        yield "Applies by the rules now."
        return
    if before.party != after.party:
        yield f"Duty by the rules: {_party(before)} → {_party(after)}."
        if key in held.parties:
            yield f"A person set it to {Party(held.parties[key]).label.lower()}; that still holds."
    effects = {each.id: each.effect for ground in (seen, now) for each in ground.catalog.rule_set.modifiers}
    for modifier in after.modifiers:
        if modifier not in before.modifiers:
            yield _sentence(GAINED.get(effects[modifier], "another circumstance touches it"))
    for modifier in before.modifiers:
        if modifier not in after.modifiers:
            yield _sentence(LOST.get(effects[modifier], "a circumstance no longer touches it"))


def _party(verdict: Verdict) -> str:
    return Party(verdict.party).label.lower() if verdict.party else "not known"


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."


def _why(verdict: Verdict | None) -> tuple[str, ...]:
    return tuple(verdict.sentences("status")) if verdict else ()


def _all(verdict: Verdict | None) -> tuple[str, ...]:
    return tuple(verdict.sentences()) if verdict else ()
