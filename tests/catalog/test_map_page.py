"""The page of the threat map as a signed-in person gets it."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.roles import OrganisationRole
from catalog.reading import current
from catalog.services import add_threat
from tests.make import PASSWORD, make_user

MAP = "/catalog/map/"
VIEWS = [MAP, f"{MAP}?view=general", f"{MAP}?view=self-hosted", f"{MAP}?view=externally-hosted"]


def page_of(reader: Client, path: str) -> str:
    return unescape(reader.get(path).content.decode())


def drawing_of(page: str) -> str:
    return page[page.index("<svg") : page.index("</svg>")]


def said_of(page: str, title: str) -> str:
    """What the drawing says in full about a threat."""
    found = re.search(rf"<title>([^<]* {re.escape(title)}\.[^<]*)</title>", drawing_of(page))
    assert found, title
    return found[1]


@pytest.mark.parametrize("path", VIEWS)
def test_each_threat_that_can_be_a_risk_is_drawn_and_listed_once(path: str, reader: Client) -> None:
    page = page_of(reader, path)
    drawing = drawing_of(page)
    listed = page[page.index("The same as a list") :]
    threats = current().judged_threats
    assert len(threats) == 22
    for threat in threats:
        address = f'href="{reverse("catalog:threat", args=[threat.key])}"'
        assert (drawing.count(address), listed.count(address)) == (1, 1), threat.key
    assert drawing.count("<a ") == listed.count('class="title"') == len(threats)


def test_a_tag_says_all_in_words(reader: Client) -> None:
    said = said_of(page_of(reader, MAP), "Disclosure of sensitive data in model output")
    assert said.startswith("2.3.1 ")
    assert "at output and actions" in said
    assert "Confidentiality of input data" in said
    assert "supplier" not in said


def test_the_letters_are_explained(reader: Client) -> None:
    page = page_of(reader, MAP)
    for impact in current().impacts.values():
        assert impact.title in page[page.index("</svg>") :]


def test_a_ready_made_model_that_others_host_leaves_the_model_to_the_supplier(reader: Client) -> None:
    hosted, run_by_us = (page_of(reader, f"{MAP}?view={view}") for view in ("externally-hosted", "self-hosted"))
    assert "11 of 22 threats stay ours" in hosted
    assert "12 of 22 threats stay ours" in run_by_us
    assert said_of(hosted, "Direct runtime model poisoning").endswith(". supplier")
    assert "supplier" not in said_of(run_by_us, "Direct runtime model poisoning")
    for page in (hosted, run_by_us):
        assert said_of(page, "Data poisoning").endswith(". supplier")
        assert "supplier" not in said_of(page, "Indirect prompt injection")
        assert said_of(page, "Agent escape").endswith(". not stated")


def test_the_controls_of_each_side_stand_beside_it(reader: Client) -> None:
    page = page_of(reader, f"{MAP}?view=self-hosted")
    ours, theirs = page.index("Controls of ours"), page.index("Controls of the supplier")
    assert ours < page.index("Control behaviour impact") < theirs < page.index("GenAI model alignment")
    assert "Controls of the supplier" not in page_of(reader, MAP)


@pytest.mark.parametrize("view", ["", "x", "self_hosted", "general%00", "self-hosted%20"])
def test_a_view_that_is_not_known_is_refused(view: str, reader: Client) -> None:
    response = reader.get(f"{MAP}?view={view}")
    assert response.status_code == 400
    assert "This request cannot be read" in response.content.decode()


def test_an_own_threat_finds_its_place_and_stays_ours(reader: Client, officer: User) -> None:
    add_threat(
        actor=officer,
        title="Shadow models that nobody has registered with anyone anywhere at all",
        parent_key="runtimeconventionalsec",
        summary="Teams run models that nobody registered.",
        controls=[],
    )
    page = page_of(reader, f"{MAP}?view=externally-hosted")
    assert "12 of 23 threats stay ours" in page
    said = said_of(page, "Shadow models that nobody has registered with anyone anywhere at all")
    assert said.startswith("own ")
    assert "at application and infrastructure" in said


@pytest.mark.parametrize("path", VIEWS)
def test_the_drawing_has_no_style_of_its_own(path: str, reader: Client) -> None:
    page = page_of(reader, path)
    assert "style=" not in page
    assert "<style" not in page


@pytest.fixture
def map_page(page: Page, committed_db: None) -> Page:
    make_user("admin", OrganisationRole.ADMINISTRATOR)
    page.goto(f"/sign-in/?next={MAP}")
    page.get_by_label("E-mail").fill("admin@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("22 threats")
    return page


def test_no_title_leaves_its_tag(map_page: Page) -> None:
    """As the browser sets it, not as we measure it."""
    too_wide = map_page.evaluate(
        """() => [...document.querySelectorAll("svg a")].flatMap(tag => {
            const box = tag.querySelector(".box").getBoundingClientRect()
            return [...tag.querySelectorAll("text")].filter(text => text.getBoundingClientRect().right > box.right)
        }).map(text => text.textContent)"""
    )
    assert too_wide == []


def test_the_keyboard_walks_the_tags_from_development_to_runtime(map_page: Page) -> None:
    map_page.get_by_role("region", name="Drawing").focus()
    walked = []
    for _ in range(22):
        map_page.keyboard.press("Tab")
        walked.append(map_page.evaluate("document.activeElement.querySelector('title')?.textContent ?? ''"))
    assert walked[0].startswith("3.1.1 Data poisoning")
    assert walked[-1].startswith("4.1 Generic security threats")
    assert [each[0] for each in walked] == ["3"] * 6 + ["2"] * 8 + ["4"] * 8
    map_page.keyboard.press("Enter")
    expect(map_page.get_by_role("heading", level=1)).to_contain_text("Generic security threats")


def test_on_a_small_screen_the_list_takes_the_place_of_the_drawing(map_page: Page) -> None:
    map_page.set_viewport_size({"width": 360, "height": 740})
    expect(map_page.locator("svg").first).to_be_hidden()
    expect(map_page.get_by_text("The drawing needs a wider screen.")).to_be_visible()
    expect(map_page.get_by_role("link", name="Evasion")).to_be_visible()
