"""JSON as the standard has it, within limits. What JSON does not know (NaN, doubled keys) is refused, not guessed."""

import codecs
import json
import re
from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

DEEPEST = 32  # levels of nesting; ours need four
CANNOT_BE_STORED = re.compile("[\x00\ud800-\udfff]")
LONGEST_KEY_SHOWN = 40  # characters of a key in a complaint


class StrictJSONParser(JSONParser):
    """Reads at most DATA_UPLOAD_MAX_MEMORY_SIZE bytes: DRF's own parser reads the stream past Django's limit."""

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise ParseError(f"The body is larger than {limit} bytes.")
        try:
            return parse_json(codecs.decode(body, "utf-8"))
        except UnicodeDecodeError as error:
            raise ParseError("The body is not UTF-8.") from error
        except ValueError as error:
            raise ParseError(str(error)) from error


def parse_json(text: str) -> Any:
    """The value of a JSON text. Raises ValueError with a sentence for anything doubtful."""
    try:
        value = json.loads(text, parse_constant=_Constant, object_pairs_hook=_without_doubles)
    except json.JSONDecodeError as error:
        raise ValueError(f"This is not JSON: {error.msg} at line {error.lineno}, column {error.colno}.") from error
    except RecursionError as error:
        raise ValueError(f"The JSON is nested deeper than {DEEPEST} levels.") from error
    _check(value, DEEPEST)
    return value


class _Constant(str):
    """NaN or an infinity, held until it is known under which key it stands."""


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"A key appears twice in one object: {_quoted(key)}.")
        if isinstance(value, _Constant):
            raise ValueError(f"{value} is not a JSON value; it stands under {_quoted(key)}.")
        found[key] = value
    return found


def _quoted(key: str) -> str:
    """A key of unknown origin, fit for a sentence: short and printable."""
    return json.dumps(key if len(key) <= LONGEST_KEY_SHOWN else f"{key[:LONGEST_KEY_SHOWN]}…")


def _check(value: Any, depth: int) -> None:
    """Refuse what the database cannot hold: NUL and lone surrogates in text, and endless nesting."""
    if depth == 0:
        raise ValueError(f"The JSON is nested deeper than {DEEPEST} levels.")
    if isinstance(value, _Constant):
        raise ValueError(f"{value} is not a JSON value.")
    if isinstance(value, str):
        if CANNOT_BE_STORED.search(value):
            raise ValueError("Text contains a character that cannot be stored (NUL or half a surrogate pair).")
    elif isinstance(value, dict):
        for key, item in value.items():
            _check(key, depth - 1)
            _check(item, depth - 1)
    elif isinstance(value, list):
        for item in value:
            _check(item, depth - 1)
