"""Profiles as JSON from a file that nobody has looked at yet: strict, bounded, and plain about what is wrong."""

import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from catalog.profile import RuleSet
from risks.systems.answers import WHOLE, InvalidAnswersError, shown, validate_answers

LONGEST = 1_000_000  # bytes of one profile; a complete one has less than 2,000
TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"|-?Infinity|NaN')


class _NotJSONError(ValueError):
    """What the JSON standard lets pass or Python reads beyond it, and a profile must not hold."""

    def __init__(self, problem: str, token: str, occurrence: int) -> None:
        super().__init__(problem)
        self.token = token
        self.occurrence = occurrence


def read_profile(rule_set: RuleSet, raw: bytes, *, line: int | None = None) -> dict[str, Any]:
    """The valid answers in one JSON text; `line` is its number where each line is a profile.

    Raises InvalidAnswersError, also for what is no JSON, is too long or too deeply nested, repeats a name or holds NaN.
    """
    subject = "The profile" if line is None else f"Line {line}"
    try:
        return validate_answers(rule_set, _parsed(raw, subject, alone=line is None))
    except RecursionError:
        raise InvalidAnswersError({WHOLE: f"{subject} is nested too deeply to be a profile."}) from None


def lines_of(stream: BinaryIO) -> Iterator[bytes]:
    """The lines of a stream, without holding more of a line in memory than is needed to see that it is too long."""
    while line := stream.readline(LONGEST + 2):
        rest = line
        while rest and not rest.endswith(b"\n"):
            rest = stream.readline(LONGEST)
        yield line.removesuffix(b"\n")


def _parsed(raw: bytes, subject: str, *, alone: bool) -> object:
    problem = ""
    if len(raw) > LONGEST:
        problem = f"{subject} is longer than {LONGEST:,} bytes."
    elif not raw.strip():
        problem = f"{subject} is empty; a profile without answers is written {{}}."
    if problem:
        raise InvalidAnswersError({WHOLE: problem})
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        where = _where(raw[: error.start].count(b"\n") + 1, alone=alone)
        raise InvalidAnswersError({WHOLE: f"{subject} is not UTF-8 text{where}."}) from None
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant, parse_int=float)
    except json.JSONDecodeError as error:
        where = f"{_where(error.lineno, alone=alone)} at column {error.colno}"
        raise InvalidAnswersError({WHOLE: f"{subject} is not valid JSON{where}: {error.msg}."}) from None
    except _NotJSONError as error:
        where = _where(_line_of(text, error.token, error.occurrence), alone=alone)
        raise InvalidAnswersError({WHOLE: f"{subject} {error}{where}."}) from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = {}
    for name, value in pairs:
        if name in found:
            raise _NotJSONError(f"names “{shown(name)}” twice", json.dumps(name), 2)
        found[name] = value
    return found


def _no_constant(token: str) -> Any:
    raise _NotJSONError(f"holds {token}, which is not valid JSON", token, 1)


def _where(line: int, *, alone: bool) -> str:
    """The line inside the profile, where that says more than the number of the profile itself."""
    return f" on line {line}" if alone else ""


def _line_of(text: str, token: str, occurrence: int) -> int:
    """The line where a name or constant stands for the given time; the last place when it is spelled otherwise."""
    places = [found.start() for found in TOKENS.finditer(text) if found.group() == token]
    return text.count("\n", 0, places[occurrence - 1] if len(places) >= occurrence else len(text)) + 1
