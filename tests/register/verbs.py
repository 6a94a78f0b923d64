"""The verbs with values that tests need not repeat."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from journal.models import Event
from risks.register import services

SOON = date(2026, 12, 1)


def newest_event(risk):
    return Event.objects.of(risk).first()


def rate(risk, actor, **values):
    wanted = {"kind": "current", "likelihood": 3, "impact": 4, "reason": "Seen elsewhere.", "expected_version": None}
    return services.rate_risk(risk.pk, actor=actor, **(wanted | values))


def treat(risk, actor, **values):
    wanted = {"option": "mitigate", "plan": "Filter it.", "owner_id": actor.pk, "due": SOON, "expected_version": None}
    return services.treat_risk(risk.pk, actor=actor, **(wanted | values))


def update(risk, actor, **values):
    wanted = {"status": "in_progress", "note": "", "expected_version": None}
    return services.update_treatment(risk.pk, actor=actor, **(wanted | values))


def refusal(call):
    with pytest.raises(ValidationError) as refused:
        call()
    return refused.value.message_dict
