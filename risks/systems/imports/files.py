"""Which format a file has, by what is in it; its name says nothing. Pure."""

from catalog.profile import RuleSet
from risks.systems.imports.cells import cells_of_csv, cells_of_workbook
from risks.systems.imports.cyclonedx import system_of
from risks.systems.imports.plan import MOST_BYTES, Reading, Remark, UnreadableError
from risks.systems.imports.sheet import systems_of

ZIP, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def read_systems(raw: bytes, rule_set: RuleSet) -> Reading:
    """What a CSV, an .xlsx or a CycloneDX BOM says. A file that cannot be read at all has that as its one error."""
    try:
        return _read(raw, rule_set)
    except UnreadableError as error:
        return Reading("", errors=(Remark(str(error)),))


def _read(raw: bytes, rule_set: RuleSet) -> Reading:
    if len(raw) > MOST_BYTES:
        raise UnreadableError(f"The file is larger than {MOST_BYTES // 1_000_000} MB.")
    start = raw.removeprefix(b"\xef\xbb\xbf").lstrip()[:5].lower()
    if not start:
        raise UnreadableError("The file is empty.")
    if raw.startswith(ZIP):
        return systems_of(cells_of_workbook(raw), rule_set, format="Excel workbook")
    if raw.startswith(OLD_EXCEL):
        raise UnreadableError("This is a workbook of an old Excel. Save it as .xlsx, or as CSV.")
    if start.startswith((b"{", b"[")):
        return system_of(raw)
    if start.startswith(b"<"):
        raise UnreadableError("This is XML. Of CycloneDX only the JSON form can be read.")
    return systems_of(cells_of_csv(raw), rule_set, format="CSV")
