"""What pages cost when the register grows: the demo organisation once, and with four times its systems and risks.

Run with `python3 dev.py bench pages`. The last line is one JSON object: time with four times the rows over time with
one, per page. Absolute times depend on the machine; the ratios should not.
"""

import json
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from demo.building import build, build_again  # noqa: E402
from risks.register.models import Risk  # noqa: E402

TIMES = 4
ROUNDS = 25  # requests per page; the fastest counts, since other work on the machine only ever adds
WARM_UP = 3


def main() -> None:
    build(at=timezone.localdate())
    small = measured()
    for copy in range(2, TIMES + 1):
        build_again(at=timezone.localdate(), copy=copy)
    large = measured()
    print(f"{'Page':<10}{'queries':>9}{'ms, once':>12}{f'ms, {TIMES} times':>14}{'ratio':>8}")
    ratios = {}
    for page, (queries, once) in small.items():
        more_queries, more = large[page]
        ratios[page] = round(more / once, 2)
        shown = f"{queries}" if queries == more_queries else f"{queries} → {more_queries}"
        print(f"{page:<10}{shown:>9}{once:>12.1f}{more:>14.1f}{ratios[page]:>8.2f}")
    print(json.dumps(ratios))


def measured() -> dict[str, tuple[int, float]]:
    """Queries and milliseconds per page, for a security officer, who sees everything."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")  # a database in use has its statistics; a fresh one would plan blindly
    client = Client(SERVER_NAME=urlsplit(settings.SITE_URL).hostname)
    client.force_login(User.objects.get(email="officer@example.org"))
    risk = Risk.objects.with_rating().exclude(rated_level=None)[0]
    pages = {"home": "/", "register": "/risks/", "heatmap": "/risks/heatmap/", "risk": f"/risks/{risk.pk}/"}
    return {page: cost(client, address) for page, address in pages.items()}


def cost(client: Client, address: str) -> tuple[int, float]:
    """Queries and fastest milliseconds of one page."""
    for _ in range(WARM_UP):
        answer = client.get(address)
        assert answer.status_code == 200, f"{address} answers {answer.status_code}"
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        client.get(address)
        times.append((time.perf_counter() - start) * 1000)
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured), min(times)


if __name__ == "__main__":
    main()
