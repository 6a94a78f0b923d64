"""read_exchange: what it prints, what it answers, and what it compares with."""

import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError

from catalog.content import read_content
from catalog.loading import load_edition
from catalog.models import Edition
from catalog.profile import PACKAGED_EDITION
from journal.recording import SYSTEM
from tests.catalog.exchange_pages import GENERAL, INPUT, PAGES, edition, write_pages

LISTS = ["new", "gone", "renamed", "moved", "links", "faults"]


@pytest.fixture(autouse=True)
def no_database(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Most of it needs none, and the command does without."""
    if "db" not in request.fixturenames:

        def refuse(*args: Any, **options: Any) -> Any:
            raise DatabaseError

        monkeypatch.setattr(Edition.objects, "current", refuse)
        monkeypatch.setattr(Edition.objects, "filter", refuse)


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    return write_pages(tmp_path / "checkout")


@pytest.fixture
def known(tmp_path: Path) -> Path:
    file = tmp_path / "edition.json"
    file.write_text(json.dumps(edition()))
    return file


def read(*arguments: Any) -> int:
    """The exit code."""
    try:
        call_command("read_exchange", *map(str, arguments))
    except SystemExit as ended:
        return int(ended.code or 0)
    except CommandError as error:
        return error.returncode
    return 0


def test_the_same_is_zero(pages: Path, known: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert read(pages, "--against", known) == 0
    printed = capsys.readouterr()
    assert printed.out.splitlines()[1] == "They are the same."
    assert not printed.err


def test_a_zip_does_as_well(pages: Path, known: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        for name, text in PAGES.items():
            archive.writestr(f"main/{name}", text)
    assert read(tmp_path / "x.zip", "--against", known) == 0


def test_differences_are_one(known: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pages = write_pages(tmp_path / "x", {"1.md": GENERAL, "2.md": INPUT.replace("2.1.1.", "2.1.7.")})
    assert read(pages, "--against", known) == 1
    assert "has the number 2.1.7; it was 2.1.1." in capsys.readouterr().out


def test_faults_alone_are_no_difference(known: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pages = write_pages(tmp_path / "x", {"0.md": "Permalink: x\n", "1.md": GENERAL, "2.md": INPUT})
    assert read(pages, "--against", known) == 0
    assert "0.md, line 1: There is no heading before this Permalink." in capsys.readouterr().out


@pytest.mark.parametrize("name", ["nothing", "empty", "text.zip", "unrelated"])
def test_what_cannot_be_read_is_two(name: str, known: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.zip").write_text("no zip")
    write_pages(tmp_path / "unrelated", {"README.md": "# Hello\n"})
    with pytest.raises(CommandError) as refused:
        call_command("read_exchange", str(tmp_path / name), "--against", str(known))
    assert refused.value.returncode == 2
    assert str(refused.value).count("\n") == 0


def test_json_is_one_object_with_all_lists(pages: Path, known: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert read(pages, "--json", "--against", known) == 0
    assert json.loads(capsys.readouterr().out) == {name: [] for name in LISTS}


def test_json_stays_alone_when_a_draft_is_written(
    pages: Path, known: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert read(pages, "--json", "--against", known, "--draft", tmp_path / "draft.json") == 0
    printed = capsys.readouterr()
    assert list(json.loads(printed.out)) == LISTS
    assert "load_catalog says what must still be written" in printed.err


def test_a_draft_has_the_date_that_was_asked_for(pages: Path, known: Path, tmp_path: Path) -> None:
    file = tmp_path / "draft.json"
    assert read(pages, "--against", known, "--draft", file, "--date", "2031-05-06") == 0
    assert read_content(file)["edition"] == "2031-05-06"


def test_a_draft_is_of_today_otherwise(pages: Path, known: Path, tmp_path: Path) -> None:
    file = tmp_path / "draft.json"
    before = date.today()  # noqa: DTZ011
    read(pages, "--against", known, "--draft", file)
    assert abs((date.fromisoformat(read_content(file)["edition"]) - before).days) <= 1


def test_a_draft_replaces_no_file(pages: Path, known: Path) -> None:
    before = known.read_bytes()
    with pytest.raises(CommandError, match="exists already"):
        call_command("read_exchange", str(pages), "--against", str(known), "--draft", str(known))
    assert known.read_bytes() == before


def test_a_draft_that_cannot_be_written_is_said(pages: Path, known: Path, tmp_path: Path) -> None:
    assert read(pages, "--against", known, "--draft", tmp_path / "nowhere" / "draft.json") == 2


def test_a_date_that_is_none_is_refused(pages: Path, known: Path) -> None:
    with pytest.raises(CommandError, match="is not a date"):
        call_command("read_exchange", str(pages), "--against", str(known), "--date", "tomorrow")


@pytest.mark.parametrize("text", ["{", "[]", "{}", '"x"'])
def test_a_file_without_an_edition_is_refused(text: str, pages: Path, tmp_path: Path) -> None:
    file = tmp_path / "other.json"
    file.write_text(text)
    assert read(pages, "--against", file) == 2


def test_an_edition_that_is_not_there_is_refused(pages: Path) -> None:
    with pytest.raises(CommandError, match="neither a loaded edition nor a file"):
        call_command("read_exchange", str(pages), "--against", "1999-01-01")


def test_without_a_database_the_packaged_edition_is_compared_with(
    pages: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert read(pages) == 1
    assert str(PACKAGED_EDITION) in capsys.readouterr().out


def test_the_packaged_edition_can_be_compared_with_by_path(pages: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert read(pages, "--json", "--against", PACKAGED_EDITION) == 1
    data = json.loads(capsys.readouterr().out)
    assert {each["key"] for each in data["gone"]} >= {"datapoison", "aiprogram"}


def test_the_edition_in_force_is_compared_with(db: None, pages: Path, capsys: pytest.CaptureFixture[str]) -> None:
    current = Edition.objects.current().get()
    assert read(pages) == 1
    assert f"compared with edition {current}." in capsys.readouterr().out


def test_another_loaded_edition_can_be_named(db: None, pages: Path) -> None:
    load_edition(edition(edition="2030-01-01"), actor=SYSTEM)
    assert read(pages, "--against", "2030-01-01") == 0


def test_without_any_edition_the_packaged_one_is_compared_with(
    db: None, pages: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Edition.objects, "current", Edition.objects.none)
    assert read(pages) == 1
    assert str(PACKAGED_EDITION) in capsys.readouterr().out
