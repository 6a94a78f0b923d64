"""What the catalog costs: loading it whole, loading it again, searching 2 000 entries, and each of its pages.

Run with `python3 dev.py bench catalog`. The last line is one JSON object. `repeat_over_load` is the time of a load that
finds everything there over that of a full load; `search_over_scan` is the slowest search at the database over counting
the same rows without an index; `pages` is the slowest page over the fastest. Absolute times depend on the machine.
"""

import json
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from accounts.roles import OrganisationRole  # noqa: E402
from accounts.services import create_user  # noqa: E402
from catalog.models import Edition, SearchEntry, SearchWord  # noqa: E402
from catalog.reading import current  # noqa: E402
from catalog.searching import search  # noqa: E402
from journal.recording import SYSTEM  # noqa: E402

ENTRIES = 2_000
ROUNDS = 15
QUERIES = ("evasion", "prompt inj", "model", "data poisoning training", "LLM01", "promt injecton", "exfiltartion modle")


def main() -> None:
    print(f"{'What':<34}{'queries':>9}{'ms':>10}")
    load, repeat = loading()
    user, _ = create_user(
        actor=SYSTEM, email="bench@example.org", name="Bench", organisation_role=OrganisationRole.OFFICER
    )
    slowest = searching(user)
    costs = pages(user)
    ratios = {
        "repeat_over_load": round(repeat / load, 3),
        "search_over_scan": round(slowest / scan(), 2),
        "pages": round(max(costs) / min(costs), 2),
    }
    print(json.dumps(ratios))


def loading() -> tuple[float, float]:
    """Milliseconds of a full load on an empty catalog, and of the same again."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("TRUNCATE catalog_edition CASCADE")
    load = timed(lambda: call_command("load_catalog", verbosity=0))
    with CaptureQueriesContext(connection) as captured:
        repeat = timed(lambda: call_command("load_catalog", verbosity=0))
    writes = [query for query in captured if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert not writes, writes
    print(f"{'load, empty catalog':<34}{'':>9}{load:>10.0f}")
    print(f"{'load, already there':<34}{len(captured):>9}{repeat:>10.0f}")
    return load, repeat


def searching(user: object) -> float:
    """Milliseconds at the database of the slowest query, on at least ENTRIES entries."""
    edition = Edition.objects.get()
    rows = list(SearchEntry.objects.filter(edition=edition))
    copies = [*rows]
    while len(copies) < ENTRIES:
        copies += rows
    for row in copies[len(rows) :]:
        row.pk = None
    SearchEntry.objects.bulk_create(copies[len(rows) : ENTRIES])
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"{SearchEntry.objects.count()} entries and {SearchWord.objects.count()} words to search")
    slowest = 0.0
    for text in QUERIES:
        spent = []
        for _ in range(ROUNDS):
            with CaptureQueriesContext(connection) as captured:
                search(text, reader=user)  # type: ignore[arg-type]
            spent.append(sum(float(query["time"]) for query in captured) * 1000)
        print(f"{'search “' + text + '”':<34}{len(captured):>9}{min(spent):>10.1f}")
        slowest = max(slowest, min(spent))
    return slowest


def scan() -> float:
    """Milliseconds of looking for a word in the texts of the same rows without an index."""
    return min(
        timed(lambda: SearchEntry.objects.filter(text__icontains="evasion model").count()) for _ in range(ROUNDS)
    )


def pages(user: object) -> list[float]:
    """Milliseconds of the catalog's pages."""
    client = Client(SERVER_NAME=urlsplit(settings.SITE_URL).hostname)
    client.force_login(user)  # type: ignore[arg-type]
    costs = []
    for name, key in PAGES:
        address = reverse(name, args=[key] if key else [])
        for _ in range(3):
            assert client.get(address).status_code == 200, address
        cost = min(timed(partial(client.get, address)) for _ in range(ROUNDS))
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        print(f"{address:<34}{len(captured):>9}{cost:>10.1f}")
        costs.append(cost)
    return costs


def timed(call: Callable[[], object]) -> float:
    """Milliseconds that a call takes."""
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1000


PAGES = (
    ("catalog:home", ""),
    ("catalog:threat", "indirectpromptinjection"),
    ("catalog:controls", ""),
    ("catalog:control", "oversight"),
    ("catalog:editions", ""),
    ("api:threats", ""),
    ("api:controls", ""),
)

if __name__ == "__main__":
    current()
    main()
