"""Imports that write: all or nothing, only what was shown, with the rights of whoever imports."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Team, User
from accounts.roles import TeamRole
from accounts.services import set_membership
from journal.errors import Conflict, NotAllowed
from journal.models import Event
from journal.recording import SYSTEM
from risks.systems.importing import RefusedError, import_draft, import_systems, keep_draft, plan_import
from risks.systems.imports.plan import Plan
from risks.systems.models import AISystem, Component, ComponentVersion, ImportDraft, Profile, Supplier
from risks.systems.services import add_supplier
from tests.make import make_system, make_user
from tests.systems.imports.files import SAMPLE, a_csv

HEADER = ("name", "team", "purpose", "owner_email", "stage", "text_output")
TWO = a_csv(
    HEADER,
    ("Mail sorter", "Claims", "Sorts mail.", "owner@example.org", "pilot", "no"),
    ("Letter reader", "claims", "Reads letters.", "", "", ""),
)
TABLES = (AISystem, Component, ComponentVersion, Profile, Supplier, Event)


def content() -> list[Any]:
    return [list(table.objects.order_by("pk").values()) for table in TABLES]


def digest(raw: bytes, actor: User, team: Team | None = None) -> str:
    return plan_import(raw, actor=actor, team_id=team.pk if team else None).digest


def told(plan: Plan) -> list[str]:
    return [str(remark) for remark in plan.errors]


def test_a_dry_run_changes_nothing(editor: User, owner: User) -> None:
    before = content()
    plan = plan_import(TWO, actor=editor)
    assert plan.may_be_imported
    assert [(s.team_name, s.owner_name) for s in plan.systems] == [("Claims", "Owner"), ("Claims", "")]
    keep_draft(TWO, actor=editor)
    assert content() == before


def test_a_sheet_becomes_systems_with_what_it_says(editor: User, owner: User) -> None:
    first, second = import_systems(TWO, actor=editor)
    assert (first.name, first.owner, first.stage) == ("Mail sorter", owner, "pilot")
    assert first.profiles.in_force().get().answers == {"text_output": "no"}
    assert (second.owner, second.stage, second.profiles.count()) == (None, "", 0)
    events = Event.objects.filter(actor_name="Editor").order_by("sequence")
    assert [(event.verb, event.object_label) for event in events] == [
        ("system.registered", str(first)),
        ("profile.answered", str(first)),
        ("system.registered", str(second)),
    ]
    assert {event.team_id for event in events} == {first.team_id}


def test_a_bom_becomes_a_system_with_components_and_suppliers(editor: User, team: Team) -> None:
    known = add_supplier(actor=editor, name="NORTHWIND models", kind="model")
    (system,) = import_systems(SAMPLE.read_bytes(), actor=editor, team_id=team.pk)
    parts = {part.name: part for part in system.components.select_related("supplier")}
    assert len(parts) == 7
    assert parts["northwind-chat-large"].supplier == parts["claims-assistant-image"].supplier == known
    assert (parts["Speech to text"].supplier.name, parts["Speech to text"].supplier.kind) == ("Fabrikam Cloud", "cloud")
    assert parts["letter-sorter"].versions.in_force().get().label == "4.1"
    assert Supplier.objects.count() == 2
    assert {event.actor_name for event in Event.objects.of(system)} == {"Editor"}


def test_a_foreign_team_is_like_one_that_is_not_there(editor: User, other_team: Team, viewer: User) -> None:
    set_membership(viewer.pk, other_team.pk, actor=SYSTEM, role=TeamRole.EDITOR)
    viewer = User.objects.get(pk=viewer.pk)
    rows = a_csv(HEADER, ("Mail sorter", "{}", "Sorts mail."))
    foreign, missing = (rows.replace(b"{}", name) for name in (b"Payments", b"Nobodies"))
    assert told(plan_import(foreign, actor=editor)) == ["Row 2, team: You edit no team called “Payments”."]
    assert told(plan_import(missing, actor=editor)) == ["Row 2, team: You edit no team called “Nobodies”."]
    only_seen = rows.replace(b"{}", b"Claims")
    assert told(plan_import(only_seen, actor=viewer)) == ["Row 2, team: You edit no team called “Claims”."]
    with pytest.raises(ValidationError):
        plan_import(TWO, actor=editor, team_id=other_team.pk)
    with pytest.raises(ValidationError):
        keep_draft(TWO, actor=editor, team_id=other_team.pk)


def test_who_edits_no_team_imports_nothing(team: Team, viewer: User) -> None:
    for call in (plan_import, import_systems, keep_draft):
        with pytest.raises(NotAllowed):
            call(TWO, actor=viewer)  # type: ignore[operator]


def test_names_that_are_taken_here_or_in_the_file_are_errors(editor: User, team: Team) -> None:
    make_system(team, actor=editor, name="Mail sorter")
    rows = a_csv(HEADER, *[(name, "Claims", "p") for name in ("Mail sorter", "New", "New")])
    assert told(plan_import(rows, actor=editor)) == [
        "Row 2, name: This team has a system of this name already.",
        "Row 4, name: Row 3 has a system of this name for the same team.",
    ]


def test_an_owner_who_may_not_own_is_a_warning_and_nobody_comes_in(editor: User, viewer: User) -> None:
    rows = a_csv(HEADER, ("Mail sorter", "Claims", "p", "viewer@example.org"))
    plan = plan_import(rows, actor=editor)
    assert [(remark.row, remark.place) for remark in plan.warnings] == [(2, "owner_email")]
    assert import_systems(rows, actor=editor)[0].owner is None


def test_a_bom_needs_a_team(editor: User) -> None:
    assert told(plan_import(SAMPLE.read_bytes(), actor=editor)) == ["team: Say which team it belongs to."]


def test_one_error_keeps_every_row_out(editor: User) -> None:
    before = content()
    with pytest.raises(RefusedError) as refusal:
        import_systems(TWO + b"Third,Nowhere,p\r\n", actor=editor)
    assert refusal.value.message_dict == {"Row 4, team": ["You edit no team called “Nowhere”."]}
    assert content() == before


def test_a_name_that_is_taken_after_the_look_imports_nothing(editor: User, team: Team) -> None:
    expected = digest(TWO, editor)
    make_system(team, actor=editor, name="Letter reader")
    before = content()
    with pytest.raises(Conflict) as conflict:
        import_systems(TWO, actor=editor, expected=expected)
    assert told(conflict.value.current) == ["Row 3, name: This team has a system of this name already."]
    assert content() == before


def test_a_failure_in_the_last_row_at_write_time_undoes_the_rows_before(
    editor: User, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name is free when the plan is made and taken when the last row is written, as by another transaction."""
    expected = digest(TWO, editor)
    plan = plan_import(TWO, actor=editor)
    make_system(team, actor=editor, name="Letter reader")
    before = content()
    monkeypatch.setattr("risks.systems.importing.plan_import", lambda *args, **kwargs: plan)
    with pytest.raises(RefusedError) as refusal:
        import_systems(TWO, actor=editor, expected=expected)
    assert refusal.value.message_dict == {"Row 3": ["This team has a system of this name already."]}
    assert content() == before


@pytest.mark.parametrize("change", ["supplier", "owner", "team"])
def test_whatever_would_be_written_otherwise_is_shown_again(editor: User, owner: User, team: Team, change: str) -> None:
    raw = SAMPLE.read_bytes() if change == "supplier" else TWO
    of_team = team if change == "supplier" else None
    expected = digest(raw, editor, of_team)
    assert digest(raw, editor, of_team) == expected
    if change == "supplier":
        add_supplier(actor=editor, name="Fabrikam cloud", kind="cloud")
    if change == "owner":
        set_membership(owner.pk, team.pk, actor=SYSTEM, role=TeamRole.VIEWER)
    if change == "team":
        Team.objects.filter(pk=team.pk).update(name="Claims and care")
    with pytest.raises(Conflict):
        import_systems(raw, actor=editor, team_id=of_team.pk if of_team else None, expected=expected)


def test_what_has_nothing_to_do_with_the_file_does_not_stand_in_its_way(editor: User, team: Team) -> None:
    expected = digest(TWO, editor)
    make_system(team, actor=editor, name="Something else")
    add_supplier(actor=editor, name="Contoso", kind="other")
    make_user("colleague", in_team={team: TeamRole.EDITOR})
    assert len(import_systems(TWO, actor=editor, expected=expected)) == 2


def test_a_draft_is_imported_once_and_its_file_is_gone_then(editor: User) -> None:
    draft = keep_draft(TWO, actor=editor, file_name="systems.csv")
    expected = digest(TWO, editor)
    assert len(import_draft(draft.pk, actor=editor, expected=expected) or ()) == 2
    assert import_draft(draft.pk, actor=editor, expected=expected) is None
    assert AISystem.objects.count() == 2
    assert bytes(ImportDraft.objects.get().content) == b""


def test_a_draft_is_its_uploaders_alone_and_not_for_long(editor: User, officer: User) -> None:
    draft = keep_draft(TWO, actor=editor)
    later = timezone.now() + timedelta(hours=2)
    for actor, at in ((officer, None), (editor, later)):
        with pytest.raises(ImportDraft.DoesNotExist):
            import_draft(draft.pk, actor=actor, expected=digest(TWO, actor), at=at)
    assert not AISystem.objects.exists()


def test_drafts_make_room_for_the_next(editor: User, officer: User) -> None:
    old = keep_draft(TWO, actor=officer)
    ImportDraft.objects.filter(pk=old.pk).update(expires_at=timezone.now())
    drafts = [keep_draft(TWO, actor=editor).pk for _ in range(7)]
    assert sorted(ImportDraft.objects.values_list("pk", flat=True)) == drafts[2:]


def test_the_command_tells_first_and_writes_when_told(editor: User, team: Team, capsys: Any) -> None:
    told = ["import_systems", str(SAMPLE), "--user", "editor@example.org", "--team", "claims"]
    call_command(*told)
    assert not AISystem.objects.exists()
    call_command(*told, "--write")
    assert AISystem.objects.get().team == team
    out = capsys.readouterr().out
    assert "CycloneDX 1.6: 1 system, 7 components, 3 answers, 2 new suppliers." in out
    assert "Registered: AIS-0001." in out
    with pytest.raises(CommandError, match="Nothing can be imported: 1 error"):
        call_command(*told, "--write")


@pytest.mark.parametrize(
    ("file", "user", "of_team", "sentence"),
    [
        (str(SAMPLE), "nobody@example.org", "Claims", "There is no active person"),
        (str(SAMPLE), "editor@example.org", "Payments", "Editor edits no team called “Payments”"),
        ("/nowhere.csv", "editor@example.org", "Claims", "cannot be read"),
        (str(SAMPLE), "viewer@example.org", "", "Only editors of a team"),
    ],
)
def test_the_command_says_what_is_wrong(
    editor: User, viewer: User, other_team: Team, file: str, user: str, of_team: str, sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("import_systems", file, "--user", user, "--team", of_team, "--write")
