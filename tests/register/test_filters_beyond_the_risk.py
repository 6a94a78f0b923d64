"""Filters by what lies beside a risk: tags and suppliers of its system, and how it stands with its acceptance."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone

from catalog import reading
from risks.register.acceptances import holding
from risks.register.filters import read_filter
from risks.register.models import Acceptance, Risk
from risks.register.rules import DEFAULT_SCALE
from risks.systems.services import remove_component
from tests.make import CHATBOT, make_component, make_profile, make_supplier

pytestmark = pytest.mark.django_db


def found(query, reader, *, at=None):
    wanted = read_filter(QueryDict(query), reader=reader, catalog=reading.current(), scale=DEFAULT_SCALE)
    return set(wanted.narrow(Risk.objects.visible_to(reader), at=at or timezone.localdate()))


def of_systems(*systems):
    return set(Risk.objects.filter(system__in=systems))


def test_a_tag_is_found_whatever_its_capitals_and_several_are_joined_by_or(full_register, officer):
    claims, fraud, payments = full_register
    assert found("tag=FRONT+office", officer) == of_systems(claims)
    assert found("tag=front+office&tag=money", officer) == of_systems(claims, fraud, payments)
    assert found("tag=front", officer) == set()


def test_a_supplier_counts_as_long_as_the_component_is_there(full_register, officer, editor):
    claims = full_register[0]
    other = make_supplier(name="Parrot AI")
    gone = make_component(full_register[1], supplier=other)
    named = make_supplier(name="Heron AI")
    make_component(claims, name="Heron chat", supplier=named)
    assert found(f"supplier={named.pk}", officer) == of_systems(claims)
    assert found(f"supplier={other.pk}&supplier={named.pk}", officer) == of_systems(*full_register[:2])

    remove_component(gone.pk, actor=editor, reason="Sold.", expected_version=None)
    assert found(f"supplier={other.pk}", officer) == set()


def test_a_supplier_that_nobody_has_is_refused(officer):
    with pytest.raises(ValidationError) as refused:
        found("supplier=999999999", officer)
    assert refused.value.message_dict == {"supplier": ["There is no such supplier."]}


def held(reader, *, at):
    """What acceptances.holding says, which every other figure goes by."""
    rows = holding(Acceptance.objects.visible_to(reader), reading.current(), DEFAULT_SCALE, at=at)
    return {row.risk: row.until for row in rows.select_related("risk")}


def test_in_force_is_what_holds_and_expiring_what_ends_within_30_days(full_register, officer):
    today = timezone.localdate()
    for day in (today, today + timedelta(days=31), today + timedelta(days=70)):
        holds = held(officer, at=day)
        assert found("acceptance=in_force", officer, at=day) == set(holds)
        soon = {risk for risk, until in holds.items() if until <= day + timedelta(days=30)}
        assert found("acceptance=expiring", officer, at=day) == soon
    assert len(held(officer, at=today)) > len(held(officer, at=today + timedelta(days=31))) > 0


def test_an_acceptance_that_no_longer_holds_counts_as_none(full_register, officer, editor):
    claims = full_register[0]
    before = found(f"acceptance=in_force&system={claims.pk}", officer)
    assert before

    make_profile(claims, actor=editor, answers=CHATBOT | {"actions_can_send_data": "yes"})

    assert found(f"acceptance=in_force&system={claims.pk}", officer) == set()
    assert before <= found("acceptance=none", officer)


def test_proposed_and_none(full_register, officer):
    waits = set(Risk.objects.filter(acceptances__state="proposed"))
    assert found("acceptance=proposed", officer) == waits != set()
    everything = found("", officer)
    stands = found("acceptance=in_force&acceptance=proposed", officer)
    assert found("acceptance=none", officer) == everything - stands
    assert set() < stands < everything


def test_the_menus_offer_what_the_reader_can_see(full_register, editor, client_of):
    claims, _, payments = full_register
    make_component(payments, supplier=make_supplier(name="Foreign AI"))
    supplier = make_supplier(name="Heron AI")
    make_component(claims, name="Heron chat", supplier=supplier)
    picks = {pick.label: pick for pick in client_of(editor).get("/risks/").context["bar"].more}

    assert [choice.label for choice in picks["Tag"].choices] == ["Front office", "Money"]
    assert "Foreign AI" not in [choice.label for choice in picks["Supplier"].choices]
    assert "Heron AI" in [choice.label for choice in picks["Supplier"].choices]
    assert [choice.value for choice in picks["Acceptance"].choices] == ["none", "proposed", "in_force", "expiring"]


def test_a_chosen_tag_can_be_taken_away(full_register, editor, client_of):
    chips = client_of(editor).get("/risks/?tag=money&acceptance=in_force&level=1").context["bar"].chips
    assert {chip.label: chip.query for chip in chips}["Tag: money"] == "?level=1&acceptance=in_force"
