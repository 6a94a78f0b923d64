"""What to look into after answers, and how a system's Threats tab says it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from risks.systems.attention import Attention, attention_to
from risks.systems.models import AISystem
from tests.make import CHATBOT, make_profile, make_system
from tests.reading import text_of
from tests.systems.profiles import RULES

AGENT = {"triggers_actions": "yes"}


def points(answers: dict[str, Any]) -> dict[str, Attention]:
    return {each.point.id: each for each in attention_to(RULES, answers)}


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, ""),
        ({"augmentation": ["none"], "triggers_actions": "no", "structured_agent_messages": "no"}, ""),
        ({"augmentation": ["system_prompt"]}, ""),
        ({"augmentation": ["rag"]}, "R01 R02 R03 R04 R05 R06 R07 R08 R09"),
        ({"augmentation": ["memory"]}, "R02 R03 R05 R06 R09"),
        (AGENT, "A01 A02 A03 A05 A06"),
        ({**AGENT, "model_types": ["genai"]}, "A01 A02 A03 A04 A05 A06"),
        ({"structured_agent_messages": "yes", "triggers_actions": "no"}, "A01 A03 A05"),
        ({**AGENT, "autonomy": "none"}, "A01 A02 A03 A05 A06"),
        ({**AGENT, "autonomy": "acts"}, "A01 A02 A03 A05 A06 L1"),
        ({**AGENT, "autonomy": "plans"}, "A01 A02 A03 A05 A06 L2"),
        ({**AGENT, "autonomy": "loops"}, "A01 A02 A03 A05 A06 L3"),
        ({**AGENT, "autonomy": "unsupervised"}, "A01 A02 A03 A05 A06 L4"),
        ({"triggers_actions": "no", "autonomy": "unsupervised"}, ""),  # a question that is not asked says nothing
    ],
)
def test_points_are_shown_where_the_profile_makes_them_matter(answers: dict[str, Any], expected: str) -> None:
    assert " ".join(points(answers)) == expected


@pytest.mark.parametrize(
    ("answers", "key", "answer", "is_open"),
    [
        ({"augmentation": ["rag"]}, "R01", "Yes: retrieved documents are added to its prompt.", False),
        ({"augmentation": ["rag"]}, "R02", "Not answered yet.", True),
        (
            {"augmentation": ["rag"], "corpus_influenced_by_others": "no"},
            "R02",
            "No: nobody but trusted engineers can influence what it retrieves or remembers.",
            False,
        ),
        ({"augmentation": ["rag"]}, "R03", None, True),
        ({"structured_agent_messages": "yes"}, "A01", "Not answered yet.", True),
        ({**AGENT, "actions_can_send_data": "unknown"}, "A06", "Not answered yet.", True),
        ({**AGENT, "actions_can_send_data": "yes"}, "A06", "Yes: its actions can send data outside.", False),
        (
            {**AGENT, "augmentation": ["memory"]},
            "A05",
            "Yes: memory of earlier steps or sessions is added to its prompt.",
            False,
        ),
    ],
)
def test_what_the_profile_settles_is_not_asked_again(
    answers: dict[str, Any], key: str, answer: str | None, is_open: bool
) -> None:
    attention = points(answers)[key]
    assert (attention.answer, attention.is_open) == (answer, is_open)


def test_a_point_says_why_it_matters_here() -> None:
    found = points({**AGENT, "model_types": ["genai"], "augmentation": ["rag"]})
    said = {key: [reason.text for reason in each.reasons] for key, each in found.items()}
    assert said["R03"] == ["Retrieved documents are added to its prompt."]
    assert said["A04"] == ["It uses generative AI.", "Its output triggers actions."]


# The Threats tab


@pytest.fixture
def page_of(client_of: Callable[[User], Client], system: AISystem, editor: User) -> Callable[..., str]:
    """The text of the tab after these answers, for the editor or somebody else."""

    def shown(answers: dict[str, Any], user: User = editor) -> str:
        make_profile(system, actor=editor, answers=answers)
        return text_of(client_of(user).get(system.get_absolute_url()))

    return shown


def test_the_tab_asks_what_no_answer_settles_and_says_what_one_does(page_of: Callable[..., str]) -> None:
    page = page_of(CHATBOT)
    assert "Look into" in page
    assert "Does each person get from retrieval only what the source itself would show them?" in page
    assert "Yes: others than trusted engineers can influence what it retrieves or remembers." in page
    assert "Can an action carry data out of the organisation? Not answered yet. Answer" in page


def test_who_may_only_look_is_not_asked_to_answer(page_of: Callable[..., str], viewer: User) -> None:
    page = page_of(CHATBOT, viewer)
    assert "Can an action carry data out of the organisation? Not answered yet." in page
    assert "Not answered yet. Answer" not in page


def test_the_threats_lead_to_what_concerns_them(page_of: Callable[..., str]) -> None:
    assert "Look into R03 : Does each person get" in page_of(CHATBOT)


def test_the_lethal_trifecta_is_named_where_it_holds(page_of: Callable[..., str]) -> None:
    assert "lethal trifecta" not in page_of({"model_types": ["predictive"], "triggers_actions": "no"})
    page = page_of({**CHATBOT, "actions_can_send_data": "yes"})
    assert "Indirect prompt injection lethal trifecta" in page
    assert "Lethal trifecta Untrusted data, sensitive data within reach" in page


def test_an_optional_control_is_named_as_optional(
    page_of: Callable[..., str], client_of: Callable[[User], Client], system: AISystem, editor: User
) -> None:
    assert "Optional control 1 Poison robust model Someone else trained the model" in page_of(CHATBOT)
    assert "/catalog/controls/poisonrobustmodel/" in client_of(editor).get(system.get_absolute_url()).content.decode()
    assert "Optional control" not in page_of({**CHATBOT, "trained_by": ["own"]})


def test_kinds_of_evasion_stand_with_evasion_and_are_no_threats_of_their_own(page_of: Callable[..., str]) -> None:
    page = page_of({"classification_task": "yes", "attacker_can_provide_input": "yes"})
    assert "Attack variants: Zero-knowledge evasion , Perfect-knowledge evasion , Transferability-based evasion" in page
    assert page.count("Zero-knowledge evasion") == 1
    assert "Attack variants" not in page_of({"classification_task": "no"})


def test_nothing_is_looked_into_before_anything_is_answered(
    client_of: Callable[[User], Client], editor: User, team: Any
) -> None:
    system = make_system(team, actor=editor)
    assert "Look into" not in text_of(client_of(editor).get(system.get_absolute_url()))
