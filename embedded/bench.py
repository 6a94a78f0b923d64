"""`dev.py bench NAME`: runs benchmarks/NAME.py on servers of its own, with the tables made and the catalog loaded."""

import subprocess
import sys

from embedded.programs import PREPARATION, run_commands
from embedded.refusal import Refusal
from embedded.servers import application_environment
from embedded.state import CHECKOUT
from embedded.throwaway import throwaway_servers

FOLDER = CHECKOUT / "benchmarks"


def bench(arguments: list[str]) -> int:
    """Run one benchmark, which seeds its own data, prints a table and as its last line its ratios as JSON."""
    names = sorted(path.stem for path in FOLDER.glob("*.py") if not path.stem.startswith("_"))
    if not arguments or arguments[0] not in names:
        raise Refusal(f"Name one of the benchmarks: {', '.join(names) or 'there are none yet'}.")
    with throwaway_servers() as servers:
        environment = application_environment(servers.state, site_url="http://127.0.0.1:8000", as_owner=True)
        run_commands(PREPARATION, environment)
        command = [sys.executable, str(FOLDER / f"{arguments[0]}.py"), *arguments[1:]]
        return subprocess.call(command, env=environment)
