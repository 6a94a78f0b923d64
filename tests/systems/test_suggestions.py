"""What components suggest as answers to the profile, and how the page of the profile offers it."""

from itertools import product
from typing import Any

import pytest

from accounts.models import Team, User
from catalog.profile import packaged_rule_set
from journal.models import Event
from risks.systems.models import AISystem
from risks.systems.services import remove_component
from risks.systems.suggestions import Part, Suggestion, contradictions, suggested_answers
from tests.make import make_component, make_profile, make_supplier, make_system
from tests.reading import text_of
from tests.systems.test_pages import ClientOf
from tests.systems.test_profile_page import effect_of, form, profile_of

RULE_SET = packaged_rule_set()

HOSTED = Part("Corvus chat", "hosted", "supplier", "Corvus AI")
SELF_RUN = Part("Halden", "self_run", "us", "Halden Open Models")
OURS = Part("Fraud classifier", "trained", "us")
ADAPTED = Part("Estimator", "trained", "us", "Lumen")
ADAPTED_THERE = Part("Estimator", "trained", "supplier", "Lumen")
TRAINED_SOMEWHERE = Part("Fraud classifier", "trained")


def answers_of(*parts: Part) -> dict[str, Any]:
    return {key: each.answer for key, each in suggested_answers(RULE_SET, parts).items()}


# The rules


@pytest.mark.parametrize(
    ("parts", "trained_by", "run_by"),
    [
        ((), None, None),
        ((HOSTED,), ["supplier"], "supplier"),
        ((SELF_RUN,), ["supplier"], "own"),
        ((OURS,), ["own"], "own"),
        ((ADAPTED,), ["own", "supplier"], "own"),
        ((ADAPTED_THERE,), ["own", "supplier"], "supplier"),
        ((TRAINED_SOMEWHERE,), ["own"], None),
        ((HOSTED, OURS), ["own", "supplier"], None),
        ((SELF_RUN, OURS), ["own", "supplier"], "own"),
        ((HOSTED, ADAPTED_THERE), ["own", "supplier"], "supplier"),
        ((HOSTED, TRAINED_SOMEWHERE), ["own", "supplier"], None),
    ],
)
def test_what_each_way_of_delivery_suggests(parts: Any, trained_by: Any, run_by: Any) -> None:
    found = answers_of(*parts)
    assert (found.get("trained_by"), found.get("run_by")) == (trained_by, run_by)


@pytest.mark.parametrize(
    ("part", "trained", "run"),
    [
        (HOSTED, "Corvus chat is a hosted service", "Corvus chat is a hosted service"),
        (SELF_RUN, "Halden is externally sourced and run by us", "Halden is externally sourced and run by us"),
        (OURS, "Fraud classifier is trained by us", "Fraud classifier is hosted by us"),
        (ADAPTED_THERE, "Estimator is adapted by us from Lumen", "Estimator is hosted by Lumen"),
    ],
)
def test_every_suggestion_says_why(part: Part, trained: str, run: str) -> None:
    found = suggested_answers(RULE_SET, [part])
    assert (found["trained_by"].why, found["run_by"].why) == (trained, run)


EVERY_PART = [
    Part("Model", delivery, hosted_by, supplier)
    for delivery, hosted_by, supplier in product(
        ("hosted", "self_run", "trained"), ("", "us", "supplier"), ("", "Corvus AI")
    )
]


def test_another_part_never_takes_a_trainer_away_and_never_turns_who_runs_it() -> None:
    for one, other, more in product(EVERY_PART, repeat=3):
        before, after = answers_of(one, other), answers_of(one, other, more)
        assert set(before["trained_by"]) <= set(after["trained_by"])
        assert after.get("run_by") in (None, before.get("run_by"))


def test_the_order_of_parts_makes_no_difference_and_nothing_contradicts_itself() -> None:
    for one, other in product(EVERY_PART, repeat=2):
        found = suggested_answers(RULE_SET, [one, other])
        assert answers_of(one, other) == answers_of(other, one)
        assert contradictions(found, {key: each.answer for key, each in found.items()}) == {}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [(None, False), ([], False), (["own"], True), (["supplier"], False), (["own", "supplier"], False)],
)
def test_more_trainers_than_suggested_are_no_contradiction(answer: Any, expected: bool) -> None:
    assert Suggestion(["supplier"], ("Because.",)).contradicts(answer) is expected


@pytest.mark.parametrize(
    ("answer", "expected"), [(None, False), ("unknown", False), ("own", True), ("supplier", False)]
)
def test_another_runner_is_one(answer: Any, expected: bool) -> None:
    assert Suggestion("supplier", ("Because.",)).contradicts(answer) is expected


# The page


SUGGESTED = "Suggested, because Corvus chat is a hosted service. Change it if that is wrong."
OTHERWISE = "The components say otherwise: Corvus chat is a hosted service."


@pytest.fixture
def described(team: Team, editor: User) -> AISystem:
    """A system with a hosted model, its profile untouched."""
    system = make_system(team, actor=editor, name="Mail sorter")
    make_component(system, actor=editor, supplier=make_supplier(), hosted_by="supplier", delivery="hosted")
    return system


def test_an_untouched_profile_begins_with_what_the_components_suggest(
    client_of: ClientOf, described: AISystem, editor: User
) -> None:
    answer = client_of(editor).get(profile_of(described))
    assert answer.context["form"]["run_by"].value() == "supplier"
    assert answer.context["form"]["trained_by"].value() == ["supplier"]
    assert text_of(answer).count(SUGGESTED) == 2
    assert answer.context["result"].unsaved == 2
    assert "Not saved yet" in text_of(answer)
    assert not described.profiles.exists()


def test_a_suggestion_is_saved_when_the_person_saves(client_of: ClientOf, described: AISystem, editor: User) -> None:
    client_of(editor).post(profile_of(described), form(0, {"trained_by": ["supplier"], "run_by": "supplier"}))
    assert described.profiles.get().answers == {"trained_by": ["supplier"], "run_by": "supplier"}
    again = client_of(editor).get(profile_of(described))
    assert "Suggested" not in text_of(again)
    assert again.context["result"].unsaved == 0


def test_a_suggestion_that_was_unticked_is_not_saved(client_of: ClientOf, described: AISystem, editor: User) -> None:
    client_of(editor).post(profile_of(described), form(0, {"run_by": "own"}))
    assert described.profiles.get().answers == {"run_by": "own"}


def test_looking_ahead_saves_nothing(client_of: ClientOf, described: AISystem, editor: User) -> None:
    before = Event.objects.count()
    answer = client_of(editor).post(effect_of(described), form(0, {"trained_by": ["supplier"], "run_by": "supplier"}))
    assert answer.context["result"].unsaved == 2
    assert (Event.objects.count(), described.profiles.exists()) == (before, False)


def test_a_saved_answer_stands_and_a_contradiction_is_told_once(
    client_of: ClientOf, described: AISystem, editor: User
) -> None:
    make_profile(described, actor=editor, answers={"run_by": "own", "trained_by": ["own", "supplier"]})
    answer = client_of(editor).get(profile_of(described))
    assert answer.context["form"]["run_by"].value() == "own"
    assert text_of(answer).count(OTHERWISE) == 1
    assert answer.context["result"].unsaved == 0


def test_not_known_yet_is_an_answer_that_stands(client_of: ClientOf, described: AISystem, editor: User) -> None:
    make_profile(described, actor=editor, answers={"run_by": "unknown", "trained_by": []})
    page = text_of(client_of(editor).get(profile_of(described)))
    assert "Suggested" not in page
    assert "The components say otherwise" not in page


def test_a_removed_component_and_one_of_another_kind_suggest_nothing(
    client_of: ClientOf, team: Team, editor: User
) -> None:
    system = make_system(team, actor=editor, name="Mail sorter")
    make_component(system, actor=editor, name="Store", kind="data_store", hosted_by="us")
    gone = make_component(system, actor=editor, delivery="self_run")
    remove_component(gone.pk, actor=editor, expected_version=None, reason="Gone.")
    answer = client_of(editor).get(profile_of(system))
    assert answer.context["form"]["run_by"].value() is None
    assert answer.context["result"].unsaved == 0
