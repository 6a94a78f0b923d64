"""Loading an edition: once, whole, as the powerless app role, and witnessed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from catalog.content import content_of, digest_of, read_content
from catalog.loading import LOADED, load_edition
from catalog.models import Control, Edition, Entry, Modifier, Question, Rule, Threat, ThreatControl
from catalog.profile import PACKAGED_EDITION
from journal.models import Event
from journal.recording import SYSTEM
from tests.catalog.editions import small_edition

pytestmark = pytest.mark.django_db

WRITES = ("INSERT", "UPDATE", "DELETE")


@pytest.fixture
def empty_catalog(db: None) -> None:
    Edition.objects.all().delete()


def loads_recorded() -> int:
    return Event.objects.filter(verb=LOADED).count()


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
    counts = {model: model.objects.count() for model in (Control, ThreatControl, Question, Rule, Modifier)}
    assert counts == {Control: 55, ThreatControl: 866, Question: 21, Rule: 22, Modifier: 3}
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
    assert event.changes["current edition"] == [None, "2030-01-01"]
    assert event.changes["threats"] == [0, 3]


def test_loading_again_writes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    events = Event.objects.count()
    with CaptureQueriesContext(connection) as queries:
        call_command("load_catalog")
    assert not [query for query in queries if query["sql"].lstrip().startswith(WRITES)]
    assert Event.objects.count() == events
    assert "is loaded already; nothing changed" in capsys.readouterr().out


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
        ('{"a": 1, "a": 2}', "A key appears twice in one object."),
        ('{"a": NaN}', "NaN is not a JSON value."),
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
    load(small_edition())
    other = small_edition()
    other["threats"][0]["title"] = "Another title"
    edition = load(other, replace=True).edition
    assert Edition.objects.get() == edition
    assert edition.is_current
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


def test_a_newer_edition_comes_into_force_and_the_older_one_stays() -> None:
    newer = load(small_edition("2030-01-01")).edition
    assert Edition.objects.get(is_current=True) == newer
    assert Threat.objects.filter(edition__key="2026-08-22").count() == 34
    assert set(Threat.objects.current().values_list("key", flat=True)) == {"variant", "evasion", "inputthreats"}
    event = Event.objects.filter(verb=LOADED).latest("sequence")
    assert event.changes["current edition"] == ["2026-08-22", "2030-01-01"]


def test_an_older_edition_does_not_come_into_force() -> None:
    older = load(small_edition("2020-01-01")).edition
    assert not older.is_current
    assert Edition.objects.get(is_current=True).key == "2026-08-22"


def test_the_database_refuses_two_current_editions() -> None:
    load(small_edition("2020-01-01"))
    with pytest.raises(IntegrityError, match="one_current_edition"), transaction.atomic():
        Edition.objects.update(is_current=True)


@pytest.mark.parametrize("model", [Threat, Control])
def test_the_database_refuses_a_key_twice_in_one_edition(model: type[Entry]) -> None:
    row = model.objects.first()
    row.pk = None
    with pytest.raises(IntegrityError, match="_key"), transaction.atomic():
        row.save(force_insert=True)
