"""The catalog in a real browser: results while typing, filters in the address, an upgrade and the way back."""

import copy
import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.roles import OrganisationRole
from catalog.content import read_content
from catalog.loading import load_edition
from catalog.models import Edition
from catalog.profile import PACKAGED_EDITION
from journal.recording import SYSTEM
from risks.register.models import Risk
from risks.register.services import confirm_threats
from tests.make import make_profile, make_rating, make_system, make_team, make_user
from tests.whole.test_keyboard import sign_in
from tests.whole.test_walk import check_with_axe


@pytest.fixture
def officer(committed_db: None) -> User:
    """A security officer with one rated risk."""
    officer = make_user("officer", OrganisationRole.OFFICER)
    system = make_system(make_team("Claims"), actor=officer)
    make_profile(system, actor=officer)
    make_rating(confirm_threats(system.pk, actor=officer)[0], actor=officer)
    return officer


@pytest.fixture
def next_edition(committed_db: None):
    """A later edition that says something else of the rated threat; taken away again afterwards."""
    content = copy.deepcopy(read_content(PACKAGED_EDITION)) | {"edition": "2027-01-01"}
    key = Risk.objects.order_by("number").first().threat_key
    threat = next(each for each in content["threats"] if each["key"] == key)
    threat["summary"] = "It says something else now."
    edition = load_edition(content, actor=SYSTEM).edition
    yield edition
    Edition.objects.filter(pk=edition.pk).delete()


def test_results_come_while_typing_and_the_address_follows(page: Page, officer: User) -> None:
    sign_in(page, officer)
    page.goto("/catalog/search/")
    page.get_by_label("Words to look for").press_sequentially("promt injecton")
    results = page.locator("#results")
    expect(results).to_contain_text("Shown instead: prompt injection")
    expect(results.get_by_role("link", name="Indirect prompt injection", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile(r"q=promt(\+|%20)injecton"))
    check_with_axe(page)
    results.get_by_role("link", name="Control", exact=False).first.click()
    expect(page).to_have_url(re.compile("kind=control"))


def test_search_works_without_scripts(page_without_scripts: Page, officer: User) -> None:
    page = page_without_scripts
    sign_in(page, officer)
    page.goto("/catalog/search/")
    page.get_by_label("Words to look for").fill("rate lim")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Rate limit", exact=True).click()
    expect(page.get_by_role("heading", name="Rate limit", level=1)).to_be_visible()


def test_a_filter_of_threats_is_in_the_address_and_back_restores_it(page: Page, officer: User) -> None:
    sign_in(page, officer)
    page.goto("/catalog/threats/")
    page.locator("summary", has_text="Surface").click()
    page.get_by_label("Runtime", exact=True).first.check()
    expect(page.locator("#entries caption")).to_contain_text("of 25 threats")
    expect(page).to_have_url(re.compile("surface=runtime"))
    page.get_by_role("link", name="Agent escape").click()
    expect(page.locator("h1")).to_contain_text("Agent escape")
    page.go_back()
    expect(page.locator("#entries caption")).to_contain_text("of 25 threats")
    page.get_by_role("link", name="Remove filter Surface: Runtime").click()
    expect(page.locator("#entries caption")).to_contain_text("25 threats with their groups")


def test_an_upgrade_is_seen_first_put_in_force_answered_and_taken_back(
    page: Page, officer: User, next_edition: Edition
) -> None:
    sign_in(page, officer)
    page.goto("/catalog/editions/")
    page.get_by_role("link", name="See what it touches").click()
    expect(page.locator("h1")).to_contain_text("1 risk and 0 systems would be touched")
    check_with_axe(page)
    page.get_by_label("Why now").fill("Agreed in the meeting.")
    page.get_by_role("button", name="Put edition 2027-01-01 in force").click()
    expect(page.locator("h1")).to_contain_text("Edition 2027-01-01 is in force")
    page.goto("/")
    page.get_by_role("link", name="Need another look").click()
    page.locator("tbody a.title").first.click()
    expect(page.locator("main")).to_contain_text("take another look")
    check_with_axe(page)
    page.get_by_role("button", name="It stands as judged").click()
    expect(page.locator("main")).not_to_contain_text("take another look")
    page.goto("/catalog/editions/")
    page.get_by_role("link", name="Go back to 2026-08-22").click()
    expect(page.locator("h1")).to_contain_text("would be touched")
    page.get_by_role("button", name="Put edition 2026-08-22 in force").click()
    expect(page.locator("h1")).to_contain_text("Edition 2026-08-22 is in force")


def test_a_threat_of_our_own_is_added_by_keyboard(page: Page, officer: User) -> None:
    sign_in(page, officer)
    page.goto("/catalog/own/threats/new/")
    page.get_by_label("Title").fill("Rogue plugins")
    page.get_by_label("Where it stands").select_option(label="2 Input threats")
    page.get_by_label("What it is", exact=True).fill("A plugin acts on its own.")
    page.get_by_label("To every AI system").focus()
    page.keyboard.press("Space")
    check_with_axe(page)
    page.get_by_role("button", name="Add threat").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Rogue plugins", level=1)).to_be_visible()
    expect(page.locator("main")).to_contain_text("Our own threat")
    expect(page.locator("main")).to_contain_text("It applies to every AI system.")
    check_with_axe(page)
