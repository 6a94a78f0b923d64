"""What is written below a system holds the system first: nobody archives it or answers its profile in between."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from risks.register.accepting import decide_acceptance, propose_acceptance, withdraw_acceptance
from risks.register.commenting import comment_on_risk, take_back_comment
from risks.register.models import Risk
from tests.make import make_proposal, make_rating


def propose(risk: Risk, editor, officer) -> None:
    until = timezone.localdate() + timedelta(days=30)
    propose_acceptance(risk.pk, actor=editor, reason="Rare.", conditions="", until=until, expected_version=None)


def decide(risk: Risk, editor, officer) -> None:
    decide_acceptance(make_proposal(risk, actor=editor).pk, actor=officer, approve=True, note="")


def withdraw(risk: Risk, editor, officer) -> None:
    withdraw_acceptance(make_proposal(risk, actor=editor).pk, actor=editor, reason="Not needed.")


def comment(risk: Risk, editor, officer) -> None:
    comment_on_risk(risk.pk, actor=editor, text="Seen twice.")


def take_back(risk: Risk, editor, officer) -> None:
    take_back_comment(comment_on_risk(risk.pk, actor=editor, text="Seen twice.").pk, actor=editor)


@pytest.mark.parametrize("verb", [propose, decide, withdraw, comment, take_back])
def test_a_verb_holds_the_system_before_the_risk(risk, editor, officer, verb):
    make_rating(risk, actor=editor, likelihood=1, impact=2)
    with CaptureQueriesContext(connection) as captured:
        verb(risk, editor, officer)

    held = [query["sql"].partition(" FOR UPDATE OF ")[2] for query in captured if "FOR UPDATE" in query["sql"]]
    of_risks = [tables for tables in held if '"register_risk"' in tables]
    assert of_risks
    # Rows are locked in the order in which their tables are named.
    assert set(of_risks) == {'"systems_aisystem", "register_risk"'}
