"""Which controls apply and why: every branch of the rule, without a database."""

import pytest

from catalog.reading import packaged
from catalog.vocabulary import Strength
from risks.register.threat_states import Status, ThreatState
from risks.reports.applicability import GENERAL, UNCALLED, Use, control_state

CATALOG = packaged()


def state(key: str, status: Status, *, judged_with: str = "") -> ThreatState:
    return ThreatState(
        threat=CATALOG.threats[key],
        status=status,
        verdict=None,
        party=None,
        setting=None,
        risk=None,
        dismissal=None,
        judged_with=CATALOG.threats[judged_with] if judged_with else None,
        days_late=0,
    )


def judged(control: str, *, is_general: bool = False, options=(), also=(), **statuses: Status):
    states = {key: state(key, status) for key, status in statuses.items()} | {each.threat.key: each for each in also}
    links = CATALOG.threats_for(control)
    return control_state(CATALOG.controls[control], links, states, is_general=is_general, options=options)


def test_a_control_applies_when_a_threat_that_applies_calls_for_it() -> None:
    found = judged("inputsegregation", indirectpromptinjection=Status.APPLICABLE, evasion=Status.APPLICABLE)
    assert (found.use, found.reasons) == (Use.APPLICABLE, ("Called for by Indirect prompt injection.",))
    assert found.applies
    assert [link.threat.key for link in found.called_by] == ["indirectpromptinjection"]


def test_a_control_that_stands_with_a_group_is_called_for_by_the_threats_below_it() -> None:
    inherited = next(
        link
        for link in CATALOG.links
        if link.strength is Strength.INHERITED and link.threat.key == "indirectpromptinjection"
    )
    found = judged(inherited.control.key, indirectpromptinjection=Status.APPLICABLE)
    assert found.use is Use.APPLICABLE


def test_a_general_control_applies_to_every_system_and_names_who_stresses_it() -> None:
    assert judged("aiprogram", is_general=True).reasons == (GENERAL,)
    found = judged("oversight", is_general=True, indirectpromptinjection=Status.APPLICABLE)
    assert (found.use, found.reasons) == (Use.APPLICABLE, (GENERAL, "Called for by Indirect prompt injection."))


def test_a_link_that_is_only_general_calls_for_nothing() -> None:
    assert judged("aiprogram", evasion=Status.APPLICABLE).use is Use.NOT_APPLICABLE


def test_an_option_is_optional_whatever_else_calls_for_it() -> None:
    option = "Someone else trained the model."
    assert judged("poisonrobustmodel", options=[option]).reasons == (option,)
    found = judged("poisonrobustmodel", options=[option], supplymodelpoison=Status.APPLICABLE)
    assert (found.use, found.applies) == (Use.OPTIONAL, True)
    assert found.reasons == (option, "Called for by Supply-chain model poisoning (post-training).")


def test_what_only_an_open_question_calls_for_is_not_known_yet() -> None:
    found = judged("inputsegregation", indirectpromptinjection=Status.UNDETERMINED)
    assert (found.use, found.reasons) == (Use.UNDETERMINED, ("Would be called for by Indirect prompt injection.",))
    assert not found.applies
    assert found.called_by == ()


def test_what_only_a_dismissed_threat_calls_for_does_not_apply() -> None:
    found = judged("inputsegregation", indirectpromptinjection=Status.DISMISSED)
    assert (found.use, found.reasons) == (
        Use.NOT_APPLICABLE,
        ("Only dismissed threats call for it: Indirect prompt injection.",),
    )


@pytest.mark.parametrize("status", [Status.NOT_APPLICABLE, None])
def test_what_nothing_calls_for_does_not_apply(status: Status | None) -> None:
    statuses = {"indirectpromptinjection": status} if status else {}
    found = judged("inputsegregation", **statuses)
    assert (found.use, found.reasons) == (Use.NOT_APPLICABLE, (UNCALLED,))


def test_a_threat_that_applies_goes_before_one_that_is_not_known() -> None:
    found = judged("monitoruse", indirectpromptinjection=Status.UNDETERMINED, modelexfiltration=Status.APPLICABLE)
    assert found.reasons == ("Called for by Model exfiltration.",)


def test_a_variant_is_named_only_where_its_threat_does_not_call_for_it() -> None:
    variant = state("transferattack", Status.APPLICABLE, judged_with="evasion")
    found = judged("devsecurity", also=[variant], evasion=Status.APPLICABLE)
    assert found.reasons == ("Called for by Transferability-based evasion (unless the model is publicly available).",)
    found = judged("evasioninputhandling", also=[variant], evasion=Status.APPLICABLE)
    assert found.reasons == ("Called for by Evasion.",)


def test_what_the_source_excludes_calls_for_nothing() -> None:
    variant = state("transferattack", Status.APPLICABLE, judged_with="evasion")
    assert judged("ratelimit", also=[variant]).use is Use.NOT_APPLICABLE
