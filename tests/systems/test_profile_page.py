"""The page of a profile: answered with and without scripts, looked ahead, refused, and saved by two people at once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Locator, Page

from accounts.models import Team, User
from accounts.roles import TeamRole
from journal.models import Event
from risks.systems.models import AISystem, Profile
from tests.make import CHATBOT, make_profile, make_system, make_team, make_user
from tests.reading import text_of
from tests.systems.test_pages import ClientOf

FIRST_QUESTIONS = 11  # those that follow from no other


def profile_of(system: AISystem) -> str:
    return reverse("systems:profile", args=[system.pk])


def effect_of(system: AISystem) -> str:
    return reverse("systems:effect", args=[system.pk])


def form(number: int, answers: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    return {"expected_number": number, **(CHATBOT if answers is None else answers), **changes}


def shown(response: Any) -> list[str]:
    return [ask.question.key for group in response.context["groups"] for ask in group.asks if ask.is_shown]


@pytest.fixture
def blank(team: Team, editor: User) -> AISystem:
    """A system whose profile nobody has touched."""
    return make_system(team, actor=editor, name="Mail sorter")


# Reading


def test_a_first_profile_asks_only_what_follows_from_nothing_else(
    client_of: ClientOf, blank: AISystem, editor: User
) -> None:
    page = client_of(editor).get(profile_of(blank))
    assert len(shown(page)) == FIRST_QUESTIONS
    assert "triggers_actions" in shown(page)
    assert "actions_can_send_data" not in shown(page)
    assert "0 of 11 answered" in text_of(page)


def test_a_question_follows_when_the_one_before_is_answered(client_of: ClientOf, blank: AISystem, editor: User) -> None:
    for value, follows in (("yes", True), ("unknown", True), ("no", False)):
        make_profile(blank, actor=editor, answers={"triggers_actions": value})
        assert ("actions_can_send_data" in shown(client_of(editor).get(profile_of(blank)))) is follows


def test_every_question_can_be_left_open(client_of: ClientOf, blank: AISystem, editor: User) -> None:
    html = client_of(editor).get(profile_of(blank)).content.decode()
    assert html.count("I don&#x27;t know yet") + html.count("I don't know yet") == 21


def test_who_may_only_look_gets_facts_and_no_form(client_of: ClientOf, system: AISystem, viewer: User) -> None:
    answer = client_of(viewer).get(profile_of(system))
    page = text_of(answer)
    assert "15 of 18 questions are answered" in page
    assert "Who runs the model? A supplier" in page
    assert "How much does it decide by itself? No answer" in page
    assert "<form" not in answer.content.decode().split('id="main"')[1]


# Saving


def test_answers_are_saved_as_they_were_given(client_of: ClientOf, blank: AISystem, editor: User) -> None:
    typed = form(0, {"model_types": ["predictive", "genai"], "trained_by": ["unknown"], "text_output": "unknown"})
    answer = client_of(editor).post(profile_of(blank), typed)
    assert answer["Location"] == profile_of(blank)  # ten questions of the page are untouched
    profile = blank.profiles.get()
    assert profile.answers == {"model_types": ["genai", "predictive"], "trained_by": [], "text_output": "unknown"}
    again = client_of(editor).get(profile_of(blank)).context["form"]
    assert again["trained_by"].value() == ["unknown"]
    assert again["text_output"].value() == "unknown"
    assert again["run_by"].value() is None


def test_when_every_question_is_touched_the_threats_come_next(
    client_of: ClientOf, blank: AISystem, editor: User
) -> None:
    answer = client_of(editor).post(profile_of(blank), form(0, autonomy="acts"))
    assert answer["Location"] == blank.get_absolute_url()


def test_saving_leaves_one_event(client_of: ClientOf, system: AISystem, editor: User) -> None:
    client_of(editor).post(profile_of(system), form(1, text_output="no"))
    event = Event.objects.of(system).first()
    assert (event.verb, event.changes) == ("profile.answered", {"text_output": ["yes", "no"]})


def test_an_answer_out_of_sight_is_kept(client_of: ClientOf, system: AISystem, editor: User) -> None:
    client_of(editor).post(profile_of(system), form(1, triggers_actions="no"))
    page = client_of(editor).get(profile_of(system))
    assert "sensitive_data_reachable" not in shown(page)
    assert page.context["form"]["sensitive_data_reachable"].value() == "yes"
    assert Profile.objects.in_force().get(system=system).answers["sensitive_data_reachable"] == "yes"


@pytest.mark.parametrize(
    ("key", "value", "complaint"),
    [
        ("augmentation", ["rag", "none"], "“Nothing” cannot stand together with other answers."),
        ("trained_by", ["own", "unknown"], "“I don't know yet” cannot stand together with other answers."),
        ("text_output", "perhaps", "Select a valid choice. perhaps is not one of the available choices."),
        ("run_by", "none", "Select a valid choice. none is not one of the available choices."),
    ],
)
def test_what_the_profile_does_not_take_comes_back_as_typed(
    client_of: ClientOf, system: AISystem, editor: User, key: str, value: Any, complaint: str
) -> None:
    answer = client_of(editor).post(profile_of(system), form(1, **{key: value, "input_data_sensitive": "no"}))
    assert answer.status_code == 422
    assert f"Error: {complaint}" in text_of(answer)
    assert answer.context["form"][key].value() == value
    assert answer.context["form"]["input_data_sensitive"].value() == "no"
    assert Profile.objects.count() == 1


def test_a_form_without_its_number_is_refused(client_of: ClientOf, system: AISystem, editor: User) -> None:
    answer = client_of(editor).post(profile_of(system), {**CHATBOT, "text_output": "no"})
    assert answer.status_code == 422
    assert "Load the page again." in text_of(answer)


def test_a_stale_save_shows_both_versions_and_keeps_what_was_typed(
    client_of: ClientOf, system: AISystem, editor: User, officer: User
) -> None:
    client_of(officer).post(profile_of(system), form(1, text_output="no"))
    late = client_of(editor).post(profile_of(system), form(1, structured_agent_messages="yes"))
    assert late.status_code == 409
    page = text_of(late)
    assert "Officer saved other answers" in page
    assert "Is its output text? No Yes" in page
    assert "Do structured messages pass between agents or tools? I don't know yet Yes" in page
    assert late.context["form"]["structured_agent_messages"].value() == "yes"
    assert Profile.objects.in_force().get(system=system).answers["text_output"] == "no"
    over_theirs = form(int(late.context["form"]["expected_number"].value()), structured_agent_messages="yes")
    client_of(editor).post(profile_of(system), over_theirs)
    profile = Profile.objects.in_force().get(system=system)
    assert (profile.number, profile.answers["text_output"]) == (3, "yes")


# Looking ahead


def test_the_look_ahead_tells_what_would_change_and_saves_nothing(
    client_of: ClientOf, system: AISystem, editor: User
) -> None:
    before = Event.objects.count()
    answer = client_of(editor).post(effect_of(system), form(1, structured_agent_messages="yes"))
    page = text_of(answer)
    assert "What your answer changes" in page
    assert "Agent message structure manipulation now applies" in page
    assert "15 apply 1 more" in page
    assert "0 not known yet 1 fewer" in page
    assert "We neither train nor fine-tune the model. Model inversion" in page
    assert (Profile.objects.count(), Event.objects.count()) == (1, before)


def test_the_look_ahead_brings_and_takes_away_what_follows(client_of: ClientOf, system: AISystem, editor: User) -> None:
    now_on_page = ["actions_can_send_data", "sensitive_data_reachable", "autonomy"]
    typed = form(1, triggers_actions="no", trained_by=["own"], shown=now_on_page)
    answer = client_of(editor).post(effect_of(system), typed)
    moved = {ask.question.key: ask.is_shown for ask in answer.context["came_or_went"]}
    gone, came = dict.fromkeys(now_on_page, False), dict.fromkeys(("training_data_sensitive",), True)
    assert gone.items() <= moved.items()
    assert came.items() <= moved.items()
    html = answer.content.decode()
    assert html.count('hx-swap-oob="true"') == len(moved) + len(answer.context["groups"])


def test_a_look_ahead_that_changes_no_answer_compares_nothing(
    client_of: ClientOf, system: AISystem, editor: User
) -> None:
    page = text_of(client_of(editor).post(effect_of(system), form(1)))
    assert "14 apply" in page
    assert "more" not in page
    assert "What your" not in page


def test_a_look_ahead_on_contradictory_answers_goes_by_the_others(
    client_of: ClientOf, system: AISystem, editor: User
) -> None:
    answer = client_of(editor).post(effect_of(system), form(1, augmentation=["rag", "none"]))
    assert answer.status_code == 200
    assert "Result so far" in text_of(answer)


# In a browser


@pytest.fixture
def signed_in(committed_db: None, client_of: Callable[[User], Client]) -> Callable[[Page], AISystem]:
    """Signs a tab in as an editor whose team has one system without answers; that system."""
    team = make_team("Claims")
    editor = make_user("editor", in_team={team: TeamRole.EDITOR})
    system = make_system(team, actor=editor, name="Mail sorter")

    def sign_in(page: Page) -> AISystem:
        session = client_of(editor).cookies["session"].value
        page.context.add_cookies([{"name": "session", "value": session, "domain": "127.0.0.1", "path": "/"}])
        page.goto(profile_of(system))
        return system

    return sign_in


def question(page: Page, text: str) -> Locator:
    return page.get_by_role("group", name=text)


def test_with_scripts_the_questions_follow_at_once(page: Page, signed_in: Callable[[Page], AISystem]) -> None:
    system = signed_in(page)
    follow_up = question(page, "Can those actions send data outside?")
    assert not follow_up.is_visible()
    question(page, "Does its output trigger actions?").get_by_label("Yes").check()
    follow_up.wait_for()
    page.get_by_role("heading", name="What your answer changes").wait_for()
    follow_up.get_by_label("No", exact=True).check()
    page.get_by_role("heading", name="What your 2 answers change").wait_for()
    assert page.get_by_role("status").inner_text().startswith("4 threats apply")
    page.get_by_role("button", name="Save answers").first.click()
    page.get_by_text("Saved. 2 of 14 questions are answered.").wait_for()
    assert system.profiles.get().answers == {"triggers_actions": "yes", "actions_can_send_data": "no"}


def test_by_keyboard_alone_no_focus_is_lost(page: Page, signed_in: Callable[[Page], AISystem]) -> None:
    signed_in(page)
    first = question(page, "Does its output trigger actions?").get_by_label("Yes")
    first.focus()
    page.keyboard.press("Space")
    question(page, "Can those actions send data outside?").wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.get_by_role("heading", name="What your 2 answers change").wait_for()
    focused = page.evaluate("[document.activeElement.name, document.activeElement.value]")
    assert focused == ["actions_can_send_data", "no"]


def test_without_scripts_the_questions_follow_after_saving(
    page_without_scripts: Page, signed_in: Callable[[Page], AISystem]
) -> None:
    page = page_without_scripts
    system = signed_in(page)
    question(page, "Who trained the model?").get_by_label("We did").check()
    assert not question(page, "Is the data you train with sensitive?").is_visible()
    page.get_by_role("button", name="Save answers").click()
    page.get_by_text("Saved. 1 of 13 questions are answered.").wait_for()
    question(page, "Is the data you train with sensitive?").get_by_label("Yes").check()
    page.get_by_role("button", name="Save answers").click()
    page.get_by_text("Saved. 2 of 14 questions are answered.").wait_for()
    assert system.profiles.in_force().get().answers == {"trained_by": ["own"], "training_data_sensitive": "yes"}
