"""Asking for an export: a row, an event and a message, whatever the broker does."""

import pytest
from django.core.exceptions import ValidationError

from journal.models import Event, Outbox
from risks.reports.models import Export, ExportState
from risks.reports.services import request_export


def test_asking_leaves_a_row_an_event_and_a_message(system, editor):
    export = request_export(actor=editor, filters={"level": ["4", "5"], "system": [str(system.pk)]})

    assert export.state == ExportState.QUEUED
    assert export.filters == {"system": [str(system.pk)], "level": ["4", "5"]}
    message = Outbox.objects.get()
    assert (message.task, message.arguments) == ("reports.make_export", [export.pk])
    event = Event.objects.of(export).get()
    assert (event.verb, event.changes) == ("export.requested", {"filters": [None, export.filters]})


@pytest.mark.parametrize(
    "filters", [{"colour": ["red"]}, {"level": ["9"]}, {"system": ["987654321"]}, {"overdue": ["perhaps"]}]
)
def test_a_filter_that_is_not_one_is_refused(editor, filters):
    with pytest.raises(ValidationError):
        request_export(actor=editor, filters=filters)

    assert not Export.objects.exists()


def test_what_one_may_not_see_is_refused_like_what_does_not_exist(system, outsider):
    with pytest.raises(ValidationError) as foreign:
        request_export(actor=outsider, filters={"system": [str(system.pk)]})
    with pytest.raises(ValidationError) as made_up:
        request_export(actor=outsider, filters={"system": ["987654321"]})

    assert foreign.value.message_dict == made_up.value.message_dict


def test_asking_twice_while_it_is_being_made_gives_the_same_export(editor, officer):
    first = request_export(actor=editor, filters={})

    assert request_export(actor=editor, filters={}) == first
    assert request_export(actor=editor, filters={"overdue": ["true"]}) != first
    assert request_export(actor=officer, filters={}) != first


def test_a_broker_that_is_down_does_not_fail_the_request(
    editor, client_of, broker_down, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        answer = client_of(editor).post("/exports/new/", {})

    export = Export.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/exports/{export.pk}/")
    assert list(Outbox.objects.waiting().values_list("arguments", flat=True)) == [[export.pk]]
