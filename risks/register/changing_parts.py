"""What the pages of a change tell: which risks were chosen, and what would change of each, in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from catalog.reading import Catalog
from pages.templatetags.pages import day
from risks.register.changing import (
    MOST_AT_ONCE,
    NO_SUCH_RISK,
    NONE_CHOSEN,
    TOO_MANY,
    Planned,
    with_treatment,
)
from risks.register.choices import TreatmentStatus
from risks.register.filters import RiskFilter, read_filter
from risks.register.layout import BESIDE, Layout, read_layout
from risks.register.models import Risk, Treatment
from risks.register.rules import Scale
from risks.register.threats import title_of

LONGEST_ID = 9  # digits
UNKNOWN_FILTER = "The filter of the list is not known any more. Go back to the list and choose anew."


@dataclass(frozen=True)
class Chosen:
    """The risks that a person chose and sees, in the version of now; `versions` are what they had before them.

    `problem` says why these are not, or not all, that they asked for.
    """

    risks: Sequence[Risk]
    versions: dict[int, int | None]
    problem: str = ""


@dataclass(frozen=True)
class Cell:
    """A value now, and what it becomes; empty where it stays."""

    before: str
    after: str = ""


@dataclass(frozen=True)
class Line:
    """One risk in a preview."""

    risk: Risk
    title: str
    cells: tuple[Cell, ...]
    note: str
    why_not: str


@dataclass(frozen=True)
class Behind:
    """The list that one came from: its filter and its layout, all of it as it comes where the address is not known."""

    wanted: RiskFilter
    layout: Layout
    is_known: bool = True

    def query(self) -> str:
        return self.layout.added_to(self.wanted.query())


def list_behind(query: str, *, reader: User, catalog: Catalog, scale: Scale) -> Behind:
    """The list of a query string; no query of the database unless it names a system, team, owner or supplier."""
    params = QueryDict(query.removeprefix("?"))
    try:
        wanted = read_filter(params, reader=reader, catalog=catalog, scale=scale, beside=BESIDE)
        return Behind(wanted, read_layout(params))
    except ValidationError:
        return Behind(RiskFilter(), Layout(), is_known=False)


def chosen_by(post: QueryDict, behind: Behind, reader: User) -> Chosen:
    """The risks that were ticked, or with `all` those that the filter of the list lets through."""
    found = Risk.objects.visible_to(reader)
    if "all" in post:
        if not behind.is_known:
            return Chosen((), {}, UNKNOWN_FILTER)
        found = behind.wanted.narrow(found, at=timezone.localdate())
        risks = list(with_treatment(found)[: MOST_AT_ONCE + 1])
        problem = TOO_MANY if len(risks) > MOST_AT_ONCE else "" if risks else NONE_CHOSEN
        return Chosen(() if problem else risks, {risk.pk: risk.version for risk in risks}, problem)
    versions, problem = _versions(post)
    if problem:
        return Chosen((), {}, problem)
    risks = list(with_treatment(found.filter(pk__in=versions)))
    return Chosen(risks, versions, NO_SUCH_RISK if len(risks) < len(versions) else "")


def _versions(post: QueryDict) -> tuple[dict[int, int | None], str]:
    """The ids that were sent, each with its version where one was; "12" from a tick, "12.3" from a preview."""
    sent = [*post.getlist("risk"), *post.get("risks", "").split()]
    found: dict[int, int | None] = {}
    for each in sent:
        pk, _, version = each.partition(".")
        if not all(_is_number(part) for part in (pk, version or "0")):
            return {}, NO_SUCH_RISK
        found[int(pk)] = int(version) if version else None
        if len(found) > MOST_AT_ONCE:
            return {}, TOO_MANY
    return found, "" if found else NONE_CHOSEN


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_ID


def lines_of(plan: Iterable[Planned], catalog: Catalog) -> list[Line]:
    """The plan in words."""
    return [_line(each, catalog) for each in plan]


def _line(planned: Planned, catalog: Catalog) -> Line:
    before: Treatment | None = planned.before
    values = planned.values
    cells = tuple(
        Cell(_word(name, getattr(before, name, None)), _word(name, values[name]) if name in values else "")
        for name in ("status", "owner", "due")
    )
    risk = planned.risk
    return Line(risk, title_of(catalog, risk.threat_key), cells, _note(planned), planned.why_not)


def _word(name: str, value: Any) -> str:
    if value is None:
        return ""
    if name == "status":
        return str(TreatmentStatus(value).label)
    return day(value) if name == "due" else str(value)


def _note(planned: Planned) -> str:
    """What happens to the note, where something does."""
    if "note" not in planned.values or planned.before is None:
        return ""
    if planned.values["note"]:
        return f"Note: {planned.values['note']}"
    return f"This note ends: “{planned.before.note}”"


def way_back(behind: Behind, page: str) -> str:
    """The address of the list with its filter and layout, at the page one came from."""
    query = behind.query()
    if _is_number(page) and page not in ("0", "1"):
        query = f"{query}&page={page}" if query != "?" else f"?page={page}"
    return reverse("register:risks") + ("" if query == "?" else query)
