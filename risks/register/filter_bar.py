"""The filters of the pages: what can be chosen, what is chosen, and the way out of each choice."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict

from accounts.models import User
from catalog.reading import Catalog
from pages.picks import Chip, Choice, Pick
from risks.register.choices import Accepted, RatingKind, RiskState, TreatmentOption, TreatmentStatus
from risks.register.filter_values import ANY_STATE, NO_TREATMENT, REVIEW_OVERDUE
from risks.register.filters import RiskFilter, read_filter
from risks.register.layout import BESIDE, Layout, read_layout
from risks.register.menus import Choices, Menu, choices_for
from risks.register.rules import Scale
from risks.register.threats import threats_for_risks, title_of

REST = 6  # picks that share one menu, since they are wanted less
STATE_WORDS = {**dict(RiskState.choices), ANY_STATE: "Open, dismissed and archived"}


@dataclass(frozen=True)
class FilterBar:
    """The filter of a page as it was asked for. `problems` are sentences; with any, nothing is filtered at all."""

    wanted: RiskFilter
    layout: Layout
    picks: list[Pick]
    more: list[Pick]
    chips: list[Chip]
    problems: list[str]

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the form carries along without showing it: all that no menu offers, and the order."""
        shown = {(choice.name, choice.value) for pick in (*self.picks, *self.more) for choice in pick.choices}
        pairs = [pair for pair in self.pairs if pair not in shown and pair[0] != "q"]
        return [*pairs, *self.layout.params().items()]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The whole filter as names and values, for a form that hands it on."""
        return [(name, value) for name, values in self.wanted.params().items() for value in values]

    def query(self, **changes: Any) -> str:
        """The whole address of the list as a query string, with the layout changed."""
        return self.layout.added_to(self.wanted.query(), **changes)

    def sorted_by(self, sort: str) -> str:
        """The same in another order."""
        return self.query(sort=sort)

    @property
    def usual(self) -> str:
        """The same with the columns, the order and the density as they come."""
        return self.wanted.query()

    @property
    def cleared(self) -> str:
        """The query string of the list without its filter."""
        return self.layout.added_to("?")


def filter_bar(
    params: QueryDict,
    *,
    reader: User,
    catalog: Catalog,
    scale: Scale,
    read: Callable[..., RiskFilter] = read_filter,
) -> FilterBar:
    """Read the filter from an address; one query for what can be chosen.

    Where something about it is wrong nothing is applied: the part that is understood would show rows that nobody asked
    for, or hide some in silence. `read` is the reader of a page that asks for more.
    """
    choices = choices_for(reader, params)
    understood = partial(read, reader=reader, catalog=catalog, scale=scale, known=choices.known, beside=BESIDE)
    wanted, layout, problems = understood(QueryDict()), Layout(), []
    try:
        layout = read_layout(params)
    except ValidationError as error:
        problems += error.messages
    try:
        asked = understood(params)
    except ValidationError as error:
        problems += error.messages
    if problems:
        layout = Layout()
    else:
        wanted = asked
    picks = picks_for(wanted, choices, catalog, scale)
    chips = [replace(chip, query=layout.added_to(chip.query)) for chip in chips_for(wanted, picks, scale)]
    return FilterBar(wanted, layout, picks[:-REST], picks[-REST:], chips, problems)


def picks_for(wanted: RiskFilter, choices: Choices, catalog: Catalog, scale: Scale) -> list[Pick]:
    """The filters of the page with their values; what people ask for together stands in one menu."""
    threats = {threat.key: threat.title for threat in threats_for_risks(catalog)}
    threats |= {key: title_of(catalog, key) for key in wanted.threat}  # a retired one too, so that it can be left
    levels = [(number, scale.word(number)) for number in range(len(scale.bands), 0, -1)]
    unrated = Choice("unrated", "true", "Not rated", wanted.unrated is True, wanted.query(unrated=None), level="none")
    overdue = Choice("overdue", "true", "Overdue", wanted.overdue is True, wanted.query(overdue=None))
    review = Choice(
        "review", REVIEW_OVERDUE, "Review overdue", wanted.review == REVIEW_OVERDUE, wanted.query(review="")
    )
    return [
        _data("System", wanted, "system", choices.system),
        Pick("Level", (*_choices(wanted, "level", levels), unrated)),
        Pick("Treatment", _choices(wanted, "option", (*TreatmentOption.choices, (NO_TREATMENT, "None yet")))),
        Pick("Status", (*_choices(wanted, "status", TreatmentStatus.choices), overdue, review)),
        _data("Owner", wanted, "owner", choices.owner),
        Pick("State", _states(wanted), is_single=True),
        _data("Team", wanted, "team", choices.team),
        Pick("Threat", _choices(wanted, "threat", sorted(threats.items(), key=lambda each: each[1]))),
        Pick("Tag", _choices(wanted, "tag", ((tag, tag) for tag in choices.tags)), hint=choices.tags_hint),
        _data("Supplier", wanted, "supplier", choices.supplier),
        Pick("Acceptance", _choices(wanted, "acceptance", Accepted.choices)),
    ]


def _data(label: str, wanted: RiskFilter, name: str, menu: Menu) -> Pick:
    hint = "These are the first by name. For others, type the name into the search." if menu.is_cut else ""
    return Pick(label, _choices(wanted, name, menu.names.items()), hint=hint)


def _choices(wanted: RiskFilter, name: str, values: Iterable[tuple[Any, Any]]) -> tuple[Choice, ...]:
    chosen = getattr(wanted, name)
    return tuple(
        Choice(
            name,
            str(value),
            str(label),
            value in chosen,
            wanted.query(**{name: tuple(each for each in chosen if each != value)}) if value in chosen else "",
            level=value if name == "level" else "",
        )
        for value, label in values
    )


def _states(wanted: RiskFilter) -> tuple[Choice, ...]:
    return tuple(
        Choice("state", value, str(label), value == wanted.state, wanted.query(state=RiskState.OPEN.value))
        for value, label in STATE_WORDS.items()
    )


def chips_for(wanted: RiskFilter, picks: Iterable[Pick], scale: Scale) -> list[Chip]:
    """Everything that is filtered by, each with the way out of it."""
    chips = []
    if wanted.state != RiskState.OPEN:
        chips.append(Chip(f"State: {STATE_WORDS[wanted.state]}", wanted.query(state=RiskState.OPEN.value)))
    if wanted.kind != RatingKind.CURRENT:
        chips.append(Chip(f"Rating: {RatingKind(wanted.kind).label}", wanted.query(kind=RatingKind.CURRENT.value)))
    if wanted.q:
        chips.append(Chip(f"“{wanted.q}”", wanted.query(q="", found_threats=())))
    for name, steps in (("likelihood", scale.likelihood), ("impact", scale.impact)):
        for choice in _choices(wanted, name, ((step.number, f"{step.number} {step.word}") for step in steps)):
            if choice.is_chosen:
                chips.append(Chip(f"{name.capitalize()}: {choice.label}", choice.query))
    for pick in (each for each in picks if not each.is_single):
        chips += [Chip(f"{pick.label}: {choice.label}", choice.query) for choice in pick.choices if choice.is_chosen]
    if wanted.unrated is False:
        chips.append(Chip("Rated", wanted.query(unrated=None)))
    if wanted.outside is not None:
        words = "Outside appetite" if wanted.outside else "Inside appetite"
        chips.append(Chip(words, wanted.query(outside=None)))
    if wanted.look is not None:
        chips.append(Chip("Another look" if wanted.look else "No other look needed", wanted.query(look=None)))
    if wanted.overdue is False:
        chips.append(Chip("Not overdue", wanted.query(overdue=None)))
    return chips
