"""`python -m embedded VERB …`: what dev.py hands over to, inside the environment."""

import os
import sys
from collections.abc import Callable

from embedded.refusal import Refusal, sentence_for
from embedded.state import CHECKOUT


def main(arguments: list[str]) -> int:
    """Run one verb; a refusal is one sentence on stderr and exit code 1."""
    verb, rest = arguments[0], arguments[1:]
    try:
        return _verb(verb)(rest)
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
    except OSError as error:
        sentence = sentence_for(error)
        if sentence is None:
            raise
        print(sentence, file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    return 1


def _verb(name: str) -> Callable[[list[str]], int]:
    """Return the function of a verb; only that one is imported, since a quick start is worth more than a tidy list."""
    if name == "up":
        from embedded.supervisor import up

        return up
    if name == "manage":
        from embedded.manage import manage

        return manage
    if name == "test":
        return run_tests
    if name == "check":
        from embedded.check import check

        return check
    if name == "bench":
        from embedded.bench import bench

        return bench
    if name == "shots":
        from embedded.shots import shots

        return shots
    raise Refusal(f"There is no verb {name}: see python3 dev.py --help.")


def run_tests(arguments: list[str]) -> int:
    """Find a browser unless the browser tests are left out, then become pytest."""
    if not any("not browser" in argument for argument in arguments):
        from embedded.browser import find_or_install

        os.environ["CHROMIUM_PATH"] = find_or_install()
    os.chdir(CHECKOUT)
    # Without arguments it is the whole suite, for which it pays to start a second process with a database of its own.
    # The tests know which files take long; xdist would begin with those of many tests, and keep the slow few for last.
    in_parallel = [] if arguments else ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *in_parallel, *arguments])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
