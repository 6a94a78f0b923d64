"""The filter: what it lets through, what it refuses, and that its address says all of it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone

from catalog import reading
from risks.register.filters import RiskFilter, read_filter
from risks.register.models import Risk
from risks.register.rules import DEFAULT_SCALE
from tests.make import make_treatment

pytestmark = pytest.mark.django_db


def read(query, reader, **options):
    return read_filter(QueryDict(query), reader=reader, catalog=reading.current(), scale=DEFAULT_SCALE, **options)


def found(query, reader):
    """The risks behind a filter, each once."""
    wanted = read(query, reader)
    risks = list(wanted.narrow(Risk.objects.visible_to(reader), at=timezone.localdate()).with_parts())
    assert len(risks) == len({risk.pk for risk in risks})
    return risks


def current(risk):
    return next((rating for rating in risk.ratings_in_force if rating.kind == "current"), None)


def treatment(risk):
    return next(iter(risk.treatments_loaded), None)


def is_late(risk):
    plan = treatment(risk)
    return plan is not None and plan.status != "done" and plan.due < timezone.localdate()


# Each filter with what must hold for a risk that passes; all others must not pass.
STATEMENTS = {
    "": lambda risk: True,
    "threat=indirectpromptinjection": lambda risk: risk.threat_key == "indirectpromptinjection",
    "level=4": lambda risk: current(risk) is not None and current(risk).level == 4,
    "level=4&level=5": lambda risk: current(risk) is not None and current(risk).level >= 4,
    "unrated=true": lambda risk: current(risk) is None,
    "unrated=false": lambda risk: current(risk) is not None,
    "level=5&unrated=true": lambda risk: current(risk) is None or current(risk).level == 5,
    "likelihood=4&impact=3": lambda risk: (
        current(risk) is not None and (current(risk).likelihood, current(risk).impact) == (4, 3)
    ),
    "kind=target&unrated=true": lambda risk: True,
    "kind=inherent&likelihood=5": lambda risk: any(each.kind == "inherent" for each in risk.ratings_in_force),
    "option=mitigate": lambda risk: treatment(risk) is not None and treatment(risk).option == "mitigate",
    "option=none": lambda risk: treatment(risk) is None,
    "option=none&option=accept": lambda risk: treatment(risk) is None or treatment(risk).option == "accept",
    "status=blocked&status=done": lambda risk: (
        treatment(risk) is not None and treatment(risk).status in ("blocked", "done")
    ),
    "overdue=true": is_late,
    "overdue=false": lambda risk: not is_late(risk),
    "level=4&option=none": lambda risk: (
        current(risk) is not None and current(risk).level == 4 and treatment(risk) is None
    ),
    "q=Claims": lambda risk: risk.system.name == "Claims assistant" or risk.team.name == "Claims",
    "q=indirect+PROMPT": lambda risk: risk.threat_key == "indirectpromptinjection",
    "q=rsk-0003": lambda risk: risk.number == 3,
    "q=no+such+words": lambda risk: False,
    "q=&level=": lambda risk: True,
}


def test_a_filter_lets_through_exactly_what_it_says(register, officer, subtests):
    everything = list(Risk.objects.visible_to(officer).with_parts())
    for query, says in STATEMENTS.items():
        with subtests.test(query=query):
            assert {risk.pk for risk in found(query, officer)} == {risk.pk for risk in everything if says(risk)}

    # A filter that lets everything or nothing through would prove little.
    sizes = {query: sum(map(says, everything)) for query, says in STATEMENTS.items()}

    assert {query for query, size in sizes.items() if size == 0} == {"q=no+such+words"}
    assert {query for query, size in sizes.items() if size == len(everything)} == {
        "",
        "q=&level=",
        "kind=target&unrated=true",
    }


def test_filters_name_systems_teams_and_owners_by_id(register, officer, editor, team):
    claims, fraud, payments = register
    assert {risk.system_id for risk in found(f"system={claims.pk}&system={payments.pk}", officer)} == {
        claims.pk,
        payments.pk,
    }
    assert {risk.system_id for risk in found(f"team={team.pk}", officer)} == {claims.pk, fraud.pk}
    assert {treatment(risk).owner_id for risk in found(f"owner={editor.pk}", officer)} == {editor.pk}


def test_a_description_is_searched(risk, editor):
    Risk.objects.filter(pk=risk.pk).update(description="White text on white.")
    assert found("q=white+TEXT", editor) == [risk]
    assert found("q=100%25", editor) == []


def test_an_old_key_of_a_threat_finds_the_threat(officer):
    wanted = read("threat=modeltheftuse", officer)
    assert wanted.threat == ("modelexfiltration",)


WRONG = {
    "colour=red": "There is no filter “colour”.",
    "level=6": "“6” is not a number from 1 to 5.",
    "level=0": "“0” is not a number from 1 to 5.",
    "level=high": "“high” is not a number from 1 to 5.",
    "likelihood=9": "“9” is not a number from 1 to 5.",
    "impact=-1": "“-1” is not a number from 1 to 5.",
    "impact=%C2%B2": "“²” is not a number from 1 to 5.",
    "kind=residual": "“residual” is none of inherent, current, target.",
    "kind=current&kind=target": "Give “kind” once.",
    "unrated=maybe": "“maybe” is neither true nor false.",
    "overdue=2": "“2” is neither true nor false.",
    "option=ignore": "“ignore” is none of mitigate, transfer, avoid, accept, none.",
    "status=late": "“late” is none of open, in_progress, blocked, done.",
    "threat=nonsense": "“nonsense” is not a threat of the catalog.",
    "system=abc": "“abc” is not a number.",
    "system=99999999999999999999": "“99999999999999999999” is not a number.",
    "system=999999999": "There is no such system.",
    "team=999999999": "There is no such team.",
    "owner=999999999": "There is no such person.",
    "&".join(f"tag={number}" for number in range(101)): "A filter holds at most 100 values.",
    "&".join(f"{name}={each}" for name in ("owner", "tag") for each in range(51)): "A filter holds at most 100 values.",
    f"q={'x' * 201}": "Search for at most 200 characters of text.",
    "q=%00": "Search for at most 200 characters of text.",
}


@pytest.mark.parametrize("query", WRONG)
def test_what_is_not_known_is_refused_with_a_sentence(officer, query):
    with pytest.raises(ValidationError) as refused:
        read(query, officer)
    assert list(refused.value.message_dict.values()) == [[WRONG[query]]]


def test_a_filter_of_as_many_values_as_may_be_is_read(officer):
    assert len(read("&".join(f"tag={number}" for number in range(100)), officer).tag) == 100


def test_what_is_foreign_is_refused_like_what_never_was(register, editor, other_team, outsider):
    foreign = {"system": register[2].pk, "team": other_team.pk, "owner": outsider.pk}
    for name, pk in foreign.items():
        with pytest.raises(ValidationError) as refused:
            read(f"{name}={pk}", editor)
        with pytest.raises(ValidationError) as missing:
            read(f"{name}=999999999", editor)
        assert refused.value.message_dict == missing.value.message_dict


def test_whoever_owns_a_risk_that_one_sees_can_be_asked_for(risk, editor, officer, outsider):
    """The menu offers them, though a member sees nothing else of who is in none of their teams."""
    make_treatment(risk, actor=editor, owner=officer)
    assert read(f"owner={officer.pk}&owner={editor.pk}", editor).owner == (officer.pk, editor.pk)
    for person, asked in ((outsider, officer), (editor, outsider)):
        with pytest.raises(ValidationError, match="There is no such person"):
            read(f"owner={asked.pk}", person)


def test_parameters_beside_the_filter_are_left_alone(officer):
    assert read("page=2&sort=due", officer, beside=("page", "sort")) == RiskFilter()


@pytest.mark.parametrize("query", [query for query in STATEMENTS if "q=&" not in query])
def test_a_filter_survives_its_own_address(officer, query):
    wanted = read(query, officer)
    assert read(wanted.query().removeprefix("?"), officer) == wanted
    assert read_filter(wanted.params(), reader=officer, catalog=reading.current(), scale=DEFAULT_SCALE) == wanted


def test_due_today_is_not_late(risk, editor):
    make_treatment(risk, actor=editor, due=timezone.localdate())
    assert found("overdue=true", editor) == []
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert list(read("overdue=true", editor).narrow(Risk.objects.all(), at=tomorrow)) == [risk]
