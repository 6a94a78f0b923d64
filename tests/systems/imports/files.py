"""Files as people and their enemies would send them."""

import csv
import io
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

SAMPLE = Path(__file__).parent / "samples" / "claims-assistant.cdx.json"


def a_csv(*rows: Sequence[str], delimiter: str = ",") -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter).writerows(rows)
    return buffer.getvalue().encode()


def a_workbook(*rows: Sequence[Any], sheets: Sequence[str] = ("Systems",)) -> bytes:
    book = Workbook()
    book.active.title = sheets[0]
    for row in rows:
        book.active.append(list(row))
    for name in sheets[1:]:
        book.create_sheet(name)
    return saved(book)


def saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def repacked(workbook: bytes, **members: bytes) -> bytes:
    """The workbook with some members put in the place of its own; two underscores stand for a slash."""
    changed = {name.replace("__", "/") + ".xml": content for name, content in members.items()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changed.pop(name, None) or old.read(name))
        for name, content in changed.items():
            new.writestr(name, content)
    return buffer.getvalue()


def a_bom(*components: dict[str, Any], version: str = "1.6", **rest: Any) -> bytes:
    """A BOM about a system called Mail sorter."""
    subject = {"type": "application", "name": "Mail sorter", "description": "Sorts incoming mail."}
    bom = {
        "bomFormat": "CycloneDX",
        "specVersion": version,
        "metadata": {"component": subject},
        "components": list(components),
    }
    return json.dumps(bom | rest).encode()


def a_model(name: str = "sorter", **parameters: Any) -> dict[str, Any]:
    model = {"type": "machine-learning-model", "bom-ref": name, "name": name}
    return model | {"modelCard": {"modelParameters": parameters}}
