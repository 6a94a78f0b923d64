"""Two people at once: one decision holds, one proposal waits, and a rating beats an approval or comes after it."""

import pytest
from django.core.exceptions import ValidationError

from journal.errors import Conflict
from journal.models import Event
from risks.register.models import Acceptance, Risk
from tests.make import make_rating, make_risk, make_system, make_team, make_user
from tests.register.verbs import approve, propose, rate, refuse
from tests.whole.test_conflicts import at_once


@pytest.fixture
def people(committed_db):
    team = make_team("Claims")
    people = {name: make_user(name, in_team={team: "editor"}) for name in ("editor", "second")}
    people |= {name: make_user(name, "officer") for name in ("officer", "deputy")}
    risk = make_risk(make_system(team, actor=people["editor"]), actor=people["editor"])
    return people | {"risk": make_rating(risk, actor=people["editor"])}


def outcome(call):
    def tried():
        try:
            return call().state
        except (Conflict, ValidationError) as error:
            return type(error).__name__

    return tried


def test_two_officers_decide_and_one_of_them_is_told(people):
    acceptance = propose(people["risk"], people["editor"])
    answers = at_once(
        outcome(lambda: approve(acceptance, people["officer"])), outcome(lambda: refuse(acceptance, people["deputy"]))
    )
    state = Acceptance.objects.get().state
    assert sorted(answers) == sorted([Conflict.__name__, state])
    assert Event.objects.filter(verb__in=["acceptance.approved", "acceptance.refused"]).count() == 1


def test_two_propose_and_one_waits(people):
    answers = at_once(
        *[outcome(lambda who=who: propose(people["risk"], people[who])) for who in ("editor", "second", "officer")]
    )
    assert sorted(answers) == ["ValidationError", "ValidationError", "proposed"]
    assert Acceptance.objects.count() == 1


def test_a_rating_beside_an_approval_leaves_no_acceptance_of_another_rating(people):
    acceptance = propose(people["risk"], people["editor"])
    at_once(
        outcome(lambda: approve(acceptance, people["officer"])),
        outcome(lambda: rate(people["risk"], people["second"], likelihood=5, impact=5)),
    )
    assert Acceptance.objects.get().state in ("proposed", "stale")
    assert Risk.objects.get().current_likelihood == 5
