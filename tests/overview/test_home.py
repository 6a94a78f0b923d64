"""Home: the most important fact first, every figure a link that agrees with the register, and first steps."""

import html
import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.roles import OrganisationRole
from catalog.reading import current
from risks.overview.decisions import MOST, decisions_for
from risks.overview.standing import filters_of, standing_of
from risks.register.models import Rating, Risk
from risks.register.rules import DEFAULT_SCALE
from risks.register.services import confirm_threats
from risks.register.treating import update_treatment
from tests.make import CHATBOT, make_profile, make_rating, make_system, make_treatment, make_user
from tests.reading import html_of

TODAY = date(2026, 11, 23)


@pytest.fixture
def risks(system, editor, owner):
    """A register in all states: unrated, untreated, overdue, blocked, accepted, and inside appetite."""
    found = confirm_threats(system.pk, actor=editor)
    untreated, overdue, blocked, accepted, inside, late_inside = found[:6]
    for risk in (untreated, overdue, blocked, accepted):
        make_rating(risk, actor=editor, likelihood=4, impact=4)
    make_rating(blocked, actor=editor, likelihood=5, impact=5)
    for risk in (inside, late_inside):
        make_rating(risk, actor=editor, likelihood=1, impact=2)
    yesterday = timezone.localdate() - timedelta(days=1)
    make_treatment(overdue, actor=editor, owner=owner, due=yesterday)
    make_treatment(late_inside, actor=editor, owner=owner, due=yesterday)
    make_treatment(blocked, actor=editor, owner=owner)
    update_treatment(blocked.pk, actor=owner, status="blocked", note="Waits.", expected_version=None)
    make_treatment(accepted, actor=editor, owner=owner, option="accept")
    Rating.objects.filter(risk=late_inside).update(at=timezone.now() - timedelta(days=400))
    return found


def test_the_heading_says_how_many_are_outside_appetite(risks, editor, client_of):
    answer = client_of(editor).get("/")

    assert "<h1> 4 risks are outside appetite </h1>" in html_of(answer)
    standing = answer.context["standing"]
    assert (standing.undecided.count, standing.in_treatment.count, standing.accepted.count) == (1, 2, 1)


@pytest.mark.parametrize("name", [name for name in filters_of(DEFAULT_SCALE) if name != "total"])
def test_every_figure_opens_as_many_rows_in_the_register(risks, editor, client_of, name):
    client = client_of(editor)
    figure = getattr(client.get("/").context["standing"], name)

    page = client.get(f"/risks/{figure.query}")
    assert page.status_code == 200
    assert page.context["page"].paginator.count == figure.count > 0


def test_every_number_with_a_link_into_the_register_is_what_the_link_shows(risks, editor, client_of):
    """Read off the page itself: a tile with another figure's link would pass the test above."""
    client = client_of(editor)
    text = re.sub(r"<span class=\"unseen\">.*?</span>|</?(span|strong|b)\b[^>]*>", "", html_of(client.get("/")))
    tiles = re.findall(r'<a [^>]*?href="(/risks/(?:\?[^"]*)?)"[^>]*>\s*(\d+)\b([^<]*)', text)

    assert len(tiles) >= 12
    for address, number, words in tiles:
        page = client.get(html.unescape(address))
        assert page.status_code == 200
        assert page.context["page"].paginator.count == int(number), f"{number} {words}: {address}"


def test_what_needs_a_decision_comes_worst_first_and_says_why_it_waits(risks, editor, catalog):
    found = decisions_for(editor, catalog, DEFAULT_SCALE, at=timezone.localdate())

    assert [(decision.row.risk, decision.why) for decision in found] == [
        (risks[2], "Blocked"),
        (risks[0], "No treatment chosen"),
        (risks[1], "Open"),
    ]
    assert [decision.row.is_late for decision in found] == [False, False, True]


def test_only_those_who_may_are_led_to_choosing_a_treatment(risks, editor, viewer, client_of):
    link = f'href="/risks/{risks[0].pk}/treatment/"'

    assert link in html_of(client_of(editor).get("/"))
    assert link not in html_of(client_of(viewer).get("/"))


def test_the_table_of_decisions_is_short(system, editor, catalog):
    for risk in confirm_threats(system.pk, actor=editor):
        make_rating(risk, actor=editor, likelihood=5, impact=5)

    assert Risk.objects.count() > MOST
    assert len(decisions_for(editor, catalog, DEFAULT_SCALE, at=TODAY)) == MOST


def test_a_table_of_decisions_that_is_cut_short_says_so(system, editor, client_of):
    found = confirm_threats(system.pk, actor=editor)
    for risk in found[:MOST]:
        make_rating(risk, actor=editor, likelihood=5, impact=5)
    assert "The worst" not in html_of(client_of(editor).get("/"))

    make_rating(found[MOST], actor=editor, likelihood=5, impact=5)
    assert f"The worst {MOST} of {MOST + 1}" in html_of(client_of(editor).get("/"))


def test_the_heatmap_shows_the_kind_in_the_address(risks, editor, client_of):
    client = client_of(editor)

    assert client.get("/").context["heatmap"].kind == "current"
    inherent = client.get("/?kind=inherent").context["heatmap"]
    assert (inherent.kind, inherent.rated, inherent.unrated) == ("inherent", 0, len(risks))
    assert client.get("/?kind=nonsense").context["heatmap"].kind == "current"


def test_htmx_gets_the_heatmap_alone(risks, editor, client_of):
    answer = client_of(editor).get("/?kind=target", headers={"HX-Request": "true", "HX-Target": "heatmap"})

    assert answer.content.decode().strip().startswith('<section id="heatmap"')


def test_threats_not_known_yet_are_counted_and_lead_to_the_profile(team, risks, editor, client_of):
    unsure = make_system(team, actor=editor, name="Unsure")
    make_profile(unsure, actor=editor, answers=CHATBOT | {"classification_task": "unknown"})
    make_system(team, actor=editor, name="Blank")

    answer = client_of(editor).get("/")

    unknowns = {row.name: (row.unknown, row.is_described) for row in answer.context["unknowns"].rows}
    assert unknowns["Unsure"] == (2, True)
    assert unknowns["Claims assistant"] == (1, True)
    assert unknowns["Blank"][1] is False
    text = html_of(answer)
    assert f'href="/systems/{unsure.pk}/profile/">Unsure</a>' in text
    assert "profile not answered" in text


def test_threats_that_apply_without_a_risk_are_counted_and_lead_to_the_system(team, risks, editor, client_of):
    late = make_system(team, actor=editor, name="Late")
    make_profile(late, actor=editor)
    make_system(team, actor=editor, name="Blank")

    answer = client_of(editor).get("/")

    unknowns = answer.context["unknowns"]
    assert [(row.name, row.unregistered) for row in unknowns.unregistered] == [("Late", 14)]
    text = html_of(answer)
    figure = '<span class="tally__n">14</span> <span class="tally__what">Threats not in the register</span>'
    assert f'<a href="#unregistered">{figure}' in text
    assert f'<a href="/systems/{late.pk}/review/">Late</a> <span class="quiet">14 threats</span>' in text

    confirm_threats(late.pk, actor=editor)
    assert client_of(editor).get("/").context["unknowns"].unregistered_count == 0


def test_nothing_of_another_team_counts(risks, outsider, other_team, client_of):
    make_system(other_team, actor=outsider, name="Other")
    answer = client_of(outsider).get("/")

    assert "No risks yet" in html_of(answer)
    assert "Claims assistant" not in html_of(answer)


def test_unrated_risks_are_not_called_inside_appetite(system, editor, client_of):
    confirm_threats(system.pk, actor=editor)

    assert "No risk is rated yet" in html_of(client_of(editor).get("/"))


def test_a_register_within_appetite_says_so(risk, editor, client_of):
    make_rating(risk, actor=editor, likelihood=1, impact=1)

    assert "No rated risk is outside appetite" in html_of(client_of(editor).get("/"))


def test_overdue_counts_from_the_day_after(risks, editor):
    due = timezone.localdate() - timedelta(days=1)

    assert standing_of(editor, current(), DEFAULT_SCALE, at=due).overdue.count == 0
    assert standing_of(editor, current(), DEFAULT_SCALE, at=due + timedelta(days=1)).overdue.count == 2


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        ("admin", ("Welcome", "/people/")),
        ("officer", ("No AI system is registered yet", "/systems/new/")),
        ("auditor", ("No AI system is registered yet", None)),
        ("stranger", ("You are in no team yet", None)),
    ],
)
def test_an_empty_organisation_says_what_to_do_next(db, person, expected, client_of, request):
    roles = {"admin": OrganisationRole.ADMINISTRATOR, "officer": OrganisationRole.OFFICER}
    roles["auditor"] = OrganisationRole.AUDITOR
    user = make_user(person, roles.get(person, OrganisationRole.MEMBER))

    text = html_of(client_of(user).get("/"))

    heading, address = expected
    assert f"<h1>{heading}</h1>" in text
    button = re.search(r'<a class="btn btn--first" href="([^"]+)"', text)
    assert (button[1] if button else None) == address


@pytest.mark.parametrize(
    ("person", "address"), [("admin", "/systems/new/"), ("editor", "/systems/new/"), ("viewer", None)]
)
def test_with_a_team_the_next_step_is_a_system(team, person, address, client_of, request):
    text = html_of(client_of(request.getfixturevalue(person)).get("/"))

    button = re.search(r'<a class="btn btn--first" href="([^"]+)"', text)
    assert (button[1] if button else None) == address


def test_with_a_system_the_next_step_is_its_profile(team, editor, client_of):
    make_system(team, actor=editor)

    text = html_of(client_of(editor).get("/"))

    assert "<h1>No risks yet</h1>" in text
    assert '<a class="btn btn--first" href="/systems/">To the systems</a>' in text


def test_with_a_profile_the_next_step_is_to_confirm_its_threats(system, editor, client_of):
    answer = client_of(editor).get("/")

    assert f'<a class="btn btn--first" href="/systems/{system.pk}/">To its threats</a>' in html_of(answer)
    assert answer.context["steps"].done == 3
