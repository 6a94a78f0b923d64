"""The writers of systems and profiles: what they save, what they leave behind, whom and what they refuse."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.access import NO_SUCH_OWNER
from accounts.models import Team, User
from accounts.roles import TeamRole
from accounts.services import change_user, set_membership
from journal.errors import Conflict, NotAllowed
from journal.models import Event
from journal.recording import SYSTEM
from risks.systems.models import AISystem, Profile
from risks.systems.services import (
    LONGEST_PURPOSE,
    NO_SUCH_TEAM,
    answer_profile,
    change_system,
    register_system,
)
from tests.make import CHATBOT, make_profile, make_system, make_user

MISSING = 999_999


def events_of(system: AISystem) -> list[str]:
    return [event.verb for event in Event.objects.of(system)]


def change(system: AISystem, *, actor: User, **values: Any) -> AISystem:
    said: dict[str, Any] = {
        "name": system.name,
        "purpose": system.purpose,
        "owner_id": system.owner_id,
    }
    return change_system(system.pk, actor=actor, expected_version=system.version, **{**said, **values})


# Registering


def test_an_editor_registers_a_system_and_one_event_says_so(team: Team, editor: User, owner: User) -> None:
    system = register_system(
        actor=editor, team_id=team.pk, name=" Fraud scoring ", purpose="Scores payments.", owner_id=owner.pk
    )
    system.refresh_from_db()
    assert (system.name, system.team, system.owner) == ("Fraud scoring", team, owner)
    event = Event.objects.of(system).get()
    assert (event.verb, event.actor_name, event.team_id) == ("system.registered", "Editor", team.pk)
    assert event.changes["name"] == [None, "Fraud scoring"]
    assert event.changes["owner"] == [None, "Owner"]


def test_numbers_follow_each_other(team: Team, editor: User) -> None:
    first, second = make_system(team, actor=editor, name="One"), make_system(team, actor=editor, name="Two")
    assert (first.reference, second.reference) == ("AIS-0001", "AIS-0002")


def test_a_refused_registration_leaves_no_gap_and_no_event(team: Team, editor: User) -> None:
    make_system(team, actor=editor, name="One")
    before = Event.objects.count()
    with pytest.raises(ValidationError, match="This team has a system of this name already"):
        make_system(team, actor=editor, name="One")
    assert make_system(team, actor=editor, name="Two").number == 2
    assert Event.objects.count() == before + 1


def test_a_team_one_cannot_see_is_as_missing_as_one_that_never_was(editor: User, other_team: Team) -> None:
    texts = []
    for team_id in (other_team.pk, MISSING):
        with pytest.raises(ValidationError) as refusal:
            register_system(actor=editor, team_id=team_id, name="Fraud scoring", purpose="Scores payments.")
        texts.append(refusal.value.message_dict)
    assert texts == [{"team": [NO_SUCH_TEAM]}] * 2


def test_a_viewer_of_the_team_may_not_register(team: Team, viewer: User) -> None:
    with pytest.raises(NotAllowed):
        make_system(team, actor=viewer)


def test_an_editor_elsewhere_may_not_register_where_they_only_look(team: Team, outsider: User) -> None:
    set_membership(outsider.pk, team.pk, actor=SYSTEM, role=TeamRole.VIEWER)
    with pytest.raises(NotAllowed):
        make_system(team, actor=User.objects.get(pk=outsider.pk))


def test_an_owner_must_be_able_to_own_in_the_team(team: Team, editor: User, viewer: User, outsider: User) -> None:
    for person in (viewer.pk, outsider.pk, MISSING):
        with pytest.raises(ValidationError) as refusal:
            make_system(team, actor=editor, owner_id=person)
        assert refusal.value.message_dict == {"owner": [NO_SUCH_OWNER]}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x"}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"purpose": "  "}, "purpose"),
        ({"purpose": "x" * (LONGEST_PURPOSE + 1)}, "purpose"),
    ],
)
def test_texts_that_are_missing_or_too_long_are_refused(
    team: Team, editor: User, values: dict[str, str], field: str
) -> None:
    said: dict[str, Any] = {"name": "Fraud scoring", "purpose": "Scores.", **values}
    with pytest.raises(ValidationError) as refusal:
        register_system(actor=editor, team_id=team.pk, **said)
    assert list(refusal.value.message_dict) == [field]


# Changing


def test_a_change_steps_the_version_on_and_says_what_changed(system: AISystem, editor: User) -> None:
    change(system, actor=editor, purpose="Scores payments.")
    system.refresh_from_db()
    assert (system.purpose, system.version) == ("Scores payments.", 2)
    event = Event.objects.of(system).first()
    assert event.verb == "system.changed"
    assert event.changes == {"purpose": ["Answers customers about their claim.", "Scores payments."]}


def test_a_change_of_nothing_is_no_change(system: AISystem, editor: User) -> None:
    before = events_of(system)
    assert change(system, actor=editor).version == 1
    assert events_of(system) == before


def test_a_stale_change_is_refused_with_the_system_as_it_is_now(system: AISystem, editor: User) -> None:
    change(system, actor=editor, name="Claims helper")
    with pytest.raises(Conflict) as refusal:
        change(system, actor=editor, name="Claims bot")
    assert refusal.value.current.name == "Claims helper"


def test_an_owner_who_left_may_stay_until_another_is_named(system: AISystem, editor: User, owner: User) -> None:
    system = change(system, actor=editor, owner_id=owner.pk)
    change_user(owner.pk, actor=SYSTEM, name="Owner", organisation_role="member", is_active=False)
    assert change(system, actor=editor, name="Claims helper").owner == owner
    assert change(AISystem.objects.get(pk=system.pk), actor=editor, owner_id=None).owner is None


@pytest.mark.parametrize("who", ["viewer", "owner", "auditor", "outsider"])
def test_only_editors_and_officers_change_a_system(system: AISystem, who: str, request: pytest.FixtureRequest) -> None:
    person = request.getfixturevalue(who)
    with pytest.raises(NotAllowed):
        change(system, actor=person, name="Claims helper")
    with pytest.raises(NotAllowed):
        answer_profile(system.pk, actor=person, answers={})


def test_an_officer_changes_any_system(system: AISystem, officer: User) -> None:
    assert change(system, actor=officer, name="Claims helper").name == "Claims helper"


# Answering


def test_answers_are_a_new_dated_profile_and_one_event(team: Team, editor: User) -> None:
    system = make_system(team, actor=editor)
    first = make_profile(system, actor=editor, answers={"text_output": "yes"})
    second = make_profile(system, actor=editor, answers={"text_output": "no", "model_types": ["predictive", "genai"]})
    first.refresh_from_db()
    assert (first.number, second.number) == (1, 2)
    assert first.superseded_at == second.at
    assert second.answers == {"model_types": ["genai", "predictive"], "text_output": "no"}
    assert second.answered_by_name == "Editor"
    event = Event.objects.of(system).first()
    assert event.changes == {"text_output": ["yes", "no"], "model_types": [None, ["genai", "predictive"]]}
    assert events_of(system) == ["profile.answered", "profile.answered", "system.registered"]


def test_the_same_answers_again_leave_everything_as_it_is(system: AISystem, editor: User) -> None:
    before = events_of(system)
    shuffled = dict(reversed(CHATBOT.items()))
    assert answer_profile(system.pk, actor=editor, answers=shuffled).number == 1
    assert Profile.objects.count() == 1
    assert events_of(system) == before


def test_an_answer_that_is_left_out_is_taken_back(system: AISystem, editor: User) -> None:
    profile = answer_profile(system.pk, actor=editor, answers={"text_output": "yes"})
    assert profile.answers == {"text_output": "yes"}
    assert Event.objects.of(system).first().changes["run_by"] == ["supplier", None]


def test_stale_answers_are_refused_with_the_profile_in_force(system: AISystem, editor: User) -> None:
    answer_profile(system.pk, actor=editor, answers={"text_output": "no"}, expected_number=1)
    with pytest.raises(Conflict) as refusal:
        answer_profile(system.pk, actor=editor, answers={"text_output": "yes"}, expected_number=1)
    assert refusal.value.current.answers == {"text_output": "no"}
    assert Profile.objects.count() == 2


def test_a_first_profile_expects_none(system: AISystem, team: Team, editor: User) -> None:
    new = make_system(team, actor=editor, name="Fraud scoring")
    assert answer_profile(new.pk, actor=editor, answers={}, expected_number=0).number == 1
    with pytest.raises(Conflict):
        answer_profile(system.pk, actor=editor, answers={}, expected_number=0)


@pytest.mark.parametrize("answers", [{"text_output": "perhaps"}, {"no_such_question": "yes"}, ["text_output"], None])
def test_answers_the_profile_does_not_take_are_refused(system: AISystem, editor: User, answers: object) -> None:
    before = events_of(system)
    with pytest.raises(ValidationError):
        answer_profile(system.pk, actor=editor, answers=answers)
    assert events_of(system) == before


def test_every_moment_has_one_profile(system: AISystem, editor: User) -> None:
    for value in ("yes", "no", "unknown"):
        answer_profile(system.pk, actor=editor, answers={"text_output": value})
    rows = list(system.profiles.order_by("number"))
    assert [row.superseded_at for row in rows] == [*(row.at for row in rows[1:]), None]


def test_a_second_editor_of_the_team_may_change_what_the_first_registered(system: AISystem, team: Team) -> None:
    colleague = make_user("colleague", in_team={team: TeamRole.EDITOR})
    assert change(system, actor=colleague, name="Claims helper").name == "Claims helper"
