"""The responsibility matrix as a function of plain values."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from catalog.reading import packaged
from risks.assurance.matrix import matrix
from risks.systems.choices import Party
from risks.systems.rules import identify
from tests.make import CHATBOT

CATALOG = packaged()


@dataclass
class Set:
    """What a person set."""

    party: str
    pk: int = 7
    reason: str = "Agreed."
    set_by_name: str = "Editor"
    at: datetime = datetime(2026, 11, 14, tzinfo=UTC)


@dataclass
class Risk:
    threat_key: str
    pk: int = 1
    rated_level: int | None = None


def matrix_of(answers=CHATBOT, *, settings=None, risks=None):
    identification = identify(CATALOG.rule_set, answers)
    return matrix(CATALOG, identification, settings=settings or {}, risks=risks or {})


@pytest.mark.parametrize(
    ("threat", "party"),
    [
        ("directpromptinjection", Party.SHARED),
        ("indirectpromptinjection", Party.OWN),
        ("devmodelpoison", Party.SUPPLIER),
        ("runtimemodelpoison", Party.SUPPLIER),
    ],
)
def test_the_rules_party_holds_by_default(threat, party):
    duty = matrix_of().duty(threat)

    assert (duty.party, duty.default, duty.is_overridden, duty.version) == (party, party, False, 0)
    assert duty.why


def test_what_a_person_set_is_in_force_beside_the_default():
    duty = matrix_of(settings={"devmodelpoison": Set("own")}).duty("devmodelpoison")

    assert (duty.party, duty.default, duty.version) == (Party.OWN, Party.SUPPLIER, 7)
    assert [(cell.is_in_force, cell.is_default) for cell in duty.cells] == [
        (True, False),
        (False, False),
        (False, True),
    ]


def test_threats_that_do_not_apply_have_no_row_and_undetermined_ones_stand_apart():
    found = matrix_of(CHATBOT | {"classification_task": "unknown"})

    assert found.duty("evasion") is None
    assert found.duty("devdataleak") is None
    evasion = next(row for row in found.undetermined if row.threat.key == "evasion")
    assert evasion.why == (
        "It is not known yet whether it puts things into classes; “Yes” makes this threat apply, “No” rules it out.",
    )


def test_a_risk_added_by_hand_has_a_row_that_nobody_answers_for_yet():
    duty = matrix_of(risks={"evasion": Risk("evasion", rated_level=4)}).duty("evasion")

    assert (duty.party, duty.default, duty.level, duty.level_word) == (None, None, 4, "High")


def test_a_setting_for_a_threat_that_no_longer_applies_is_left_out():
    assert matrix_of(settings={"evasion": Set("own")}).duty("evasion") is None


def test_rows_come_in_the_order_of_the_catalog_and_are_counted_by_party():
    found = matrix_of()

    keys = [duty.threat.key for duty in found.duties]
    assert keys == [key for key in CATALOG.threats if key in keys]
    assert sum(count for _, count in found.counts) == len(found.duties)


def test_a_key_of_an_earlier_edition_still_counts():
    duty = matrix_of(settings={"denialmodelservice": Set("own")}).duty("airesourceexhaustion")

    assert (duty.party, duty.default) == (Party.OWN, Party.SHARED)


def test_a_supplier_is_only_needed_where_one_answers_for_something():
    alone = CHATBOT | {"trained_by": ["own"], "run_by": "own"}

    assert matrix_of().needs_supplier
    assert not matrix_of(alone).needs_supplier


def test_a_registered_risk_whose_threat_is_retired_keeps_its_row():
    gone = replace(CATALOG.threats["evasion"], key="own-gone", title="Rogue plugins", is_ours=True)
    catalog = replace(CATALOG, elsewhere_threats={"own-gone": gone})
    identification = identify(catalog.rule_set, CHATBOT)
    settings = {"own-gone": Set("supplier")}
    duty = matrix(catalog, identification, settings=settings, risks={"own-gone": Risk("own-gone")}).duty("own-gone")

    assert (duty.threat.title, duty.party, duty.is_overridden) == ("Rogue plugins", Party.SUPPLIER, True)


def test_where_two_threats_have_become_one_the_newest_setting_and_the_worst_risk_count():
    settings = {"airesourceexhaustion": Set("own"), "denialmodelservice": Set("supplier")}
    risks = {
        "denialmodelservice": Risk("denialmodelservice", 2, 5),
        "airesourceexhaustion": Risk("airesourceexhaustion"),
    }
    duty = matrix_of(settings=settings, risks=risks).duty("airesourceexhaustion")

    assert (duty.party, duty.level) == (Party.OWN, 5)
