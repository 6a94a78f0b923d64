"""The road from end to end in a real browser: once with htmx, once with scripts off, and axe on every page reached."""

import csv
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect

from accounts.models import User
from accounts.roles import OrganisationRole
from journal.models import Event
from risks.register.models import Rating, Risk, Treatment
from risks.systems.models import AISystem, Profile
from tests.make import CHATBOT, PASSWORD, make_user

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

type Look = Callable[[Page], None]


@pytest.fixture
def administrator(committed_db: None) -> User:
    return make_user("admin", OrganisationRole.ADMINISTRATOR)


def check_with_axe(page: Page) -> None:
    """No violation of WCAG 2.2 A and AA, all of them and not what passes, and nothing wider than the window."""
    results = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]})
    assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0, f"{page.url} is {overflow} px wider than the window"


def no_look(page: Page) -> None:
    """Scripts are off, so axe cannot run; the page must still have its heading."""
    expect(page.locator("h1")).to_have_count(1)


@pytest.mark.parametrize("width", [1280, 360])
def test_the_whole_road_with_htmx(page: Page, administrator: User, worker: None, tmp_path: Path, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    walk(page, check_with_axe, tmp_path, scripts=True)


def test_the_whole_road_with_scripts_off(
    page_without_scripts: Page, administrator: User, worker: None, tmp_path: Path
) -> None:
    walk(page_without_scripts, no_look, tmp_path, scripts=False)


def walk(page: Page, look: Look, folder: Path, *, scripts: bool) -> None:
    """Do the whole job once, as the administrator of an empty organisation."""
    sign_in(page, look)
    make_a_team(page, look)
    register_a_system(page, look)
    say_what_it_is_made_of(page, look)
    answer_its_profile(page, look, scripts=scripts)
    confirm_its_threats(page, look)
    rate_a_risk(page, look)
    follow_the_heatmap(page, look)
    treat_it(page, look)
    update_it_under_my_work(page, look)
    see_who_answers_for_what(page, look)
    export_the_register(page, look, folder, scripts=scripts)
    read_the_catalog(page, look)
    sign_out(page, look)


def sign_in(page: Page, look: Look) -> None:
    page.goto("/")
    look(page)
    page.get_by_label("E-mail").fill("admin@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile(r"/$"))
    look(page)


def make_a_team(page: Page, look: Look) -> None:
    page.goto("/people/")
    page.get_by_label("Name of the team").fill("Claims")
    page.get_by_role("button", name="Add team").click()
    expect(page.get_by_role("link", name="Claims")).to_be_visible()
    look(page)


def register_a_system(page: Page, look: Look) -> None:
    page.goto("/systems/")
    look(page)
    page.goto("/systems/new/")
    look(page)
    page.get_by_label("Team").select_option(label="Claims")
    page.get_by_label("Name").fill("Claims assistant")
    page.get_by_label("Purpose").fill("Answers customers about their claim.")
    page.locator("main form button[type=submit]").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Claims assistant")
    look(page)


def say_what_it_is_made_of(page: Page, look: Look) -> None:
    """Add the model and its supplier on the spot, then go on to the profile."""
    page.get_by_role("link", name="Add a component").click()
    look(page)
    page.get_by_label("Name", exact=True).fill("Corvus chat")
    page.get_by_text("Or a new supplier").click()
    page.get_by_label("Name of the new supplier").fill("Corvus AI")
    page.get_by_label("What they do for us").select_option(label="Model provider")
    page.get_by_label("Hosted service").check()
    look(page)
    page.get_by_role("button", name="Add component").click()
    expect(page.locator("main")).to_contain_text("Corvus chat is added.")
    look(page)
    page.get_by_role("link", name="Corvus AI").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Corvus AI")
    look(page)
    page.goto("/suppliers/")
    look(page)
    page.goto(f"/systems/{AISystem.objects.get().pk}/components/")
    page.get_by_role("link", name="Go on to the profile").click()
    expect(page).to_have_url(re.compile("/profile/$"))


ANSWERS = CHATBOT | {"autonomy": "acts"}


def answer_its_profile(page: Page, look: Look, *, scripts: bool) -> None:
    """Answer what is asked and save; without scripts the follow-up questions come with each saving."""
    system = AISystem.objects.get()
    page.goto(f"/systems/{system.pk}/profile/")
    look(page)
    for _ in range(4):
        for key, answer in ANSWERS.items():
            for value in answer if isinstance(answer, list) else [answer]:
                box = page.locator(f"input[name={key}][value={value}]")
                if box.is_visible():
                    check(page, box, scripts=scripts)
        look(page)
        page.get_by_role("button", name="Save answers").first.click()
        expect(page.locator("main")).to_contain_text("Saved.")
        if Profile.objects.in_force().get().answers == ANSWERS:
            break
    assert Profile.objects.in_force().get().answers == ANSWERS
    expect(page).to_have_url(re.compile(rf"/systems/{system.pk}/$"))


def check(page: Page, box: Locator, *, scripts: bool) -> None:
    """Tick a box; with htmx wait for what it brings."""
    if box.is_checked():
        return
    if scripts:
        with page.expect_response(re.compile("/profile/effect/")):
            box.check()
    else:
        box.check()


def confirm_its_threats(page: Page, look: Look) -> None:
    expect(page.locator("main")).to_contain_text("Indirect prompt injection")
    look(page)
    system = AISystem.objects.get()
    for path in ("review", "threats/indirectpromptinjection/dismissal"):
        page.goto(f"/systems/{system.pk}/{path}/")
        look(page)
    page.goto(system.get_absolute_url())
    page.get_by_role("button", name="Confirm").click()
    expect(page.locator("main")).to_contain_text("RSK-0001")
    look(page)
    assert Risk.objects.filter(threat_key="indirectpromptinjection").count() == 1
    assert not Risk.objects.filter(threat_key="evasion").exists()


def rate_a_risk(page: Page, look: Look) -> None:
    risk = Risk.objects.get(threat_key="indirectpromptinjection")
    page.goto(risk.get_absolute_url())
    look(page)
    page.goto(f"/risks/{risk.pk}/rating/?kind=current")
    look(page)
    page.get_by_role("button", name="Save rating").click()  # nothing chosen: nothing may be presumed
    expect(page.get_by_role("alert")).to_be_visible()
    assert not Rating.objects.exists()
    choose(page, "likelihood", "4")
    choose(page, "impact", "4")
    page.get_by_label("Why").fill("Two of forty test letters steered the answer.")
    page.get_by_role("button", name="Save rating").click()
    expect(page.locator("main")).to_contain_text("High")
    look(page)


def follow_the_heatmap(page: Page, look: Look) -> None:
    page.goto("/risks/heatmap/?kind=current")
    look(page)
    page.locator("table[data-heat] tbody a").first.click()
    expect(page.locator("main")).to_contain_text("Indirect prompt injection")
    expect(page.locator("table tbody tr")).to_have_count(1)
    look(page)
    page.goto("/")
    look(page)


def treat_it(page: Page, look: Look) -> None:
    risk = Risk.objects.get(threat_key="indirectpromptinjection")
    page.goto(f"/risks/{risk.pk}/treatment/")
    look(page)
    page.locator("input[name=option][value=mitigate]").check()
    page.get_by_label("What exactly").fill("Mark every retrieved passage as data.")
    page.get_by_label("Owner").select_option(label="Admin")
    page.get_by_label("Due").fill((timezone.localdate() + timedelta(days=5)).isoformat())
    page.get_by_role("button", name="Save treatment").click()
    expect(page.locator("main")).to_contain_text("Mark every retrieved passage as data.")
    look(page)


def update_it_under_my_work(page: Page, look: Look) -> None:
    page.goto("/my-work/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 thing")
    look(page)
    page.get_by_role("button", name=re.compile("^Done")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Nothing waits")
    assert Treatment.objects.in_force().get().status == "done"
    look(page)


def see_who_answers_for_what(page: Page, look: Look) -> None:
    system = AISystem.objects.get()
    page.goto(f"/systems/{system.pk}/responsibility/")
    expect(page.locator("main")).to_contain_text("Corvus AI")
    look(page)
    page.goto(f"/systems/{system.pk}/statement/")
    expect(page.locator("main")).to_contain_text("of 22 threats apply")
    look(page)
    page.goto(f"/systems/{system.pk}/history/")
    look(page)


def export_the_register(page: Page, look: Look, folder: Path, *, scripts: bool) -> None:
    page.goto("/risks/")
    look(page)
    page.get_by_text("Export CSV").click()
    page.get_by_role("button", name="Every field").click()
    expect(page).to_have_url(re.compile(r"/exports/\d+/$"))
    ready = page.get_by_role("heading", name="Your export is ready")
    if scripts:
        expect(ready).to_be_visible(timeout=30_000)
    else:
        press_until(page, "Check again", ready.is_visible)
    look(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the file").click()
    file = folder / "register.csv"
    download.value.save_as(file)
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == Risk.objects.count()
    assert Event.objects.filter(verb="export.downloaded").count() == 1


def press_until(page: Page, name: str, is_reached: Callable[[], bool]) -> None:
    """Press a link as a patient person would, until what it promises is there."""
    for _ in range(600):
        if is_reached():
            return
        page.get_by_role("link", name=name).click()
    pytest.fail(f"still not there after pressing “{name}” 600 times")


def read_the_catalog(page: Page, look: Look) -> None:
    for path in (
        "/catalog/",
        "/catalog/map/",
        "/catalog/map/?view=self-hosted",
        "/catalog/threats/indirectpromptinjection/",
        "/catalog/controls/",
        "/account/",
    ):
        page.goto(path)
        look(page)


def sign_out(page: Page, look: Look) -> None:
    page.goto("/account/")
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/sign-in/"))


def choose(page: Page, name: str, value: str) -> None:
    """Press a step as a person does: on its text, the button itself is out of sight."""
    page.locator(f"label:has(input[name={name}][value='{value}'])").click()


@pytest.fixture
def dark_page(browser: Browser, server: str, committed_db: None) -> Iterator[Page]:
    context = browser.new_context(base_url=server, color_scheme="dark", viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def test_contrast_holds_in_the_dark(dark_page: Page, administrator: User) -> None:
    sign_in(dark_page, check_with_axe)
    for path in (
        "/risks/",
        "/risks/heatmap/",
        "/systems/",
        "/catalog/",
        "/catalog/map/?view=externally-hosted",
        "/catalog/threats/evasion/",
        "/people/",
    ):
        dark_page.goto(path)
        check_with_axe(dark_page)


def test_a_new_token_fits_on_a_phone(page: Page, administrator: User) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    sign_in(page, check_with_axe)
    page.goto("/account/")
    page.get_by_label("Name").fill("GRC import")
    page.get_by_role("button", name="Make token").click()
    secret = page.locator("code").first
    expect(secret).to_contain_text("airr_")
    # A hyphen, which only some tokens have, would let the line break by itself.
    secret.evaluate("element => element.textContent = 'airr_' + 'x'.repeat(43)")
    check_with_axe(page)
