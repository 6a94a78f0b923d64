"""Asks a container of ours whether it is well: `probe.py web` or `probe.py scheduler FILE`. Standard library only."""

import http.client
import os
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

PORT = 8000
OLDEST_SCHEDULE = 600  # seconds; the scheduler writes its file at least every three minutes


def main(arguments: list[str]) -> int:
    """Return 0 for well, 1 for ill."""
    match arguments:
        case ["web"]:
            return 0 if web_is_ready() else 1
        case ["scheduler", file]:
            return 0 if is_fresh(Path(file), now=time.time()) else 1
    print(__doc__, file=sys.stderr)
    return 2


def web_is_ready() -> bool:
    """Ask the readiness page under the name that people use, since other names are refused."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=5)
    try:
        connection.request("GET", "/health/ready/", headers={"Host": urlsplit(os.environ["SITE_URL"]).netloc})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def is_fresh(file: Path, *, now: float) -> bool:
    """Say whether the scheduler has written its file lately."""
    return file.exists() and now - file.stat().st_mtime < OLDEST_SCHEDULE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
