"""The cells of a CSV file or of an Excel workbook as text, row by row. Nothing in a file is run, fetched or trusted."""

import csv
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from openpyxl import load_workbook

from risks.systems.imports.plan import MOST_SYSTEMS, Remark, UnreadableError

DELIMITERS = (",", ";", "\t")
MOST_COLUMNS = 100  # ours are fewer than fifty
LAST_ROW = 20_000  # down to which empty rows are passed over
MOST_CELLS = LAST_ROW * MOST_COLUMNS  # of a sheet, the empty ones too: one far to the right makes 16,384 of its row
MOST_UNPACKED = 30_000_000  # bytes of everything in a workbook; 2,000 full rows of ours have about 5,000,000
MOST_MEMBERS = 500
DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)

# What zipfile raises for archives that are damaged, encrypted, or packed in ways that it does not know.
BROKEN_ARCHIVE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
    EOFError,
)

FORMULA = "This cell holds a formula. Paste its value instead."
BROKEN = "This cell holds an error of the spreadsheet ({})."
TOO_WIDE = "The sheet has far more columns than the template. Delete the empty ones at its right."
TOO_MANY_ROWS = f"The file has more than {MOST_SYSTEMS:,} rows below the header. Part it."
NOT_A_WORKBOOK = "This is no Excel workbook that can be read. Save it anew as .xlsx, or as CSV."


@dataclass(frozen=True, slots=True)
class Cells:
    """The rows of one sheet, the header first, with the row's number as a spreadsheet shows it. Empty rows are out."""

    rows: tuple[tuple[int, tuple[str, ...]], ...]
    errors: tuple[Remark, ...] = ()
    notes: tuple[str, ...] = ()


def cells_of_csv(raw: bytes) -> Cells:
    """The cells of UTF-8 text that is parted by commas, semicolons or tabs. Raises UnreadableError."""
    text = _decoded(raw)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count)
    rows = []
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1):
            if any(cell.strip() for cell in cells):
                rows.append((number, _trimmed(cells, number)))
            if len(rows) > MOST_SYSTEMS + 1:
                raise UnreadableError(TOO_MANY_ROWS)
    except csv.Error as error:
        raise UnreadableError(f"The CSV cannot be read near row {len(rows) + 1}: {error}.") from None
    return Cells(tuple(rows))


def cells_of_workbook(raw: bytes) -> Cells:
    """The cells of the first sheet of an .xlsx file, values only. Raises UnreadableError."""
    _must_be_harmless(raw)
    try:
        book = load_workbook(io.BytesIO(raw), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a sheet says of its own size may be less than it holds
        found = _cells_of(sheet.iter_rows())
    except UnreadableError:
        raise
    except Exception:  # noqa: BLE001  # openpyxl promises no class of exception for a broken file
        raise UnreadableError(NOT_A_WORKBOOK) from None
    names = [name for name in book.sheetnames if name != sheet.title]
    if not names:
        return found
    note = f"Only the first sheet, “{sheet.title[:40]}”, is read; the workbook has {len(names)} more."
    return Cells(found.rows, found.errors, (note,))


def _decoded(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableError("The file is UTF-16 text. Save it as “CSV UTF-8”.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise UnreadableError(f"The file is not UTF-8 text on line {line}. Save it as “CSV UTF-8”.") from None
    if "\x00" in text:
        line = text[: text.index("\x00")].count("\n") + 1
        raise UnreadableError(f"The file holds a NUL sign on line {line}, so it is not CSV.")
    return text


def _trimmed(cells: Iterable[str], row: int) -> tuple[str, ...]:
    """Without space around, and without the empty cells at the end that spreadsheets like to write."""
    kept = [cell.strip() for cell in cells]
    while kept and not kept[-1]:
        kept.pop()
    if len(kept) > MOST_COLUMNS:
        raise UnreadableError(f"Row {row} has {len(kept):,} columns; at most {MOST_COLUMNS} can be read.")
    return tuple(kept)


def _must_be_harmless(raw: bytes) -> None:
    """Refuse what unpacks to far more than it looks, and XML with definitions of its own, which no workbook needs.

    A member cannot unpack to more than its entry says: reading stops there and the checksum fails.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            members = packed.infolist()
            if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_UNPACKED:
                raise UnreadableError("The workbook unpacks to far more than its rows need. Save only the one sheet.")
            for member in members:
                if member.filename.endswith((".xml", ".rels")) and _defines(packed.read(member)):
                    raise UnreadableError("The workbook holds XML with definitions of its own, which is refused.")
    except UnreadableError:
        raise
    except BROKEN_ARCHIVE:
        raise UnreadableError(NOT_A_WORKBOOK) from None


def _defines(xml: bytes) -> bool:
    """Whether there is a document type, in whichever of the encodings that XML parsers know."""
    return bool(DOCTYPE.search(xml.replace(b"\x00", b"")))


def _cells_of(sheet: Iterable[tuple[Any, ...]]) -> Cells:
    rows: list[tuple[int, tuple[str, ...]]] = []
    errors = []
    seen = 0
    for number, cells in enumerate(sheet, 1):
        seen += len(cells)
        if seen > MOST_CELLS:
            raise UnreadableError(TOO_WIDE)
        texts = []
        for cell in cells:
            problem = _problem(cell)
            if problem:
                errors.append(Remark(problem, number, f"column {cell.column_letter}"))
            texts.append("" if problem else _text(cell.value))
        trimmed = _trimmed(texts, number)
        if trimmed or any(remark.row == number for remark in errors[-1:]):
            rows.append((number, trimmed))
        if len(rows) > MOST_SYSTEMS + 1:
            raise UnreadableError(TOO_MANY_ROWS)
        if number > LAST_ROW:
            raise UnreadableError(f"The sheet goes on below row {LAST_ROW:,}. Delete the empty rows at its end.")
    return Cells(tuple(rows), tuple(errors))


def _problem(cell: Any) -> str:
    kind = getattr(cell, "data_type", "")
    if kind == "f":
        return FORMULA
    return BROKEN.format(str(cell.value)[:20]) if kind == "e" else ""


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value.isoformat() if hasattr(value, "isoformat") else value)
