"""Risks as the tests of the register need them: one that is rated or treated, three of a system, a filled register."""

from datetime import timedelta

import pytest
from django.utils import timezone

from risks.register.models import Risk
from risks.systems.models import AISystem
from tests.make import make_component, make_rating, make_risk, make_supplier, make_treatment
from tests.register.register_of_many import CLASSIFIER, fill
from tests.register.verbs import make_acceptance, propose


@pytest.fixture
def outside(risk, editor):
    """Rated likelihood 4, impact 4: outside appetite."""
    return make_rating(risk, actor=editor)


@pytest.fixture
def mitigated(risk, editor, owner):
    """A risk that the owner mitigates, due in seven days."""
    return make_treatment(risk, actor=editor, owner=owner)


@pytest.fixture
def risks(system, editor, owner):
    """Three treated risks of one system."""
    threats = ("indirectpromptinjection", "directpromptinjection", "inputdataleak")
    return [make_treatment(make_risk(system, actor=editor, threat=key), actor=editor, owner=owner) for key in threats]


@pytest.fixture
def register(team, editor, owner, other_team, outsider):
    """Three systems of two teams, with all their risks."""
    return [
        fill(team, editor, owner, rated=9, treated=8),
        fill(team, editor, owner, name="Card fraud classifier", answers=CLASSIFIER),
        fill(other_team, outsider, outsider, name="Payment check"),
    ]


@pytest.fixture
def full_register(register, editor, owner, officer, outsider):
    """The same with tags and suppliers on its systems, and acceptances that wait, hold, and end soon."""
    claims, fraud, payments = register
    for system, words in ((claims, ["Front office"]), (fraud, ["Money"]), (payments, ["money", "Secret"])):
        AISystem.objects.filter(pk=system.pk).update(tags=words)
    make_component(claims, supplier=make_supplier())
    today = timezone.localdate()
    inside = Risk.objects.filter(system=claims, current_level=None).order_by("number")[:3]
    for risk, days in zip(inside, (20, 60, 100), strict=True):
        make_rating(risk, actor=editor, likelihood=1, impact=2)
        make_acceptance(risk, owner, officer, until=today + timedelta(days=days))
    outside = Risk.objects.filter(system=fraud, current_level__gte=4).order_by("number")
    propose(outside[0], owner, until=today + timedelta(days=20))
    return register
