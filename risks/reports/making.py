"""How a worker makes an export. May run twice, at once or after a crash: only the holder of the lease gets to finish.

The number of attempts is the mark of the holder. Each step that writes asks for it, so that a worker which was given up
for lost, and comes back, changes nothing.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import batched
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import slugify

from catalog import reading
from journal import outbox
from risks.register.filters import RiskFilter, read_filter
from risks.register.layout import BESIDE
from risks.register.querysets import RiskQuerySet
from risks.register.scales import current_scale
from risks.reports.models import Export, ExportState
from risks.reports.sheets import sheet_for
from risks.reports.spreadsheet import BOM, csv_text

TASK = "reports.make_export"
LEASE = timedelta(minutes=2)  # how long a worker may be silent before another takes over
ON_ITS_WAY = timedelta(minutes=1)  # how long a message may need before it is sent again
MOST_ATTEMPTS = 5
BATCH = 500  # rows read, and counted as progress, at once
AT_ONCE = 100  # exports that one round of requeueing looks at

GIVEN_UP = f"It could not be made in {MOST_ATTEMPTS} tries. Try again, or tell an administrator its number."
GONE = "Whoever asked for it may not sign in any more."


def make_export(export_id: int, *, batch: int = BATCH) -> None:
    """Make the file of an export, unless it is made, given up or in someone else's hands."""
    export = _take_up(export_id, at=timezone.now())
    if export is None:
        return
    try:
        _make(export, batch)
    except Exception:
        # Back on the pile at once, rather than when the lease runs out. Whoever counts tries gives up in the end.
        _held(export).update(state=ExportState.QUEUED, lease_until=None)
        raise


def requeue_jobs(*, at: datetime) -> int:
    """Send again what nobody is on, and give up on what failed too often; returns how many were sent."""
    sent = 0
    with transaction.atomic():
        rows = Export.objects.left_lying(at=at).for_page().select_for_update(skip_locked=True).order_by("pk")
        for export in rows[:AT_ONCE]:
            if export.attempts >= MOST_ATTEMPTS:
                _fail(export, GIVEN_UP)
                continue
            _held(export).update(state=ExportState.QUEUED, lease_until=at + ON_ITS_WAY)
            outbox.send_after_commit(TASK, export.pk)
            sent += 1
    return sent


@transaction.atomic
def _take_up(export_id: int, *, at: datetime) -> Export | None:
    """Lease the export, or nothing: it is finished, or another worker holds it."""
    rows = Export.objects.to_take_up(at=at).for_page().select_for_update(skip_locked=True, of=("self",))
    export: Export | None = rows.select_related("requester").filter(pk=export_id).first()
    if export is None:
        return None
    if export.attempts >= MOST_ATTEMPTS:
        _fail(export, GIVEN_UP)
        return None
    export.state, export.attempts, export.done = ExportState.RUNNING, export.attempts + 1, 0
    export.lease_until = at + LEASE
    export.save(update_fields=["state", "attempts", "done", "lease_until"])
    return export


def _make(export: Export, batch: int) -> None:
    """Read, count, store. Rights are those of the requester now, not those of when they asked."""
    if not export.requester.is_active:
        _fail(export, GONE)
        return
    catalog, scale, today = reading.current(), current_scale(), timezone.localdate()
    reader = export.requester
    try:
        wanted = read_filter(export.filters, reader=reader, catalog=catalog, scale=scale, beside=BESIDE)
        sheet = sheet_for(export.filters, wanted, reader=reader, catalog=catalog, scale=scale, at=today)
    except ValidationError as error:
        _fail(export, f"What it was filtered by is not there any more. {' '.join(error.messages)}"[:300])
        return
    ids = list(sheet.risks.values_list("pk", flat=True))
    _held(export).update(total=len(ids))
    parts, teams = [csv_text([sheet.header])], set()
    for risks in _batches(sheet.risks, ids, batch):
        parts.append(csv_text(sheet.rows(risks)))
        teams |= {risk.team_id for risk in risks}
        if not _has_counted(export, len(risks)):
            return
    _finish(
        export,
        content=(BOM + "".join(parts)).encode(),
        total=F("done"),
        teams=sorted(teams),
        edition=catalog.edition,
        file_name=file_name(wanted, edition=catalog.edition, day=today),
    )


def _batches(risks: RiskQuerySet, ids: list[int], size: int) -> Iterator[list[Any]]:
    """The risks in the order that their ids had at the beginning, a batch at a time.

    So no transaction grows with the register, and no risk is in the file twice or left out because it moved meanwhile.
    """
    for batch in batched(ids, size):
        found = {risk.pk: risk for risk in risks.order_by().filter(pk__in=batch)}
        yield [found[pk] for pk in batch if pk in found]


def _has_counted(export: Export, rows: int) -> bool:
    """Add to the progress and hold on for longer; False when the export is not ours any more."""
    lease = timezone.now() + LEASE
    return bool(_held(export).update(done=F("done") + rows, lease_until=lease))


def _held(export: Export) -> Any:
    """The row, as long as nobody else took it up since."""
    return Export.objects.unfinished().filter(pk=export.pk, attempts=export.attempts)


def _finish(export: Export, **values: Any) -> None:
    _held(export).update(state=ExportState.DONE, lease_until=None, finished_at=timezone.now(), **values)


def _fail(export: Export, sentence: str) -> None:
    _held(export).update(
        state=ExportState.FAILED, lease_until=None, finished_at=timezone.now(), failure=sentence, content=None
    )


def file_name(wanted: RiskFilter, *, edition: str, day: date) -> str:
    """A name that says day, filter and edition, of letters, digits and hyphens only."""
    words = [word for name, values in wanted.params().items() for word in (name, *values)]
    middle = slugify(" ".join(words))[:60].strip("-")
    return "-".join(filter(None, ["ai-risks", day.isoformat(), middle, "edition", slugify(edition)])) + ".csv"
