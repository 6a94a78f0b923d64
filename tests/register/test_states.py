"""Open, dismissed, archived: every list and figure counts the open ones, and the filter opens the others."""

from datetime import timedelta

import pytest
from django.utils import timezone

from risks.assurance.matrix import matrix_of
from risks.register import reviewing, services
from risks.register.models import Risk
from risks.systems.models import AISystem
from tests.make import make_profile, make_rating, make_risk, make_system, make_treatment
from tests.reading import text_of

KEY = "indirectpromptinjection"


@pytest.fixture
def states(team, system, risk, editor, owner):
    """An open risk, a dismissed one and one of an archived system, all alike: outside appetite, late, of one owner."""
    old = make_system(team, actor=editor, name="Old assistant")
    make_profile(old, actor=editor)
    found = {
        "open": make_risk(system, actor=editor, threat="directpromptinjection"),
        "dismissed": risk,
        "archived": make_risk(old, actor=editor),
    }
    for each in found.values():
        make_rating(each, actor=editor, likelihood=5, impact=5)
        make_treatment(each, actor=editor, owner=owner, due=timezone.localdate() - timedelta(days=2))
    reviewing.dismiss_threat(system.pk, actor=editor, threat_key=KEY, reason="A clerk reads every letter first.")
    AISystem.objects.filter(pk=old.pk).update(archived_at=timezone.now())
    return {state: Risk.objects.get(pk=each.pk) for state, each in found.items()}


@pytest.mark.parametrize("state", ["open", "dismissed", "archived", "all"])
def test_page_api_and_heatmap_show_the_same_risks(states, editor, client_of, api_of, state):
    wanted = set(states.values()) if state == "all" else {states[state]}
    client = client_of(editor)

    page = client.get(f"/risks/?state={state}")
    assert {row.risk for row in page.context["rows"]} == wanted
    assert page.context["page"].paginator.count == page.context["tabs"][0].count == len(wanted)
    assert client.get(f"/risks/heatmap/?state={state}").context["heatmap"].total == len(wanted)
    results = api_of(editor).get(f"/api/v1/risks/?state={state}").json()["results"]
    assert {(risk["id"], risk["state"]) for risk in results} == {(risk.pk, risk.state) for risk in wanted}
    chips = [chip.label for chip in page.context["bar"].chips]
    assert len(chips) == (0 if state == "open" else 1)


def test_the_states_part_all_risks(states):
    for name, risk in states.items():
        assert (risk.state, risk in Risk.objects.open()) == (name, name == "open")


@pytest.mark.parametrize(
    "filters", ["", "level=5", "overdue=true", "q=assistant", "option=mitigate", "kind=current&likelihood=5"]
)
def test_a_saved_link_keeps_working_and_shows_the_open_ones(states, editor, client_of, filters):
    page = client_of(editor).get(f"/risks/?{filters}")

    assert page.status_code == 200
    assert [row.risk for row in page.context["rows"]] == [states["open"]]


def test_a_state_survives_the_tabs_and_can_be_left(states, editor, client_of):
    page = client_of(editor).get("/risks/?state=dismissed")

    assert all("state=dismissed" in tab.query for tab in page.context["tabs"])
    [chip] = page.context["bar"].chips
    assert (chip.label, chip.query) == ("State: Dismissed", "?")
    assert "dismissed" in text_of(page)


@pytest.mark.parametrize("query", ["state=gone", "state=open&state=all"])
def test_a_state_that_is_not_known_is_refused(states, editor, client_of, api_of, query):
    assert client_of(editor).get(f"/risks/?{query}").status_code == 400
    assert api_of(editor).get(f"/api/v1/risks/?{query}").status_code == 400


def test_the_home_page_counts_open_risks_and_its_figures_open_their_rows(states, editor, client_of):
    client = client_of(editor)
    home = client.get("/")

    standing = home.context["standing"]
    for name in ("total", "outside", "in_treatment", "overdue"):
        figure = getattr(standing, name)
        assert figure.count == client.get(f"/risks/{figure.query}").context["page"].paginator.count == 1
    assert home.context["heatmap"].total == 1
    assert [decision.row.risk for decision in home.context["decisions"]] == [states["open"]]
    assert standing.earliest_due is not None
    assert [row.name for row in home.context["unknowns"].systems] == ["Claims assistant"]


def test_my_work_leaves_out_what_does_not_count(states, owner, client_of):
    work = client_of(owner).get("/my-work/").context["work"]

    assert [task.risk for task in work.late] == [states["open"]]


def test_the_tab_of_a_system_shows_open_risks_and_leads_to_the_dismissed(states, system, editor, client_of):
    client, address = client_of(editor), f"/systems/{system.pk}/risks/"

    assert [row.risk for row in client.get(address).context["rows"]] == [states["open"]]
    assert "1 dismissed" in text_of(client.get(address))
    assert [row.risk for row in client.get(f"{address}?state=dismissed").context["rows"]] == [states["dismissed"]]


def test_the_tab_of_an_archived_system_still_shows_its_risks(states, editor, client_of):
    risk = states["archived"]

    page = client_of(editor).get(f"/systems/{risk.system_id}/risks/")
    assert [row.risk for row in page.context["rows"]] == [risk]
    assert f"?system={risk.system_id}&amp;state=archived" in page.content.decode()


def test_the_matrix_has_no_level_for_a_dismissed_risk(states, system):
    assert matrix_of(system).duty(KEY).level is None
    assert matrix_of(system).duty("directpromptinjection").level == 5


def test_taking_a_dismissal_back_makes_it_count_again(states, system, editor, client_of):
    reviewing.take_back_dismissal(system.pk, actor=editor, threat_key=KEY, reason="Clerks no longer read them.")

    assert client_of(editor).get("/").context["standing"].total.count == 2
    assert services.confirm_threats(system.pk, actor=editor)
