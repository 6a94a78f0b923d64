"""A scale of seven levels with long words, in a narrow window."""

from typing import Any

import pytest
from playwright.sync_api import Page

from accounts.models import User
from accounts.roles import OrganisationRole
from risks.register.models import Risk
from risks.register.rules import DEFAULT_SCALE
from risks.register.scale_content import content_of
from risks.register.scale_moving import LevelMap
from risks.register.scale_services import put_scale_in_force
from risks.register.services import confirm_threats
from tests.make import make_profile, make_rating, make_system, make_team, make_user
from tests.whole.test_keyboard import sign_in

LONG = "Existenzbedrohend"  # the last column and the worst band, at the edge of the page
SAME = LevelMap((1, 2, 3, 4, 5), (1, 2, 3, 4, 7))


def seven() -> dict[str, Any]:
    """Seven levels each; the words of the worst are long."""
    whole = content_of(DEFAULT_SCALE)
    axes: dict[str, Any] = {}
    for axis in ("likelihood", "impact"):
        *first, last = whole[axis]
        low = last["low"]
        more = [
            last | {"word": f"{LONG} {n}", "low": low * n, "high": low * (n + 1), "typical": low * n} for n in (1, 2)
        ]
        axes[axis] = [*first, *more, last | {"word": LONG, "low": low * 3, "typical": low * 4}]
    bands = [*whole["bands"][:-1], whole["bands"][-1] | {"word": LONG}]
    levels = [[max(1, min(5, (row + column) // 2)) for column in range(1, 8)] for row in range(1, 8)]
    return whole | axes | {"bands": bands, "levels": levels, "appetite": [7, 6, 5, 4, 3, 2, 1]}


@pytest.fixture
def risk(committed_db: None) -> Risk:
    """A risk in the worst cell."""
    officer = make_user("officer", OrganisationRole.OFFICER)
    system = make_system(make_team("Claims"), actor=officer)
    make_profile(system, actor=officer)
    risk: Risk = confirm_threats(system.pk, actor=officer)[0]
    reason, before = "The board decided.", DEFAULT_SCALE.key
    put_scale_in_force(actor=officer, content=seven(), level_map=SAME, reason=reason, expected_key=before)
    make_rating(risk, actor=officer, likelihood=7, impact=7)
    return risk


def test_no_page_is_wider_than_a_narrow_window(page: Page, risk: Risk) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    sign_in(page, User.objects.get(email__startswith="officer"))
    for address in ("/", "/risks/heatmap/", "/risks/", f"/risks/{risk.pk}/", f"/risks/{risk.pk}/rating/", "/scale/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, address


def test_no_word_leaves_its_cell(page: Page, risk: Risk) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    sign_in(page, User.objects.get(email__startswith="officer"))
    for address in ("/", "/risks/heatmap/", "/scale/"):
        page.goto(address)
        assert page.locator(".heat__grid th, .heat__grid td").count() >= 49
        sticks_out = "cells => cells.filter(e => e.scrollWidth > e.clientWidth + 6).map(e => e.textContent.trim())"
        assert page.locator(".heat__grid th, .heat__cell").evaluate_all(sticks_out) == [], address
