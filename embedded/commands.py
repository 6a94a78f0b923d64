"""Runs several management commands in one process: `python -m embedded.commands one --option -- two`.

Starting Python and Django takes longer than most of the commands.
"""

import itertools
import sys

import django
from django.core.management import CommandError, call_command

from embedded.programs import SEPARATOR


def main(words: list[str]) -> int:
    """Run the commands in order; stop at the first that fails."""
    django.setup()
    for is_separator, command in itertools.groupby(words, lambda word: word == SEPARATOR):
        if is_separator:
            continue
        try:
            call_command(*command)
        except CommandError as error:
            print(error, file=sys.stderr)
            return error.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
