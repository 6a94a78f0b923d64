"""What a person without a mouse relies on: the focus stays where they are."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.roles import OrganisationRole
from risks.register.services import confirm_threats
from risks.systems.models import Profile
from tests.make import CHATBOT, PASSWORD, make_profile, make_rating, make_system, make_team, make_user


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


ANSWERS = CHATBOT | {"autonomy": "acts"}
MOST_STEPS = 150  # presses of Tab; the page has some sixty stops
FOCUSED = """() => {
  const { id, name, type, value, checked, textContent } = document.activeElement;
  return { id, name, type, value, checked, text: textContent.trim() };
}"""


def test_a_profile_is_filled_by_keyboard_alone(page: Page, officer: User) -> None:
    system = make_system(make_team("Payments"), actor=officer, name="Payment check")
    sign_in(page, officer)
    page.goto(f"/systems/{system.pk}/profile/")
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused["name"] in ANSWERS:
            answer_here(page, focused, ANSWERS[focused["name"]])
        elif focused["text"] == "Save answers":
            page.keyboard.press("Enter")
            break
    expect(page).to_have_url(re.compile(rf"/systems/{system.pk}/$"))
    assert Profile.objects.in_force().get(system=system).answers == ANSWERS


def answer_here(page: Page, focused: dict[str, Any], answer: str | list[str]) -> None:
    """Tick the box that has the focus, or choose in its group; what the answer brings must not take the focus away."""
    if focused["type"] == "checkbox":
        if focused["value"] in answer and not focused["checked"]:
            press(page, "Space")
        return
    if focused["value"] == answer and not focused["checked"]:
        press(page, "Space")
    while page.evaluate(FOCUSED)["value"] != answer:
        press(page, "ArrowDown")


def press(page: Page, key: str) -> None:
    with page.expect_response(re.compile("/profile/effect/")):
        page.keyboard.press(key)
    expect(page.locator("#result")).to_contain_text("Not saved yet")
    assert page.evaluate(FOCUSED)["name"] in ANSWERS
