"""`manage.py identify_threats FILE`: which threats follow from a profile, as JSON."""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, override

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.profile import RuleSet, packaged_rule_set
from risks.systems.answers import WHOLE, InvalidAnswersError
from risks.systems.profile_files import LONGEST, lines_of, read_profile
from risks.systems.rules import identify


class Command(BaseCommand):
    """Works from the packaged edition alone and never touches the database."""

    help = (
        "Print which threats apply to an AI system with the given profile, whose they are and why: one JSON object per "
        "profile. A profile is the JSON object of answers that the API takes."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="a JSON file, or - for standard input")
        parser.add_argument(
            "--lines",
            action="store_true",
            help='each line is a profile; a wrong one answers {"errors": {QUESTION: SENTENCE}} and the exit code is 1',
        )

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        rule_set = packaged_rule_set()
        try:
            with _opened(options["file"]) as stream:
                if options["lines"]:
                    self._answer_lines(rule_set, stream, options["file"])
                else:
                    self._answer_one(rule_set, stream, options["file"])
        except BrokenPipeError:
            # Whoever reads has seen enough. Python would complain once more when it closes the pipe.
            os.dup2(os.open(os.devnull, os.O_WRONLY), self.stdout.fileno())
        except OSError as error:
            raise CommandError(f"The result cannot be written: {error.strerror}.") from None

    def _answer_one(self, rule_set: RuleSet, stream: BinaryIO, file: str) -> None:
        with _readable(file):
            raw = stream.read(LONGEST + 1)
        try:
            answers = read_profile(rule_set, raw)
        except InvalidAnswersError as error:
            raise CommandError("\n".join(_named(error.errors))) from None
        self._print(_result(rule_set, answers))
        self.stdout.flush()

    def _answer_lines(self, rule_set: RuleSet, stream: BinaryIO, file: str) -> None:
        number = wrong = 0
        for number, line in enumerate(_lines(stream, file), start=1):
            try:
                self._print(_result(rule_set, read_profile(rule_set, line, line=number)))
            except InvalidAnswersError as error:
                wrong += 1
                self._print({"errors": error.errors})
        self.stdout.flush()
        if wrong:
            raise CommandError(f"{wrong} of {number} lines {'holds' if wrong == 1 else 'hold'} no valid profile.")

    def _print(self, result: Mapping[str, Any]) -> None:
        self.stdout.write(json.dumps(result, separators=(",", ":")))


@contextmanager
def _opened(file: str) -> Iterator[BinaryIO]:
    """The file, or standard input for "-"."""
    if file == "-":
        yield sys.stdin.buffer
        return
    with _readable(file):
        stream = Path(file).open("rb")  # noqa: SIM115  # closed below, where an error is no longer one of opening
    with stream:
        yield stream


@contextmanager
def _readable(file: str) -> Iterator[None]:
    """Turns a failure to open or read into one sentence."""
    try:
        yield
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from None


def _lines(stream: BinaryIO, file: str) -> Iterator[bytes]:
    with _readable(file):
        yield from lines_of(stream)


def _result(rule_set: RuleSet, answers: Mapping[str, Any]) -> dict[str, Any]:
    verdicts = identify(rule_set, answers).verdicts
    return {
        "threats": {
            threat: {
                "status": verdict.status,
                "party": verdict.party,
                "reasons": [reason.text for reason in verdict.reasons],
            }
            for threat, verdict in verdicts.items()
        }
    }


def _named(errors: Mapping[str, str]) -> list[str]:
    """One line per problem, with the question in front where it is about one."""
    return [sentence if key == WHOLE else f"{key}: {sentence}" for key, sentence in errors.items()]
