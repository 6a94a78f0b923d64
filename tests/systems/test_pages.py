"""The pages of systems as people get them: list, registration, change, threats, history."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.access import NO_SUCH_OWNER
from accounts.models import Team, User
from journal.models import Event
from risks.systems.models import AISystem
from risks.systems.services import NO_SUCH_TEAM
from tests.make import CHATBOT, make_profile, make_system, make_team, make_user
from tests.reading import queries_of, text_of

type ClientOf = Callable[[User], Client]

MISSING = 999_999
MOST_QUERIES = 12  # ten of the page, and session and person


def filled(**values: object) -> dict[str, object]:
    return {"name": "Fraud scoring", "purpose": "Scores payments.", "owner": "", **values}


# The list


def test_the_list_shows_what_one_may_see_in_order(
    client_of: ClientOf, system: AISystem, team: Team, other_team: Team, editor: User, outsider: User
) -> None:
    make_system(team, actor=editor, name="Fraud scoring")
    make_system(other_team, actor=outsider, name="Mail sorter")
    page = text_of(client_of(editor).get(reverse("systems:list")))
    assert page.index("Claims assistant") < page.index("Fraud scoring")
    assert "Mail sorter" not in page
    assert "AIS-0001 Claims assistant Claims No owner – – – 15 of 18 14 to 15" in page
    assert "0 of 11 Not known yet" in page


def test_the_filter_of_the_list_is_in_its_address(
    client_of: ClientOf, system: AISystem, team: Team, other_team: Team, officer: User, owner: User
) -> None:
    make_system(team, actor=officer, name="Fraud scoring", owner_id=owner.pk)
    make_system(other_team, actor=officer, name="Mail sorter", purpose="Sorts letters.")
    browser = client_of(officer)

    def names(query: str) -> list[str]:
        rows = browser.get(f"{reverse('systems:list')}?{query}").context["rows"]
        return [row.system.name for row in rows]

    assert names(f"team={team.pk}") == ["Claims assistant", "Fraud scoring"]
    assert names(f"owner={owner.pk}") == ["Fraud scoring"]
    assert names("q=LETTERS") == ["Mail sorter"]
    assert names("q=AIS-0002") == names("q=2") == ["Fraud scoring"]
    assert names(f"q=sorts&team={other_team.pk}") == ["Mail sorter"]
    assert names("q=nothing+of+the+kind") == []


@pytest.mark.parametrize("query", ["team=999999", "team=x", "owner=999999", "q=%00", f"q={'x' * 121}"])
def test_a_filter_that_means_nothing_is_refused(client_of: ClientOf, editor: User, query: str) -> None:
    assert client_of(editor).get(f"{reverse('systems:list')}?{query}").status_code == 400


def test_a_foreign_team_in_the_filter_is_as_unknown_as_a_made_up_one(
    client_of: ClientOf, editor: User, other_team: Team
) -> None:
    answers = [client_of(editor).get(f"/systems/?team={pk}").status_code for pk in (other_team.pk, MISSING)]
    assert answers == [400, 400]


def test_an_empty_list_says_what_to_do(client_of: ClientOf, editor: User, viewer: User) -> None:
    assert "Every risk belongs to a system, so begin here." in text_of(client_of(editor).get("/systems/"))
    assert "An editor of your team registers them." in text_of(client_of(viewer).get("/systems/"))


def test_htmx_gets_only_the_list(client_of: ClientOf, system: AISystem, editor: User) -> None:
    headers = {"HX-Request": "true", "HX-Target": "systems"}
    part = client_of(editor).get("/systems/", headers=headers).content.decode()
    assert "Claims assistant" in part
    assert "<html" not in part


def test_the_list_costs_the_same_for_twice_the_rows(
    client_of: ClientOf, system: AISystem, team: Team, editor: User, owner: User
) -> None:
    browser = client_of(editor)
    few = queries_of(browser, "/systems/")
    for number in range(3):
        make_profile(make_system(team, actor=editor, name=f"System {number}", owner_id=owner.pk), actor=editor)
    assert queries_of(browser, "/systems/") == few <= MOST_QUERIES


# Registering


def test_an_editor_registers_a_system_and_goes_on_to_its_components(
    client_of: ClientOf, team: Team, editor: User, owner: User
) -> None:
    answer = client_of(editor).post("/systems/new/", filled(team=team.pk, owner=owner.pk))
    system = AISystem.objects.get()
    assert answer["Location"] == reverse("systems:components", args=[system.pk])
    assert (system.name, system.team, system.owner) == ("Fraud scoring", team, owner)
    assert Event.objects.of(system).count() == 1


def test_only_teams_one_edits_are_offered(
    client_of: ClientOf, team: Team, other_team: Team, editor: User, officer: User
) -> None:
    def offered(user: User) -> list[Team]:
        return list(client_of(user).get("/systems/new/").context["form"].fields["team"].queryset)

    assert offered(editor) == [team]
    assert offered(officer) == [team, other_team]


def test_the_people_offered_as_owners_follow_the_team(
    client_of: ClientOf, team: Team, other_team: Team, officer: User, editor: User, viewer: User, outsider: User
) -> None:
    headers = {"HX-Request": "true", "HX-Target": "owner"}
    part = text_of(client_of(officer).get(f"/systems/new/?team={other_team.pk}", headers=headers))
    assert "Outsider" in part
    assert "Editor" not in part
    assert "Viewer" not in part


def test_a_refused_registration_keeps_what_was_typed(client_of: ClientOf, team: Team, editor: User) -> None:
    answer = client_of(editor).post("/systems/new/", filled(team=team.pk, name="", purpose="Scores payments at night."))
    assert answer.status_code == 422
    assert "Name: This field is required." in text_of(answer)
    assert "Scores payments at night.</textarea>" in answer.content.decode()


def test_a_name_that_is_taken_is_refused_in_words(client_of: ClientOf, system: AISystem, editor: User) -> None:
    answer = client_of(editor).post("/systems/new/", filled(team=system.team_id, name=system.name))
    assert answer.status_code == 422
    assert "This team has a system of this name already." in text_of(answer)


def test_foreign_and_made_up_teams_and_owners_are_refused_alike(
    client_of: ClientOf, team: Team, other_team: Team, editor: User, outsider: User
) -> None:
    browser = client_of(editor)
    for team_id in (other_team.pk, MISSING):
        answer = browser.post("/systems/new/", filled(team=team_id))
        assert (answer.status_code, answer.context["form"].errors["team"]) == (422, [NO_SUCH_TEAM])
    for owner_id in (outsider.pk, MISSING):
        answer = browser.post("/systems/new/", filled(team=team.pk, owner=owner_id))
        assert (answer.status_code, answer.context["form"].errors["owner"]) == (422, [NO_SUCH_OWNER])
    assert not AISystem.objects.exists()


@pytest.mark.parametrize("who", ["viewer", "owner", "auditor"])
def test_who_edits_no_team_registers_nothing(
    client_of: ClientOf, team: Team, who: str, request: pytest.FixtureRequest
) -> None:
    browser = client_of(request.getfixturevalue(who))
    assert browser.get("/systems/new/").status_code == 403
    assert browser.post("/systems/new/", filled(team=team.pk)).status_code == 403
    assert "Register a system" not in text_of(browser.get("/systems/"))


# Changing


def changed(system: AISystem, **values: object) -> dict[str, object]:
    said = {"name": system.name, "purpose": system.purpose, "owner": ""}
    return {**said, "expected_version": system.version, **values}


def test_an_editor_changes_a_system(client_of: ClientOf, system: AISystem, editor: User, owner: User) -> None:
    path = reverse("systems:edit", args=[system.pk])
    assert 'value="Claims assistant"' in client_of(editor).get(path).content.decode()
    answer = client_of(editor).post(path, changed(system, name="Claims helper", owner=owner.pk))
    assert answer["Location"] == system.get_absolute_url()
    system.refresh_from_db()
    assert (system.name, system.owner, system.version) == ("Claims helper", owner, 2)
    assert Event.objects.of(system).first().changes["owner"] == [None, "Owner"]


def test_a_stale_change_shows_both_versions_and_keeps_what_was_typed(
    client_of: ClientOf, system: AISystem, editor: User, officer: User
) -> None:
    path = reverse("systems:edit", args=[system.pk])
    client_of(officer).post(path, changed(system, name="Claims helper"))
    late = client_of(editor).post(path, changed(system, purpose="Helps Heron clerks."))
    assert late.status_code == 409
    page = text_of(late)
    assert "Name Claims helper Claims assistant" in page
    assert "Purpose Answers customers about their claim. Helps Heron clerks." in page
    assert "Helps Heron clerks.</textarea>" in late.content.decode()
    again = client_of(editor).post(path, {**late.context["form"].data.dict(), "name": "Claims helper"})
    assert again.status_code == 302
    system.refresh_from_db()
    assert (system.name, system.purpose, system.version) == ("Claims helper", "Helps Heron clerks.", 3)


def test_the_team_cannot_be_slipped_in(client_of: ClientOf, system: AISystem, officer: User, other_team: Team) -> None:
    path = reverse("systems:edit", args=[system.pk])
    client_of(officer).post(path, changed(system, name="Claims helper", team=other_team.pk, number=7))
    system.refresh_from_db()
    assert (system.team.name, system.number) == ("Claims", 1)


# Threats


def test_the_threats_stand_under_their_verdicts_with_reasons(
    client_of: ClientOf, system: AISystem, editor: User
) -> None:
    answer = client_of(editor).get(system.get_absolute_url())
    page = text_of(answer)
    assert "14 threats apply, 2 of them are the supplier's, 1 is not known yet, 7 do not apply" in page
    listed = page[page.index("Threats by verdict") :]
    assert listed.index("Apply 14") < listed.index("Not known yet 1") < listed.index("Do not apply 7")
    row = "Indirect prompt injection Own Not in the register Dismiss Indirect prompt injection It uses generative AI."
    assert f"{row} Data that others can" in page
    assert reverse("catalog:threat", args=["indirectpromptinjection"]) in answer.content.decode()


def test_what_is_not_known_yet_leads_to_its_question(
    client_of: ClientOf, system: AISystem, editor: User, viewer: User
) -> None:
    link = f"{reverse('systems:profile', args=[system.pk])}#id_structured_agent_messages"
    assert link in client_of(editor).get(system.get_absolute_url()).content.decode()
    assert link not in client_of(viewer).get(system.get_absolute_url()).content.decode()


def test_a_question_that_waits_for_another_leads_to_that_one(client_of: ClientOf, team: Team, editor: User) -> None:
    system = make_system(team, actor=editor)
    make_profile(system, actor=editor, answers={"model_types": ["genai"], "input_data_sensitive": "no"})
    page = client_of(editor).get(system.get_absolute_url()).content.decode()
    assert "#id_augmentation" in page
    assert "#id_augmentation_data_sensitive" not in page


def test_editors_confirm_and_viewers_do_not(
    client_of: ClientOf, system: AISystem, editor: User, officer: User, viewer: User, owner: User, auditor: User
) -> None:
    button = "Confirm: put 14 threats into the register"
    for person in (editor, officer):
        page = client_of(person).get(system.get_absolute_url())
        assert button in text_of(page)
        assert f'action="{reverse("register:confirm", args=[system.pk])}"' in page.content.decode()
    for person in (viewer, owner, auditor):
        assert button not in text_of(client_of(person).get(system.get_absolute_url()))


def test_a_system_without_answers_asks_for_them(client_of: ClientOf, team: Team, editor: User, viewer: User) -> None:
    system = make_system(team, actor=editor)
    page = text_of(client_of(editor).get(system.get_absolute_url()))
    assert "3 threats apply, 19 are not known yet" in page
    assert "Answer the questions" in page
    assert "Confirm" not in page
    assert "Answer the questions" not in text_of(client_of(viewer).get(system.get_absolute_url()))


# History


def test_the_history_tells_events_in_words(client_of: ClientOf, system: AISystem, editor: User) -> None:
    make_profile(system, actor=editor, answers={**CHATBOT, "triggers_actions": "no", "text_output": "unknown"})
    page = text_of(client_of(editor).get(reverse("systems:history", args=[system.pk])))
    assert "Editor answered the profile . Is its output text: Yes I don't know yet ; " in page
    assert "Does its output trigger actions: Yes No" in page
    assert "Editor registered the system . name: Claims assistant" in page
    assert page.index("Does its output trigger actions") < page.index("registered the system")


def test_the_history_lists_the_dated_profiles(client_of: ClientOf, system: AISystem, viewer: User) -> None:
    page = client_of(viewer).get(reverse("systems:history", args=[system.pk]))
    assert [(row.number, how_far.answered) for row, how_far in page.context["profiles"]] == [(1, 15)]


def test_the_history_comes_in_pages_at_a_constant_cost(client_of: ClientOf, system: AISystem, editor: User) -> None:
    browser, path = client_of(editor), reverse("systems:history", args=[system.pk])
    few = queries_of(browser, path)
    for number in range(31):
        make_profile(system, actor=editor, answers={"text_output": "yes" if number % 2 else "no"})
    assert queries_of(browser, path) == few <= MOST_QUERIES
    assert "1 to 30 of 33" in text_of(browser.get(path))
    assert "31 to 33 of 33" in text_of(browser.get(f"{path}?page=2"))


# Everyone


@pytest.mark.parametrize("name", ["detail", "edit", "profile", "components", "add_component", "history"])
def test_a_foreign_system_is_as_missing_as_a_made_up_one(
    client_of: ClientOf, system: AISystem, outsider: User, name: str
) -> None:
    browser = client_of(outsider)
    foreign, made_up = (browser.get(reverse(f"systems:{name}", args=[pk])) for pk in (system.pk, MISSING))
    assert (foreign.status_code, made_up.status_code) == (404, 404)
    assert text_of(foreign) == text_of(made_up)


@pytest.mark.parametrize("name", ["edit", "profile", "effect", "add_component"])
def test_a_foreign_system_takes_no_post(client_of: ClientOf, system: AISystem, outsider: User, name: str) -> None:
    assert client_of(outsider).post(reverse(f"systems:{name}", args=[system.pk]), {"name": "x"}).status_code == 404


@pytest.mark.parametrize("who", ["viewer", "owner", "auditor"])
@pytest.mark.parametrize("name", ["edit", "profile", "effect"])
def test_who_may_only_look_is_refused_and_that_is_noted(
    client_of: ClientOf, system: AISystem, name: str, who: str, request: pytest.FixtureRequest
) -> None:
    before = Event.objects.count()
    answer = client_of(request.getfixturevalue(who)).post(reverse(f"systems:{name}", args=[system.pk]), {"name": "x"})
    assert answer.status_code == 403
    assert [event.verb for event in Event.objects.order_by("sequence")[before:]][-1] == "access.refused"


@pytest.mark.parametrize("name", ["detail", "edit", "profile", "history"])
def test_pages_cost_a_constant_number_of_queries(
    client_of: ClientOf, system: AISystem, editor: User, name: str
) -> None:
    assert queries_of(client_of(editor), reverse(f"systems:{name}", args=[system.pk])) <= MOST_QUERIES


# First steps


def test_the_only_team_that_one_edits_is_chosen(
    client_of: ClientOf, team: Team, other_team: Team, editor: User, officer: User
) -> None:
    chosen = f'<option value="{team.pk}" selected>'
    assert chosen in client_of(editor).get(reverse("systems:register")).content.decode()
    assert chosen not in client_of(officer).get(reverse("systems:register")).content.decode()


def test_an_empty_list_says_who_does_what_next(client_of: ClientOf, admin: User, auditor: User) -> None:
    def page(person: User) -> str:
        return text_of(client_of(person).get(reverse("systems:list")))

    assert "Create a team" in page(admin)
    assert "You are in no team yet" in page(make_user("stranger"))
    assert "An editor of your team registers them" in page(auditor)
    team = make_team("Claims")
    assert "Register a system" in page(admin)
    assert "An editor of your team registers them" in page(make_user("reader", in_team={team: "viewer"}))
