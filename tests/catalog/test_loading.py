"""Loading an edition: once, whole, as the powerless app role, and witnessed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from catalog.content import MODELS, content_of, digest_of, read_content
from catalog.loading import LOADED, PUT_IN_FORCE, REPLACED, load_edition, put_in_force
from catalog.models import (
    Control,
    Edition,
    Entry,
    Exhibit,
    Modifier,
    Point,
    Question,
    Rule,
    Term,
    Threat,
    ThreatControl,
)
from catalog.profile import PACKAGED_EDITION
from journal.errors import Conflict
from journal.models import Event
from journal.recording import SYSTEM
from tests.catalog.editions import small_edition, threat

pytestmark = pytest.mark.django_db

WRITES = ("INSERT", "UPDATE", "DELETE")


@pytest.fixture
def empty_catalog(db: None) -> None:
    Edition.objects.all().delete()


def loads_recorded() -> int:
    return Event.objects.filter(verb=LOADED).count()


def in_force() -> str:
    return Edition.objects.current().get().key


def load(content: Any, **options: Any) -> Any:
    return load_edition(content, actor=SYSTEM, **options)


@pytest.fixture
def as_file(tmp_path: Path) -> Callable[[str | bytes], str]:
    def write(text: str | bytes) -> str:
        path = tmp_path / "edition.json"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return str(path)

    return write


def test_the_packaged_edition_loads_whole(empty_catalog: None) -> None:
    call_command("load_catalog", verbosity=0)
    counts = {model: model.objects.count() for model in (Control, ThreatControl, Question, Rule, Modifier, Point)}
    assert counts == {Control: 55, ThreatControl: 866, Question: 21, Rule: 22, Modifier: 3, Point: 19}
    assert Threat.objects.filter(kind="threat").count() == 25
    assert Threat.objects.filter(kind="group").count() == 9
    assert Edition.objects.current().get() == Edition.objects.get()


def test_the_rows_lose_nothing_of_the_file(empty_catalog: None) -> None:
    content = read_content(PACKAGED_EDITION)
    edition = load(content).edition
    assert content_of(edition) == content
    assert digest_of(content_of(edition)) == edition.digest
    assert list(content_of(edition)["questions"]) == content["questions"]


def test_loading_leaves_one_event_of_the_system(empty_catalog: None) -> None:
    before = loads_recorded()
    edition = load(small_edition()).edition
    assert loads_recorded() == before + 1
    event = Event.objects.filter(verb=LOADED).latest("sequence")
    assert (event.actor_name, event.object_type, event.object_label) == ("System", "edition", edition.key)
    assert event.changes["threats"] == [0, 3]
    event = Event.objects.filter(verb=PUT_IN_FORCE).latest("sequence")
    assert event.changes == {"current edition": [None, "2030-01-01"]}


def test_loading_again_writes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    events = Event.objects.count()
    with CaptureQueriesContext(connection) as queries:
        call_command("load_catalog")
    assert not [query for query in queries if query["sql"].lstrip().startswith(WRITES)]
    assert Event.objects.count() == events
    assert "is loaded already and is in force; nothing was written." in capsys.readouterr().out


def test_layout_of_the_file_makes_no_difference(as_file: Callable[[str | bytes], str]) -> None:
    content = read_content(PACKAGED_EDITION)
    call_command("load_catalog", as_file(json.dumps(content, indent=7, sort_keys=True)), verbosity=0)
    assert Edition.objects.count() == 1


def test_the_command_says_what_it_added(empty_catalog: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_catalog")
    said = capsys.readouterr().out
    assert said.startswith("Loaded edition 2026-08-22, which is in force: ")
    assert "34 threats" in said
    assert "866 links" in said


def test_a_broken_file_changes_nothing_and_every_fault_is_said(as_file: Callable[[str | bytes], str]) -> None:
    broken = small_edition()
    broken["links"][0]["control"] = "x"
    broken["threats"][0]["title"] = 7
    before = (Edition.objects.count(), Threat.objects.count(), Event.objects.count())
    with pytest.raises(CommandError) as refusal:
        call_command("load_catalog", as_file(json.dumps(broken)))
    assert str(refusal.value).splitlines() == [
        "Nothing was loaded:",
        "threats[0].title: is not a text, or an empty one",
        "links[0].control: no such control 'x'",
    ]
    assert (Edition.objects.count(), Threat.objects.count(), Event.objects.count()) == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "This is not JSON"),
        ('{"a": 1, "a": 2}', 'A key appears twice in one object: "a".'),
        ('{"a": NaN}', 'NaN is not a JSON value; it stands under "a".'),
        ('{"a": "\\u0000"}', "a character that cannot be stored"),
        ("[" * 50 + "]" * 50, "JSON is nested deeper"),
        (b"\xff\xfe", "is not UTF-8."),
        ("[]", "The edition is not an object."),
    ],
)
def test_what_is_no_edition_is_refused_in_a_sentence(
    text: str | bytes, said: str, as_file: Callable[[str | bytes], str]
) -> None:
    with pytest.raises(CommandError, match=r"^Nothing was loaded:\n") as refusal:
        call_command("load_catalog", as_file(text))
    assert said in str(refusal.value)


def test_an_edition_may_be_a_folder_of_sections(tmp_path: Path, empty_catalog: None) -> None:
    for section, value in small_edition().items():
        (tmp_path / f"{section}.json").write_text(json.dumps({section: value}), encoding="utf-8")
    call_command("load_catalog", str(tmp_path), verbosity=0)
    assert content_of(Edition.objects.get()) == small_edition()


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "is no folder of an edition: it holds 0 files"),
        (
            {"a.json": '{"threats": []}', "b.json": '{"threats": []}'},
            "b.json and a.json both hold the section “threats”.",
        ),
        ({"a.json": "[]"}, "a.json does not hold an object of sections."),
        ({f"{number}.json": "{}" for number in range(60)}, "it holds 60 files"),
    ],
)
def test_a_folder_that_is_no_edition_is_refused_in_a_sentence(tmp_path: Path, files: dict[str, str], said: str) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(CommandError, match=r"^Nothing was loaded:\n") as refusal:
        call_command("load_catalog", str(tmp_path))
    assert said in str(refusal.value)


def test_a_file_that_is_not_there_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"edition\.json cannot be read: No such file or directory\."):
        call_command("load_catalog", str(tmp_path / "edition.json"))


def test_an_edition_never_changes(empty_catalog: None) -> None:
    load(small_edition())
    other = small_edition()
    other["threats"][0]["title"] = "Another title"
    with pytest.raises(ValidationError, match="An edition never changes: give the new content a new date"):
        load(other)
    assert not Threat.objects.filter(title="Another title").exists()


def test_an_edition_can_be_replaced_while_developing(empty_catalog: None) -> None:
    before = load(small_edition()).edition
    other = small_edition()
    other["threats"][0]["title"] = "Another title"
    edition = load(other, replace=True).edition
    assert Event.objects.of(edition).get(verb=REPLACED).changes == {"digest": [before.digest, edition.digest]}
    assert Edition.objects.get() == edition
    assert in_force() == "2030-01-01"
    assert Threat.objects.filter(title="Another title").count() == 1


def test_production_never_replaces_an_edition(
    empty_catalog: None, settings: Any, as_file: Callable[[str | bytes], str]
) -> None:
    load(small_edition())
    settings.IN_PRODUCTION = True
    other = small_edition()
    other["threats"][0]["title"] = "Another title"
    with pytest.raises(CommandError, match="never replaced in production"):
        call_command("load_catalog", as_file(json.dumps(other)), "--replace")
    assert not Threat.objects.filter(title="Another title").exists()


@pytest.mark.parametrize("date", ["2030-01-01", "2020-01-01"])
def test_another_edition_waits_until_somebody_puts_it_in_force(date: str) -> None:
    load(small_edition(date))
    assert in_force() == "2026-08-22"
    put_in_force(date, actor=SYSTEM, expected="2026-08-22", reason="Seen and agreed.")
    assert in_force() == date
    assert Threat.objects.filter(edition__key="2026-08-22").count() == 34
    assert set(Threat.objects.current().values_list("key", flat=True)) == {"variant", "evasion", "inputthreats"}
    event = Event.objects.filter(verb=PUT_IN_FORCE).latest("sequence")
    assert (event.changes, event.reason) == ({"current edition": ["2026-08-22", date]}, "Seen and agreed.")


def test_one_step_back_is_possible_and_the_terms_stay_readable() -> None:
    load(small_edition())
    put_in_force("2030-01-01", actor=SYSTEM, expected="2026-08-22")
    put_in_force("2026-08-22", actor=SYSTEM, expected="2030-01-01")
    assert in_force() == "2026-08-22"
    terms = list(Term.objects.order_by("pk").values_list("edition__key", "until"))
    assert [key for key, _ in terms] == ["2026-08-22", "2030-01-01", "2026-08-22"]
    assert [until is None for _, until in terms] == [False, False, True]


def test_whoever_saw_another_edition_in_force_is_told_so() -> None:
    load(small_edition())
    with pytest.raises(Conflict) as conflict:
        put_in_force("2030-01-01", actor=SYSTEM, expected="2025-01-01")
    assert conflict.value.current.key == "2026-08-22"
    assert in_force() == "2026-08-22"


def test_putting_in_force_what_is_in_force_leaves_no_trace() -> None:
    events = Event.objects.count()
    put_in_force("2026-08-22", actor=SYSTEM, expected="2026-08-22")
    assert (Event.objects.count(), Term.objects.count()) == (events, 1)


def test_the_command_can_put_in_force_at_once(as_file: Callable[[str | bytes], str]) -> None:
    call_command("load_catalog", as_file(json.dumps(small_edition())), "--in-force", verbosity=0)
    assert in_force() == "2030-01-01"


def test_the_command_says_what_is_different(
    as_file: Callable[[str | bytes], str], empty_catalog: None, capsys: pytest.CaptureFixture[str]
) -> None:
    load(small_edition("2029-01-01"))
    newer = small_edition()
    newer["threats"].append(threat("promptinjection", "2.2", "threat", "inputthreats"))
    newer["threats"][0] |= {"key": "form", "aliases": ["variant"]}
    newer["not_derived"] = ["form"]
    newer["threats"][1]["title"] = "Evading"
    newer["threats"][2]["summary"] = "Through input."
    newer["controls"][0] |= {"key": "looking", "aliases": [], "name": "Looking"}
    for section in ("links", "layers", "contexts", "risk_areas", "attention"):
        newer[section] = []
    newer["periodic"][0]["cells"].pop()
    newer["standards"][0]["control"] = newer["opencre"][0]["control"] = "looking"
    call_command("load_catalog", as_file(json.dumps(newer)))
    said = capsys.readouterr().out
    for line in (
        "Compared with edition 2029-01-01:",
        "  threats added: 1: promptinjection",
        "  threats changed: 1: inputthreats (summary)",
        "  threats renamed: 2: variant → form, evasion “Evading”",
        "  controls added: 1: looking",
        "  controls retired: 1: oversight",
        "put it in force on the page /catalog/editions/2030-01-01/",
    ):
        assert line in said


def test_the_database_refuses_two_editions_in_force() -> None:
    older = load(small_edition("2020-01-01")).edition
    with pytest.raises(IntegrityError, match="one_edition_in_force"), transaction.atomic():
        Term.objects.create(edition=older, put_by_name="Nobody")


@pytest.mark.parametrize("model", [*MODELS.values(), Exhibit])
def test_the_database_refuses_to_change_a_row_of_an_edition(model: type[Entry]) -> None:
    load(small_edition())
    with pytest.raises(DatabaseError, match="An edition never changes"), transaction.atomic():
        model.objects.update(position=7)


@pytest.mark.parametrize("model", [Threat, Control])
def test_the_database_refuses_a_key_twice_in_one_edition(model: type[Entry]) -> None:
    row = model.objects.first()
    row.pk = None
    with pytest.raises(IntegrityError, match="_key"), transaction.atomic():
        row.save(force_insert=True)
