"""The controls that a system's threats call for: the most needed first, and never more than the statement says."""

from django.urls import reverse
from django.utils import timezone

from catalog.reading import current
from catalog.vocabulary import Effort
from risks.register.rules import DEFAULT_SCALE
from risks.register.services import confirm_threats
from risks.reports.applicability import Use
from risks.reports.statement import Statement, statement_of
from risks.reports.system_controls import SystemControls, system_controls
from risks.systems.access import system_to_see
from tests.make import make_rating, make_system
from tests.reading import text_of


def stated(system, reader) -> Statement:
    return statement_of(system_to_see(reader, system.pk), current(), DEFAULT_SCALE, at=timezone.now())


def controls_of(system, reader) -> SystemControls:
    return system_controls(stated(system, reader))


def test_it_holds_every_control_of_the_statement_that_applies_and_no_other(system, editor):
    found = controls_of(system, editor)
    applying = {state.control.key for state in stated(system, editor).all_controls if state.applies}
    assert {bearing.control.key for bearing in found.called} | {each.key for each in found.general} == applying
    assert not {bearing.control.key for bearing in found.called} & {each.key for each in found.general}


def test_the_worst_risk_comes_first_then_the_least_effort(system, editor):
    risks = {risk.threat_key: risk for risk in confirm_threats(system.pk, actor=editor)}
    make_rating(risks["outputcontainsconventionalinjection"], actor=editor, likelihood=5, impact=5)
    make_rating(risks["datapoison"], actor=editor, likelihood=1, impact=1)
    called = [bearing for bearing in controls_of(system, editor).called if not bearing.is_optional]

    assert called[0].worst == 5
    assert called[0].threats[0].state.threat.key == "outputcontainsconventionalinjection"
    efforts = list(Effort)
    order = [(-bearing.worst, efforts.index(bearing.control.effort), -len(bearing.threats)) for bearing in called]
    assert order == sorted(order)


def test_an_optional_control_is_named_so_and_stands_last(system, editor):
    found = controls_of(system, editor).called
    optional = [state.control.key for state in stated(system, editor).all_controls if state.use is Use.OPTIONAL]
    assert [bearing.control.key for bearing in found if bearing.is_optional] == optional == ["poisonrobustmodel"]
    assert found[-1].is_optional


def test_the_page_leads_to_risks_and_controls(system, editor, client_of):
    risk = confirm_threats(system.pk, actor=editor)[0]
    make_rating(risk, actor=editor, likelihood=5, impact=5)
    answer = client_of(editor).get(reverse("reports:controls", args=[system.pk]))
    assert risk.get_absolute_url() in answer.content.decode()
    assert reverse("catalog:control", args=["oversight"]) in answer.content.decode()
    assert "Worst risk first, then least effort." in text_of(answer)


def test_a_system_without_a_profile_says_what_to_do(team, editor, client_of):
    system = make_system(team, actor=editor)
    answer = client_of(editor).get(reverse("reports:controls", args=[system.pk]))
    assert answer.status_code == 200
    assert "Against every threat" in text_of(answer)


def test_an_outsider_finds_nothing(system, outsider, client_of):
    assert client_of(outsider).get(reverse("reports:controls", args=[system.pk])).status_code == 404
