"""The head of a system: what matters now, each number a link that agrees with the list behind it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from catalog.reading import current
from risks.overview.system_facts import facts_of, filters_of
from risks.register.models import Risk
from risks.register.reviews import review_state
from risks.register.rules import DEFAULT_SCALE
from risks.register.services import assign_party, confirm_threats
from risks.register.treating import update_treatment
from risks.systems.access import system_to_see
from risks.systems.models import AISystem, Component, Supplier
from tests.make import CHATBOT, make_profile, make_rating, make_risk, make_system, make_treatment
from tests.reading import html_of, text_of
from tests.register.test_threat_states import dismiss

TABS = [
    "systems:detail",
    "register:system_risks",
    "systems:profile",
    "assurance:matrix",
    "systems:history",
    "reports:statement",
]


def facts(system, reader):
    return facts_of(system_to_see(reader, system.pk), reader, current(), DEFAULT_SCALE, at=timezone.localdate())


@pytest.fixture
def risks(system, editor, owner):
    """Unrated, outside appetite, inside, treated, late and done; and a system beside it that must not count."""
    found = confirm_threats(system.pk, actor=editor)
    for risk in found[:4]:
        make_rating(risk, actor=editor, likelihood=4, impact=4)
    make_rating(found[4], actor=editor, likelihood=1, impact=1)
    yesterday = timezone.localdate() - timedelta(days=1)
    make_treatment(found[0], actor=editor, owner=owner, due=yesterday)
    make_treatment(found[1], actor=editor, owner=owner)
    make_treatment(found[2], actor=editor, owner=owner, due=yesterday)
    update_treatment(found[2].pk, actor=owner, status="done", note="", expected_version=None)
    other = make_system(system.team, actor=editor, name="Other")
    make_profile(other, actor=editor)
    make_rating(make_risk(other, actor=editor), actor=editor, likelihood=5, impact=5)
    return found


def test_the_figures_are_those_of_this_system(system, risks, editor):
    found = facts(system, editor)

    assert (found.worst, found.worst_word) == (4, "High")
    assert (found.risks.count, found.outside.count, found.unrated.count) == (14, 4, 9)
    assert (found.treatments.count, found.late.count) == (2, 1)
    assert (found.unknown.count, found.unanswered.count, found.unregistered.count) == (1, 3, 0)


@pytest.mark.parametrize("name", sorted(filters_of(1, DEFAULT_SCALE)))
def test_every_figure_opens_as_many_rows_in_the_register(system, risks, editor, client_of, name):
    figure = getattr(facts(system, editor), name)

    page = client_of(editor).get(figure.url)

    assert page.status_code == 200
    assert page.context["page"].paginator.count == figure.count > 0


def test_the_worst_level_opens_the_risks_that_have_it(system, risks, editor, client_of):
    page = client_of(editor).get(facts(system, editor).worst_url)
    assert {row.level for row in page.context["rows"]} == {4}
    assert len(page.context["rows"]) == 4


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_shows_them(system, risks, editor, viewer, client_of, tab):
    for person in (editor, viewer):
        page = text_of(client_of(person).get(reverse(tab, args=[system.pk])))
        assert "Worst current 4 High Outside appetite 4 risks , 9 not rated Open treatments 2 , 1 late" in page
        assert "Not known yet 1 threat , 3 questions Supplier gaps 7, no supplier named" in page


def test_a_dismissed_risk_counts_no_more(system, risks, editor):
    dismiss(system, risks[0].threat_key, risk=risks[0])
    found = facts(system, editor)
    assert (found.risks.count, found.outside.count, found.treatments.count, found.late.count) == (13, 3, 1, 0)
    assert found.unregistered.count == 0


def test_threats_that_wait_for_the_register_are_counted_as_the_page_lists_them(system, editor, client_of):
    make_risk(system, actor=editor)
    dismiss(system, "directpromptinjection")

    assert facts(system, editor).unregistered.count == 12
    page = text_of(client_of(editor).get(system.get_absolute_url()))
    assert "Not in the register 12 threats" in page
    assert "Confirm: put 12 threats into the register" in page
    assert "12 of 14 are not in the register yet." in page


def test_a_gap_is_a_threat_of_a_supplier_whom_nobody_named(system, editor, client_of):
    client, path = client_of(editor), reverse("assurance:matrix", args=[system.pk])
    counts = dict(client.get(path).context["matrix"].counts)
    assert facts(system, editor).gaps.count == counts["shared"] + counts["supplier"] == 7

    assign_party(system.pk, actor=editor, threat_key="runtimemodelpoison", party="own", reason="We took it over.")
    dismiss(system, "supplymodelpoison")
    assert facts(system, editor).gaps.count == 5

    supplier = Supplier.objects.create(name="Corvus AI", kind="model")
    Component.objects.create(team=system.team, system=system, name="Model", kind="model", supplier=supplier)
    assert facts(system, editor).gaps.count == 0


def test_a_review_waits_once_changed_answers_change_what_follows(system, editor):
    assert not facts(system, editor).review_waits
    confirm_threats(system.pk, actor=editor)
    assert not facts(system, editor).review_waits

    make_profile(system, actor=editor, answers=CHATBOT | {"actions_can_send_data": "no"})
    assert facts(system, editor).review_waits == review_state(system, current()).is_behind

    make_profile(system, actor=editor, answers=CHATBOT | {"text_output": "no"})
    assert facts(system, editor).review_waits
    assert review_state(system, current()).is_behind


def test_a_system_without_a_profile_says_what_is_missing(team, editor, client_of):
    system = make_system(team, actor=editor)

    found = facts(system, editor)
    page = text_of(client_of(editor).get(system.get_absolute_url()))

    assert (found.risks.count, found.worst, found.unknown.count, found.unregistered.count) == (0, None, 19, 0)
    assert "Worst current No risks yet Not known yet 19 threats , 11 questions" in page
    assert "Outside appetite" not in page
    assert found.unknown.url == found.unanswered.url == reverse("systems:profile", args=[system.pk])


def test_what_is_not_known_yet_opens_its_part_of_the_list(system, editor, client_of):
    figure = facts(system, editor).unknown
    path, part = figure.url.split("#")
    page = client_of(editor).get(path)
    assert f'id="{part}"' in page.content.decode()
    lines = next(lines for status, _, lines in page.context["verdicts"] if status == part)
    assert len(lines) == figure.count == 1


def test_risks_that_nobody_rated_are_not_called_inside_appetite(system, risk, editor, client_of):
    assert facts(system, editor).worst is None
    page = html_of(client_of(editor).get(system.get_absolute_url()))
    assert f'<a href="/risks/?system={system.pk}&amp;unrated=true">Not rated</a>' in page


def test_an_archived_system_counts_nowhere(system, risk, editor, client_of):
    AISystem.objects.filter(pk=system.pk).update(archived_at=timezone.now())
    page = text_of(client_of(editor).get(system.get_absolute_url()))
    assert "Claims assistant" in page
    assert "Worst current" not in page


def test_the_figures_cost_two_queries_however_many_risks_there_are(system, editor, django_assert_num_queries):
    seen, catalog = system_to_see(editor, system.pk), current()
    editor.team_roles  # noqa: B018  read once per request
    with django_assert_num_queries(2):
        facts_of(seen, editor, catalog, DEFAULT_SCALE, at=timezone.localdate())
    confirm_threats(system.pk, actor=editor)
    assert Risk.objects.count() == 14
    with django_assert_num_queries(2):
        facts_of(seen, editor, catalog, DEFAULT_SCALE, at=timezone.localdate())
