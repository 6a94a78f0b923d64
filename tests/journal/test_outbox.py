"""What leaves the process waits in a row until it is out."""

from django.db import transaction

from journal import outbox
from journal.models import Outbox


def test_a_message_of_a_rolled_back_write_is_never_sent(db: None) -> None:
    with transaction.atomic():
        outbox.send_after_commit("reports.make_export", 1)
        transaction.set_rollback(True)
    assert not Outbox.objects.exists()


def test_a_broker_that_is_down_keeps_the_message_waiting(
    db: None, broker_down: None, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        outbox.send_after_commit("reports.make_export", 1)
    row = Outbox.objects.get()
    assert (row.sent_at, row.attempts, row.arguments) == (None, 1, [1])
    assert list(Outbox.objects.waiting()) == [row]
