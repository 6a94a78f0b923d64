"""What the menus of the filter offer that is data: systems with their teams, tags and suppliers, and owners."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BigIntegerField, CharField, Exists, Func, OuterRef, TextField, Value
from django.db.models.functions import Cast
from django.http import QueryDict

from accounts.models import Team, User
from risks.register.models import Risk
from risks.systems.models import AISystem, Component, Supplier

DATA = ("system", "team", "owner", "supplier")  # filters by ids
TAG = "tag"  # by what it is called
MOST_CHOICES = 60  # of one menu: as many as people look through
LONGEST_ID = 9  # digits
MOST_STATEMENTS = 200  # kept, one for each set of teams that readers have
TOO_MANY_TAGS = "These are the first by name. For others, filter the systems by tag."


_statements: dict[tuple[int, ...] | None, tuple[str, tuple[Any, ...]]] = {}  # None: who sees all teams


@dataclass(frozen=True)
class Menu:
    """What a reader can filter by that is data, by id, in the order of names. With `is_cut` there is more than this."""

    names: dict[int, str]
    is_cut: bool


@dataclass(frozen=True)
class Choices:
    """The first of each by name, and what is chosen. Tags have no ids: a chosen one stands as it was written."""

    system: Menu
    team: Menu
    owner: Menu
    supplier: Menu
    tags: tuple[str, ...]
    tags_hint: str

    @property
    def known(self) -> dict[str, set[int]]:
        """Ids that need not be looked up again."""
        return {name: set(getattr(self, name).names) for name in DATA}


def choices_for(reader: User, params: QueryDict) -> Choices:
    """One query, and one more for each menu with something chosen that is not among its first."""
    first: dict[str, list[tuple[int, str]]] = {name: [] for name in (*DATA, TAG)}
    for name, pk, label in _first_of_all(reader):
        first[name].append((pk, label))
    menus = {name: _menu(reader, name, first[name], params.getlist(name)) for name in DATA}
    found = sorted((label for _, label in first[TAG]), key=str.casefold)
    chosen = [tag.strip() for tag in params.getlist(TAG) if tag.strip()]
    return Choices(
        **menus,
        tags=tuple(dict.fromkeys((*found[:MOST_CHOICES], *chosen))),
        tags_hint=TOO_MANY_TAGS if len(found) > MOST_CHOICES else "",
    )


def _first_of_all(reader: User) -> list[tuple[str, int, str]]:
    """The first by name of every menu; one statement, put together once for all readers of the same teams."""
    scope = None if reader.sees_all_teams else tuple(sorted(reader.team_ids()))
    statement = _statements.get(scope)
    if statement is None:
        parts = [_named(rows, name)[: MOST_CHOICES + 1] for name, rows in _offered(reader).items()]
        whole = parts[0].union(*parts[1:], _tags(reader)[: MOST_CHOICES + 1], all=True).order_by()
        try:
            statement = whole.query.sql_with_params()
        except EmptyResultSet:  # a reader in no team
            return []
        if len(_statements) >= MOST_STATEMENTS:
            _statements.clear()
        _statements[scope] = statement
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        found: list[tuple[str, int, str]] = cursor.fetchall()
    return found


def _offered(reader: User) -> dict[str, Any]:
    systems: Any = AISystem.objects.visible_to(reader)
    parts = Component.objects.visible_to(reader).present().filter(supplier=OuterRef("pk"))
    owned = Risk.objects.visible_to(reader).filter(treatment_owner=OuterRef("pk"))
    return {
        "system": systems,
        "team": Team.objects.filter(Exists(systems.filter(team=OuterRef("pk")))),
        "owner": User.objects.filter(Exists(owned)),
        "supplier": Supplier.objects.visible_to(reader).filter(Exists(parts)),
    }


def _named(rows: Any, name: str) -> Any:
    """The first by name, as menu, id and name: the same columns for all, so that one query can ask for all."""
    told = rows.annotate(menu=Value(name, output_field=CharField()), label=Cast("name", TextField()))
    return told.order_by("label", "pk").values_list("menu", "pk", "label")


def _tags(reader: User) -> Any:
    tags = AISystem.objects.visible_to(reader).annotate(
        menu=Value(TAG, output_field=CharField()),
        nothing=Value(0, output_field=BigIntegerField()),
        label=Cast(Func("tags", function="unnest"), TextField()),
    )
    return tags.order_by("label").values_list("menu", "nothing", "label").distinct()


def _menu(reader: User, name: str, first: list[tuple[int, str]], chosen: list[str]) -> Menu:
    """The first by name, and the chosen ones."""
    ids = {int(each) for each in chosen if each.isascii() and each.isdigit() and len(each) <= LONGEST_ID}
    names = dict(sorted(first, key=lambda each: (each[1].casefold(), each[0]))[:MOST_CHOICES])
    others = ids - names.keys()
    if others:
        rows = _offered(reader)[name].order_by("name", "pk").filter(pk__in=others)
        names |= dict(rows.values_list("pk", "name"))
    return Menu(names, is_cut=len(first) > MOST_CHOICES)
