"""From a risk back to the list, in a browser."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.roles import OrganisationRole
from tests.make import make_team, make_user
from tests.register.register_of_many import fill
from tests.whole.test_keyboard import sign_in

QUERY = "q=assistant&sort=-reference&columns=reference,threat&page=3"


@pytest.fixture
def officer(committed_db: None) -> User:
    """A security officer with some hundred risks."""
    officer = make_user("officer", OrganisationRole.OFFICER)
    team = make_team("Claims")
    for number in range(14):
        fill(team, officer, officer, name=f"Assistant {number}", rated=1, treated=0)
    return officer


def test_back_and_the_breadcrumb_restore_filter_page_and_place(page: Page, officer: User) -> None:
    sign_in(page, officer)
    page.goto(f"/risks/?{QUERY}")
    link = page.locator("tbody a.title").nth(44)
    link.scroll_into_view_if_needed()
    top = page.evaluate("scrollY")
    assert top > 300
    link.click()
    page.wait_for_url("**/risks/*/")

    page.go_back()

    page.wait_for_url(f"**/risks/?{QUERY}")
    expect(link).to_be_in_viewport()

    link.click()
    page.wait_for_url("**/risks/*/")
    page.get_by_label("Breadcrumb").get_by_role("link", name="Register").click()

    page.wait_for_url(f"**/risks/?{QUERY}")
    expect(link).to_be_in_viewport()


def test_back_goes_through_filters_that_were_set_without_a_new_page(page: Page, officer: User) -> None:
    sign_in(page, officer)
    first = "/risks/?sort=-reference&columns=reference,threat"
    page.goto(first)
    page.locator("summary", has_text="Treatment").click()
    page.get_by_label("None yet").check()
    page.wait_for_url("**option=none**")
    filtered = page.url
    assert "sort=-reference" in filtered
    page.locator("tbody a.title").nth(30).click()
    page.wait_for_url("**/risks/*/")

    page.go_back()
    page.wait_for_url(filtered)
    page.go_back()

    page.wait_for_url(f"**{first}")
    expect(page.locator("h1")).to_have_text("Register")
