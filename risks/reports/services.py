"""The verbs of exports: asking for one, and taking it away. A worker makes it in between (making.py)."""

from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from catalog import reading
from journal import outbox
from journal.errors import NotAllowed
from journal.recording import record
from risks.register.filters import read_filter
from risks.register.layout import BESIDE
from risks.register.scales import current_scale
from risks.reports.making import ON_ITS_WAY, TASK
from risks.reports.models import Export
from risks.reports.sheets import layout_of

REQUESTED, DOWNLOADED = "export.requested", "export.downloaded"


@transaction.atomic
def request_export(*, actor: User, filters: Mapping[str, Collection[str]]) -> Export:
    """Have the risks that pass the filter put into a file; `filters` are parameters of the register.

    With columns among them the file has those, as the page shows them; without it has every field.

    Asking again while the same export is being made gives that one. Raises ValidationError for a filter that is
    unknown, or that names something the actor may not see.
    """
    catalog, scale = reading.current(), current_scale()
    wanted = read_filter(filters, reader=actor, catalog=catalog, scale=scale, beside=BESIDE).params()
    wanted |= layout_of(filters)
    User.objects.select_for_update().get(pk=actor.pk)  # two clicks at once ask for one file
    same: Export | None = Export.objects.visible_to(actor).unfinished().filter(filters=wanted).first()
    if same is not None:
        return same
    export: Export = Export.objects.create(requester=actor, filters=wanted, lease_until=timezone.now() + ON_ITS_WAY)
    record(export, REQUESTED, actor=actor, changes={"filters": [None, wanted]})
    outbox.send_after_commit(TASK, export.pk)
    return export


@transaction.atomic
def download_export(export: Export, *, actor: User) -> bytes:
    """The file, with a trace of who took it. Raises NotAllowed when the actor lost a team that the file tells about."""
    if not all(actor.may_see(team_id) for team_id in export.teams):
        raise NotAllowed("This file holds risks of a team that you no longer see. Export again.")
    record(export, DOWNLOADED, actor=actor, changes={"rows": [None, export.total]})
    return bytes(export.content or b"")
