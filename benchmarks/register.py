"""What the register costs as it grows: 1 000, 10 000 and 100 000 risks, for a security officer, who sees them all.

Run with `python3 dev.py bench register [MOST]`; MOST stops at fewer risks. Printed are the median and the 95th
percentile of each page and the queries it makes. The last line is one JSON object: per page its p95 at the most risks
over its p95 at 1 000, and the SQL of the heatmap over a bare GROUP BY on the same rows. Absolute times depend on the
machine; the ratios should not.
"""

import gc
import json
import statistics
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
from django.db import connection, connections  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from accounts.models import User  # noqa: E402
from demo.load import OFFICER, Size, now_at_noon, seed  # noqa: E402
from risks.register.models import Risk  # noqa: E402
from risks.register.rules import DEFAULT_SCALE  # noqa: E402
from risks.register.services import rate_risk  # noqa: E402

STEPS = (1_000, 10_000, 100_000)
ROUNDS, WARM_UP = 60, 5
BARE = "SELECT current_likelihood, current_impact, count(*) FROM register_risk GROUP BY 1, 2"
PAGES = {
    "list": "/risks/",
    "filtered": "/risks/?level=4&level=5&status=open&overdue=true",
    "heatmap": "/risks/heatmap/",
    "dashboard": "/",
    "trend": "/trend/",
    "priority": "/risks/?sort=priority",
}


def main() -> None:
    steps = [step for step in STEPS if step <= int((sys.argv[1:] or [str(STEPS[-1])])[0])]
    measured = {}
    before = 0
    for step in steps:
        seed(Size(risks=step - before, systems=(step - before) // 20, teams=max(3, step // 2_000)), at=now_at_noon())
        before = step
        measured[step] = costs()
        print(f"\n{step} risks\n{'Page':<12}{'queries':>9}{'median ms':>12}{'p95 ms':>10}")
        for page, (queries, times) in measured[step].items():
            print(f"{page:<12}{queries:>9}{statistics.median(times):>12.1f}{p95(times):>10.1f}")
    first, last = measured[steps[0]], measured[steps[-1]]
    ratios = {page: round(p95(last[page][1]) / p95(first[page][1]), 2) for page in ("list", "detail", *list(PAGES)[1:])}
    print(json.dumps({**ratios, "heatmap_vs_group_by": heatmap_vs_group_by()}))


def costs() -> dict[str, tuple[int, list[float]]]:
    """Queries and milliseconds of each request, per page."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # what a database in use does by itself
    gc.collect()
    gc.freeze()  # a web process has not just written a hundred thousand rows, whose remains would be searched each time
    officer = User.objects.get(email=OFFICER)
    client = Client(SERVER_NAME=urlsplit(settings.SITE_URL).hostname)
    client.force_login(officer)
    # One risk is looked at and another one rated: a history that grows with each round would be measured too.
    risk, rated = Risk.objects.exclude(current_level=None).order_by("number")[:2]
    pages = {**PAGES, "detail": f"/risks/{risk.pk}/"}
    found = {page: cost(partial(get, client, path)) for page, path in pages.items()}
    turn = iter(range(10_000))

    def rate() -> None:
        likelihood = 1 + next(turn) % len(DEFAULT_SCALE.likelihood)
        rate_risk(
            rated.pk,
            actor=officer,
            kind="current",
            likelihood=likelihood,
            impact=3,
            reason="Measured.",
            expected_version=None,
        )

    found["rating"] = cost(rate)
    return found


def get(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200, f"{path} answers {answer.status_code}"


def cost(once: Callable[[], None]) -> tuple[int, list[float]]:
    for _ in range(WARM_UP):
        once()
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        once()
        times.append((time.perf_counter() - start) * 1000)
    with CaptureQueriesContext(connection) as captured:
        once()
    return len(captured), times


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def heatmap_vs_group_by() -> float:
    """The median time of the heatmap's counting over that of a bare GROUP BY, taken in turns."""
    client = Client(SERVER_NAME=urlsplit(settings.SITE_URL).hostname)
    client.force_login(User.objects.get(email=OFFICER))
    with CaptureQueriesContext(connection) as captured:
        client.get(PAGES["heatmap"])
    counting = next(query["sql"] for query in captured if "GROUP BY" in query["sql"] and "likelihood" in query["sql"])
    times: dict[str, list[float]] = {counting: [], BARE: []}
    with connection.cursor() as cursor:
        for _ in range(ROUNDS):
            for sql, spent in times.items():
                start = time.perf_counter()
                cursor.execute(sql)
                cursor.fetchall()
                spent.append(time.perf_counter() - start)
    return round(statistics.median(times[counting]) / statistics.median(times[BARE]), 2)


if __name__ == "__main__":
    main()
