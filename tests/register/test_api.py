"""The API of the register: representation, filters, conditional writes, refusals, and the same answers as the pages."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.access import NO_SUCH_OWNER
from journal.models import Event
from risks.register.models import Rating, Risk, Treatment
from tests.make import make_profile, make_rating, make_risk, make_system, make_treatment
from tests.reading import version_of
from tests.register.register_of_many import fill
from tests.register.test_filters import STATEMENTS, WRONG

pytestmark = pytest.mark.django_db
RISKS = "/api/v1/risks/"
RATING = {"kind": "current", "likelihood": 4, "impact": 3, "reason": "Seen in tests."}
PROBLEM = "application/problem+json"


def one(risk):
    return f"{RISKS}{risk.pk}/"


def ratings(risk):
    return f"{one(risk)}ratings/"


def treatment(risk):
    return f"{one(risk)}treatment/"


def decision(person, **values):
    return {"option": "mitigate", "plan": "Filter it.", "owner": person.pk, "due": "2026-12-24", **values}


def count_events(risk):
    return Event.objects.of(risk).count()


def etag_of(api, risk):
    return api.get(one(risk))["ETag"]


# --- Reading


def test_a_risk_is_represented_in_full(risk, editor, owner, api_of):
    make_rating(risk, actor=editor)
    make_treatment(risk, actor=editor, owner=owner)

    data = api_of(editor).get(one(risk)).json()

    assert data["reference"] == "RSK-0001"
    assert (data["threat"], data["threat_title"]) == ("indirectpromptinjection", "Indirect prompt injection")
    assert (data["system"], data["team"], data["origin"]) == (risk.system_id, risk.team_id, "hand")
    assert data["reasons"] == risk.reasons
    assert (data["rating"]["inherent"], data["rating"]["target"]) == (None, None)
    assert data["rating"]["current"]["level"] == 4
    assert data["rating"]["current"]["rated_by"] == "Editor"
    assert (data["treatment"]["owner"], data["treatment"]["status"]) == (owner.pk, "open")
    assert set(data) == {
        "id", "reference", "system", "team", "threat", "threat_title", "state", "party", "origin", "edition", "reasons",
        "another_look", "description", "rating", "treatment", "reviewed_at", "version", "created_at", "updated_at",
    }  # fmt: skip


def test_a_risk_without_rating_and_treatment_says_null(risk, editor, api_of):
    data = api_of(editor).get(one(risk)).json()
    assert data["rating"] == {"inherent": None, "current": None, "target": None}
    assert data["treatment"] is None


def test_what_is_known_already_is_not_sent_again(risk, editor, api_of):
    api = api_of(editor)
    answer = api.get(one(risk), headers={"If-None-Match": etag_of(api, risk)})
    assert (answer.status_code, answer.content) == (304, b"")


def test_a_list_shows_what_its_reader_may_see(register, editor, outsider, officer, api_of):
    for reader in (editor, outsider, officer):
        listed = {risk["id"] for risk in api_of(reader).get(f"{RISKS}?page_size=500").json()["results"]}
        assert listed == set(Risk.objects.visible_to(reader).values_list("pk", flat=True))


def test_a_list_comes_in_pages(register, officer, api_of):
    api, address, seen = api_of(officer), f"{RISKS}?page_size=10&level=4&level=5&unrated=true", []
    while address:
        page = api.get(address).json()
        seen += [risk["id"] for risk in page["results"]]
        address = page["next"]
    assert len(seen) == len(set(seen)) > 10


def test_page_and_api_filter_alike(register, officer, client_of, api_of, subtests):
    browser, program = client_of(officer), api_of(officer)
    for query in STATEMENTS:
        with subtests.test(query=query):
            page = browser.get(f"/risks/?{query}")
            listed = program.get(f"{RISKS}?page_size=500&{query}").json()["results"]
            assert page.context["page"].paginator.count == len(listed)
            if len(listed) <= 50:
                assert {row.risk.pk for row in page.context["rows"]} == {risk["id"] for risk in listed}


def test_an_unknown_filter_is_refused(officer, api_of, subtests):
    api = api_of(officer)
    for query, sentence in WRONG.items():
        with subtests.test(query=query):
            answer = api.get(f"{RISKS}?{query}")
            assert answer.status_code == 400
            assert answer["Content-Type"] == PROBLEM
            assert answer.json()["errors"] == {query.partition("=")[0]: [sentence]}


@pytest.mark.parametrize("path", ["", "treatment/", "ratings/"])
def test_parameters_that_one_resource_does_not_know_are_refused(risk, editor, api_of, path):
    make_treatment(risk, actor=editor)
    assert api_of(editor).get(f"{one(risk)}{path}?colour=red").status_code == 400


def test_a_list_asks_the_same_questions_however_long_it_is(team, editor, owner, api_of):
    fill(team, editor, owner)
    api = api_of(editor)
    api.get(RISKS)
    with CaptureQueriesContext(connection) as few:
        api.get(f"{RISKS}?level=5&option=mitigate&q=prompt")
    fill(team, editor, owner, name="One more", rated=8, treated=4)
    with CaptureQueriesContext(connection) as many:
        assert api.get(f"{RISKS}?level=5&option=mitigate&q=prompt").json()["results"]
    assert len(many) == len(few) <= 10


def test_the_history_of_ratings_can_be_read(risk, editor, api_of):
    make_rating(risk, actor=editor, likelihood=5)
    make_rating(risk, actor=editor, likelihood=2)

    newer, older = api_of(editor).get(ratings(risk)).json()["results"]

    assert (newer["likelihood"], newer["superseded_at"]) == (2, None)
    assert (older["likelihood"], older["superseded_at"]) == (5, newer["at"])


# --- Writing


def test_a_risk_is_added_by_hand(system, editor, api_of):
    answer = api_of(editor).send("post", RISKS, {"system": system.pk, "threat": "evasion", "description": "Stickers."})

    added = Risk.objects.get()
    assert answer.status_code == 201
    assert answer["Location"].endswith(one(added))
    assert answer["ETag"] == etag_of(api_of(editor), added)
    assert (added.threat_key, added.description) == ("evasion", "Stickers.")


def test_threats_are_confirmed_and_the_new_risks_answered(system, editor, api_of):
    api, address = api_of(editor), f"/api/v1/systems/{system.pk}/confirmation/"
    first, second = (api.send("post", address, {}) for _ in range(2))
    assert {risk["id"] for risk in first.json()["results"]} == set(system.risks.values_list("pk", flat=True))
    assert second.json() == {"results": [], "next": None}


def test_a_rating_is_posted(risk, editor, api_of):
    api = api_of(editor)
    answer = api.send("post", ratings(risk), RATING, if_match=etag_of(api, risk))

    assert answer.status_code == 201
    assert (answer.json()["level"], answer.json()["superseded_at"]) == (4, None)
    assert answer["ETag"] == etag_of(api, risk)


def test_a_treatment_is_put_and_its_status_patched(risk, editor, owner, api_of):
    api = api_of(editor)
    assert api.get(treatment(risk)).status_code == 404

    put = api.send("put", treatment(risk), decision(owner), if_match=etag_of(api, risk))
    assert (put.status_code, put.json()["status"], put.json()["owner_name"]) == (200, "open", "Owner")

    mine = api_of(owner)
    patched = mine.send("patch", treatment(risk), {"status": "blocked", "note": "No budget."}, if_match=put["ETag"])
    assert (patched.status_code, patched.json()["note"]) == (200, "No budget.")
    assert mine.get(treatment(risk)).json() == patched.json()


def test_a_description_is_patched(risk, editor, api_of):
    api = api_of(editor)
    answer = api.send("patch", one(risk), {"description": "Scans."}, if_match=etag_of(api, risk))
    assert (answer.status_code, answer.json()["description"], answer.json()["version"]) == (200, "Scans.", 2)


WRITES = {
    "describe": ("patch", one, lambda person: {"description": "Here."}),
    "rate": ("post", ratings, lambda person: RATING),
    "treat": ("put", treatment, decision),
    "update": ("patch", treatment, lambda person: {"status": "done"}),
}


@pytest.mark.parametrize("verb", WRITES)
def test_who_has_not_read_may_not_write(risk, editor, api_of, verb):
    make_treatment(risk, actor=editor)
    method, address, body = WRITES[verb]
    api = api_of(editor)
    stale, events = etag_of(api, risk), count_events(risk)
    assert api.send(method, address(risk), body(editor)).status_code == 428

    make_rating(risk, actor=editor, likelihood=1)
    assert api.send(method, address(risk), body(editor), if_match=stale).status_code == 412
    assert api.send(method, address(risk), body(editor), if_match='"nonsense"').status_code == 412
    assert count_events(risk) == events + 1

    fresh = etag_of(api, risk)
    assert api.send(method, address(risk), body(editor), if_match=fresh).status_code in (200, 201)


@pytest.mark.parametrize("verb", WRITES)
def test_who_may_write(risk, editor, viewer, owner, auditor, outsider, officer, api_of, verb):
    make_treatment(risk, actor=editor)
    method, address, body = WRITES[verb]
    codes = {
        person.name: api_of(person).send(method, address(risk), body(editor), if_match="*").status_code
        for person in (viewer, owner, auditor, outsider)
    }
    assert codes == {"Viewer": 403, "Owner": 403, "Auditor": 403, "Outsider": 404}
    assert api_of(officer).send(method, address(risk), body(officer), if_match="*").status_code in (200, 201)
    assert api_of(editor, ("read",)).send(method, address(risk), body(editor), if_match="*").status_code == 403


def test_a_foreign_risk_answers_like_one_that_never_was(risk, outsider, api_of):
    api, missing = api_of(outsider), Risk(pk=999_999)
    for address in (one, ratings, treatment):
        answers = [api.get(address(each)).json() for each in (risk, missing)]
        assert [{**answer, "request_id": ""} for answer in answers] == [{**answers[0], "request_id": ""}] * 2
        assert answers[0]["status"] == 404


def test_a_foreign_system_is_refused_like_one_that_never_was(system, outsider, viewer, api_of):
    body = {"threat": "evasion"}
    foreign, missing = (api_of(outsider).send("post", RISKS, {**body, "system": pk}) for pk in (system.pk, 999_999))
    assert (foreign.status_code, missing.status_code) == (400, 400)
    assert foreign.json()["errors"] == missing.json()["errors"] == {"system": ["There is no such system."]}
    assert api_of(viewer).send("post", RISKS, {**body, "system": system.pk}).status_code == 403
    assert not Risk.objects.exists()


@pytest.mark.parametrize(
    ("verb", "body", "named"),
    [
        ("describe", {"description": "x", "threat": "evasion"}, "threat"),
        ("describe", {"description": "x", "version": 7}, "version"),
        ("describe", {"description": "x" * 4_001}, "description"),
        ("describe", {}, "description"),
        ("rate", {**RATING, "level": 5}, "level"),
        ("rate", {**RATING, "likelihood": 0}, "likelihood"),
        ("rate", {**RATING, "impact": 6}, "impact"),
        ("rate", {**RATING, "impact": "high"}, "impact"),
        ("rate", {**RATING, "kind": "residual"}, "kind"),
        ("rate", {**RATING, "reason": "  "}, "reason"),
        ("treat", {"option": "ignore"}, "option"),
        ("treat", {"due": "1999-12-31"}, "due"),
        ("treat", {"due": "2101-01-01"}, "due"),
        ("treat", {"due": "soon"}, "due"),
        ("treat", {"owner": 999_999}, "owner"),
        ("treat", {"status": "done"}, "status"),
        ("update", {"status": "late"}, "status"),
        ("update", {"status": "done", "note": "x" * 2_001}, "note"),
        ("update", {"status": "done", "option": "accept"}, "option"),
    ],
)
def test_what_cannot_be_is_refused_by_name(risk, editor, api_of, verb, body, named):
    make_treatment(risk, actor=editor)
    events, (method, address, _) = count_events(risk), WRITES[verb]
    body = decision(editor, **body) if verb == "treat" else body

    answer = api_of(editor).send(method, address(risk), body, if_match="*")

    assert (answer.status_code, answer["Content-Type"]) == (400, PROBLEM)
    assert list(answer.json()["errors"]) == [named]
    assert count_events(risk) == events


def test_a_foreign_owner_is_refused_like_one_that_never_was(risk, editor, outsider, api_of):
    errors = [
        api_of(editor).send("put", treatment(risk), decision(editor, owner=pk), if_match="*").json()["errors"]
        for pk in (outsider.pk, 999_999)
    ]
    assert errors[0] == errors[1] == {"owner": [NO_SUCH_OWNER]}


def test_a_status_before_a_treatment_is_refused(risk, editor, viewer, api_of):
    body = {"status": "done"}
    assert api_of(editor).send("patch", treatment(risk), body, if_match="*").status_code == 400
    assert api_of(viewer).send("patch", treatment(risk), body, if_match="*").status_code == 403


# --- The same as the pages


def test_page_and_api_leave_the_same_rows_and_events(team, editor, owner, client_of, api_of):
    """The same steps by page on one system and by API on its twin."""
    left, right = (make_system(team, actor=editor, name=name) for name in ("By page", "By program"))
    for system in (left, right):
        make_profile(system, actor=editor)
    browser, program = client_of(editor), api_of(editor)
    by_page, by_program = (make_risk(system, actor=editor) for system in (left, right))

    def page(name, data):
        version = version_of(by_page)
        answer = browser.post(f"/risks/{by_page.pk}/{name}/", {**data, "expected_version": version})
        assert answer.status_code == 302

    page("rating", RATING)
    page("treatment", decision(owner))
    page("treatment/status", {"status": "blocked", "note": "No budget."})
    page("description", {"description": "Scans."})
    for method, address, body in (
        ("post", ratings, RATING),
        ("put", treatment, decision(owner)),
        ("patch", treatment, {"status": "blocked", "note": "No budget."}),
        ("patch", one, {"description": "Scans."}),
    ):
        etag = etag_of(program, by_program)
        assert program.send(method, address(by_program), body, if_match=etag).status_code in (200, 201)

    events = [
        list(
            Event.objects.of(risk)
            .values_list("verb", "changes", "reason", "actor_name")
            .exclude(verb="risk.registered")
        )
        for risk in (by_page, by_program)
    ]
    assert events[0] == events[1]
    assert len(events[0]) == 4
    rows = [
        (
            list(Rating.objects.filter(risk=risk).values_list("kind", "likelihood", "impact", "level", "reason")),
            list(Treatment.objects.filter(risk=risk).values_list("option", "plan", "owner", "due", "status", "note")),
            Risk.objects.values_list("description", "version").get(pk=risk.pk),
        )
        for risk in (by_page, by_program)
    ]
    assert rows[0] == rows[1]
