"""Rows as CSV (RFC 4180) that a spreadsheet shows as text, whatever somebody typed into a field. Pure.

A cell that begins like a formula would be run for the person who opens the file (CSV injection), so it gets an
apostrophe in front. So does what follows a semicolon, a tab or a line break inside a cell: a spreadsheet that expects
those between cells cuts a quoted cell there, and takes a quotation mark that follows for its own. Full-width forms
count, since some programs read them as the plain ones.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence

BOM = "\ufeff"  # tells spreadsheets that the file is UTF-8

_SIGNS = r"=+\-@\uff1d\uff0b\uff0d\uff20"  # the last four are the full-width = + - @
_BEGINS = rf"['\"]*[^\S\t\r\n]*[{_SIGNS}]"
_PLACES = (
    rf"\A(?={_BEGINS}|'*[\t\r\x00])",
    rf"(?:(?<=[;\t\n])|(?<=\r)(?!\n))(?={_BEGINS})",
)
_UNMARKED = re.compile("|".join(_PLACES))
_MARKED = re.compile("|".join(place.replace("(?=", "'(?=", 1) for place in _PLACES))

type Cell = str | int | None


def csv_text(rows: Iterable[Sequence[Cell]]) -> str:
    """The rows as CSV, each ended by CR LF. Numbers stay numbers, None is an empty cell, text is neutralised."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    for row in rows:
        writer.writerow([neutral(cell) if isinstance(cell, str) else cell for cell in row])
    return buffer.getvalue()


def neutral(text: str) -> str:
    """The text with an apostrophe before whatever a spreadsheet could take for the start of a formula."""
    return _UNMARKED.sub("'", text)


def original(text: str) -> str:
    """What `neutral` was given, so that a file can be read back unchanged."""
    return _MARKED.sub("", text)
