"""Setting who answers for a threat: dated rows, one event, the way back, and what is refused."""

import pytest
from django.core.exceptions import ValidationError

from journal.errors import Conflict, NotAllowed
from journal.models import Event
from risks.assurance.models import Responsibility
from risks.assurance.services import set_responsibility
from risks.register.services import confirm_threats

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


def test_the_risk_in_the_register_is_kept_in_step(system, editor):
    risk = next(risk for risk in confirm_threats(system.pk, actor=editor) if risk.threat_key == THREAT)

    set_party(system, editor)
    risk.refresh_from_db()
    assert (risk.party, risk.version) == ("shared", 2)

    set_party(system, editor, party="", reason="")
    risk.refresh_from_db()
    assert (risk.party, risk.version) == ("supplier", 3)
