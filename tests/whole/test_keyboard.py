"""What a person without a mouse relies on: the focus stays where they are."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.roles import OrganisationRole
from risks.register.models import Risk
from risks.register.services import confirm_threats
from risks.systems.models import Profile
from tests.make import (
    CHATBOT,
    PASSWORD,
    make_profile,
    make_rating,
    make_system,
    make_team,
    make_treatment,
    make_user,
)


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
    # The answer is there when it is swapped in, not when it has arrived: a question it brings would be passed by.
    expect(page.locator(".htmx-request")).to_have_count(0)
    expect(page.locator("#result")).to_contain_text("Not saved yet")
    assert page.evaluate(FOCUSED)["name"] in ANSWERS


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent.trim()"))


def titles(page: Page) -> list[str]:
    return page.locator("[data-rows] a.title").all_text_contents()


def test_the_register_is_walked_ticked_and_changed_by_keyboard_alone(page: Page, officer: User) -> None:
    risk = Risk.objects.get(current_level__isnull=False)
    make_treatment(risk, actor=officer)
    sign_in(page, officer)
    page.goto("/risks/")
    rows = titles(page)
    press_each(page, "ArrowDown", "j", "ArrowDown", "k", "ArrowUp")
    assert focused(page) == rows[0]

    press_each(page, "x", "j", "Space")
    expect(page.locator("[data-rows] tr[aria-selected=true]")).to_have_count(2)
    expect(page.get_by_role("button", name="Change ticked (2)")).to_be_visible()

    press_each(page, "k", "e")
    form = page.get_by_role("form", name=f"Change {risk.reference}")
    expect(form.get_by_label("Status")).to_be_focused()
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)
    expect(page.get_by_role("link", name=rows[0], exact=True).first).to_be_focused()
    expect(page.locator("[data-rows] tr[aria-selected=true]")).to_have_count(2)

    page.keyboard.press("e")
    form.get_by_label("Status").select_option("Blocked")
    form.get_by_label("Note").fill("jex? waits/")  # keys of the list, typed into a field
    form.get_by_label("Status").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-rows] tr").first).to_contain_text("Blocked")
    expect(page.locator("[data-said]")).to_have_text(f"{risk.reference} is saved")
    assert focused(page) == rows[0]
    assert risk.treatments.in_force().get().note == "jex? waits/"

    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/risks/{risk.pk}/$"))


def test_the_keys_are_listed_and_can_be_switched_off(page: Page, officer: User) -> None:
    sign_in(page, officer)
    page.goto("/risks/")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys of this list")
    expect(dialog).to_be_visible()
    page.keyboard.press("j")  # does nothing behind it
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("/")
    expect(page.get_by_label("Search risks")).to_be_focused()

    page.get_by_role("button", name="Keys").click()
    dialog.get_by_label("Use these keys").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    press_each(page, "j", "/", "?")
    assert focused(page) not in titles(page)
    expect(dialog).to_be_hidden()
    expect(page.get_by_label("Search risks")).not_to_be_focused()


def test_with_a_modifier_a_key_is_the_browsers_own(page: Page, officer: User) -> None:
    sign_in(page, officer)
    page.goto("/risks/")
    press_each(page, "Control+j", "Alt+ArrowDown", "Control+x")
    assert focused(page) not in titles(page)
    expect(page.locator("[data-rows] tr[aria-selected=true]")).to_have_count(0)


def test_a_refused_row_says_why_where_it_stands(page: Page, officer: User) -> None:
    risk = Risk.objects.get(current_level__isnull=False)
    make_treatment(risk, actor=officer)
    sign_in(page, officer)
    page.goto("/risks/")
    page.locator("[data-rows] td[data-field=due]").first.click()
    due = page.get_by_role("form", name=f"Change {risk.reference}").get_by_label("Due")
    expect(due).to_be_focused()
    due.fill("2101-01-01")
    page.keyboard.press("Enter")
    expect(page.locator("[data-changing]")).to_contain_text("Choose a day from 2000 to 2100.")
    expect(due).to_have_value("2101-01-01")
    expect(due).to_be_focused()


def test_several_are_changed_without_scripts(page_without_scripts: Page, officer: User) -> None:
    page = page_without_scripts
    risk = Risk.objects.get(current_level__isnull=False)
    make_treatment(risk, actor=officer)
    sign_in(page, officer)
    page.goto("/risks/?option=mitigate")
    page.get_by_label(f"Tick {risk.reference}").check()
    page.get_by_role("button", name="Change ticked").click()
    page.get_by_label("Status").select_option("Done")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", name="1 risk will change")).to_be_visible()
    page.get_by_role("button", name="Change 1 risk").click()
    expect(page).to_have_url(re.compile(r"/risks/\?option=mitigate$"))
    expect(page.get_by_role("status").first).to_contain_text(f"{risk.reference} is changed.")
    page.get_by_role("link", name=f"Edit {risk.reference}").click()
    page.get_by_label("Status").select_option("Open")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("[data-rows] tr").first).to_contain_text("Open")


def press_each(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)
