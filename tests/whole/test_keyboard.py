"""What a person without a mouse relies on: the focus stays where they are."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.roles import OrganisationRole
from risks.register.services import confirm_threats
from tests.make import PASSWORD, make_profile, make_rating, make_system, make_team, make_user


@pytest.fixture
def officer(committed_db: None) -> User:
    """A security officer with a small register."""
    officer = make_user("officer", OrganisationRole.OFFICER)
    system = make_system(make_team("Claims"), actor=officer)
    make_profile(system, actor=officer)
    make_rating(confirm_threats(system.pk, actor=officer)[0], actor=officer)
    return officer


def sign_in(page: Page, person: User) -> None:
    page.goto("/sign-in/")
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("outside appetite")


def test_the_focus_outlives_another_heatmap_and_a_closed_menu(page: Page, officer: User) -> None:
    sign_in(page, officer)
    page.get_by_role("link", name="Target").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#heatmap caption")).to_contain_text("Target")
    expect(page.get_by_role("link", name="Target")).to_be_focused()

    page.goto("/risks/")
    menu = page.locator("details.pick").filter(has_text="Level").first
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(menu.locator("input").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()
