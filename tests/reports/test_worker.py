"""The road of an export through the real broker and a real worker."""

import time

from accounts.roles import TeamRole
from journal.models import Outbox
from risks.register.services import confirm_threats
from risks.reports.models import Export, ExportState
from risks.reports.services import request_export
from tests.make import make_profile, make_system, make_team, make_user

PATIENCE = 20  # seconds


def test_a_worker_makes_what_was_asked_for(committed_db: None, worker: None) -> None:
    team = make_team("Claims")
    editor = make_user("editor", in_team={team: TeamRole.EDITOR})
    system = make_system(team, actor=editor)
    make_profile(system, actor=editor)
    risks = confirm_threats(system.pk, actor=editor)

    export = request_export(actor=editor, filters={})
    assert not Outbox.objects.waiting().exists()
    deadline = time.monotonic() + PATIENCE
    while export.is_unfinished and time.monotonic() < deadline:
        time.sleep(0.1)
        export = Export.objects.get(pk=export.pk)

    assert (export.state, export.total) == (ExportState.DONE, len(risks))
    assert bytes(export.content or b"").count(b"\r\n") == len(risks) + 1
