"""Setting who answers for a threat: dated rows, one event, the way back, and what is refused."""

from functools import partial

import pytest
from django.core.exceptions import ValidationError

from catalog import reading
from journal.errors import Conflict, NotAllowed
from journal.models import Event
from risks.assurance.matrix import matrix_of
from risks.assurance.services import set_responsibility
from risks.register.models import Responsibility, Risk
from risks.register.parts import party_of
from risks.register.services import add_risk, confirm_threats
from tests.make import CHATBOT, make_profile

THREAT = "devmodelpoison"  # the supplier's by the rules


def set_party(system, actor, **values):
    wanted = {"threat_key": THREAT, "party": "shared", "reason": "Agreed in the contract."}
    return set_responsibility(system.pk, actor=actor, **(wanted | values))


def test_setting_a_party_writes_a_dated_row_and_one_event(system, editor):
    events = Event.objects.count()

    duty = set_party(system, editor)

    row = Responsibility.objects.get()
    assert (row.party, row.set_by_name, row.team_id, duty.version) == ("shared", "Editor", system.team_id, row.pk)
    assert Event.objects.count() == events + 1
    event = Event.objects.of(system).first()
    assert (event.verb, event.reason) == ("responsibility.set", "Agreed in the contract.")
    assert event.changes == {"threat": [None, THREAT], "party": ["supplier", "shared"]}


def test_another_party_supersedes_the_one_before_without_changing_it(system, editor):
    set_party(system, editor)
    set_party(system, editor, party="own", reason="They left.")

    newer, older = Responsibility.objects.all()
    assert (older.party, older.superseded_at) == ("shared", newer.at)
    assert (newer.party, newer.superseded_at) == ("own", None)


def test_going_back_to_the_rules_ends_the_row_and_needs_no_reason(system, editor):
    set_party(system, editor)

    duty = set_party(system, editor, party="", reason="")

    assert not Responsibility.objects.in_force().exists()
    assert (duty.party, duty.version) == ("supplier", 0)
    assert Event.objects.of(system).first().changes["party"] == ["shared", "supplier"]


@pytest.mark.parametrize("values", [{}, {"reason": "  Agreed in the contract. "}])
def test_the_same_party_for_the_same_reason_changes_nothing(system, editor, values):
    set_party(system, editor)
    events = Event.objects.count()

    set_party(system, editor, **values)

    assert (Responsibility.objects.count(), Event.objects.count()) == (1, events)


def test_going_back_where_the_rules_hold_changes_nothing(system, editor):
    events = Event.objects.count()

    set_party(system, editor, party="", reason="")

    assert Event.objects.count() == events


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"party": "nobody"}, "party"),
        ({"reason": "  "}, "reason"),
        ({"reason": "x" * 2_001}, "reason"),
        ({"threat_key": "evasion"}, "threat"),
        ({"threat_key": "madeup"}, "threat"),
    ],
)
def test_bad_input_says_what_to_mend(system, editor, values, field):
    with pytest.raises(ValidationError) as refused:
        set_party(system, editor, **values)

    assert set(refused.value.message_dict) == {field}
    assert not Responsibility.objects.exists()


def test_someone_faster_is_not_overwritten(system, editor, officer):
    set_party(system, officer, party="own", reason="Ours.")

    with pytest.raises(Conflict) as conflict:
        set_party(system, editor, expected_version=0)

    assert (conflict.value.current.party, conflict.value.current.setting.set_by_name) == ("own", "Officer")


@pytest.mark.parametrize("person", ["owner", "viewer", "auditor", "outsider"])
def test_only_editors_of_the_team_and_officers_set_it(system, person, request):
    with pytest.raises(NotAllowed):
        set_party(system, request.getfixturevalue(person))


def party_in_the_register(system, threat=THREAT):
    risk = Risk.objects.filter(system=system, threat_key=threat).with_parts().get()
    return party_of(risk, reading.current())


def test_a_risk_in_the_register_has_the_party_that_was_set_until_the_rules_hold_again(system, editor):
    confirm_threats(system.pk, actor=editor)
    assert party_in_the_register(system) == "supplier"

    set_party(system, editor)
    assert party_in_the_register(system) == "shared"

    set_party(system, editor, party="", reason="")
    assert party_in_the_register(system) == "supplier"


@pytest.mark.parametrize(
    "register", [confirm_threats, partial(add_risk, threat_key=THREAT)], ids=["confirmed", "added"]
)
def test_a_risk_that_is_registered_later_has_the_party_that_was_set_before(system, editor, register):
    set_party(system, editor, party="own", reason="We train it ourselves.")

    register(system.pk, actor=editor)

    assert party_in_the_register(system) == "own"


def test_setting_a_party_leaves_one_event_and_no_risk_at_another_version(system, editor):
    """A form that is open on the risk is not stale: nothing that it could overwrite has changed."""
    confirm_threats(system.pk, actor=editor)
    events, versions = Event.objects.count(), list(system.risks.values_list("version", flat=True))

    set_party(system, editor)

    assert Event.objects.count() == events + 1
    assert list(system.risks.values_list("version", flat=True)) == versions


def test_matrix_and_register_agree_after_other_answers(system, editor):
    confirm_threats(system.pk, actor=editor)

    make_profile(system, actor=editor, answers=CHATBOT | {"trained_by": ["own"], "run_by": "own"})

    duties = [duty for duty in matrix_of(system).duties if duty.risk]
    assert {duty.threat.key: duty.party for duty in duties} == {
        duty.threat.key: party_in_the_register(system, duty.threat.key) for duty in duties
    }
    assert party_in_the_register(system) == "own"


def test_going_back_to_the_rules_ends_the_rows_of_both_threats_that_have_become_one(system, editor):
    common = {"team_id": system.team_id, "system": system, "reason": "Agreed.", "set_by_name": "Editor"}
    Responsibility.objects.create(threat_key="denialmodelservice", party="supplier", **common)
    Responsibility.objects.create(threat_key="airesourceexhaustion", party="own", **common)
    assert matrix_of(system).duty("airesourceexhaustion").party == "own"

    set_party(system, editor, threat_key="airesourceexhaustion", party="", reason="")

    assert not Responsibility.objects.in_force().exists()
    assert matrix_of(system).duty("airesourceexhaustion").version == 0
