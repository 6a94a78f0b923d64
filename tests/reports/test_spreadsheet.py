"""CSV that a spreadsheet shows as text (RFC 4180; security bar F1)."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risks.reports.spreadsheet import csv_text, neutral, original

FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\x00=1",
    " =1",
    "\u00a0=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠A1",
    "'=1",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_cell_that_begins_like_a_formula_gets_an_apostrophe(text):
    assert neutral(text).startswith("'")
    assert original(neutral(text)) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a;=cmd", "a;'=cmd"),
        ("a; =cmd", "a;' =cmd"),
        ("a\n=cmd", "a\n'=cmd"),
        ("a\r\n- b", "a\r\n'- b"),
        ("a\r=cmd", "a\r'=cmd"),
        ("a\t=cmd", "a\t'=cmd"),
        ('a;"=cmd;b', "a;'\"=cmd;b"),
        ('a\n" =cmd', "a\n'\" =cmd"),
    ],
)
def test_what_follows_a_separator_inside_a_cell_is_neutralised_too(text, expected):
    assert neutral(text) == expected


@pytest.mark.parametrize("text", ["", "plain", "mid-word = sign", "up to 5, -3 at night", "'quoted'", "a\tb", "1-2"])
def test_plain_text_stays_as_it_was_typed(text):
    assert neutral(text) == text


@given(st.text(alphabet=st.sampled_from("=+-@'＝ ;,\t\r\n\x00ab\"")))
def test_a_neutralised_text_can_be_read_back(text):
    assert original(neutral(text)) == text


@given(st.text(alphabet=st.sampled_from("=+-@'＝ ;,\t\r\n\x00ab\"")))
def test_neutralising_again_is_undone_in_two_steps(text):
    assert original(original(neutral(neutral(text)))) == text


def test_rows_end_with_cr_lf_and_quotes_are_doubled():
    assert csv_text([["a", 'say "no"', None, 5], ["x,y", "two\nlines", "", 0]]) == (
        'a,"say ""no""",,5\r\n"x,y","two\nlines",,0\r\n'
    )


def test_a_number_stays_a_number_and_its_text_does_not():
    assert csv_text([[-5, "-5"]]) == "-5,'-5\r\n"


@given(st.lists(st.lists(st.text(alphabet=st.sampled_from("=-'\", ;ab\t")), min_size=2, max_size=3), max_size=3))
def test_a_csv_reader_gets_the_same_cells(rows):
    read = list(csv.reader(io.StringIO(csv_text(rows), newline="")))
    assert [[original(cell) for cell in row] for row in read] == rows


@given(st.text(alphabet=st.sampled_from("=+a '\";\t\r\n,")), st.sampled_from(",;\t"))
def test_no_reader_finds_a_formula_whatever_it_expects_between_cells(text, separator):
    file = csv_text([["RSK-0001", text, "end"]])
    cells = [cell for row in csv.reader(io.StringIO(file, newline=""), delimiter=separator) for cell in row]
    assert not [cell for cell in cells if cell.strip().startswith(("=", "+"))]
