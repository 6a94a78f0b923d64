"""The page of an export and its file."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Membership
from journal.models import Event
from risks.reports.models import Export, ExportState
from risks.reports.services import request_export
from risks.reports.tasks import make_export
from tests.reading import html_of


@pytest.fixture
def waiting(risks, editor):
    return request_export(actor=editor, filters={"level": ["5"]})


@pytest.fixture
def ready(waiting):
    make_export(waiting.pk)
    waiting.refresh_from_db()
    return waiting


def test_starting_leads_to_the_page_of_the_export(editor, risks, client_of):
    answer = client_of(editor).post("/exports/new/", {"level": ["4", "5"]}, follow=True)

    export = Export.objects.get()
    assert answer.redirect_chain == [(f"/exports/{export.pk}/", 302)]
    assert export.filters == {"level": ["4", "5"]}
    assert "Your export is being made" in html_of(answer)


def test_a_wrong_filter_goes_back_to_the_register_and_says_why(editor, client_of):
    answer = client_of(editor).post("/exports/new/", {"colour": "red"}, follow=True)

    assert answer.redirect_chain == [("/risks/", 302)]
    assert "Nothing was exported. There is no filter “colour”." in html_of(answer)


def test_while_it_is_made_the_page_asks_again_by_itself_and_has_a_link_without_scripts(waiting, editor, client_of):
    text = html_of(client_of(editor).get(waiting.get_absolute_url()))

    assert 'hx-trigger="every 1s"' in text
    assert f'href="/exports/{waiting.pk}/">Check again</a>' in text
    assert "It waits for a worker." in text


def test_progress_is_shown_in_numbers_and_as_a_bar(waiting, editor, client_of):
    lease = timezone.now() + timedelta(minutes=1)
    Export.objects.filter(pk=waiting.pk).update(state=ExportState.RUNNING, done=30, total=120, lease_until=lease)

    text = html_of(client_of(editor).get(waiting.get_absolute_url()))
    assert "30 of 120 risks are in the file." in text
    assert '<progress class="bar" aria-label="Progress of the export" value="25" max="100">' in text


def test_htmx_gets_the_part_alone(waiting, editor, client_of):
    headers = {"HX-Request": "true", "HX-Target": "export"}
    answer = client_of(editor).get(waiting.get_absolute_url(), headers=headers)

    assert answer.content.decode().strip().startswith('<div id="export"')
    assert "<html" not in answer.content.decode()


def test_a_finished_export_stops_asking_and_offers_the_file(ready, editor, client_of):
    text = html_of(client_of(editor).get(ready.get_absolute_url()))

    assert "Your export is ready" in text
    assert "1 risk, made" in text
    assert "Level: Critical" in text
    assert "every 1s" not in text
    assert f'href="/exports/{ready.pk}/file/"' in text


def test_a_failed_export_says_why_and_can_be_tried_again(waiting, editor, client_of):
    Export.objects.filter(pk=waiting.pk).update(state=ExportState.FAILED, failure="The disk is full.")
    text = html_of(client_of(editor).get(waiting.get_absolute_url()))

    assert "The disk is full." in text
    assert '<input type="hidden" name="level" value="5">' in text
    assert "every 1s" not in text


def test_the_file_is_a_download_that_no_browser_guesses_about(ready, editor, client_of):
    answer = client_of(editor).get(f"/exports/{ready.pk}/file/")

    assert answer["Content-Disposition"] == f'attachment; filename="{ready.file_name}"'
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store"
    assert answer.content == bytes(ready.content)


def test_taking_the_file_leaves_an_event_and_asking_for_its_head_none(ready, editor, client_of):
    client = client_of(editor)
    client.head(f"/exports/{ready.pk}/file/")
    assert Event.objects.of(ready).first().verb == "export.requested"

    client.get(f"/exports/{ready.pk}/file/")
    event = Event.objects.of(ready).first()
    assert (event.verb, event.changes, event.actor_name) == ("export.downloaded", {"rows": [None, 1]}, "Editor")


@pytest.mark.parametrize("person", ["officer", "admin", "viewer", "outsider"])
def test_an_export_is_its_requesters_alone(ready, person, client_of, request):
    client = client_of(request.getfixturevalue(person))

    assert client.get(ready.get_absolute_url()).status_code == 404
    assert client.get(f"/exports/{ready.pk}/file/").status_code == 404


def test_whoever_lost_a_team_no_longer_gets_its_risks(ready, editor, client_of):
    client = client_of(editor)
    Membership.objects.filter(user=editor).delete()

    answer = client.get(f"/exports/{ready.pk}/file/")
    assert answer.status_code == 403
    assert "Export again." in html_of(answer)
    assert Event.objects.first().verb == "access.refused"


def test_an_unfinished_file_leads_to_the_page(waiting, editor, client_of):
    assert client_of(editor).get(f"/exports/{waiting.pk}/file/")["Location"] == waiting.get_absolute_url()
