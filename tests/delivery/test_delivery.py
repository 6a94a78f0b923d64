"""Notifications: told once, read by their person alone, and one mail for all of them."""

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import Membership
from journal.models import Outbox
from risks.delivery.mailing import mail_digest
from risks.delivery.models import Notification
from risks.delivery.services import Notice, mark_all_read, notify
from tests.reading import queries_of, text_of

NOW = timezone.now()


@pytest.fixture
def tell(owner, team):
    def told(number=1, *, user=owner, threshold="7"):
        text, url = f"The treatment of RSK-{number:04d} is due.", f"/risks/{number}/"
        return notify([Notice(user.pk, team.pk, "due", f"treatment:{number}", threshold, text, url)], at=NOW)

    return told


def test_one_thing_is_told_once_however_often_it_is_said(tell):
    tell()
    tell()
    tell(threshold="1")
    assert [(row.subject, row.threshold) for row in Notification.objects.order_by("pk")] == [
        ("treatment:1", "7"),
        ("treatment:1", "1"),
    ]


def test_one_mail_holds_all_that_waits_and_goes_out_once(tell, owner, settings):
    tell(1)
    assert tell(2) == 1
    assert Outbox.objects.filter(task="delivery.mail_digest", arguments=[owner.pk]).exists()

    assert mail_digest(owner.pk, at=NOW) == 2
    assert mail_digest(owner.pk, at=NOW) == 0

    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == ([owner.email], "2 reminders from the AI risk register")
    assert f"The treatment of RSK-0002 is due.\n{settings.SITE_URL.rstrip('/')}/risks/2/" in sent.body


def test_a_mail_that_failed_is_sent_by_the_next_run(tell, owner, settings):
    tell()
    settings.MAILERS = {"default": {"BACKEND": "tests.delivery.refusing.Refusing"}}
    with pytest.raises(OSError, match="nobody there"):
        mail_digest(owner.pk, at=NOW)
    assert Notification.objects.unmailed().count() == 1

    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    assert tell() == 1
    assert mail_digest(owner.pk, at=NOW) == 1


def test_who_left_the_team_or_was_switched_off_gets_no_mail_and_sees_nothing(tell, owner, client_of):
    tell()
    Membership.objects.filter(user=owner).delete()
    assert "RSK-0001" not in text_of(client_of(owner).get("/notifications/"))
    assert mail_digest(owner.pk, at=NOW) == 0
    assert not Notification.objects.exists()

    tell()
    owner.is_active = False
    owner.save()
    assert tell() == 0
    assert mail_digest(owner.pk, at=NOW) == 0
    assert mail.outbox == []


def test_the_menu_counts_what_is_new_until_it_is_read(tell, owner, client_of):
    client = client_of(owner)
    assert "No new notifications" in text_of(client.get("/notifications/"))
    tell(1)
    tell(2)
    assert "Notifications 2 new" in text_of(client.get("/my-work/"))

    first = Notification.objects.get(subject="treatment:1")
    answer = client.post(f"/notifications/{first.pk}/read/")
    assert answer["Location"] == "/risks/1/"
    assert "1 new notification " in text_of(client.get("/notifications/"))

    client.post("/notifications/read/")
    assert "No new notifications" in text_of(client.get("/notifications/"))


def test_another_persons_notification_does_not_exist(tell, officer, client_of):
    tell()
    row = Notification.objects.get()
    assert client_of(officer).post(f"/notifications/{row.pk}/read/").status_code == 404
    assert mark_all_read(officer, at=NOW) == 0
    assert "RSK-0001" not in text_of(client_of(officer).get("/notifications/"))


def test_the_count_is_what_the_page_shows_after_a_team_is_left(tell, owner, client_of):
    tell()
    Membership.objects.filter(user=owner).delete()
    assert "1 new" not in text_of(client_of(owner).get("/notifications/"))


def test_many_notifications_cost_no_more_queries(tell, owner, client_of):
    client = client_of(owner)
    tell()
    one = queries_of(client, "/notifications/")
    for number in range(2, 70):
        tell(number)
    assert queries_of(client, "/notifications/") == one


def test_without_a_mail_server_people_are_told_in_the_application_only(tell, owner, client_of, settings):
    settings.SENDS_MAIL = False
    assert tell() == 0
    assert not Outbox.objects.filter(task="delivery.mail_digest").exists()
    assert "RSK-0001" in text_of(client_of(owner).get("/notifications/"))
