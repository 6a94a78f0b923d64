"""The verbs with values that tests need not repeat."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from journal.models import Event
from risks.register import accepting, services, treating
from risks.register.models import Treatment
from tests.make import DETAILS_OF

SOON = date(2026, 12, 1)


def newest_event(risk):
    return Event.objects.of(risk).first()


def statuses(risks):
    """How far the treatment in force of each is."""
    return [Treatment.objects.in_force().get(risk=risk).status for risk in risks]


def rate(risk, actor, **values):
    wanted = {"kind": "current", "likelihood": 3, "impact": 4, "reason": "Seen elsewhere.", "expected_version": None}
    return services.rate_risk(risk.pk, actor=actor, **(wanted | values))


def treat(risk, actor, **values):
    wanted = {"option": "mitigate", "plan": "Filter it.", "owner_id": actor.pk, "due": SOON, "expected_version": None}
    wanted["details"] = DETAILS_OF.get(values.get("option", ""), {})
    return treating.treat_risk(risk.pk, actor=actor, **(wanted | values))


def update(risk, actor, **values):
    wanted = {"status": "in_progress", "note": "", "expected_version": None}
    return treating.update_treatment(risk.pk, actor=actor, **(wanted | values))


def refusal(call):
    with pytest.raises(ValidationError) as refused:
        call()
    error = refused.value
    return error.message_dict if hasattr(error, "error_dict") else {"__all__": error.messages}


def propose(risk, actor, **values):
    until = timezone.localdate() + timedelta(days=30)
    wanted = {"reason": "The desk notices it.", "conditions": "", "until": until, "expected_version": None}
    return accepting.propose_acceptance(risk.pk, actor=actor, **(wanted | values))


def decide(acceptance, actor, **values):
    return accepting.decide_acceptance(acceptance.pk, actor=actor, **values)


def approve(acceptance, actor, **values):
    return decide(acceptance, actor, **({"approve": True, "note": ""} | values))


def refuse(acceptance, actor, **values):
    return decide(acceptance, actor, **({"approve": False, "note": "Do something."} | values))


def withdraw(acceptance, actor, **values):
    return accepting.withdraw_acceptance(acceptance.pk, actor=actor, **({"reason": "Not needed."} | values))


def make_acceptance(risk, proposer, decider, **values):
    """One in force."""
    return approve(propose(risk, proposer, **values), decider)
