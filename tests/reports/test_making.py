"""Making an export: by one worker at a time, with the requester's rights of that moment, and safe to run twice."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Membership, User
from accounts.services import change_user
from journal.models import Event, Outbox
from journal.recording import SYSTEM
from risks.register.models import Risk
from risks.register.services import describe_risk
from risks.register.treating import treat_risk
from risks.reports import making, sheets
from risks.reports.models import Export, ExportState
from risks.reports.services import request_export
from risks.reports.tasks import make_export, requeue_jobs
from tests.make import make_rating, make_risk, make_system

LATER = timedelta(hours=1)


def made(user, **filters):
    export = request_export(actor=user, filters=filters)
    make_export(export.pk)
    return Export.objects.get(pk=export.pk)


def rows_of(export):
    return list(csv.DictReader(io.StringIO(bytes(export.content).decode("utf-8-sig"), newline="")))


def test_the_file_holds_every_risk_in_sight(risks, editor):
    export = made(editor)

    assert (export.state, export.done, export.total) == (ExportState.DONE, len(risks), len(risks))
    rows = rows_of(export)
    assert [row["Reference"] for row in rows] == [risk.reference for risk in risks]
    first = rows[0]
    assert first["System"] == "Claims assistant"
    assert (first["Threat key"], first["Threat"], first["Party"]) == (
        "directpromptinjection",
        "Direct prompt injection",
        "Shared",
    )
    assert (first["Current likelihood"], first["Current impact"]) == ("4", "5")
    assert (first["Current level"], first["Current level in words"]) == ("5", "Critical")
    assert first["Inherent level"] == ""
    assert (first["Treatment option"], first["Owner"], first["Status"]) == ("Mitigate", "Owner", "Open")
    assert first["Due"] == (timezone.localdate() + timedelta(days=7)).isoformat()
    assert (first["Origin"], first["Edition"]) == ("By rule", "2026-08-22")
    assert first["Reasons"].startswith("It uses generative AI.")
    assert (rows[1]["Current level"], rows[1]["Owner"]) == ("", "")


def test_the_filter_of_the_register_narrows_it(risks, editor):
    assert [row["Reference"] for row in rows_of(made(editor, level=["5"]))] == [risks[0].reference]


def test_the_file_says_its_day_filter_and_edition(risks, editor):
    export = made(editor, level=["4", "5"], q=['x"; \r\n=1 ü'])

    day = timezone.localdate().isoformat()
    assert export.file_name == f"ai-risks-{day}-level-4-5-q-x-1-u-edition-2026-08-22.csv"
    assert export.edition == "2026-08-22"


def test_a_file_without_risks_has_its_head(editor, team):
    export = made(editor)

    assert (export.total, rows_of(export)) == (0, [])
    assert bytes(export.content).startswith("\ufeffReference,System,".encode())


def test_what_people_typed_is_no_formula(risks, editor):
    treat_risk(
        risks[1].pk,
        actor=editor,
        option="mitigate",
        plan="=cmd|'/c calc'!A0",
        owner_id=editor.pk,
        due=timezone.localdate(),
        expected_version=None,
    )

    assert rows_of(made(editor))[1]["Plan"] == "'=cmd|'/c calc'!A0"


def test_risks_of_other_teams_stay_out(risks, outsider, other_team):
    mine = make_system(other_team, actor=outsider, name="Other")
    risk = make_risk(mine, actor=outsider)

    assert [row["Reference"] for row in rows_of(made(outsider))] == [risk.reference]


def test_rights_are_those_of_the_moment_it_is_made(risks, viewer):
    export = request_export(actor=viewer, filters={})
    Membership.objects.filter(user=viewer).delete()

    make_export(export.pk)

    export.refresh_from_db()
    assert (export.state, export.total, export.teams) == (ExportState.DONE, 0, [])


def test_a_filter_that_is_no_longer_theirs_fails_with_a_sentence(risks, viewer, system):
    export = request_export(actor=viewer, filters={"system": [str(system.pk)]})
    Membership.objects.filter(user=viewer).delete()

    make_export(export.pk)

    export.refresh_from_db()
    assert export.state == ExportState.FAILED
    assert export.failure == "What it was filtered by is not there any more. There is no such system."


def test_nothing_is_made_for_someone_who_may_not_sign_in(risks, editor):
    export = request_export(actor=editor, filters={})
    change_user(editor.pk, actor=SYSTEM, name=editor.name, organisation_role="member", is_active=False)

    make_export(export.pk)

    export.refresh_from_db()
    assert (export.state, export.content) == (ExportState.FAILED, None)
    assert export.failure == "Whoever asked for it may not sign in any more."


def test_running_twice_changes_nothing(risks, editor):
    export = made(editor)
    before = (Export.objects.values().get(), Event.objects.count(), Outbox.objects.count())

    make_export(export.pk)

    assert (Export.objects.values().get(), Event.objects.count(), Outbox.objects.count()) == before


def test_an_export_that_is_gone_is_no_error(db):
    make_export(987_654_321)


def test_batches_make_the_same_file(risks, editor):
    whole = made(editor)
    export = request_export(actor=editor, filters={})

    making.make_export(export.pk, batch=3)

    export.refresh_from_db()
    assert bytes(export.content) == bytes(whole.content)
    assert export.done == len(risks)


def test_the_file_holds_what_the_page_shows(risks, editor, client_of):
    query = "sort=-reference&columns=level,expected_loss,due&state=open"
    page = client_of(editor).get(f"/risks/?{query}")

    export = made(editor, sort=["-reference"], columns=["level", "expected_loss,due"], state=["open"])

    header, *rows = csv.reader(io.StringIO(bytes(export.content).decode("utf-8-sig"), newline=""))
    assert header == ["Current", "Expected loss a year, estimate in EUR", "Threat", "Due"]
    assert [row[2] for row in rows] == [row.title for row in page.context["rows"]]
    assert rows[-1] == [
        "5 Critical",
        "30000000",
        "Direct prompt injection",
        (timezone.localdate() + timedelta(days=7)).isoformat(),
    ]
    assert export.total == len(risks)


@pytest.mark.parametrize("columns", [["threat,level"], ["all"]])
def test_batches_keep_the_order_of_the_page(risks, editor, columns):
    filters = {"sort": ["priority"], "columns": columns}
    whole = made(editor, **filters)
    export = request_export(actor=editor, filters=filters)

    making.make_export(export.pk, batch=3)

    export.refresh_from_db()
    assert bytes(export.content) == bytes(whole.content)
    assert bytes(export.content).count(b"\r\n") == len(risks) + 1


def test_what_somebody_typed_is_no_formula_in_the_columns_shown(risks, editor):
    describe_risk(risks[0].pk, actor=editor, expected_version=None, description="=1+1")
    export = made(editor, columns=["description"], sort=["reference"])
    assert rows_of(export)[0]["What it means here"] == "'=1+1"


def test_columns_that_there_are_not_are_refused(editor):
    with pytest.raises(ValidationError, match="There is no column “colour”"):
        request_export(actor=editor, filters={"columns": ["colour"]})


def test_a_worker_that_was_given_up_for_lost_changes_nothing(risks, editor, monkeypatch):
    export = request_export(actor=editor, filters={})

    def taken_over(catalog_of_nobody=None):
        """While the first worker reads, its lease runs out and another takes up the export."""
        Export.objects.filter(pk=export.pk).update(attempts=2)
        return current()

    current = making.reading.current
    monkeypatch.setattr(making.reading, "current", taken_over)
    make_export(export.pk)

    export.refresh_from_db()
    assert (export.state, export.content, export.done) == (ExportState.RUNNING, None, 0)


def test_what_a_worker_holds_nobody_else_takes_up(risks, editor):
    export = request_export(actor=editor, filters={})
    lease = timezone.now() + LATER
    Export.objects.filter(pk=export.pk).update(state=ExportState.RUNNING, attempts=1, lease_until=lease)

    make_export(export.pk)

    export.refresh_from_db()
    assert (export.state, export.attempts) == (ExportState.RUNNING, 1)


def test_an_error_puts_it_back_on_the_pile(risks, editor, monkeypatch):
    export = request_export(actor=editor, filters={})
    monkeypatch.setattr(sheets, "row_of", lambda risk, catalog, scale: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        make_export(export.pk)

    export.refresh_from_db()
    assert (export.state, export.attempts, export.lease_until) == (ExportState.QUEUED, 1, None)


@pytest.mark.parametrize("state", [ExportState.QUEUED, ExportState.RUNNING])
def test_what_nobody_is_on_is_sent_again(editor, state):
    export = request_export(actor=editor, filters={})
    Export.objects.filter(pk=export.pk).update(state=state, lease_until=timezone.now() - LATER)

    assert requeue_jobs() == 1
    assert Outbox.objects.filter(arguments=[export.pk]).count() == 2
    assert requeue_jobs() == 0  # it is on its way now
    make_export(export.pk)
    export.refresh_from_db()
    assert export.state == ExportState.DONE


def test_what_is_on_its_way_or_held_is_left_alone(editor):
    request_export(actor=editor, filters={})

    assert requeue_jobs() == 0


def test_what_failed_too_often_is_given_up_with_a_sentence(editor):
    export = request_export(actor=editor, filters={})
    past = timezone.now() - LATER
    Export.objects.filter(pk=export.pk).update(state=ExportState.RUNNING, attempts=5, lease_until=past)

    assert requeue_jobs() == 0
    export.refresh_from_db()
    assert export.state == ExportState.FAILED
    assert export.failure.startswith("It could not be made in 5 tries.")
    make_export(export.pk)
    export.refresh_from_db()
    assert export.state == ExportState.FAILED


def test_making_takes_no_more_queries_for_more_risks(risks, editor, other_team, django_assert_num_queries):
    few = request_export(actor=editor, filters={})
    with django_assert_num_queries(14) as captured:
        make_export(few.pk)
    assert captured

    for risk in risks[2:8]:
        make_rating(risk, actor=editor)
        describe_risk(risk.pk, actor=editor, expected_version=None, description="More text.")
    assert Risk.objects.count() == len(risks)
    assert User.objects.count() > 1
    many = request_export(actor=editor, filters={})
    with django_assert_num_queries(14):
        make_export(many.pk)
