"""From unrated to accepted and expired, in a real browser: two people, and a clock that is passed in."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from accounts.roles import OrganisationRole, TeamRole
from risks.register.models import Acceptance, Risk
from risks.register.tasks import end_acceptances
from tests.make import PASSWORD, make_profile, make_risk, make_system, make_team, make_treatment, make_user
from tests.whole.test_walk import check_with_axe, choose

UNTIL = timezone.localdate() + timedelta(days=20)


@pytest.fixture
def risk(committed_db: None) -> Risk:
    """A risk that nobody has rated, which its owner is to accept."""
    team = make_team("Claims")
    editor = make_user("editor", in_team={team: TeamRole.EDITOR})
    owner = make_user("owner", in_team={team: TeamRole.RISK_OWNER})
    make_user("officer", OrganisationRole.OFFICER)
    system = make_system(team, actor=editor)
    make_profile(system, actor=editor)
    risk = make_risk(system, actor=editor)
    return make_treatment(risk, actor=editor, owner=owner, option="accept")


def signed_in(browser: Browser, server: str, name: str, width: int) -> Page:
    context = browser.new_context(base_url=server, viewport={"width": width, "height": 900})
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.goto("/sign-in/")
    page.get_by_label("E-mail").fill(f"{name}@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("header.top")).to_be_visible()
    return page


@pytest.mark.parametrize("width", [1280, 360])
def test_a_risk_goes_from_unrated_to_accepted_and_expired(
    browser: Browser, server: str, risk: Risk, width: int
) -> None:
    editor, owner, officer = (signed_in(browser, server, name, width) for name in ("editor", "owner", "officer"))
    part = "section[aria-labelledby=acceptance]"

    editor.goto(risk.get_absolute_url())
    expect(editor.locator(part)).to_contain_text("It needs a current rating first.")
    rate(editor, risk)

    propose(owner, risk)
    expect(owner.locator(part)).to_contain_text("Waits for a decision")
    expect(owner.locator(part)).to_contain_text("Nobody decides on their own proposal.")
    expect(owner.get_by_role("link", name="Decide")).to_have_count(0)
    acceptance = Acceptance.objects.get()
    refused = owner.goto(f"/acceptances/{acceptance.pk}/decision/")
    assert refused is not None
    assert refused.status == 403

    editor.goto(risk.get_absolute_url())
    expect(editor.locator(part)).to_contain_text("Outside appetite, a security officer decides.")
    approve(officer)
    expect(officer.locator(part)).to_contain_text("Accepted until")
    expect(officer.locator(".strip")).to_contain_text("Done")
    check_with_axe(officer)

    end_acceptances((UNTIL + timedelta(days=1)).isoformat())

    owner.goto(risk.get_absolute_url())
    expect(owner.locator(part)).to_contain_text("Expired")
    expect(owner.locator(".strip")).to_contain_text("Open")
    expect(owner.get_by_role("link", name="Propose to accept it")).to_be_visible()
    check_with_axe(owner)
    for page in (editor, owner, officer):
        page.context.close()


def rate(page: Page, risk: Risk) -> None:
    page.goto(f"/risks/{risk.pk}/rating/?kind=current")
    choose(page, "likelihood", "4")
    choose(page, "impact", "4")
    page.get_by_label("Why").fill("Two of forty test letters steered the answer.")
    page.get_by_role("button", name="Save rating").click()
    expect(page.locator(".strip")).to_contain_text("Outside")


def propose(page: Page, risk: Risk) -> None:
    page.goto(risk.get_absolute_url())
    page.get_by_role("link", name="Propose to accept it").click()
    check_with_axe(page)
    page.get_by_label("Why it can be lived with").fill("The desk notices it.")
    page.get_by_label("Conditions").fill("Answers are read by a clerk.")
    page.get_by_label("Until").fill((UNTIL + timedelta(days=400)).isoformat())
    page.get_by_role("button", name="Propose", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("90 days at most")
    expect(page.get_by_label("Why it can be lived with")).to_have_value("The desk notices it.")
    page.get_by_label("Until").fill(UNTIL.isoformat())
    page.get_by_role("button", name="Propose", exact=True).click()


def approve(page: Page) -> None:
    page.goto("/acceptances/")
    check_with_axe(page)
    page.get_by_role("link", name="Decide").click()
    check_with_axe(page)
    page.get_by_label("Approve").check()
    page.get_by_role("button", name="Save decision").click()
