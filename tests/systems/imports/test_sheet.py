"""CSV and Excel: what rows say, and what is wrong with them, by row and column."""

import io
import zipfile
from typing import Any

import pytest
from openpyxl import Workbook

from catalog.profile import packaged_rule_set
from risks.systems.imports import sheet
from risks.systems.imports.cells import FORMULA, TOO_WIDE
from risks.systems.imports.files import read_systems
from risks.systems.imports.plan import PlannedSystem, Reading, Remark
from risks.systems.imports.sheet import FIELDS, columns, template
from tests.systems.imports.files import a_csv, a_workbook, repacked, saved

RULES = packaged_rule_set()
HEADER = ("name", "team", "purpose")
ROW = ("Mail sorter", "Claims", "Sorts mail.")
MESSY = {"name": "Mail sorter", "purpose": "Sorts mail."}


def read(raw: bytes) -> Reading:
    return read_systems(raw, RULES)


def problems(raw: bytes) -> list[str]:
    return [str(remark) for remark in read(raw).errors]


def one(**cells: str) -> tuple[PlannedSystem, list[str]]:
    """The system of a row with these cells, and its problems."""
    filled = MESSY | cells
    found = read(a_csv(list(filled), list(filled.values())))
    return found.systems[0], [str(remark) for remark in found.errors]


def test_the_template_can_be_read_back_as_it_is() -> None:
    found = read(("\ufeff" + template(RULES)).encode())
    assert not found.errors
    assert not found.warnings
    (system,) = found.systems
    assert (system.name, system.team, system.owner, system.row) == ("Claims assistant", "Claims", "kim@example.org", 2)
    assert dict(system.fields)["links"] == [{"title": "Design", "url": "https://wiki.example.org/claims-assistant"}]
    assert system.profile["augmentation"] == ["rag", "system_prompt"]
    assert system.profile["run_by"] == "supplier"


def test_the_template_has_every_field_and_every_question() -> None:
    assert columns(RULES) == (*FIELDS, *(question.key for question in RULES.questions))
    assert template(RULES).splitlines()[0] == ",".join(columns(RULES))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_each_delimiter_is_read_with_and_without_a_mark(delimiter: str, mark: bytes) -> None:
    found = read(mark + a_csv(HEADER, ROW, delimiter=delimiter))
    assert [(s.name, s.team, s.purpose, s.row) for s in found.systems] == [(*ROW, 2)]
    assert not found.errors


def test_a_workbook_says_the_same_as_a_csv() -> None:
    assert read(a_workbook(HEADER, ROW)).systems == read(a_csv(HEADER, ROW)).systems


def test_rows_are_numbered_as_a_spreadsheet_shows_them() -> None:
    text = b'name,purpose\n\n"Two\nlines",p\nA,p\n'
    assert problems(text) == [
        "Row 3, name: This holds a line break or another sign that cannot be kept here.",
        "Row 4, name: A name has at least two letters.",
    ]
    assert problems(a_workbook(("name", "purpose"), (), ("A", "p"))) == [
        "Row 3, name: A name has at least two letters."
    ]


def test_only_the_first_sheet_is_read_and_the_report_says_so() -> None:
    found = read(a_workbook(HEADER, ROW, sheets=("Inventory", "Old", "Notes")))
    assert len(found.systems) == 1
    assert found.notes == ("Only the first sheet, “Inventory”, is read; the workbook has 2 more.",)


def test_numbers_in_a_workbook_are_text() -> None:
    assert read(a_workbook(HEADER, (2024, "Claims", 1.5))).systems[0].name == "2024"


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        ("purpos", "Row 1, column 2: There is no column “purpos”. Did you mean “purpose”?"),
        ("zzz", "Row 1, column 2: There is no column “zzz”. The template has all columns."),
        ("name", "Row 1, column 2: The column “name” stands twice."),
        ("", "Row 1, column 2: This column has no name."),
    ],
)
def test_a_column_that_is_not_ours_is_an_error(header: str, sentence: str) -> None:
    assert problems(a_csv(("name", header, "purpose"), ("A system", "x", "p"))) == [sentence]


def test_a_needed_column_that_is_missing_is_named() -> None:
    assert problems(a_csv(("name",), ("A system",))) == ["Row 1: The column “purpose” is missing."]


def test_the_header_may_be_written_as_people_write() -> None:
    found = read(a_csv(("Name", "Purpose", "Owner e-mail"), ("Mail sorter", "Sorts.", "kim@example.org")))
    assert found.systems[0].owner == "kim@example.org"


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"name": ""}, "Row 2, name: This is empty. Every system needs it."),
        ({"name": "x" * 121}, "Row 2, name: Keep this within 120 characters; it has 121."),
        ({"owner_email": "kim"}, "Row 2, owner_email: “kim” is no e-mail address."),
        ({"stage": "live"}, "Row 2, stage: “live” is none of idea, development, pilot, production or retired."),
        ({"data_categories": "personal; x"}, "Row 2, data_categories: “x” is none of personal,"),
        ({"ai_act_class": "minimal"}, "Row 2, ai_act_reason: Say why the system has this class by the EU AI Act."),
        ({"tags": "; ".join(f"t{n}" for n in range(21))}, "Row 2, tags: Keep to 20 tags; these are 21."),
        ({"links": "Wiki javascript:alert(1)"}, "Row 2, links: Link 1: give it a whole address"),
        ({"run_by": "me"}, "Row 2, run_by: “me” is none of own, supplier or unknown."),
        ({"augmentation": "rag; none"}, "Row 2, augmentation: “none” cannot stand together with other answers."),
        ({"augmentation": "rag; rag"}, "Row 2, augmentation: “rag” is listed twice."),
    ],
)
def test_what_is_wrong_with_a_cell_is_said_by_row_and_column(cells: dict[str, str], sentence: str) -> None:
    assert [problem[: len(sentence)] for problem in one(**cells)[1]] == [sentence]


def test_values_may_be_written_by_their_words() -> None:
    system, wrong = one(
        stage="Production", run_by="We do", augmentation="Retrieved documents (RAG)", model_types="unknown"
    )
    assert not wrong
    assert dict(system.fields) == {"stage": "production"}
    assert system.profile == {"model_types": [], "run_by": "own", "augmentation": ["rag"]}


def test_what_is_empty_is_not_said() -> None:
    system, _ = one(stage="", tags="", run_by="")
    assert (system.fields, system.answers, system.owner, system.team) == ((), (), "", "")


def test_an_answer_to_a_question_that_is_not_asked_is_a_warning() -> None:
    found = read(a_csv((*MESSY, "trained_by", "training_data_sensitive"), (*MESSY.values(), "supplier", "yes")))
    assert not found.errors
    assert [(remark.row, remark.place) for remark in found.warnings] == [(2, "training_data_sensitive")]


def test_more_cells_than_columns_is_an_error() -> None:
    assert problems(a_csv(HEADER, (*ROW, "more"))) == ["Row 2: The row has 4 cells, the header 3."]


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", "The file is empty."),
        (b" \n ", "The file is empty."),
        (b"name,purpose\n", "The file has column names, and no row below them."),
        (b"name,purpose\nA,b\x00c\n", "The file holds a NUL sign on line 2, so it is not CSV."),
        (b"name,purpose\nCaf\xe9,x\n", "The file is not UTF-8 text on line 2. Save it as “CSV UTF-8”."),
        ("name,purpose".encode("utf-16"), "The file is UTF-16 text. Save it as “CSV UTF-8”."),
        (b'name,purpose\n"A,b\n', "The CSV cannot be read near row 2: unexpected end of data."),
        (
            b"name,purpose\nA," + b"x" * 140_000,
            "The CSV cannot be read near row 2: field larger than field limit (131072).",
        ),
        (b"<bom/>", "This is XML. Of CycloneDX only the JSON form can be read."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "This is a workbook of an old Excel. Save it as .xlsx, or as CSV."),
        (b"PK\x03\x04nothing", "This is no Excel workbook that can be read. Save it anew as .xlsx, or as CSV."),
        (b"x" * 5_000_001, "The file is larger than 5 MB."),
        (b"c," * 9_999 + b"c", "Row 1 has 10,000 columns; at most 100 can be read."),
    ],
    ids=lambda value: value[:20] if isinstance(value, bytes) else "",
)
def test_a_file_that_cannot_be_read_says_why(raw: bytes, sentence: str) -> None:
    assert problems(raw) == [sentence]


@pytest.mark.parametrize("make", [a_csv, a_workbook])
def test_2000_rows_are_read_and_2001_are_not(make) -> None:
    rows = [(f"System {number}", "Claims", "p") for number in range(2_001)]
    assert len(read(make(HEADER, *rows[:-1])).systems) == 2_000
    assert problems(make(HEADER, *rows)) == ["The file has more than 2,000 rows below the header. Part it."]


def test_a_formula_and_an_error_of_the_spreadsheet_are_errors() -> None:
    assert problems(a_workbook(HEADER, ("=1+1", "Claims", "p"), ("Fine", "Claims", "#N/A"))) == [
        "Row 2, name: This cell holds a formula. Paste its value instead.",
        "Row 3, purpose: This cell holds an error of the spreadsheet (#N/A).",
    ]


def test_what_looks_like_a_formula_in_a_csv_is_text() -> None:
    system, wrong = one(name='=HYPERLINK("http://x")')
    assert (system.name, wrong) == ('=HYPERLINK("http://x")', [])


def test_a_workbook_that_lies_about_its_size_is_read_whole() -> None:
    whole = a_workbook(HEADER, ROW)
    sheet = _member(whole, "xl/worksheets/sheet1.xml").replace(b'ref="A1:C2"', b'ref="A1:A1"')
    assert read(repacked(whole, xl__worksheets__sheet1=sheet)).systems == read(whole).systems


def test_a_cell_far_to_the_right_or_far_below_is_refused() -> None:
    book = Workbook()
    book.active.append(HEADER)
    book.active.cell(2, 16_384, "x")
    assert problems(saved(book)) == ["Row 2 has 16,384 columns; at most 100 can be read."]
    book = Workbook()
    book.active.append(HEADER)
    book.active.cell(1_048_576, 1, "x")
    assert problems(saved(book)) == ["The sheet goes on below row 20,000. Delete the empty rows at its end."]


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = repacked(a_workbook(HEADER, ROW), xl__bomb=b"0" * 40_000_000)
    assert len(bomb) < 100_000
    assert problems(bomb) == ["The workbook unpacks to far more than its rows need. Save only the one sheet."]


def test_a_workbook_whose_member_is_larger_than_its_entry_says_is_refused() -> None:
    whole = repacked(a_workbook(HEADER, ROW), xl__bomb=b"0" * 20_000_000)
    lying = whole.replace((20_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lying != whole
    assert problems(lying) == ["This is no Excel workbook that can be read. Save it anew as .xlsx, or as CSV."]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_workbook_with_entities_is_refused(encoding: str) -> None:
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
    )
    hostile = repacked(a_workbook(HEADER, ROW), xl__sharedStrings=text.encode(encoding))
    assert problems(hostile) == ["The workbook holds XML with definitions of its own, which is refused."]


@pytest.mark.parametrize("member", ["xl__workbook", "xl__worksheets__sheet1"])
@pytest.mark.parametrize("content", [b"", b"<x", b"<x/>", b"\x00" * 50])
def test_a_broken_workbook_is_refused_with_a_sentence(member: str, content: bytes) -> None:
    assert len(problems(repacked(a_workbook(HEADER, ROW), **{member: content or b" "}))) == 1


def _member(workbook: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(workbook)) as packed:
        return packed.read(name)


def a_sheet(*rows: str) -> bytes:
    """A workbook whose sheet has these rows, as XML, below a header of all columns."""
    names = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in columns(RULES))
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    xml = f'<worksheet xmlns="{space}"><sheetData><row>{names}</row>{"".join(rows)}</sheetData></worksheet>'
    return repacked(a_workbook(["name"]), xl__worksheets__sheet1=xml.encode())


def test_a_workbook_full_of_formulas_is_refused_in_time_that_grows_with_its_rows(monkeypatch) -> None:
    made = []

    def counted(*args: Any) -> Remark:
        made.append(args)
        return Remark(*args)

    monkeypatch.setattr(sheet, "Remark", counted)
    found = read(a_sheet(*[f"<row>{'<c><f>1+1</f></c>' * 20}</row>"] * 60))

    assert len(found.errors) == 60 * 20
    assert len(made) == 60 * 20
    assert {remark.text for remark in found.errors} == {FORMULA}


def test_a_sheet_whose_rows_reach_far_to_the_right_is_refused_soon() -> None:
    rows = [f'<row r="{number}"><c r="XFD{number}"/></row>' for number in range(2, 2_002)]

    assert problems(a_sheet(*rows)) == [TOO_WIDE]


def test_a_row_that_was_formatted_to_its_end_does_no_harm() -> None:
    row = '<row r="2"><c r="A2" t="inlineStr"><is><t>Mail sorter</t></is></c><c r="XFD2"/></row>'

    assert problems(a_sheet(row)) == ["Row 2, purpose: This is empty. Every system needs it."]
