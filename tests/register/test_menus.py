"""The menus of the filter: each reader is offered what is of their teams, whoever asked before."""

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.roles import TeamRole
from accounts.services import remove_membership, set_membership
from journal.recording import SYSTEM
from risks.register.menus import choices_for
from risks.systems.models import AISystem
from tests.make import make_system, make_user


def offered(reader, query=""):
    return choices_for(User.objects.get(pk=reader.pk), QueryDict(query))


def systems_of(*teams):
    found = AISystem.objects.filter(team__in=teams) if teams else AISystem.objects.all()
    return set(found.values_list("pk", flat=True))


def test_readers_in_turn_are_each_offered_what_is_theirs(
    register, editor, viewer, outsider, officer, owner, team, other_team
):
    stranger = make_user("stranger")
    expected = {
        editor: systems_of(team),
        outsider: systems_of(other_team),
        officer: systems_of(),
        viewer: systems_of(team),
        stranger: set(),
    }
    assert expected[editor] != expected[outsider]
    for _ in range(2):
        for reader, systems in expected.items():
            menus = offered(reader)
            assert set(menus.system.names) == systems
            assert set(menus.team.names) == set(AISystem.objects.filter(pk__in=systems).values_list("team", flat=True))
    assert set(offered(outsider).owner.names) == {outsider.pk}
    assert owner.pk in offered(editor).owner.names


def test_another_team_is_another_menu_at_once(register, editor, team, other_team):
    assert set(offered(editor).system.names) == systems_of(team)

    set_membership(editor.pk, other_team.pk, actor=SYSTEM, role=TeamRole.VIEWER)
    assert set(offered(editor).system.names) == systems_of(team, other_team)

    remove_membership(editor.memberships.get(team=team).pk, actor=SYSTEM)
    assert set(offered(editor).system.names) == systems_of(other_team)


@pytest.mark.parametrize("menu", ["system", "team", "owner", "supplier"])
def test_what_is_foreign_is_not_named_even_when_it_is_asked_for(register, editor, outsider, other_team, menu):
    foreign = {"system": systems_of(other_team).pop(), "team": other_team.pk, "owner": outsider.pk, "supplier": 999}

    assert foreign[menu] not in getattr(offered(editor, f"{menu}={foreign[menu]}"), menu).names


def test_a_new_system_is_offered_without_putting_the_statement_together_anew(register, editor, team):
    offered(editor)
    with CaptureQueriesContext(connection) as before:
        offered(editor)
    new = make_system(team, actor=editor, name="New one")
    with CaptureQueriesContext(connection) as after:
        menus = offered(editor)

    assert menus.system.names[new.pk] == "New one"
    assert [query["sql"] for query in before] == [query["sql"] for query in after]
