"""How risks come into the register, and how they are described."""

import pytest
from django.db import IntegrityError, transaction

from catalog.reading import current
from risks.register import services
from risks.systems.identification import identification_of
from tests.make import make_risk, make_system
from tests.register.verbs import newest_event, refusal


def test_confirming_registers_each_applicable_threat_once(system, editor):
    verdicts = identification_of(system, current()).verdicts
    applicable = [key for key, verdict in verdicts.items() if verdict.status == "applicable"]

    risks = services.confirm_threats(system.pk, actor=editor)

    assert [risk.threat_key for risk in risks] == applicable
    assert {verdict.status for verdict in verdicts.values()} >= {"applicable", "undetermined"}
    assert services.confirm_threats(system.pk, actor=editor) == []
    assert system.risks.count() == len(applicable)


def test_a_confirmed_risk_keeps_its_reasons_and_edition(system, editor):
    verdicts = identification_of(system, current()).verdicts

    for risk in services.confirm_threats(system.pk, actor=editor):
        verdict = verdicts[risk.threat_key]
        assert risk.reasons == [reason.text for reason in verdict.reasons]
        assert (risk.origin, risk.edition, risk.team_id) == ("rule", "2026-08-22", system.team_id)
        assert newest_event(risk).verb == "risk.registered"


def test_confirmed_risks_are_numbered_one_after_the_other(system, editor, other_team, outsider):
    first = make_risk(make_system(other_team, actor=outsider), actor=outsider)

    numbers = [risk.number for risk in services.confirm_threats(system.pk, actor=editor)]

    assert numbers == list(range(first.number + 1, first.number + 1 + len(numbers)))


def test_a_threat_added_by_hand_is_not_confirmed_again(system, editor):
    by_hand = make_risk(system, actor=editor)

    assert by_hand.threat_key not in {risk.threat_key for risk in services.confirm_threats(system.pk, actor=editor)}


def test_adding_by_hand_keeps_the_reasons_where_the_rules_agree(system, editor):
    risk = make_risk(system, actor=editor)

    assert risk.origin == "hand"
    assert risk.reasons
    assert newest_event(risk).changes["origin"] == [None, "hand"]


def test_adding_by_hand_works_where_the_rules_do_not_apply(system, editor):
    risk = make_risk(system, actor=editor, threat="evasion")

    assert risk.reasons == []


def test_an_old_key_of_a_threat_is_brought_up_to_date(system, editor):
    assert make_risk(system, actor=editor, threat="modeltheftuse").threat_key == "modelexfiltration"


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("nonsense", "Choose a threat of the catalog."),
        ("inputthreats", "Input threats is a group. Choose one of its threats."),
    ],
)
def test_only_threats_of_the_catalog_become_risks(system, editor, key, sentence):
    assert refusal(lambda: make_risk(system, actor=editor, threat=key)) == {"threat": [sentence]}


def test_a_threat_is_registered_once_per_system(system, editor, risk):
    assert refusal(lambda: make_risk(system, actor=editor)) == {
        "threat": ["This threat is in the register of this system already."]
    }


def test_the_database_knows_one_risk_per_threat_and_system(risk):
    risk.pk, risk.number = None, risk.number + 1
    with pytest.raises(IntegrityError), transaction.atomic():
        risk.save(force_insert=True)


def test_describing_leaves_an_event_with_before_and_after(risk, editor):
    services.describe_risk(risk.pk, actor=editor, expected_version=risk.version, description=" White text in letters. ")

    risk.refresh_from_db()
    assert (risk.description, risk.version) == ("White text in letters.", 2)
    assert newest_event(risk).changes == {"description": ["", "White text in letters."]}


def test_a_description_has_its_limit(risk, editor):
    errors = refusal(
        lambda: services.describe_risk(risk.pk, actor=editor, expected_version=None, description="x" * 4_001)
    )
    assert errors == {"description": ["Keep this within 4,000 characters; it has 4,001."]}
