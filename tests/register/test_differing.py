"""What waits for a review, as a function of what was seen and what holds now. Pure: no database."""

import copy

from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.content import read_content
from catalog.profile import PACKAGED_EDITION
from catalog.reading import catalog_of, packaged
from risks.register.differing import Ground, Held, difference
from risks.systems.rules import identify
from tests.make import CHATBOT
from tests.register.test_another_look import renamed
from tests.systems.profiles import valid_answers

CATALOG = packaged()
EVERY = sorted(CATALOG.threats)
KEY, UNKNOWN = "indirectpromptinjection", "agentmessagestructuremanipulation"


def ground(catalog=CATALOG, **changes):
    return Ground(catalog, CHATBOT | changes)


def applicable(answers):
    verdicts = identify(CATALOG.rule_set, answers).verdicts
    return frozenset(key for key, verdict in verdicts.items() if verdict.status == "applicable")


def of(found, group):
    return {row.threat: row for row in found.of(group)}


def test_before_the_first_review_all_that_applies_is_new():
    found = difference(None, ground(), Held())

    assert found.is_first
    assert set(of(found, "new")) == applicable(CHATBOT)
    assert UNKNOWN in of(found, "unknown")
    assert found.sentence == f"{len(applicable(CHATBOT))} threats wait for a first review"
    assert all(row.preset == "register" for row in found.of("new"))


def test_what_was_put_off_waits_and_is_not_new_again():
    found = difference(ground(), ground(), Held(open=applicable(CHATBOT) - {KEY}))

    assert set(of(found, "waiting")) == {KEY}
    assert not found.is_behind
    assert (found.unregistered, found.sentence) == (1, "1 threat was left for later")


def test_a_risk_whose_threat_no_longer_applies_asks_for_a_judgement_without_preset():
    now = ground(untrusted_data_in_prompt="no")
    found = difference(ground(), now, Held(open=applicable(CHATBOT)))

    row = of(found, "dropped")[KEY]
    assert (row.choices, row.preset, row.needs_choice) == (("keep", "dismiss"), None, True)
    assert row.what == ("Does not apply any more.",)
    assert row.before != row.after
    assert row.before
    assert row.after
    assert found.sentence == "1 threat no longer applies"


def test_a_risk_whose_threat_is_not_known_any_more_asks_too():
    now = ground(untrusted_data_in_prompt="unknown")
    row = of(difference(ground(), now, Held(open=applicable(CHATBOT))), "dropped")[KEY]

    assert row.what == ("Not known any more.",)


def test_a_new_threat_says_why_it_applies_and_why_it_did_not():
    now = ground(classification_task="yes")
    found = difference(ground(), now, Held(open=applicable(CHATBOT)))

    row = of(found, "new")["evasion"]
    assert row.before
    assert row.after
    assert found.sentence == "1 threat is new"


def test_another_party_is_a_change_and_a_person_s_word_is_told_beside_it():
    now = ground(run_by="own")
    held = Held(open=applicable(CHATBOT), parties={"inputdataleak": "supplier"})
    changed = of(difference(ground(), now, held), "changed")

    assert changed["airesourceexhaustion"].what == ("Duty by the rules: shared → own.",)
    assert changed["inputdataleak"].what == (
        "Duty by the rules: shared → own.",
        "A person set it to supplier; that still holds.",
    )
    assert not changed["inputdataleak"].choices


def test_modifiers_gained_and_lost_are_told():
    without = ground(triggers_actions="no")
    held = Held(open=applicable(CHATBOT))

    assert of(difference(ground(), without, held), "changed")[KEY].what == ("Its impact is no longer raised.",)
    assert of(difference(without, ground(), held), "changed")[KEY].what == ("Its impact goes up.",)


def test_a_dismissed_threat_is_quiet_until_it_begins_to_apply():
    held = Held(dismissed=frozenset({UNKNOWN}))

    assert UNKNOWN not in {row.threat for row in difference(ground(), ground(), held).rows}
    row = of(difference(ground(), ground(structured_agent_messages="yes"), held), "changed")[UNKNOWN]
    assert row.what == ("Applies now. It is dismissed.",)


def test_a_threat_of_another_name_is_the_same_threat():
    content = copy.deepcopy(read_content(PACKAGED_EDITION)) | {"edition": "2027-01-01"}
    renamed(content)
    answers = {"classification_task": "yes"}
    held = Held(open=applicable(CHATBOT | answers) - {"evasion"} | {"adversarialinput"})

    found = difference(ground(**answers), ground(catalog_of(content), **answers), held)

    assert {row.group for row in found.rows} == {"unknown"}


def test_a_threat_that_the_catalog_has_no_more_is_kept_or_dismissed_by_a_person():
    content = copy.deepcopy(read_content(PACKAGED_EDITION)) | {"edition": "2027-01-01"}
    renamed(content)
    entry = next(threat for threat in content["threats"] if threat["key"] == "adversarialinput")
    entry["aliases"] = []
    answers = {"classification_task": "yes"}
    held = Held(open=applicable(CHATBOT | answers))

    found = difference(ground(**answers), ground(catalog_of(content), **answers), held)

    assert of(found, "dropped")["evasion"].what == ("The catalog has it no more.",)
    assert set(of(found, "new")) == {"adversarialinput"}


@settings(max_examples=60, deadline=None)
@given(valid_answers, valid_answers, st.sets(st.sampled_from(EVERY)), st.sets(st.sampled_from(EVERY)))
def test_every_threat_stands_in_one_group_and_what_a_person_said_is_never_asked_again(before, after, some, others):
    held = Held(open=frozenset(some), dismissed=frozenset(others - some))
    found = difference(Ground(CATALOG, before), Ground(CATALOG, after), held)

    keys = [row.threat for row in found.rows]
    assert len(keys) == len(set(keys))
    assert not {row.threat for row in found.of("new", "waiting", "unknown")} & (held.open | held.dismissed)
    assert {row.threat for row in found.of("new", "waiting")} == applicable(after) - held.open - held.dismissed
    assert {row.threat for row in found.of("dropped")} <= held.open
    # Seen once, the same again is no news.
    again = difference(Ground(CATALOG, after), Ground(CATALOG, after), held)
    assert not again.is_behind
