"""The verbs of saved views: keeping a way to look at the register, changing it, letting go of it.

What is kept is a query string that was understood when it was saved. Opening it reads it anew with the reader's own
rights: a view names systems and people by number, and tells nothing of those that its reader may not see.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.http import QueryDict

from accounts.models import User
from catalog import reading
from journal.recording import record
from journal.writing import create, differences, lock, save
from risks.register.access import must_keep_view
from risks.register.filters import read_filter
from risks.register.layout import BESIDE, read_layout
from risks.register.models import SavedView
from risks.register.scales import current_scale

SAVED, CHANGED, DELETED = "view.saved", "view.changed", "view.deleted"
MOST_VIEWS = 100  # of one person
IN_MENU = 20
LONGEST_NAME, LONGEST_QUERY = 80, 2_000  # characters


@transaction.atomic
def save_view(*, actor: User, name: str, query: str, is_shared: bool = False, replaces: bool = False) -> SavedView:
    """Keep a query string of the register under a name, for the actor or for everyone.

    With `replaces` a view of theirs that has the name already becomes this one. Raises ValidationError.
    """
    name, query = _named(name), _understood(query, actor)
    User.objects.select_for_update().get(pk=actor.pk)  # so that nobody has one more than there may be
    mine = SavedView.objects.filter(owner=actor)
    same = mine.filter(name=name).first() if replaces else None
    if same is not None:
        return change_view(same.pk, actor=actor, name=name, query=query, is_shared=is_shared, expected_version=None)
    if mine.count() >= MOST_VIEWS:
        raise ValidationError(f"You have {MOST_VIEWS} views. Delete one that you no longer need.")
    view = create(SavedView(owner=actor, name=name, query=query, is_shared=is_shared))
    record(view, SAVED, actor=actor, changes={"query": [None, query], "is_shared": [None, is_shared]})
    return view


@transaction.atomic
def change_view(
    view_id: int, *, actor: User, name: str, query: str, is_shared: bool, expected_version: int | None
) -> SavedView:
    """Rename a view, change what it shows or who has it. Raises Conflict, ValidationError, NotAllowed."""
    view = lock(SavedView, view_id, expected_version)
    must_keep_view(actor, view)
    # What stays as it is may name what is gone by now: that is no reason to refuse a new name.
    query = view.query if query == view.query else _understood(query, actor)
    changes = differences(view, name=_named(name), query=query, is_shared=is_shared)
    if changes:
        save(view, changes)
        record(view, CHANGED, actor=actor, changes=changes)
    return view


@transaction.atomic
def delete_view(view_id: int, *, actor: User, expected_version: int | None) -> None:
    """Let go of a view, for everyone who had it. Raises Conflict, NotAllowed."""
    view = lock(SavedView, view_id, expected_version)
    must_keep_view(actor, view)
    record(view, DELETED, actor=actor, changes={"query": [view.query, None], "is_shared": [view.is_shared, None]})
    view.delete()


def opened(view: SavedView, reader: User) -> str | None:
    """The query string of a view; None where it names what the reader does not see, or what is no more."""
    try:
        return _understood(view.query, reader)
    except ValidationError:
        return None


def views_for(reader: User) -> list[SavedView]:
    """What the menu of the register offers: one's own views first, then those of others, by name; one query."""
    found = SavedView.objects.visible_to(reader).alias(is_others=ExpressionWrapper(~Q(owner=reader), BooleanField()))
    return list(found.order_by("is_others", "name", "pk")[:IN_MENU])


def _named(name: str) -> str:
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise ValidationError({"name": f"Give the view a name of at most {LONGEST_NAME} characters."})
    return name


def _understood(query: str, reader: User) -> str:
    """The query string in its shortest form, without the page. Raises ValidationError."""
    if len(query) > LONGEST_QUERY:
        raise ValidationError({"query": f"A view holds at most {LONGEST_QUERY} characters of filter."})
    params, catalog, scale = QueryDict(query.removeprefix("?")), reading.current(), current_scale()
    try:
        layout = read_layout(params)
        wanted = read_filter(params, reader=reader, catalog=catalog, scale=scale, beside=BESIDE)
    except ValidationError as error:
        raise ValidationError({"query": error.messages}) from error
    return layout.added_to(wanted.query()).removeprefix("?")
