"""What ends up in a meeting: on paper a table is a table, and nothing is there that can only be pressed."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from accounts.roles import OrganisationRole
from risks.register.models import Risk
from risks.register.services import confirm_threats
from tests.make import make_profile, make_rating, make_system, make_team, make_treatment, make_user
from tests.whole.test_keyboard import sign_in

SHEET = {"width": 688, "height": 1017}  # A4 less its margins
ONLY_TO_PRESS = "button, .btn, input, select, textarea, nav:not(.pages), [data-change], .acts"


@pytest.fixture
def risk(committed_db: None) -> Risk:
    """A rated and treated risk of a small register, of an officer."""
    officer = make_user("officer", OrganisationRole.OFFICER)
    system = make_system(make_team("Claims"), actor=officer)
    make_profile(system, actor=officer)
    first, second = confirm_threats(system.pk, actor=officer)[:2]
    make_rating(first, actor=officer, likelihood=5, impact=5)
    make_treatment(first, actor=officer, owner=officer)
    make_rating(second, actor=officer, likelihood=1, impact=1)
    return first


def right_end(element: Locator) -> float:
    box = element.bounding_box()
    assert box
    return box["x"] + box["width"]


def test_on_paper_tables_keep_their_heads_and_nothing_is_to_press(page: Page, risk: Risk) -> None:
    page.set_viewport_size(SHEET)
    sign_in(page, User.objects.get(email__startswith="officer"))
    page.emulate_media(media="print")
    addresses = ("/", "/risks/", "/risks/heatmap/", f"/risks/{risk.pk}/", "/my-work/", "/trend/", "/scale/")
    for address in addresses:
        page.goto(address)
        expect(page.locator(ONLY_TO_PRESS).locator("visible=true"), f"on {address}").to_have_count(0)
        for table in page.locator("table.table").all():
            if table.is_visible():
                expect(table.locator("tbody tr").first, f"on {address}").to_have_css("display", "table-row")
                assert right_end(table) <= SHEET["width"], f"a table is cut off on {address}"


def test_a_printed_register_says_the_number_of_each_risk_and_how_many_there_are(page: Page, risk: Risk) -> None:
    page.set_viewport_size(SHEET)
    sign_in(page, User.objects.get(email__startswith="officer"))
    page.emulate_media(media="print")
    page.goto("/risks/?level=5")
    expect(page.locator("tbody tr .ref")).to_be_visible()
    expect(page.locator("tbody tr .ref")).to_have_text(risk.reference)
    expect(page.get_by_text("1 to 1 of 1")).to_be_visible()


def test_a_table_of_chosen_columns_lies_across_the_sheet(page: Page, risk: Risk) -> None:
    sign_in(page, User.objects.get(email__startswith="officer"))
    for query, lies_across in (("", False), ("?columns=reference,threat,system,team,inherent,target,owner", True)):
        page.goto(f"/risks/{query}")
        sheets = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", page.pdf(format="A4", prefer_css_page_size=True))
        assert sheets
        assert all((float(width) > float(height)) is lies_across for width, height in sheets), query
