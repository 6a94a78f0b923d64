"""C1: two people change one thing at once; one version wins whole, and the other is never silently gone."""

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.db import connections

from catalog.reading import packaged
from journal.models import Event
from journal.recording import SYSTEM
from risks.register import services as register
from risks.register import treating
from risks.register.models import Dismissal, Rating, Review, Risk, Treatment
from risks.systems.importing import import_systems
from risks.systems.life_cycle import archive_system
from risks.systems.models import AISystem, Profile
from risks.systems.services import systems as inventory
from tests.fixtures_database import restore_catalog
from tests.make import CHATBOT, make_team, make_treatment
from tests.systems.imports.files import a_csv
from tests.whole.policy import a_draft, in_a_week
from tests.whole.world import EARLIER, World, build_world, load_earlier_edition


@pytest.fixture(scope="module")
def kept_editions(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[str, ...]]:
    """The earlier edition, which each world needs and none changes, is loaded once."""
    with django_db_blocker.unblock():
        load_earlier_edition()
    yield (packaged().edition, EARLIER)
    with django_db_blocker.unblock():
        restore_catalog((packaged().edition,))
        connections.close_all()


@pytest.fixture
def town(committed_db: None) -> World:
    """A world whose commits are real."""
    return build_world()


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run the calls in threads that start together; their answers in order."""
    barrier = threading.Barrier(len(calls))
    answers: list[Any] = [None] * len(calls)

    def run(index: int, call: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            answers[index] = call()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index, call)) for index, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def rate_by_api(town: World, person: str, impact: int, etag: str) -> Any:
    body = {"kind": "current", "likelihood": 3, "impact": impact, "reason": f"Said {person}."}
    path = f"/api/v1/risks/{town.risk.pk}/ratings/"
    return town.programs[person].send("post", path, body, if_match=etag)  # type: ignore[attr-defined]


def rate_by_form(town: World, person: str, impact: int, version: int) -> Any:
    body = {
        "kind": "current",
        "likelihood": 3,
        "impact": impact,
        "reason": f"Said {person}.",
        "expected_version": version,
    }
    return town.browsers[person].post(f"/risks/{town.risk.pk}/rating/", body)


def test_two_programs_rate_one_risk(town: World) -> None:
    etag = town.programs["editor"].get(f"/api/v1/risks/{town.risk.pk}/")["ETag"]
    answers = at_once(
        lambda: rate_by_api(town, "editor", 1, etag),
        lambda: rate_by_api(town, "officer", 5, etag),
    )
    assert sorted(answer.status_code for answer in answers) == [201, 412]
    assert Rating.objects.in_force().filter(risk=town.risk, kind="current").count() == 1


def test_a_form_and_a_program_rate_one_risk(town: World) -> None:
    etag = town.programs["editor"].get(f"/api/v1/risks/{town.risk.pk}/")["ETag"]
    version = town.risk_version()
    by_form, by_program = at_once(
        lambda: rate_by_form(town, "editor", 1, version),
        lambda: rate_by_api(town, "officer", 5, etag),
    )
    assert (by_form.status_code, by_program.status_code) in [(302, 412), (409, 201), (422, 201)]
    rating = Rating.objects.in_force().get(risk=town.risk, kind="current")
    assert (rating.impact, rating.reason) in [(1, "Said editor."), (5, "Said officer.")]


def test_a_stale_form_shows_both_versions_and_keeps_what_was_typed(town: World) -> None:
    version = town.risk_version()
    assert rate_by_form(town, "officer", 5, version).status_code == 302
    late = rate_by_form(town, "editor", 1, version)
    assert late.status_code in (409, 422)
    page = late.content.decode()
    assert "Said officer." in page
    assert "Said editor." in page
    assert Rating.objects.in_force().get(risk=town.risk, kind="current").reason == "Said officer."


def test_a_stale_profile_shows_both_versions_and_keeps_what_was_typed(town: World) -> None:
    path = f"/systems/{town.system.pk}/profile/"
    theirs = CHATBOT | {"text_output": "no", "expected_number": 1}
    mine = CHATBOT | {"triggers_actions": "no", "expected_number": 1}
    assert town.browsers["officer"].post(path, theirs).status_code == 302
    late = town.browsers["editor"].post(path, mine)
    assert late.status_code in (409, 422)
    assert Profile.objects.in_force().get(system=town.system).answers["triggers_actions"] == "yes"
    assert late.context["form"]["triggers_actions"].value() == "no"
    again = town.browsers["editor"].post(path, mine | {"expected_number": 2})
    assert again.status_code == 302


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("patch", "/api/v1/systems/{system}/", {"purpose": "Other."}),
        ("post", "/api/v1/systems/{system}/archive/", {"reason": "Switched off."}),
        ("post", "/api/v1/systems/{archived}/restore/", {}),
        ("post", "/api/v1/systems/{system}/duplicate/", {"name": "Another"}),
        ("put", "/api/v1/systems/{system}/profile/", CHATBOT | {"text_output": "no"}),
        ("patch", "/api/v1/risks/{risk}/", {"description": "Other."}),
        ("post", "/api/v1/risks/{risk}/ratings/", {"kind": "current", "likelihood": 1, "impact": 1, "reason": "x"}),
        ("post", "/api/v1/risks/{risk}/reviews/", {"reason": "It stands."}),
        ("patch", "/api/v1/risks/{risk}/treatment/", {"status": "done"}),
        ("post", "/api/v1/systems/{system}/review/", {"decisions": {}}),
        ("post", "/api/v1/systems/{system}/dismissals/agentescape/withdrawal/", {"reason": "It counts."}),
    ],
)
def test_the_api_asks_which_version_was_read(town: World, method: str, path: str, body: Any) -> None:
    program, address = town.programs["editor"], path.format(**town.ids)
    before = snapshot()
    missing = program.send(method, address, body)  # type: ignore[attr-defined]
    stale = program.send(method, address, body, if_match='"v.0"')  # type: ignore[attr-defined]
    assert (missing.status_code, stale.status_code) == (428, 412)
    assert snapshot() == before


def test_many_confirmations_at_once_make_each_risk_once(town: World) -> None:
    path = f"/systems/{town.system.pk}/confirm/"
    answers = at_once(*[lambda: town.browsers["editor"].post(path) for _ in range(8)])
    assert {answer.status_code for answer in answers} == {302}
    keys = list(Risk.objects.filter(system=town.system).values_list("threat_key", flat=True))
    numbers = sorted(Risk.objects.values_list("number", flat=True))
    assert len(keys) == len(set(keys))
    assert numbers == list(range(1, len(numbers) + 1))
    assert Event.objects.filter(verb="risk.registered").count() == len(keys)


def test_many_reviews_at_once_register_each_threat_once(town: World) -> None:
    path = f"/systems/{town.system.pk}/review/"
    body = {
        "expected_profile": 1,
        "expected_edition": "2026-08-22",
        "choice_datapoison": "register",
        "choice_inputdataleak": "register",
    }
    answers = at_once(*[lambda: town.browsers["editor"].post(path, body) for _ in range(4)])
    assert {answer.status_code for answer in answers} == {302}
    for key in ("datapoison", "inputdataleak"):
        assert Risk.objects.filter(system=town.system, threat_key=key).count() == 1
    assert Review.objects.in_force().filter(system=town.system).count() == 1


def test_a_threat_is_registered_or_dismissed_never_both(town: World) -> None:
    dismiss, confirm = f"/systems/{town.system.pk}/threats/datapoison/dismissal/", f"/systems/{town.system.pk}/confirm/"
    at_once(
        lambda: town.browsers["editor"].post(dismiss, {"reason": "The supplier shows its tests."}),
        lambda: town.browsers["officer"].post(confirm),
    )
    dismissal = Dismissal.objects.in_force().get(system=town.system, threat_key="datapoison")
    risk = Risk.objects.filter(system=town.system, threat_key="datapoison").first()
    assert dismissal.risk == risk  # confirmed first: dismissed with it; dismissed first: not registered
    assert risk is None or risk.dismissed_at is not None


def test_a_treatment_given_twice_at_once_is_in_force_once(town: World) -> None:
    version = town.risk_version()
    body = {
        "option": "avoid",
        "plan": "Stop it.",
        "decided_by": "Head of Claims",
        "owner": town.people["editor"].pk,
        "due": in_a_week(),
        "expected_version": version,
    }
    path = f"/risks/{town.risk.pk}/treatment/"
    answers = at_once(*[lambda: town.browsers["officer"].post(path, body) for _ in range(4)])
    assert sorted(answer.status_code for answer in answers)[0] == 302
    assert [answer.status_code for answer in answers].count(302) == 1
    assert Treatment.objects.in_force().filter(risk=town.risk).count() == 1


def test_an_import_sent_many_times_at_once_is_done_once(town: World) -> None:
    path, body = f"/systems/import/{town.ids['draft']}/", a_draft(town)
    answers = at_once(*[lambda: town.browsers["editor"].post(path, body) for _ in range(4)])
    assert {answer.status_code for answer in answers} == {302}
    assert AISystem.objects.filter(name="Mail sorter").count() == 1
    assert Event.objects.filter(verb="system.registered", object_label__endswith="Mail sorter").count() == 1


@pytest.mark.parametrize("verb", ["rate", "update"])
def test_nothing_is_written_below_a_system_after_it_was_archived(town: World, monkeypatch: Any, verb: str) -> None:
    make_treatment(town.risk, actor=SYSTEM, owner=town.people["editor"])
    allowed, archived = threading.Event(), threading.Event()
    at_version = register.must_be_at  # asked once it is known that the system is not archived

    def late(risk: Risk, expected_version: int | None) -> None:
        allowed.set()
        archived.wait(1)
        at_version(risk, expected_version)

    for module in (register, treating):
        monkeypatch.setattr(module, "must_be_at", late)

    def write() -> None:
        said = {"actor": SYSTEM, "expected_version": None}
        if verb == "rate":
            judged = {"kind": "current", "likelihood": 2, "impact": 2, "reason": "Tested."}
            register.rate_risk(town.risk.pk, **said, **judged)  # type: ignore[arg-type]
        else:
            treating.update_treatment(town.risk.pk, **said, status="in_progress", note="")  # type: ignore[arg-type]

    def archive() -> None:
        allowed.wait(5)
        archive_system(town.system.pk, actor=SYSTEM, reason="Switched off.", expected_version=None)
        archived.set()

    at_once(write, archive)
    assert Event.objects.order_by("-pk").values_list("verb", flat=True)[0] == "system.archived"


def test_imports_that_name_two_teams_in_either_order_do_not_wait_for_each_other(town: World, monkeypatch: Any) -> None:
    make_team("Letters")
    header, both = ("name", "purpose", "team"), threading.Barrier(2)
    files = [
        a_csv(header, *[(f"Sorter {number} of {team}", "Sorts.", team) for team in teams])
        for number, teams in enumerate([("Claims", "Letters"), ("Letters", "Claims")])
    ]
    waited, numbered = threading.local(), inventory.next_number

    def late(*args: Any) -> int:
        """Both have their first team before either draws a number."""
        if not hasattr(waited, "once"):
            waited.once = True
            with suppress(threading.BrokenBarrierError):
                both.wait(1)
        return numbered(*args)

    monkeypatch.setattr(inventory, "next_number", late)
    imported = at_once(*[lambda raw=raw: import_systems(raw, actor=SYSTEM) for raw in files])

    assert [len(systems) for systems in imported] == [2, 2]


def snapshot() -> list[Any]:
    tables = (AISystem, Profile, Risk, Rating, Treatment, Dismissal, Review)
    return [list(table.objects.order_by("pk").values()) for table in tables]
