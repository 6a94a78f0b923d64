"""My work: what a person owns and has not done yet, and saying how far it is."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Membership
from risks.overview.work import work_of
from risks.register.models import TimeRequest, Treatment
from risks.register.rules import DEFAULT_SCALE
from risks.register.services import confirm_threats
from risks.register.treating import update_treatment
from tests.make import (
    PASSWORD,
    make_measure,
    make_rating,
    make_risk,
    make_system,
    make_team,
    make_time_request,
    make_treatment,
    make_user,
)
from tests.reading import html_of, version_of

TODAY = timezone.localdate()


@pytest.fixture
def risks(system, editor):
    return confirm_threats(system.pk, actor=editor)


def due_in(days):
    return TODAY + timedelta(days=days)


def done(risk, owner):
    return update_treatment(risk.pk, actor=owner, status="done", note="", expected_version=None)


@pytest.mark.parametrize(("days", "part"), [(-1, "late"), (0, "week"), (7, "week"), (8, "later"), (400, "later")])
def test_a_treatment_stands_where_its_day_says(risks, editor, owner, catalog, days, part):
    make_treatment(risks[0], actor=editor, owner=owner, due=due_in(days))

    work = work_of(owner, catalog, DEFAULT_SCALE, at=TODAY)

    assert [key for key, _, tasks in work.parts if tasks] == [part]


def test_only_what_is_mine_in_force_and_not_done_waits(risks, editor, owner, catalog):
    make_treatment(risks[0], actor=editor, owner=owner)
    make_treatment(risks[1], actor=editor)
    make_treatment(risks[2], actor=editor, owner=owner)
    done(risks[2], owner)
    make_treatment(risks[3], actor=editor, owner=owner)
    make_treatment(risks[3], actor=editor)  # given to someone else

    work = work_of(owner, catalog, DEFAULT_SCALE, at=TODAY)

    assert [each.risk for each in work.week] == [risks[0]]
    assert [each.risk for each in work.done] == [risks[2]]
    assert work.count == 1


def test_what_was_done_long_ago_is_left_out(risks, editor, owner, catalog):
    make_treatment(risks[0], actor=editor, owner=owner)
    done(risks[0], owner)
    Treatment.objects.in_force().update(at=timezone.now() - timedelta(days=31))

    assert work_of(owner, catalog, DEFAULT_SCALE, at=TODAY).done == ()


def test_whoever_left_the_team_no_longer_sees_its_work(risks, editor, owner, client_of):
    make_treatment(risks[0], actor=editor, owner=owner)
    Membership.objects.filter(user=owner).delete()

    assert "Nothing waits for you" in html_of(client_of(owner).get("/my-work/"))


def test_the_heading_counts_what_waits(risks, editor, owner, client_of):
    make_treatment(risks[0], actor=editor, owner=owner, due=due_in(-2))
    text = html_of(client_of(owner).get("/my-work/"))
    assert "<h1>1 thing waits for you</h1>" in text
    assert "2 days late" in text

    make_treatment(risks[1], actor=editor, owner=owner, due=due_in(3))
    make_treatment(risks[2], actor=editor, owner=owner, due=due_in(30))
    text = html_of(client_of(owner).get("/my-work/"))
    assert "<h1>3 things wait for you</h1>" in text
    assert "1 late, 1 due in the next seven days. Everything else of yours is on time." in text


def test_a_task_says_what_where_and_how_bad(risks, editor, owner, client_of):
    make_rating(risks[0], actor=editor, likelihood=4, impact=4)
    make_treatment(risks[0], actor=editor, owner=owner)

    text = html_of(client_of(owner).get("/my-work/"))

    for words in ("Mark every retrieved passage as data.", "Claims assistant", risks[0].reference, "in 7 days", "High"):
        assert words in text


@pytest.mark.parametrize("status", ["done", "blocked", "in_progress"])
def test_one_press_says_how_far_it_is_and_comes_back(risks, editor, owner, client_of, status):
    risk = make_treatment(risks[0], actor=editor, owner=owner)
    version = version_of(risk)
    client = client_of(owner)
    assert f'name="expected_version" value="{version}"' in html_of(client.get("/my-work/"))

    form = {"status": status, "note": "Waits for Legal.", "expected_version": version, "next": "/my-work/"}
    answer = client.post(f"/risks/{risk.pk}/treatment/status/", form)

    assert (answer.status_code, answer["Location"]) == (302, "/my-work/")
    assert Treatment.objects.in_force().get().status == status


def test_what_is_blocked_can_be_taken_up_again(risks, editor, owner, client_of):
    make_treatment(risks[0], actor=editor, owner=owner)
    update_treatment(risks[0].pk, actor=owner, status="blocked", note="Waits for Legal.", expected_version=None)

    text = html_of(client_of(owner).get("/my-work/"))

    assert 'value="blocked"' not in text
    assert 'value="done">' in text
    assert 'value="in_progress">' in text
    assert "Waits for Legal." in text


def test_blocked_without_a_word_comes_back_and_asks_what_it_waits_for(risks, editor, owner, client_of):
    risk = make_treatment(risks[0], actor=editor, owner=owner)
    form = {"status": "blocked", "note": "", "expected_version": version_of(risk), "next": "/my-work/"}
    answer = client_of(owner).post(f"/risks/{risk.pk}/treatment/status/", form)
    assert answer.status_code == 422
    assert "Note: Say what it waits for." in html_of(answer)


def test_everything_stands_in_one_order_by_its_day(risks, editor, owner, catalog):
    make_treatment(risks[0], actor=editor, owner=owner, due=due_in(5))
    make_treatment(risks[1], actor=editor, owner=owner, due=due_in(2))
    make_measure(risks[0], actor=editor, owner=owner, due=due_in(-1))
    make_measure(risks[1], actor=editor, owner=owner, due=due_in(3))

    work = work_of(owner, catalog, DEFAULT_SCALE, at=TODAY)

    assert [(each.what, each.due) for each in work.waiting] == [
        ("Measure", due_in(-1)),
        ("Treatment", due_in(2)),
        ("Measure", due_in(3)),
        ("Treatment", due_in(5)),
    ]
    assert [key for key, _, _ in work.parts] == ["late", "week"]


def test_a_measure_is_done_in_one_press(risks, editor, owner, client_of):
    risk = make_treatment(risks[0], actor=editor, owner=owner)
    measure = make_measure(risk, actor=editor, owner=owner)
    client = client_of(owner)
    path = f"/risks/{risk.pk}/measures/{measure.pk}/status/"
    assert f'action="{path}"' in html_of(client.get("/my-work/"))

    answer = client.post(path, {"status": "done", "expected_version": 1, "next": "/my-work/"})

    assert (answer.status_code, answer["Location"]) == (302, "/my-work/")
    measure.refresh_from_db()
    assert measure.status == "done"


def test_an_owner_asks_for_time_and_sees_that_it_waits(risks, editor, owner, client_of):
    risk = make_treatment(risks[0], actor=editor, owner=owner)
    client, until = client_of(owner), due_in(30).isoformat()
    assert "Ask for more time" in html_of(client.get("/my-work/"))

    form = {"until": until, "note": "Legal is late.", "expected_version": version_of(risk), "next": "/my-work/"}
    answer = client.post(f"/risks/{risk.pk}/treatment/time/", form, follow=True)

    assert answer.redirect_chain == [("/my-work/", 302)]
    text = html_of(answer)
    assert "Owner asked for time until" in text
    assert "Ask for more time" not in text
    assert "Take back" in text


def test_an_editor_moves_the_day_of_their_own_work_at_once(risks, editor, client_of):
    risk = make_treatment(risks[0], actor=editor)
    client, until = client_of(editor), due_in(30)
    assert "Move the date" in html_of(client.get("/my-work/"))

    form = {"until": until.isoformat(), "note": "No budget.", "expected_version": version_of(risk)}
    client.post(f"/risks/{risk.pk}/treatment/time/", form | {"next": "/my-work/"})

    assert Treatment.objects.in_force().get().due == until


def test_more_time_waits_for_those_who_may_edit_the_team(risks, editor, owner, viewer, outsider, officer, client_of):
    risk = make_treatment(risks[0], actor=editor, owner=owner)
    asked = make_time_request(risk, actor=owner)
    path = f"/time-requests/{asked.pk}/decision/"
    pages = {person.name: html_of(client_of(person).get("/my-work/")) for person in (editor, officer, viewer, outsider)}
    assert {name for name, page in pages.items() if f'action="{path}"' in page} == {"Editor", "Officer"}
    assert "Decide: Owner asks for time until" in pages["Editor"]

    answer = client_of(editor).post(path, {"decision": "grant", "note": "", "next": "/my-work/"})

    assert answer["Location"] == "/my-work/"
    assert Treatment.objects.in_force().get().due == asked.asked_until


def test_nothing_to_do_says_what_would_be_here(owner, client_of):
    text = html_of(client_of(owner).get("/my-work/"))

    assert "<h1>Nothing waits for you</h1>" in text
    assert "Treatments that you own appear here" in text


@pytest.fixture
def risk_of_tomas(committed_db):
    """A risk in a real database that a risk owner mitigates, with a measure."""
    team = make_team("Claims")
    chief, tomas = make_user("chief", "officer"), make_user("tomas", in_team={team: "risk_owner"})
    risk = make_treatment(make_risk(make_system(team, actor=chief), actor=chief), actor=chief, owner=tomas)
    make_measure(risk, actor=chief, owner=tomas, due=due_in(2))
    return risk


def test_on_a_phone_without_a_script_the_keyboard_says_blocked_and_asks_for_time(page_without_scripts, risk_of_tomas):
    page = page_without_scripts
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/sign-in/")
    page.get_by_label("E-mail").fill("tomas@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).not_to_contain_text("Sign in")
    page.goto("/my-work/")
    assert page.evaluate("document.documentElement.scrollWidth") == 360

    page.locator("summary", has_text="Blocked").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Waits for Legal.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("The measure is blocked.")
    assert page.url.endswith("/my-work/")

    page.locator("summary", has_text="Needs time").first.focus()
    page.keyboard.press("Enter")
    page.get_by_label("New date").first.fill(due_in(30).isoformat())
    page.get_by_label("Why").first.fill("Legal answers in three weeks.")
    page.get_by_role("button", name="Ask for more time").first.press("Enter")
    expect(page.locator("main")).to_contain_text("It waits for a decision.")
    assert [row.note for row in TimeRequest.objects.waiting()] == ["Legal answers in three weeks."]
