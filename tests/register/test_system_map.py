"""The threat map of a system: lit by level and state, said in words, and on the Threats tab above the same list."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.roles import OrganisationRole
from catalog.drawing import Place
from catalog.reading import current
from risks.register.choices import RatingKind
from risks.register.rules import DEFAULT_SCALE
from risks.register.services import assign_party, confirm_threats
from risks.register.system_map import holders, light_of, map_of
from risks.register.threat_states import states_of
from risks.register.treating import update_treatment
from risks.systems.access import system_to_see
from tests.catalog.test_threat_map import assert_sound
from tests.make import PASSWORD, make_profile, make_rating, make_risk, make_system, make_team, make_treatment, make_user
from tests.reading import text_of
from tests.register.test_threat_states import dismiss

TODAY = timezone.localdate


def light(system, key, kind=RatingKind.CURRENT):
    state = states_of(system, current(), at=TODAY()).states[key]
    return light_of(state, kind, DEFAULT_SCALE)


def test_a_rated_risk_shows_level_and_how_far_its_treatment_is(system, risk, editor):
    make_rating(risk, actor=editor, likelihood=4, impact=4)
    assert light(system, risk.threat_key).state == "no treatment"
    make_treatment(risk, actor=editor)
    update_treatment(risk.pk, actor=editor, status="in_progress", note="", expected_version=None)

    found = light(system, risk.threat_key)

    assert (found.mark, found.level, found.state, found.url) == ("4", 4, "in progress", risk.get_absolute_url())
    assert found.said == "RSK-0001. Current level 4, High. In progress. Duty: own"
    assert (found.is_dashed, found.is_double, found.is_faint) == (False, False, False)


def test_each_kind_of_rating_lights_it_anew(system, risk, editor):
    make_rating(risk, actor=editor, likelihood=5, impact=5, kind="inherent")
    inherent, target = (light(system, risk.threat_key, kind) for kind in (RatingKind.INHERENT, RatingKind.TARGET))
    assert (inherent.mark, inherent.is_dashed) == ("5", False)
    assert (target.mark, target.is_dashed, target.state) == ("–", True, "not rated")
    assert "Target not rated" in target.said


def test_what_is_late_says_so_first(system, risk, editor):
    make_treatment(risk, actor=editor, due=TODAY() - timedelta(days=1))
    found = light(system, risk.threat_key)
    assert (found.mark, found.state) == ("–", "late 1 day")
    assert "Open, late 1 day" in found.said


@pytest.mark.parametrize(
    ("key", "mark", "state", "dashed", "faint"),
    [
        ("indirectpromptinjection", "–", "no risk yet", True, False),
        ("agentmessagestructuremanipulation", "?", "not known yet", True, False),
        ("modelexfiltration", "", "does not apply", False, True),
    ],
)
def test_without_a_risk_a_tag_says_what_is_known_and_leads_to_its_line(system, key, mark, state, dashed, faint):
    found = light(system, key)
    assert (found.mark, found.state, found.is_dashed, found.is_faint) == (mark, state, dashed, faint)
    assert found.url == f"#threat-{key}"


def test_the_suppliers_threat_has_a_double_frame_and_says_so(system, editor):
    found = light(system, "runtimemodelpoison")
    assert (found.is_double, found.state) == (True, "supplier’s")
    assert found.said.endswith("Duty: supplier")
    risk = make_risk(system, actor=editor, threat="runtimemodelpoison")
    make_treatment(risk, actor=editor, due=TODAY() - timedelta(days=12))
    assert light(system, "runtimemodelpoison").state == "supplier’s, late 12 days"


def test_the_party_that_a_person_set_decides_the_frame(system, editor):
    assign_party(system.pk, actor=editor, threat_key="runtimemodelpoison", party="own", reason="We took it over.")
    assert not light(system, "runtimemodelpoison").is_double


def test_a_dismissed_threat_is_faint_and_says_why(system, risk):
    dismiss(system, risk.threat_key, risk=risk)
    found = light(system, risk.threat_key)
    assert (found.mark, found.state, found.is_faint, found.url) == ("", "dismissed", True, risk.get_absolute_url())
    assert found.said == "Dismissed: The letters are read by clerks only."


@pytest.mark.parametrize(
    ("answers", "suppliers", "made", "used"),
    [
        ({}, [], "whose is not known yet", "whose is not known yet"),
        ({"trained_by": ["own"], "run_by": "own"}, ["Corvus AI"], "ours", "run by us"),
        ({"trained_by": ["supplier"], "run_by": "supplier"}, [], "the supplier’s", "run by the supplier"),
        ({"trained_by": ["supplier"], "run_by": "supplier"}, ["Corvus AI"], "Corvus AI", "run by Corvus AI"),
        (
            {"trained_by": ["own", "supplier"], "run_by": "unknown"},
            ["A", "B"],
            "ours and A and B",
            "whose is not known yet",
        ),
    ],
)
def test_the_assets_say_whose_they_are_as_far_as_the_profile_does(answers, suppliers, made, used):
    found = holders(answers, suppliers)
    assert found[Place.TRAINING] == found[Place.DEVELOPMENT]
    assert (found[Place.TRAINING].words, found[Place.MODEL].words) == (made, used)
    assert found[Place.MODEL].is_ours == (answers.get("run_by") != "supplier")
    assert Place.AUGMENTATION not in found


def test_any_state_makes_a_sound_drawing_in_which_nothing_is_cut(system, editor):
    risks = confirm_threats(system.pk, actor=editor)
    for risk in risks[::2]:
        make_rating(risk, actor=editor)
        make_treatment(risk, actor=editor, due=TODAY() - timedelta(days=112))
    found = states_of(system_to_see(editor, system.pk), current(), at=TODAY())
    drawing = map_of(found, RatingKind.CURRENT, DEFAULT_SCALE, at=TODAY()).drawing
    assert_sound(drawing)
    cut = [tag.meta.words for tag in drawing.tags if "…" in tag.meta.words]
    assert all("supplier’s, late" in words for words in cut), cut


def test_before_the_first_risk_nothing_is_cut_either(system, editor):
    found = states_of(system_to_see(editor, system.pk), current(), at=TODAY())
    drawing = map_of(found, RatingKind.CURRENT, DEFAULT_SCALE, at=TODAY()).drawing
    assert [tag.meta.words for tag in drawing.tags if "…" in tag.meta.words] == []


def test_a_very_long_supplier_stays_within_its_asset(system, editor):
    seen = system_to_see(editor, system.pk)
    seen.supplier_names = ["W" * 120]
    drawing = map_of(states_of(seen, current(), at=TODAY()), RatingKind.CURRENT, DEFAULT_SCALE, at=TODAY()).drawing
    holder = next(asset.holder for asset in drawing.assets if asset.place is Place.MODEL)
    assert holder.words.endswith("…")


# The page


def drawing_of(answer):
    page = unescape(answer.content.decode())
    return page[page.index("<svg") : page.index("</svg>")]


def test_the_drawing_and_the_list_hold_the_same_threats(system, editor, client_of):
    confirm_threats(system.pk, actor=editor)
    make_risk(system, actor=editor, threat="transferattack")
    answer = client_of(editor).get(system.get_absolute_url())
    page = answer.content.decode()
    assert drawing_of(answer).count("<a ") == len(re.findall(r'<tr id="threat-', page)) == 23
    for address in re.findall(r'<a href="#([^"]+)"', drawing_of(answer)):
        assert f'id="{address}"' in page


def test_the_rating_in_the_address_lights_the_map(system, risk, editor, client_of):
    make_rating(risk, actor=editor, likelihood=5, impact=5, kind="inherent")
    make_rating(risk, actor=editor, likelihood=1, impact=1)
    client, path = client_of(editor), system.get_absolute_url()
    assert "RSK-0001. Current level 1, Minimal" in drawing_of(client.get(path))
    inherent = client.get(f"{path}?rating=inherent")
    assert "RSK-0001. Inherent level 5, Critical" in drawing_of(inherent)
    assert 'href="?rating=inherent#threat-map" aria-current="true"' in inherent.content.decode()
    assert "Current level 1" in drawing_of(client.get(f"{path}?rating=nonsense"))


def test_the_list_says_level_party_and_status(system, risk, editor, client_of):
    make_rating(risk, actor=editor, likelihood=4, impact=4)
    make_treatment(risk, actor=editor, due=TODAY() - timedelta(days=2))
    page = text_of(client_of(editor).get(system.get_absolute_url()))
    assert "Indirect prompt injection 4 High Own RSK-0001 Open Late 2 days It uses generative AI." in page


def test_a_system_without_a_profile_has_no_map(team, editor, client_of):
    system = make_system(team, actor=editor)
    assert "<svg" not in client_of(editor).get(system.get_absolute_url()).content.decode()


def test_a_hostile_name_stays_text_in_the_drawing(team, editor, client_of):
    system = make_system(team, actor=editor, name='</title><script>alert("x")</script>')
    make_profile(system, actor=editor)
    page = client_of(editor).get(system.get_absolute_url()).content.decode()
    assert "<script>alert" not in page


@pytest.fixture
def map_page(page: Page, committed_db: None) -> Page:
    officer = make_user("officer", OrganisationRole.OFFICER)
    system = make_system(make_team("Claims"), actor=officer)
    make_profile(system, actor=officer)
    for number, risk in enumerate(confirm_threats(system.pk, actor=officer)):
        if number % 3:
            make_rating(risk, actor=officer, likelihood=1 + number % 5, impact=1 + number % 4)
        if number % 2:
            make_treatment(risk, actor=officer, due=TODAY() - timedelta(days=112))
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"/sign-in/?next={system.get_absolute_url()}")
    page.get_by_label("E-mail").fill("officer@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Claims assistant")
    return page


def test_no_words_leave_their_tag(map_page: Page) -> None:
    """As the browser sets them, not as we measure them."""
    too_wide = map_page.evaluate(
        """() => [...document.querySelectorAll("svg a")].flatMap(tag => {
            const box = tag.querySelector(".box").getBoundingClientRect()
            return [...tag.querySelectorAll("text")].filter(text => text.getBoundingClientRect().right > box.right)
        }).map(text => text.textContent)"""
    )
    assert too_wide == []


def test_the_keyboard_walks_the_tags_and_opens_a_risk(map_page: Page) -> None:
    map_page.get_by_role("region", name="Threat map, drawing").focus()
    walked = []
    for _ in range(22):
        map_page.keyboard.press("Tab")
        walked.append(map_page.evaluate("document.activeElement.querySelector('title')?.textContent ?? ''"))
    assert [each[0] for each in walked] == ["3"] * 6 + ["2"] * 8 + ["4"] * 8
    map_page.get_by_role("region", name="Threat map, drawing").focus()
    map_page.keyboard.press("Tab")
    map_page.keyboard.press("Enter")
    expect(map_page.get_by_role("heading", level=1)).to_contain_text("Data poisoning")


def test_the_other_rating_is_a_link_away(map_page: Page) -> None:
    map_page.get_by_role("link", name="Inherent", exact=True).click()
    expect(map_page.get_by_role("link", name="Inherent", exact=True)).to_have_attribute("aria-current", "true")
    expect(map_page).to_have_url(re.compile(r"\?rating=inherent"))


def test_on_a_small_screen_the_list_serves_alone(map_page: Page) -> None:
    map_page.set_viewport_size({"width": 360, "height": 740})
    expect(map_page.locator("svg.drawing")).to_be_hidden()
    expect(map_page.get_by_role("link", name="Inherent", exact=True)).to_be_hidden()
    expect(map_page.get_by_text("The drawing needs a wider screen.")).to_be_visible()
