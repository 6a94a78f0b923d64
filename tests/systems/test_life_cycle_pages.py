"""What is said about a system, and archiving, restoring and duplicating, as pages and the API give them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Team, User
from catalog.content import read_content
from catalog.loading import load_edition, put_in_force
from catalog.profile import PACKAGED_EDITION
from journal.models import Event
from journal.recording import SYSTEM
from risks.register.models import Risk
from risks.systems.ai_act import FRAMEWORK
from risks.systems.life_cycle import archive_system
from risks.systems.models import AISystem
from tests.cast import ApiClient
from tests.make import make_rating, make_system
from tests.reading import queries_of, text_of
from tests.systems.test_about import ALL, LINK

type ClientOf = Callable[[User], Client]
type ApiOf = Callable[..., ApiClient]

MOST_QUERIES = 12  # ten of the page, and session and person
REFUSAL = "This system is archived. Restore it first."


def page_of(name: str, system: AISystem) -> str:
    return reverse(f"systems:{name}", args=[system.pk])


def typed(**values: Any) -> dict[str, Any]:
    """A form filled in with all that can be said."""
    said = {**ALL, "tags": "agent, RAG,", "links": f"Runbook | {LINK['url']}\n\n"}
    return {"name": "Fraud scoring", "purpose": "Scores payments.", "owner": "", **said, **values}


@pytest.fixture
def archived(system: AISystem, risk: Risk, editor: User) -> AISystem:
    """A system with a risk, put away."""
    return archive_system(system.pk, actor=editor, reason="Switched off.", expected_version=None)


def said_of(system: AISystem) -> dict[str, Any]:
    system = AISystem.objects.get(pk=system.pk)
    return {name: getattr(system, name) for name in ALL}


# Saying it


def test_all_of_it_can_be_said_when_registering(client_of: ClientOf, team: Team, editor: User) -> None:
    assert client_of(editor).post("/systems/new/", typed(team=team.pk)).status_code == 302
    assert said_of(AISystem.objects.get()) == ALL


def test_what_is_folded_away_opens_when_something_is_wrong_there(client_of: ClientOf, team: Team, editor: User) -> None:
    browser = client_of(editor)
    assert "<details>" in browser.get("/systems/new/").content.decode()
    answer = browser.post("/systems/new/", typed(team=team.pk, ai_act_reason="", links="Runbook"))
    assert answer.status_code == 422
    assert "<details open>" in answer.content.decode()
    assert "Links: Link 1: write it as Title | https://…" in text_of(answer)
    assert "Runbook</textarea>" in answer.content.decode()
    answer = browser.post("/systems/new/", typed(team=team.pk, ai_act_reason="", tags="x" * 41))
    assert "Why this class: Say why the system has this class by the EU AI Act." in text_of(answer)
    assert "Tags: A tag has 1 to 40 characters." in text_of(answer)
    assert f'value="{"x" * 41}"' in answer.content.decode()
    assert not AISystem.objects.exists()


@pytest.mark.parametrize("field", ["stage", "criticality", "ai_act_class", "data_categories"])
def test_a_choice_that_is_not_offered_is_refused(client_of: ClientOf, team: Team, editor: User, field: str) -> None:
    answer = client_of(editor).post("/systems/new/", typed(team=team.pk, **{field: "made-up"}))
    assert (answer.status_code, answer.context["form"].errors[field]) == (422, ["Choose one of the list."])


def test_a_form_sent_as_it_was_given_changes_nothing(client_of: ClientOf, team: Team, editor: User) -> None:
    system = make_system(team, actor=editor, **ALL)
    form = client_of(editor).get(page_of("edit", system)).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    sent = {name: "" if value is None else value for name, value in sent.items()}
    assert client_of(editor).post(page_of("edit", system), sent).status_code == 302
    assert (said_of(system), AISystem.objects.get().version) == (ALL, 1)


def test_a_stale_change_shows_both_versions_in_words(client_of: ClientOf, team: Team, editor: User) -> None:
    system = make_system(team, actor=editor, **ALL)
    sent = typed(name=system.name, purpose=system.purpose, expected_version=1)
    assert client_of(editor).post(page_of("edit", system), sent | {"stage": "pilot", "links": ""}).status_code == 302
    late = client_of(editor).post(
        page_of("edit", system), sent | {"data_categories": ["source_code", "public"], "tags": "chat"}
    )
    page = text_of(late)
    assert late.status_code == 409
    assert "Lifecycle stage Pilot Production" in page
    assert "Data it handles Personal data, Public data Source code, Public data" in page
    assert "Tags agent, RAG chat" in page
    assert f"Links – Runbook | {LINK['url']}" in page
    assert "Criticality High" not in page


# Reading it


def test_the_page_about_a_system_says_it_all(client_of: ClientOf, team: Team, editor: User, viewer: User) -> None:
    system = make_system(team, actor=editor, **{**ALL, "ai_act_class": "high_risk_annex_iii"})
    answer = client_of(viewer).get(page_of("about", system))
    page = text_of(answer)
    for told in (
        "Lifecycle stage Production",
        "Business criticality High",
        "High risk, by use (Annex III), Art. 6. Its duties apply from 2 December 2027 (catalog edition 2026-08-22).",
        "Customers talk to it.",
        "Data it handles Personal data, Public data",
    ):
        assert told in page
    assert f'<a href="{LINK["url"]}" rel="noopener noreferrer">Runbook</a>' in answer.content.decode()
    assert f'href="{reverse("systems:list")}?tag=RAG"' in answer.content.decode()
    for deed in ("edit", "archive", "restore", "duplicate"):
        assert page_of(deed, system) not in answer.content.decode()


def test_what_nobody_said_reads_so(client_of: ClientOf, system: AISystem, editor: User) -> None:
    page = text_of(client_of(editor).get(page_of("about", system)))
    assert "EU AI Act Not classified yet" in page
    assert "Lifecycle stage Not said yet" in page


def test_an_edition_without_the_act_breaks_nothing(client_of: ClientOf, team: Team, editor: User) -> None:
    system = make_system(team, actor=editor, **ALL)
    put_in_force_without_the_act()
    page = text_of(client_of(editor).get(page_of("about", system)))
    assert "EU AI Act Transparency duties. Customers talk to it." in page


def put_in_force_without_the_act() -> None:
    """An edition as if the catalog had never held the Act."""
    content = read_content(PACKAGED_EDITION)
    kept = {
        "frameworks": [each for each in content["frameworks"] if each["key"] != FRAMEWORK],
        "items": [each for each in content["items"] if each["framework"] != FRAMEWORK],
        "item_links": [each for each in content["item_links"] if each["framework"] != FRAMEWORK],
        "left_out": [each for each in content["left_out"] if each["framework"] != FRAMEWORK],
    }
    load_edition(content | kept | {"edition": "2026-12-31"}, actor=SYSTEM)
    put_in_force("2026-12-31", actor=SYSTEM, expected=None)


def test_the_head_shows_the_facts_on_every_tab(client_of: ClientOf, team: Team, editor: User) -> None:
    system = make_system(team, actor=editor, **ALL)
    for name in ("detail", "profile", "history", "about"):
        page = text_of(client_of(editor).get(page_of(name, system)))
        assert "Stage Production Criticality High EU AI Act Transparency duties Tags agent, RAG" in page


# Archived


def test_an_archived_system_is_left_out_until_it_is_asked_for(
    client_of: ClientOf, api_of: ApiOf, archived: AISystem, team: Team, editor: User
) -> None:
    make_system(team, actor=editor, name="Fraud scoring")
    browser, program = client_of(editor), api_of(editor)
    both = ["Claims assistant", "Fraud scoring"]
    for query, names in (
        ("", both[1:]),
        ("?state=active", both[1:]),
        ("?state=archived", both[:1]),
        ("?state=all", both),
    ):
        rows = browser.get(f"/systems/{query}").context["rows"]
        assert [row.system.name for row in rows] == names
        assert [each["name"] for each in program.get(f"/api/v1/systems/{query}").json()["results"]] == names
    assert "Claims assistant Archived" in text_of(browser.get("/systems/?state=all"))


def test_every_tab_of_an_archived_system_is_read_only_and_says_why(
    client_of: ClientOf, archived: AISystem, risk: Risk, editor: User
) -> None:
    browser = client_of(editor)
    tabs = [page_of(name, archived) for name in ("detail", "profile", "history", "about")]
    tabs += [reverse("register:system_risks", args=[archived.pk]), reverse("assurance:matrix", args=[archived.pk])]
    for path in tabs:
        answer = browser.get(path)
        assert "by Editor: “Switched off.”" in text_of(answer)
        for deed in ("systems:edit", "systems:archive", "register:confirm", "register:add"):
            assert reverse(deed, args=[archived.pk]) not in answer.content.decode()
    page = browser.get(risk.get_absolute_url())
    assert "The system of this risk is archived" in text_of(page)
    assert reverse("register:rate", args=[risk.pk]) not in page.content.decode()


@pytest.mark.parametrize("name", ["edit", "profile", "effect"])
def test_a_form_on_an_archived_system_is_refused_in_one_sentence(
    client_of: ClientOf, archived: AISystem, editor: User, name: str
) -> None:
    answer = client_of(editor).post(page_of(name, archived), typed(expected_version=2, expected_number=1))
    assert answer.status_code == 403
    assert REFUSAL in text_of(answer)


def test_a_form_on_a_risk_of_an_archived_system_is_refused_too(
    client_of: ClientOf, archived: AISystem, risk: Risk, editor: User
) -> None:
    for name in ("rate", "treat", "describe"):
        answer = client_of(editor).get(reverse(f"register:{name}", args=[risk.pk]))
        assert answer.status_code == 403
        assert REFUSAL in text_of(answer)


def test_the_api_refuses_changes_of_an_archived_system_in_the_same_words(
    api_of: ApiOf, archived: AISystem, risk: Risk, editor: User
) -> None:
    program = api_of(editor)
    for method, path, body in (
        ("patch", f"systems/{archived.pk}/", {"purpose": "Other."}),
        ("put", f"systems/{archived.pk}/profile/", {}),
        ("post", f"systems/{archived.pk}/confirmation/", {}),
        ("post", f"risks/{risk.pk}/ratings/", {"kind": "current", "likelihood": 1, "impact": 1, "reason": "x"}),
    ):
        answer = program.send(method, f"/api/v1/{path}", body, if_match="*")
        assert (answer.status_code, answer.json()["detail"]) == (403, REFUSAL)


# Archiving, restoring, duplicating on pages


def test_archiving_asks_why_and_restoring_takes_it_back(client_of: ClientOf, system: AISystem, editor: User) -> None:
    browser = client_of(editor)
    refused = browser.post(page_of("archive", system), {"reason": " ", "expected_version": 1})
    assert refused.status_code == 422
    assert browser.post(page_of("archive", system), {"reason": "Off.", "expected_version": 1}).status_code == 302
    again = browser.post(page_of("archive", system), {"reason": "Off.", "expected_version": 1}, follow=True)
    assert "Claims assistant is archived already." in text_of(again)
    assert page_of("restore", system) in browser.get(page_of("about", system)).content.decode()
    assert browser.post(page_of("restore", system), {"expected_version": 2}).status_code == 302
    again = browser.post(page_of("restore", system), {"expected_version": 2}, follow=True)
    assert "Claims assistant is not archived." in text_of(again)
    verbs = [event.verb for event in Event.objects.of(system)]
    assert verbs[:2] == ["system.restored", "system.archived"]


def test_a_stale_archiving_is_refused_and_keeps_the_reason(client_of: ClientOf, system: AISystem, editor: User) -> None:
    answer = client_of(editor).post(page_of("archive", system), {"reason": "Off.", "expected_version": 0})
    assert answer.status_code == 409
    assert "Off.</textarea>" in answer.content.decode()
    assert page_of("history", system) in answer.content.decode()


def test_duplicating_twice_says_where_the_first_copy_is(client_of: ClientOf, system: AISystem, editor: User) -> None:
    browser = client_of(editor)
    form = browser.get(page_of("duplicate", system)).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    assert sent["name"] == "Copy of Claims assistant"
    done = browser.post(page_of("duplicate", system), sent, follow=True)
    assert "is registered as AIS-0002, copied from AIS-0001." in text_of(done)
    twice = browser.post(page_of("duplicate", system), sent)
    assert twice.status_code == 422
    assert "This team has a system of this name already: AIS-0002. Choose another name." in text_of(twice)
    copy = AISystem.objects.get(number=2)
    history = text_of(browser.get(page_of("history", copy)))
    assert "Editor duplicated the system" in history
    assert "Copied from AIS-0001 Claims assistant." in history
    assert "profile: 17 answers" in history


def test_a_copy_is_offered_only_in_teams_that_one_edits(
    client_of: ClientOf, system: AISystem, other_team: Team, editor: User
) -> None:
    form = client_of(editor).get(page_of("duplicate", system)).context["form"]
    assert list(form.fields["team"].queryset) == [system.team]


@pytest.mark.parametrize("who", ["viewer", "owner", "auditor"])
@pytest.mark.parametrize("name", ["archive", "restore", "duplicate"])
def test_who_may_only_look_is_refused(
    client_of: ClientOf, archived: AISystem, name: str, who: str, request: pytest.FixtureRequest
) -> None:
    browser = client_of(request.getfixturevalue(who))
    assert browser.get(page_of(name, archived)).status_code == 403
    assert browser.post(page_of(name, archived), {"reason": "x", "expected_version": 2}).status_code == 403


# Filters


def test_page_and_api_filter_alike(client_of: ClientOf, api_of: ApiOf, team: Team, editor: User) -> None:
    make_system(team, actor=editor, name="One", **ALL)
    make_system(team, actor=editor, name="Two", stage="pilot", data_categories=["secrets"], tags=["rage"])
    browser, program = client_of(editor), api_of(editor)
    for query, names in (
        ("stage=pilot", ["Two"]),
        ("stage=none", []),
        ("criticality=high", ["One"]),
        ("criticality=none", ["Two"]),
        ("ai_act_class=transparency", ["One"]),
        ("ai_act_class=none", ["Two"]),
        ("data_category=personal", ["One"]),
        ("tag=rag", ["One"]),
        ("tag=ra", []),
        ("tag=%25", []),
        ("stage=pilot&tag=RAGE", ["Two"]),
    ):
        rows = browser.get(f"/systems/?{query}").context["rows"]
        assert [row.system.name for row in rows] == names, query
        assert [each["name"] for each in program.get(f"/api/v1/systems/?{query}").json()["results"]] == names, query


@pytest.mark.parametrize(
    "query", ["stage=x", "criticality=x", "ai_act_class=x", "data_category=x", "state=x", f"tag={'x' * 41}"]
)
def test_a_filter_that_means_nothing_is_refused(client_of: ClientOf, api_of: ApiOf, editor: User, query: str) -> None:
    assert client_of(editor).get(f"/systems/?{query}").status_code == 400
    assert api_of(editor).get(f"/api/v1/systems/?{query}").status_code == 400


def test_the_tags_offered_are_those_one_may_see(
    client_of: ClientOf, team: Team, other_team: Team, editor: User, outsider: User
) -> None:
    make_system(team, actor=editor, tags=["agent", "RAG"])
    make_system(other_team, actor=outsider, tags=["secret project"])
    page = client_of(editor).get("/systems/").content.decode()
    assert '<option value="agent"></option><option value="RAG"></option>' in page
    assert "secret project" not in page


@pytest.mark.parametrize("name", ["about", "archive", "duplicate"])
def test_the_pages_cost_a_constant_number_of_queries(
    client_of: ClientOf, system: AISystem, editor: User, name: str
) -> None:
    assert queries_of(client_of(editor), page_of(name, system)) <= MOST_QUERIES


def test_an_archived_system_costs_one_query_more(client_of: ClientOf, archived: AISystem, editor: User) -> None:
    assert queries_of(client_of(editor), page_of("detail", archived)) <= MOST_QUERIES


# API


def test_a_program_says_and_reads_all_of_it(api_of: ApiOf, team: Team, editor: User) -> None:
    program = api_of(editor)
    body = {"name": "Fraud scoring", "purpose": "Scores payments.", "team": team.pk, **ALL}
    made = program.send("post", "/api/v1/systems/", body)
    assert made.status_code == 201
    assert {name: made.json()[name] for name in ALL} == ALL
    path = f"/api/v1/systems/{made.json()['id']}/"
    changed = program.send("patch", path, {"tags": ["chat"], "stage": ""}, if_match=made["ETag"])
    assert (changed.json()["tags"], changed.json()["stage"], changed.json()["links"]) == (["chat"], "", [LINK])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"stage": "x"}, "stage"),
        ({"stage": None}, "stage"),
        ({"ai_act_class": "minimal"}, "ai_act_reason"),
        ({"tags": "agent"}, "tags"),
        ({"tags": ["a,b"]}, "tags"),
        ({"tags": [7, {}]}, "tags"),
        ({"data_categories": ["gossip"]}, "data_categories"),
        ({"links": [{"title": "x", "url": "javascript:alert(1)"}]}, "links"),
        ({"links": [{"title": "x"}]}, "links"),
        ({"links": [{"title": "x", "url": "https://x.org", "more": 1}]}, "links"),
        ({"archived_at": "2026-01-01T00:00:00Z"}, "archived_at"),
    ],
)
def test_what_a_change_does_not_take_is_named(
    api_of: ApiOf, system: AISystem, editor: User, body: dict[str, Any], field: str
) -> None:
    answer = api_of(editor).send("patch", f"/api/v1/systems/{system.pk}/", body, if_match="*")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert AISystem.objects.get().version == 1


def test_a_program_archives_restores_and_duplicates(api_of: ApiOf, system: AISystem, editor: User) -> None:
    program, path = api_of(editor), f"/api/v1/systems/{system.pk}/"
    etag = program.get(path)["ETag"]
    put_away = program.send("post", f"{path}archive/", {"reason": "Off."}, if_match=etag)
    assert put_away.status_code == 200
    assert put_away.json()["archived_at"]
    assert program.send("post", f"{path}restore/", if_match=etag).status_code == 412
    back = program.send("post", f"{path}restore/", {}, if_match=put_away["ETag"])
    assert (back.status_code, back.json()["archived_at"]) == (200, None)
    copy = program.send("post", f"{path}duplicate/", {"name": "Second"}, if_match=back["ETag"])
    assert (copy.status_code, copy.json()["reference"], copy.json()["team"]) == (201, "AIS-0002", system.team_id)
    assert copy["Location"].endswith(f"/api/v1/systems/{copy.json()['id']}/")
    twice = program.send("post", f"{path}duplicate/", {"name": "Second"}, if_match=back["ETag"])
    assert twice.status_code == 400
    assert "AIS-0002" in twice.json()["errors"]["name"][0]


def test_restoring_needs_no_body(api_of: ApiOf, archived: AISystem, editor: User) -> None:
    answer = api_of(editor).generic("POST", f"/api/v1/systems/{archived.pk}/restore/", headers={"If-Match": "*"})
    assert (answer.status_code, answer.json()["archived_at"]) == (200, None)


def test_nothing_is_deleted(api_of: ApiOf, system: AISystem, officer: User) -> None:
    assert api_of(officer).send("delete", f"/api/v1/systems/{system.pk}/", if_match="*").status_code == 405


def test_rating_goes_on_after_restoring(client_of: ClientOf, archived: AISystem, risk: Risk, editor: User) -> None:
    client_of(editor).post(page_of("restore", archived), {"expected_version": 2})
    assert make_rating(risk, actor=editor).version == 2
