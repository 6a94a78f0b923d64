"""What waits for others too long is told so, to people and programs, and nothing that was typed is lost."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections, transaction

from catalog.reading import current
from journal.errors import BUSY
from journal.writing import lock, wait_for_turn
from risks.register.models import Dismissal, Rating, Risk, Treatment
from risks.register.reviews import review_state
from risks.systems.models import AISystem
from tests.make import make_profile, make_risk, make_system, make_team, make_treatment, make_user

RATING = {"kind": "current", "likelihood": 2, "impact": 3, "reason": "Seen at a desk nearby."}


@pytest.fixture
def officer(committed_db: None) -> Any:
    return make_user("officer", "officer")


@pytest.fixture
def risk(officer: Any) -> Risk:
    system = make_system(make_team("Claims"), actor=officer)
    make_profile(system, actor=officer)
    return Risk.objects.get(pk=make_treatment(make_risk(system, actor=officer), actor=officer).pk)


def impatient[T](call: Callable[[], T]) -> T:
    """The answer to a call on a connection of its own that hardly waits for anybody."""
    answers: list[T] = []

    def run() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '20ms'")
            answers.append(call())
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return answers[0]


def test_a_program_is_told_when_to_try_again(risk: Risk, officer: Any, api_of: Any) -> None:
    program = api_of(officer)
    etag = program.get(f"/api/v1/risks/{risk.pk}/")["ETag"]
    path = f"/api/v1/risks/{risk.pk}/ratings/"
    with transaction.atomic():
        wait_for_turn("scale")
        answer = impatient(lambda: program.send("post", path, RATING, if_match=etag))
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
    assert (answer["Retry-After"], answer.json()["detail"]) == ("30", BUSY)
    assert not Rating.objects.exists()
    assert program.send("post", path, RATING, if_match=etag).status_code == 201


def test_a_form_comes_back_as_it_was_typed(risk: Risk, officer: Any, client_of: Any) -> None:
    browser, path = client_of(officer), f"/risks/{risk.pk}/rating/"
    sent = RATING | {"expected_version": risk.version}
    with transaction.atomic():
        wait_for_turn("scale")
        answer = impatient(lambda: browser.post(path, sent))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert BUSY in page
    assert RATING["reason"] in page
    assert not Rating.objects.exists()


def test_a_review_and_a_dismissal_come_back_as_they_were_typed(risk: Risk, officer: Any, client_of: Any) -> None:
    browser, typed = client_of(officer), "A clerk reads every letter first."
    state = review_state(risk.system, current())
    key = next(row.threat for row in state.difference.rows if "dismiss" in row.choices)
    said = {"expected_profile": state.number, "expected_edition": state.edition}
    forms = {
        f"/systems/{risk.system_id}/review/": said | {f"choice_{key}": "dismiss", f"reason_{key}": typed},
        f"/systems/{risk.system_id}/threats/{key}/dismissal/": {"reason": typed},
    }
    for path, sent in forms.items():
        with transaction.atomic():
            lock(AISystem, risk.system_id)
            answer = impatient(lambda path=path, sent=sent: browser.post(path, sent))  # type: ignore[misc]
        page = answer.content.decode()
        assert answer.status_code == 422, path
        assert BUSY in page
        assert typed in page
    assert not Dismissal.objects.exists()


def test_a_change_of_many_risks_stays_chosen(risk: Risk, officer: Any, client_of: Any) -> None:
    browser = client_of(officer)
    sent = {"risks": f"{risk.pk}.{risk.version}", "status": "in_progress", "note": "It began on Monday."}
    with transaction.atomic():
        wait_for_turn("scale")
        answer = impatient(lambda: browser.post("/risks/changes/", sent))
    page = answer.content.decode()
    assert answer.status_code == 503
    assert BUSY in page
    assert sent["note"] in page
    assert Treatment.objects.in_force().get().status == "open"


def test_a_button_answers_with_a_page_that_says_so(risk: Risk, officer: Any, client_of: Any) -> None:
    browser = client_of(officer)
    with transaction.atomic():
        lock(AISystem, risk.system_id)
        answer = impatient(lambda: browser.post(f"/risks/{risk.pk}/look/", {"expected_version": risk.version}))
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert BUSY in answer.content.decode()
    assert Risk.objects.get().version == risk.version
