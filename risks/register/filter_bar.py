"""The filters of the pages: what can be chosen, what is chosen, and the way out of each choice."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict

from accounts.models import User
from catalog.reading import Catalog
from risks.register.choices import TreatmentOption, TreatmentStatus
from risks.register.filters import NO_TREATMENT, RiskFilter, read_filter
from risks.register.models import Treatment
from risks.register.rules import Scale
from risks.register.threats import threats_for_risks
from risks.systems.models import AISystem


@dataclass(frozen=True)
class Choice:
    """One value of a filter."""

    value: str
    label: str
    is_chosen: bool
    level: int | str = ""


@dataclass(frozen=True)
class Pick:
    """One filter with its values."""

    name: str
    label: str
    choices: tuple[Choice, ...]

    @property
    def chosen(self) -> int:
        return sum(choice.is_chosen for choice in self.choices)


@dataclass(frozen=True)
class Chip:
    """One thing that is filtered by; `query` is the filter without it."""

    label: str
    query: str


@dataclass(frozen=True)
class Choices:
    """What a reader can filter by that is data: systems with their teams, and owners of treatments."""

    systems: tuple[tuple[int, str, int, str], ...]
    owners: tuple[tuple[int, str], ...]

    @property
    def teams(self) -> dict[int, str]:
        return {team: name for _, _, team, name in sorted(self.systems, key=lambda each: each[3])}

    @property
    def known(self) -> dict[str, set[int]]:
        """Ids that need not be looked up again."""
        return {
            "system": {each[0] for each in self.systems},
            "team": set(self.teams),
            "owner": {each[0] for each in self.owners},
        }


def choices_for(reader: User) -> Choices:
    """Two queries, however many filters there are."""
    systems = AISystem.objects.visible_to(reader).order_by("name", "pk")
    owners = Treatment.objects.visible_to(reader).in_force().order_by("owner__name", "owner_id")
    return Choices(
        systems=tuple(systems.values_list("pk", "name", "team_id", "team__name")),
        owners=tuple(owners.values_list("owner_id", "owner__name").distinct()),
    )


@dataclass(frozen=True)
class FilterBar:
    """The filter of a page as it was asked for. `problems` are sentences; with any, nothing is filtered at all."""

    wanted: RiskFilter
    sort: str
    picks: list[Pick]
    chips: list[Chip]
    problems: list[str]

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the form carries along without showing it: a cell of the heatmap, and the order."""
        kept = {name: values for name, values in self.wanted.params().items() if name in ("likelihood", "impact")}
        pairs = [(name, value) for name, values in kept.items() for value in values]
        return [*pairs, ("sort", self.sort)] if self.sort != "level" else pairs

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The whole filter as names and values, for a form that hands it on."""
        return [(name, value) for name, values in self.wanted.params().items() for value in values]

    @property
    def sorted_query(self) -> str:
        """The filter as a query string to which an order or a page can be added."""
        return f"{self.wanted.query()}&" if self.wanted.params() else "?"


def filter_bar(params: QueryDict, *, reader: User, catalog: Catalog, scale: Scale, sorts: Collection[str]) -> FilterBar:
    """Read the filter from an address; two queries for what can be chosen.

    Where something about it is wrong nothing is applied: the part that is understood would show rows that nobody asked
    for, or hide some in silence.
    """
    choices = choices_for(reader)
    sort = params.get("sort") or "level"
    problems = [] if sort in sorts else [f"The list cannot be sorted by “{sort[:40]}”."]
    try:
        wanted = read_filter(params, reader=reader, catalog=catalog, known=choices.known, beside=("sort", "page"))
    except ValidationError as error:
        problems += [text for texts in error.message_dict.values() for text in texts]
    if problems:
        wanted, sort = RiskFilter(), "level"
    picks = picks_for(wanted, choices, catalog, scale)
    return FilterBar(wanted, sort, picks, chips_for(wanted, picks, scale), problems)


def picks_for(wanted: RiskFilter, choices: Choices, catalog: Catalog, scale: Scale) -> list[Pick]:
    """The filters of the page with their values."""
    levels = [(str(number), scale.word(number)) for number in range(len(scale.words), 0, -1)]
    threats = sorted((threat.title, threat.key) for threat in threats_for_risks(catalog))
    return [
        _pick("system", "System", ((pk, name) for pk, name, _, _ in choices.systems), wanted.system),
        Pick(
            "level",
            "Level",
            (
                *(Choice(value, word, int(value) in wanted.level, level=int(value)) for value, word in levels),
                Choice("true", "Not rated", wanted.unrated is True, level="none"),
            ),
        ),
        _pick("option", "Treatment", (*TreatmentOption.choices, (NO_TREATMENT, "None yet")), wanted.option),
        _pick("status", "Status", TreatmentStatus.choices, wanted.status),
        _pick("owner", "Owner", choices.owners, wanted.owner),
        _pick("team", "Team", choices.teams.items(), wanted.team),
        _pick("threat", "Threat", ((key, title) for title, key in threats), wanted.threat),
    ]


def _pick(name: str, label: str, values: Iterable[tuple[Any, Any]], chosen: tuple[Any, ...]) -> Pick:
    return Pick(name, label, tuple(Choice(str(value), str(text), value in chosen) for value, text in values))


def chips_for(wanted: RiskFilter, picks: Iterable[Pick], scale: Scale) -> list[Chip]:
    """Everything that is filtered by, each with the way out of it."""
    chips = []
    if wanted.q:
        chips.append(Chip(f"“{wanted.q}”", wanted.query(q="", found_threats=())))
    for name, steps in (("likelihood", scale.likelihood), ("impact", scale.impact)):
        chosen = getattr(wanted, name)
        for number in chosen:
            others = tuple(each for each in chosen if each != number)
            step = steps[number - 1]
            chips.append(Chip(f"{name.capitalize()}: {number} {step.word}", wanted.query(**{name: others})))
    for pick in picks:
        for choice in pick.choices:
            if choice.is_chosen:
                chips.append(Chip(f"{pick.label}: {choice.label}", _without(wanted, pick.name, choice)))
    if wanted.unrated is False:
        chips.append(Chip("Rated", wanted.query(unrated=None)))
    if wanted.overdue is not None:
        chips.append(Chip("Overdue" if wanted.overdue else "Not overdue", wanted.query(overdue=None)))
    return chips


def _without(wanted: RiskFilter, name: str, choice: Choice) -> str:
    if choice.level == "none":
        return wanted.query(unrated=None)
    return wanted.query(**{name: tuple(each for each in getattr(wanted, name) if str(each) != choice.value)})
