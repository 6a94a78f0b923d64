"""Archiving, restoring and duplicating: nothing is lost, an archived system is read-only, a copy is whole."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Team, User
from accounts.roles import TeamRole
from accounts.services import set_membership
from journal.errors import Conflict, NotAllowed
from journal.models import Event
from journal.recording import SYSTEM
from risks.assurance.services import set_responsibility
from risks.register import services as register
from risks.register.models import Risk
from risks.register.treating import update_treatment
from risks.systems.life_cycle import archive_system, duplicate_system, restore_system
from risks.systems.models import AISystem, Component, ComponentVersion, Supplier
from risks.systems.services import answer_profile, change_system
from tests.make import CHATBOT, make_rating, make_risk, make_system, make_treatment
from tests.systems.test_about import ALL


def archive(system: AISystem, *, actor: User, reason: str = "Switched off.", version: int | None = None) -> AISystem:
    return archive_system(system.pk, actor=actor, reason=reason, expected_version=version)


# Archiving and restoring


def test_archiving_keeps_everything_and_tells_who_and_why(system: AISystem, editor: User) -> None:
    archive(system, actor=editor, reason=" Switched off. ")
    system.refresh_from_db()
    assert system.archived_at is not None
    assert system.version == 2
    event = Event.objects.of(system).first()
    assert (event.verb, event.actor_name, event.reason) == ("system.archived", "Editor", "Switched off.")
    assert system.profiles.count() == 1
    assert list(AISystem.objects.active()) == []
    assert list(AISystem.objects.archived()) == [system]


@pytest.mark.parametrize("reason", ["", "  ", "x" * 2_001])
def test_archiving_needs_a_reason_of_some_length(system: AISystem, editor: User, reason: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        archive(system, actor=editor, reason=reason)
    assert list(refusal.value.message_dict) == ["reason"]
    system.refresh_from_db()
    assert system.archived_at is None


def test_archiving_twice_is_archiving_once(system: AISystem, editor: User) -> None:
    first = archive(system, actor=editor)
    assert archive(system, actor=editor, reason="Again.").archived_at == first.archived_at
    assert Event.objects.of(system).filter(verb="system.archived").count() == 1


def test_restoring_brings_a_system_back_as_it_was(system: AISystem, editor: User) -> None:
    archive(system, actor=editor)
    restored = restore_system(system.pk, actor=editor, expected_version=2)
    assert (restored.archived_at, restored.version) == (None, 3)
    assert Event.objects.of(system).first().verb == "system.restored"
    assert restore_system(system.pk, actor=editor, expected_version=3).version == 3


def test_a_stale_version_is_refused(system: AISystem, editor: User) -> None:
    for attempt in (
        lambda: archive(system, actor=editor, version=7),
        lambda: restore_system(system.pk, actor=editor, expected_version=7),
        lambda: duplicate_system(system.pk, actor=editor, name="Another", expected_version=7),
    ):
        with pytest.raises(Conflict):
            attempt()


@pytest.mark.parametrize("who", ["viewer", "owner", "auditor", "outsider"])
def test_only_editors_and_officers_archive_restore_and_duplicate(
    system: AISystem, who: str, request: pytest.FixtureRequest
) -> None:
    person = request.getfixturevalue(who)
    for attempt in (
        lambda: archive(system, actor=person),
        lambda: restore_system(system.pk, actor=person, expected_version=None),
        lambda: duplicate_system(system.pk, actor=person, name="Another"),
    ):
        with pytest.raises(NotAllowed):
            attempt()


type Write = Callable[[AISystem, Risk, User], Any]

WRITES: dict[str, Write] = {
    "change": lambda system, risk, actor: change_system(
        system.pk, actor=actor, expected_version=None, name="Other", purpose="Other.", owner_id=None
    ),
    "answer": lambda system, risk, actor: answer_profile(system.pk, actor=actor, answers={}),
    "confirm": lambda system, risk, actor: register.confirm_threats(system.pk, actor=actor),
    "add": lambda system, risk, actor: register.add_risk(system.pk, actor=actor, threat_key="evasion"),
    "describe": lambda system, risk, actor: register.describe_risk(
        risk.pk, actor=actor, expected_version=None, description="Other."
    ),
    "rate": lambda system, risk, actor: make_rating(risk, actor=actor, likelihood=1),
    "treat": lambda system, risk, actor: make_treatment(risk, actor=actor, option="avoid"),
    "update": lambda system, risk, actor: update_treatment(
        risk.pk, actor=actor, status="done", note="", expected_version=None
    ),
    "look": lambda system, risk, actor: register.look_again(risk.pk, actor=actor, expected_version=None),
    "assign": lambda system, risk, actor: set_responsibility(
        system.pk, actor=actor, threat_key=risk.threat_key, party="shared", reason="Agreed."
    ),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_nothing_of_an_archived_system_can_be_changed(
    system: AISystem, risk: Risk, officer: User, write: Write
) -> None:
    make_treatment(risk, actor=officer)
    archive(system, actor=officer)
    before = Event.objects.count()
    with pytest.raises(NotAllowed, match=r"This system is archived\. Restore it first\."):
        write(system, risk, officer)
    assert Event.objects.count() == before
    restore_system(system.pk, actor=officer, expected_version=None)
    write(system, risk, officer)


def test_the_owner_of_a_treatment_waits_too(system: AISystem, risk: Risk, editor: User, owner: User) -> None:
    make_treatment(risk, actor=editor, owner=owner)
    archive(system, actor=editor)
    with pytest.raises(NotAllowed, match="archived"):
        update_treatment(risk.pk, actor=owner, status="done", note="", expected_version=None)


# Duplicating


def with_components(system: AISystem) -> None:
    corvus = Supplier.objects.create(name="Corvus AI", kind="model")
    values = {"team": system.team, "system": system, "kind": "model"}
    model = Component.objects.create(name="Claims model", supplier=corvus, hosted_by="supplier", **values)
    ComponentVersion.objects.create(
        team=system.team, component=model, label="3", set_by_name="Editor", superseded_at=system.created_at
    )
    ComponentVersion.objects.create(team=system.team, component=model, label="4.1", set_by_name="Editor")
    Component.objects.create(name="Gone", removed_at=system.created_at, **values)


def test_a_copy_has_the_fields_answers_and_components_and_one_event(team: Team, editor: User, owner: User) -> None:
    source = make_system(team, actor=editor, owner_id=owner.pk, **ALL)
    answer_profile(source.pk, actor=editor, answers={})
    answer_profile(source.pk, actor=editor, answers=CHATBOT)
    with_components(source)
    make_risk(source, actor=editor)
    copy = AISystem.objects.get(pk=duplicate_system(source.pk, actor=editor, name=" Second ").pk)
    assert (copy.name, copy.reference, copy.team, copy.owner) == ("Second", "AIS-0002", team, owner)
    assert (copy.purpose, {name: getattr(copy, name) for name in ALL}) == (source.purpose, ALL)
    profile = copy.profiles.get()
    assert (profile.number, profile.answered_by_name) == (1, "Editor")
    assert profile.answers == source.profiles.in_force().get().answers
    component = copy.components.get()
    assert (component.name, component.supplier.name, component.hosted_by) == ("Claims model", "Corvus AI", "supplier")
    assert component.versions.get().label == "4.1"
    assert not copy.risks.exists()
    event = Event.objects.of(copy).get()
    assert (event.verb, event.reason) == ("system.duplicated", "Copied from AIS-0001 Claims assistant.")
    assert event.changes["components"] == [None, ["Claims model (4.1)"]]
    assert event.changes["profile"] == [None, profile.answers]
    assert source.risks.count() == 1


def test_a_copy_sent_twice_is_made_once_and_says_where_it_is(system: AISystem, editor: User) -> None:
    duplicate_system(system.pk, actor=editor, name="Second")
    with pytest.raises(ValidationError) as refusal:
        duplicate_system(system.pk, actor=editor, name="Second")
    assert refusal.value.message_dict == {
        "name": ["This team has a system of this name already: AIS-0002. Choose another name."]
    }
    assert AISystem.objects.count() == 2


def test_a_copy_goes_to_another_team_without_an_owner_who_may_not_own_there(
    team: Team, other_team: Team, editor: User, owner: User
) -> None:
    source = make_system(team, actor=editor, owner_id=owner.pk)
    set_membership(editor.pk, other_team.pk, actor=SYSTEM, role=TeamRole.EDITOR)
    both = User.objects.get(pk=editor.pk)
    copy = duplicate_system(source.pk, actor=both, name=source.name, team_id=other_team.pk)
    assert (copy.team, copy.owner) == (other_team, None)


def test_a_team_that_one_does_not_edit_takes_no_copy(
    system: AISystem, other_team: Team, editor: User, outsider: User
) -> None:
    make_system(other_team, actor=outsider, name="Theirs")
    for name in ("Theirs", "Free"):
        with pytest.raises(ValidationError) as refusal:
            duplicate_system(system.pk, actor=editor, name=name, team_id=other_team.pk)
        assert list(refusal.value.message_dict) == ["team"]


def test_an_archived_system_can_be_begun_anew_from(system: AISystem, editor: User) -> None:
    archive(system, actor=editor)
    assert duplicate_system(system.pk, actor=editor, name="Second").archived_at is None
