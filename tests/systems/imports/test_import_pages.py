"""The pages and the API of imports: what a person and a program get."""

import html
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Membership, Team, User
from journal.models import Event
from risks.systems.import_api import BOM, XLSX
from risks.systems.models import AISystem, ImportDraft
from tests.make import make_system
from tests.systems.imports.files import SAMPLE, a_csv, a_workbook

HEADER = ("name", "team", "purpose", "text_output")
ROWS = [HEADER, ("Mail sorter", "Claims", "Sorts mail.", "no"), ("Letter reader", "Claims", "Reads.", "")]
PAGE, API = "/systems/import/", "/api/v1/systems/import/"


def upload(client: Any, raw: bytes, name: str = "systems.csv", **fields: Any) -> Any:
    return client.post(PAGE, {"file": SimpleUploadedFile(name, raw), **fields})


def page_of(client: Any, raw: bytes, **fields: Any) -> tuple[Any, str]:
    """The address and the text of the dry run."""
    answer = upload(client, raw, **fields)
    assert answer.status_code == 302, answer.content
    return answer["Location"], html.unescape(client.get(answer["Location"]).content.decode())


def expected(client: Any, address: str) -> dict[str, str]:
    return {"expected": client.get(address).context["plan"].digest}


@pytest.mark.parametrize("raw", [a_csv(*ROWS), a_workbook(*ROWS)], ids=["csv", "xlsx"])
def test_a_file_is_looked_at_and_then_imported(client_of: Any, editor: User, raw: bytes) -> None:
    client = client_of(editor)
    address, page = page_of(client, raw)
    assert "2 systems, 1 answer" in page
    assert "Is its output text?" in page
    assert "Import all" in page
    assert not AISystem.objects.exists()
    assert not Event.objects.filter(actor_name="Editor").exists()
    done = client.post(address, expected(client, address), follow=True)
    assert "2 systems are registered." in done.content.decode()
    assert list(AISystem.objects.values_list("name", flat=True)) == ["Mail sorter", "Letter reader"]


def test_two_clicks_import_once(client_of: Any, editor: User) -> None:
    client = client_of(editor)
    address, _ = page_of(client, a_csv(*ROWS))
    shown = expected(client, address)
    client.post(address, shown)
    again = client.post(address, shown, follow=True)
    assert "This file is imported already." in again.content.decode()
    assert AISystem.objects.count() == 2


def test_errors_are_told_row_by_row_and_nothing_can_be_imported(client_of: Any, editor: User) -> None:
    client = client_of(editor)
    address, page = page_of(client, a_csv(*ROWS, ("", "Nowhere", "p", "maybe")))
    assert "1 row has errors" in page
    for words in ("You edit no team called “Nowhere”.", "This is empty. Every system needs it.", "“maybe” is none of"):
        assert words in page
    assert "Import all" not in page
    refused = client.post(address, expected(client, address))
    assert refused.status_code == 422
    assert not AISystem.objects.exists()


def test_what_changed_meanwhile_is_shown_before_it_is_imported(client_of: Any, editor: User, team: Team) -> None:
    client = client_of(editor)
    address, _ = page_of(client, a_csv(*ROWS))
    shown = expected(client, address)
    make_system(team, actor=editor, name="Letter reader")
    answer = client.post(address, shown)
    assert answer.status_code == 409
    assert "Something changed since you looked." in answer.content.decode()
    assert "This team has a system of this name already." in answer.content.decode()
    assert AISystem.objects.count() == 1


def test_a_name_is_shown_as_text_whatever_it_is(client_of: Any, editor: User) -> None:
    client = client_of(editor)
    hostile = ('=HYPERLINK("http://x")', "<script>alert(1)</script>", "{{ 7|add:7 }}")
    address, _ = page_of(client, a_csv(HEADER, *[(name, "Claims", name, "") for name in hostile]), file_name="x")
    raw = client.get(address).content.decode()
    assert "<script>alert" not in raw
    for name in hostile:
        assert html.escape(name) in raw
    client.post(address, expected(client, address))
    assert list(AISystem.objects.values_list("name", flat=True)) == list(hostile)


def test_a_file_that_cannot_be_read_says_so_on_the_page(client_of: Any, editor: User) -> None:
    _, page = page_of(client_of(editor), b"name,purpose\nCaf\xe9,x\n")
    assert "The file is not UTF-8 text on line 2." in page
    assert "Nothing can be imported from this file." in page


@pytest.mark.parametrize("size", [5_100_000, 7_000_000])
def test_a_file_that_is_too_large_is_left_out_and_the_form_says_so(client_of: Any, editor: User, size: int) -> None:
    answer = upload(client_of(editor), b"x" * size)
    assert answer.status_code == 422
    assert "Choose a file of at most 5 MB." in answer.content.decode()
    assert not ImportDraft.objects.exists()


def test_a_form_without_a_file_and_one_with_a_foreign_team_come_back(
    client_of: Any, editor: User, other_team: Team
) -> None:
    client = client_of(editor)
    assert "Choose a file of at most 5 MB." in client.post(PAGE, {"team": ""}).content.decode()
    foreign, missing = (upload(client, a_csv(*ROWS), team=pk).content.decode() for pk in (other_team.pk, 987_654))
    assert "Choose a team of yours." in foreign
    assert "Choose a team of yours." in missing


def test_a_body_far_larger_than_any_file_is_refused(client_of: Any, editor: User) -> None:
    assert upload(client_of(editor), b"x" * 50_000_001).status_code == 400


def test_other_forms_still_take_no_file(client_of: Any, editor: User) -> None:
    client = client_of(editor)
    answer = client.post("/systems/new/", {"name": "x", "file": SimpleUploadedFile("a.csv", b"x")})
    assert not answer.wsgi_request.FILES


def test_viewers_are_refused_and_drafts_are_not_shared(
    client_of: Any, editor: User, viewer: User, officer: User
) -> None:
    assert client_of(viewer).get(PAGE).status_code == 403
    assert upload(client_of(viewer), a_csv(*ROWS)).status_code == 403
    address, _ = page_of(client_of(editor), a_csv(*ROWS))
    assert client_of(officer).get(address).status_code == 404
    assert client_of(viewer).post(address, {"expected": ""}).status_code == 404
    assert not AISystem.objects.exists()


def test_whoever_lost_the_team_meanwhile_imports_nothing(
    client_of: Any, editor: User, team: Team, other_team: Team
) -> None:
    client = client_of(editor)
    address, _ = page_of(client, SAMPLE.read_bytes(), team=team.pk)
    Membership.objects.filter(user=editor).update(team=other_team)
    for answer in (client.get(address, follow=True), client.post(address, {"expected": ""}, follow=True)):
        assert "Nothing was imported. Choose a team of yours." in answer.content.decode()


def test_a_draft_whose_time_is_over_says_so(client_of: Any, editor: User) -> None:
    client = client_of(editor)
    address, _ = page_of(client, a_csv(*ROWS))
    ImportDraft.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    answer = client.post(address, {"expected": ""}, follow=True)
    assert "kept for an hour and is gone now" in answer.content.decode()


def test_the_template_comes_as_a_file_and_can_be_imported(client_of: Any, editor: User) -> None:
    client = client_of(editor)
    answer = client.get("/systems/import/template.csv")
    assert "attachment" in answer["Content-Disposition"]
    _, page = page_of(client, answer.content)
    assert "Claims assistant" in page


def test_the_list_leads_to_the_import_for_those_who_may(client_of: Any, editor: User, viewer: User) -> None:
    assert PAGE in client_of(editor).get("/systems/").content.decode()
    assert PAGE not in client_of(viewer).get("/systems/").content.decode()


def test_page_and_api_report_the_same(client_of: Any, api_of: Any, editor: User, team: Team) -> None:
    raw = SAMPLE.read_bytes()
    client = client_of(editor)
    address, page = page_of(client, raw, team=team.pk)
    report = api_of(editor).post(f"{API}?team={team.pk}", raw, content_type=BOM).json()
    assert report["digest"] == expected(client, address)["expected"]
    assert report["counts"] == {"systems": 1, "components": 7, "answers": 3, "new_suppliers": 2, "wrong_rows": 0}
    for part in report["systems"][0]["components"]:
        assert part["name"] in page
    for answer in report["systems"][0]["answers"]:
        assert answer["follows_from"] in page
    assert not AISystem.objects.exists()


@pytest.mark.parametrize(
    ("raw", "media_type"), [(a_csv(*ROWS), "text/csv"), (a_workbook(*ROWS), XLSX)], ids=["csv", "xlsx"]
)
def test_the_api_reports_unless_it_is_told_to_write(api_of: Any, editor: User, raw: bytes, media_type: str) -> None:
    program = api_of(editor)
    report = program.post(API, raw, content_type=media_type)
    assert (report.status_code, report.json()["may_be_imported"]) == (200, True)
    assert not AISystem.objects.exists()
    query = f"?dry_run=false&expected={report.json()['digest']}"
    done = program.post(API + query, raw, content_type=media_type)
    assert done.status_code == 201
    assert [system["name"] for system in done.json()["systems"]] == ["Mail sorter", "Letter reader"]
    again = program.post(API + query, raw, content_type=media_type)
    assert (again.status_code, list(again.json()["errors"])) == (400, ["expected"])


def test_the_api_says_what_is_wrong_by_row_and_column(api_of: Any, editor: User) -> None:
    raw = a_csv(*ROWS, ("", "Nowhere", "p", ""))
    report = api_of(editor).post(API, raw, content_type="text/csv").json()
    assert {"row": 4, "place": "name", "text": "This is empty. Every system needs it."} in report["errors"]
    refused = api_of(editor).post(f"{API}?dry_run=false", raw, content_type="text/csv")
    assert refused.status_code == 400
    assert refused.json()["errors"] == {
        "Row 4, name": ["This is empty. Every system needs it."],
        "Row 4, team": ["You edit no team called “Nowhere”."],
    }
    assert not AISystem.objects.exists()


@pytest.mark.parametrize("query", ["?dry_run=no", "?team=x", "?team=²", "?team=99999999999", "?other=1"])
def test_the_api_takes_no_parameter_it_does_not_know(api_of: Any, editor: User, query: str) -> None:
    assert api_of(editor).post(API + query, a_csv(*ROWS), content_type="text/csv").status_code == 400


def test_the_api_refuses_viewers_foreign_teams_and_large_files(
    api_of: Any, editor: User, viewer: User, other_team: Team
) -> None:
    raw = a_csv(*ROWS)
    assert api_of(viewer).post(API, raw, content_type="text/csv").status_code == 403
    foreign, missing = (
        api_of(editor).post(f"{API}?team={pk}", raw, content_type="text/csv") for pk in (other_team.pk, 987_654)
    )
    assert foreign.status_code == missing.status_code == 400
    assert foreign.json()["errors"] == missing.json()["errors"]
    assert api_of(editor).post(API, b"x" * 5_000_001, content_type="text/csv").status_code == 400
    assert api_of(editor, scopes=("read",)).post(API, raw, content_type="text/csv").status_code == 403


def test_an_empty_body_is_an_empty_file(api_of: Any, editor: User) -> None:
    answer = api_of(editor).post(API, b"", content_type="text/csv")
    assert [error["text"] for error in answer.json()["errors"]] == ["The file is empty."]
    assert json.dumps(answer.json())
