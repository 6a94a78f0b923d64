"""How each threat stands with one system: the rules' verdict, people's decisions, the risk in the register."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.reading import current
from risks.register.in_force import in_force_of
from risks.register.models import Dismissal, Responsibility, Review, Risk
from risks.register.services import confirm_threats
from risks.register.threat_states import Status, states_of
from risks.systems.access import system_to_see
from risks.systems.models import Profile
from tests.make import CHATBOT, make_own_threat, make_profile, make_rating, make_risk, make_system, make_treatment
from tests.register.test_another_look import NEW, next_edition, renamed, upgrade


def states(system):
    return states_of(system, current(), at=timezone.localdate()).states


def dismiss(system, threat_key, *, risk=None):
    if risk:
        Risk.objects.filter(pk=risk.pk).update(dismissed_at=timezone.now())
    return Dismissal.objects.create(
        team=system.team,
        system=system,
        risk=risk,
        threat_key=threat_key,
        reason="The letters are read by clerks only.",
        dismissed_by_name="Editor",
    )


def test_without_a_risk_the_verdict_of_the_rules_counts(system):
    found = states(system)

    assert found["indirectpromptinjection"].status is Status.APPLICABLE
    assert found["agentmessagestructuremanipulation"].status is Status.UNDETERMINED
    assert found["modelexfiltration"].status is Status.NOT_APPLICABLE
    assert found["indirectpromptinjection"].party == "own"


def test_a_risk_brings_its_levels_and_treatment(system, risk, editor, owner):
    make_rating(risk, actor=editor, likelihood=5, impact=5, kind="inherent")
    make_rating(risk, actor=editor, likelihood=4, impact=4)
    make_treatment(risk, actor=editor, owner=owner, due=timezone.localdate() - timedelta(days=2))

    state = states(system)["indirectpromptinjection"]

    assert (state.level("inherent"), state.level("current"), state.level("target")) == (5, 4, None)
    assert (state.treatment_word, state.days_late, state.late_words) == ("Open", 2, "late 2 days")


def test_what_is_due_today_or_done_is_not_late(system, risk, editor):
    make_treatment(risk, actor=editor, due=timezone.localdate())
    assert states(system)["indirectpromptinjection"].days_late == 0


def test_a_risk_by_hand_applies_whatever_the_rules_say(system, editor):
    make_risk(system, actor=editor, threat="modelexfiltration")

    state = states(system)["modelexfiltration"]

    assert (state.status, state.is_beyond_rules, state.is_by_hand) == (Status.APPLICABLE, True, True)


def test_a_risk_that_the_rules_no_longer_ask_for_still_applies(system, editor):
    confirm_threats(system.pk, actor=editor)
    make_profile(system, actor=editor, answers=CHATBOT | {"triggers_actions": "no"})

    state = states(system)["agentescape"]

    assert (state.status, state.is_beyond_rules, state.is_by_hand) == (Status.APPLICABLE, True, False)


def test_a_dismissed_threat_has_no_level_and_no_delay(system, risk, editor):
    make_rating(risk, actor=editor)
    make_treatment(risk, actor=editor, due=timezone.localdate() - timedelta(days=2))
    dismiss(system, risk.threat_key, risk=risk)

    state = states(system)[risk.threat_key]

    assert (state.status, state.level("current"), state.days_late) == (Status.DISMISSED, None, 0)
    assert (state.risk, state.open_risk) == (risk, None)
    assert state.dismissal.reason == "The letters are read by clerks only."


@pytest.mark.django_db
def test_where_two_threats_became_one_a_dismissed_risk_hides_no_open_one(system, editor):
    worse = make_risk(system, actor=editor, threat="evasion")
    make_rating(worse, actor=editor, likelihood=5, impact=5)
    dismiss(system, "evasion", risk=worse)
    next_edition(renamed)
    upgrade()
    still_open = Risk.objects.create(
        number=2, team=system.team, system=system, threat_key="adversarialinput", edition=NEW, origin="hand", reasons=[]
    )

    state = states(system)["adversarialinput"]

    assert (state.status, state.open_risk) == (Status.APPLICABLE, still_open)


def test_a_threat_can_be_dismissed_before_it_is_in_the_register(system):
    dismiss(system, "indirectpromptinjection")
    assert states(system)["indirectpromptinjection"].status is Status.DISMISSED


def test_a_dismissal_says_nothing_of_a_threat_that_does_not_apply_any_more(system):
    dismiss(system, "modelexfiltration")

    state = states(system)["modelexfiltration"]

    assert state.status is Status.NOT_APPLICABLE
    assert state.dismissal is not None


def test_a_variant_stands_as_its_threat_does_unless_it_has_a_risk_of_its_own(team, editor):
    system = make_system(team, actor=editor)
    make_profile(system, actor=editor, answers=CHATBOT | {"classification_task": "yes"})
    found = states(system)
    variant = found["transferattack"]
    assert found["evasion"].status is variant.status is Status.APPLICABLE
    assert variant.judged_with.key == "evasion"

    make_profile(system, actor=editor, answers=CHATBOT)
    assert states(system)["transferattack"].status is Status.NOT_APPLICABLE
    make_risk(system, actor=editor, threat="transferattack")
    assert states(system)["transferattack"].status is Status.APPLICABLE
    assert states(system)["evasion"].status is Status.NOT_APPLICABLE


def test_variants_are_counted_with_their_threat_and_shown_only_with_a_risk(system, editor):
    before = states_of(system, current(), at=timezone.localdate())
    assert sum(before.counts.values()) == len(before.shown) == 22

    make_risk(system, actor=editor, threat="transferattack")
    after = states_of(system, current(), at=timezone.localdate())
    assert (sum(after.counts.values()), len(after.shown)) == (22, 23)
    assert [state.threat.key for state in after.unruled] == ["transferattack"]


def test_an_own_threat_by_hand_applies_once_somebody_adds_it(system, editor):
    key = make_own_threat().key
    assert states(system)[key].status is Status.NOT_APPLICABLE
    make_risk(system, actor=editor, threat=key)
    assert states(system)[key].status is Status.APPLICABLE


def test_the_party_that_a_person_set_counts(system):
    Responsibility.objects.create(
        team=system.team,
        system=system,
        threat_key="indirectpromptinjection",
        party="shared",
        reason="Agreed in the contract.",
        set_by_name="Editor",
    )
    state = states(system)["indirectpromptinjection"]
    assert (state.party, state.setting.set_by_name) == ("shared", "Editor")


def test_what_is_superseded_or_of_another_system_does_not_hold(system, team, editor):
    other = make_system(team, actor=editor, name="Other")
    dismiss(other, "indirectpromptinjection")
    ended = dismiss(system, "directpromptinjection")
    Dismissal.objects.filter(pk=ended.pk).update(superseded_at=timezone.now())

    held = in_force_of(system, current())

    assert (held.dismissals, held.parties, held.review) == ({}, {}, None)
    assert held.answers == CHATBOT
    assert in_force_of(other, current()).profile is None


def test_the_last_review_holds_with_profile_and_edition(system):
    profile = Profile.objects.get()
    Review.objects.create(
        team=system.team, system=system, profile=profile, edition="2026-01-01", reviewed_by_name="Editor"
    )
    held = in_force_of(system, current())
    assert (held.review.profile_id, held.review.edition) == (profile.pk, "2026-01-01")
    assert (held.profile.number, held.profile.at) == (1, profile.at)


def test_the_states_cost_two_queries_however_many_risks_there_are(system, editor, django_assert_num_queries):
    seen, catalog = system_to_see(editor, system.pk), current()
    with django_assert_num_queries(2):
        states_of(seen, catalog, at=timezone.localdate())
    for risk in confirm_threats(system.pk, actor=editor):
        make_rating(risk, actor=editor)
        make_treatment(risk, actor=editor)
    with django_assert_num_queries(2):
        for state in states_of(seen, catalog, at=timezone.localdate()).states.values():
            assert state.treatment_word or not state.risk
