"""Saved views: ways to look at the register that people keep."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from journal.errors import Conflict, NotAllowed
from journal.models import Event
from risks.register.models import SavedView
from risks.register.saving_views import MOST_VIEWS, change_view, delete_view, save_view, views_for
from tests.reading import text_of

pytestmark = pytest.mark.django_db
QUERY = "level=4&level=5&sort=-due&columns=threat,due&density=comfortable"


@pytest.fixture
def view(editor):
    return save_view(actor=editor, name="High ones", query=QUERY, is_shared=True)


def test_a_view_keeps_filter_order_columns_and_density_without_the_page(editor):
    view = save_view(actor=editor, name=" Mine ", query=f"{QUERY}&page=3&sort=-due".replace("&sort=-due", "", 1))
    assert (view.name, view.query) == ("Mine", QUERY)
    event = Event.objects.get(verb="view.saved")
    assert (event.object_label, event.changes["query"]) == ("Mine", [None, QUERY])


def test_a_view_opens_the_register_as_it_was(view, viewer, client_of):
    answer = client_of(viewer).get(view.get_absolute_url())
    assert answer["Location"] == f"/risks/?{QUERY}"


@pytest.mark.parametrize("query", ["colour=red", "sort=colour", "columns=colour", "system=999999", "q=" + "a" * 2_000])
def test_what_is_not_understood_is_not_kept(editor, query):
    with pytest.raises(ValidationError):
        save_view(actor=editor, name="Odd", query=query)
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("name", ["", "   ", "a" * 81, "two\nlines"])
def test_a_view_needs_a_name(editor, name):
    with pytest.raises(ValidationError, match="Give the view a name"):
        save_view(actor=editor, name=name, query="")


def test_a_name_is_used_once_unless_the_view_is_replaced(view, editor, officer):
    with pytest.raises(ValidationError, match="You have a view of this name already"):
        save_view(actor=editor, name=view.name, query="")
    save_view(actor=officer, name=view.name, query="")  # another person's

    replaced = save_view(actor=editor, name=view.name, query="level=5", replaces=True)

    assert (replaced.pk, replaced.query, replaced.version) == (view.pk, "level=5", 2)
    assert Event.objects.get(verb="view.changed").changes["query"] == [QUERY, "level=5"]


def test_nobody_has_more_than_there_may_be(editor):
    SavedView.objects.bulk_create(SavedView(owner=editor, name=str(number)) for number in range(MOST_VIEWS))
    with pytest.raises(ValidationError, match="You have 100 views"):
        save_view(actor=editor, name="One more", query="")


def test_only_its_owner_changes_or_deletes_a_view(view, editor, officer):
    with pytest.raises(NotAllowed):
        change_view(view.pk, actor=officer, name="Theirs", query="", is_shared=False, expected_version=1)
    with pytest.raises(NotAllowed):
        delete_view(view.pk, actor=officer, expected_version=1)
    change_view(view.pk, actor=editor, name="Ours", query=view.query, is_shared=False, expected_version=1)
    with pytest.raises(Conflict):
        delete_view(view.pk, actor=editor, expected_version=1)
    delete_view(view.pk, actor=editor, expected_version=2)
    assert not SavedView.objects.exists()
    assert Event.objects.filter(verb="view.deleted", object_label="Ours").count() == 1


def test_what_is_not_shared_is_missing_for_others(editor, officer, client_of):
    mine = save_view(actor=editor, name="Mine", query="")
    assert client_of(officer).get(mine.get_absolute_url()).status_code == 404
    assert client_of(officer).get(reverse("register:change_view", args=[mine.pk])).status_code == 404
    assert views_for(officer) == []


def test_a_shared_view_tells_nothing_of_what_its_reader_does_not_see(risk, editor, outsider, client_of):
    system = risk.system
    view = save_view(actor=editor, name="Ours", query=f"system={system.pk}", is_shared=True)

    answer = client_of(outsider).get(view.get_absolute_url())

    assert answer.status_code == 200
    text = text_of(answer)
    assert "This view cannot be shown to you" in text
    assert system.name not in text
    assert "RSK-" not in text


def test_the_register_offers_ones_own_views_first_and_marks_the_one_that_is_shown(view, editor, officer, client_of):
    save_view(actor=officer, name="Zoo", query="")
    assert [each.name for each in views_for(officer)] == ["Zoo", "High ones"]
    body = client_of(officer).get(f"/risks/?{QUERY}").content.decode()
    assert f'<a href="{view.get_absolute_url()}" aria-current="page">High ones</a>' in body
    assert f"{reverse('register:save_view')}?{QUERY}".replace("&", "&amp;") in body


def test_a_stale_change_shows_what_was_saved_meanwhile(view, editor, client_of):
    change_view(view.pk, actor=editor, name="Newer", query=QUERY, is_shared=True, expected_version=1)
    typed = {"name": "Mine", "query": "", "expected_version": 1}

    answer = client_of(editor).post(reverse("register:change_view", args=[view.pk]), typed)

    assert answer.status_code == 422
    assert "Saved meanwhile: “Newer”" in text_of(answer)
    assert 'value="Mine"' in answer.content.decode()
