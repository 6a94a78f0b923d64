"""Pages of several years, cut into sections; and pages that nobody meant to write like this."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.exchange.sections import read_page
from catalog.exchange.text import LONGEST_LINE, anchor_of, fold, key_of, plain
from catalog.exchange.values import Page, Section


def sections(text: str) -> list[Section]:
    return read_page(Page("page.md", text))[0]


def only(text: str) -> Section:
    (found,) = sections(text)
    return found


def faults(text: str) -> list[tuple[int, str]]:
    return [(fault.line, fault.what) for fault in read_page(Page("page.md", text))[1]]


@pytest.mark.parametrize(
    "lines",
    [
        ">Category: input threat  \n>Permalink: https://owaspai.org/go/evasion/",
        "> Category: input threat  \n> Permalink: https://owaspai.org/goto/evasion/  ",
        "Category: input threat<br>\nPermalink: http://owaspai.org/go/evasion",
        "**Category:** input threat\n\n**Permalink:** <https://www.owaspai.org/go/Evasion/>",
        "> *Category*: input threat <br/> *Permalink*: https://owaspai.org/go/evasion/",
        "Permalink: [https://owaspai.org/go/evasion/](https://owaspai.org/go/evasion/)\nCATEGORY : input threat",
        "> - Category: input threat\n> - Permalink: /go/evasion/",
    ],
)
def test_category_and_permalink_are_found_however_they_are_set(lines: str) -> None:
    found = only(f"## 2.1. Evasion\n{lines}\n")
    assert (found.category, found.permalink) == ("input threat", "evasion")


@pytest.mark.parametrize(
    ("line", "number", "heading"),
    [
        ("## 2.1. Evasion", "2.1", "Evasion"),
        ("## 2.1 Evasion ##", "2.1", "Evasion"),
        ("##2.1.Evasion", "2.1", "Evasion"),
        ("### **2.1.3. Evasion _late_**", "2.1.3", "Evasion _late"),
        ("# 2. EVASION", "2", "EVASION"),
        ("## 2.0. Evasion - introduction", "2", "Evasion"),
        ("## [2.1. Evasion](/go/evasion/) {#evasion}", "2.1", "Evasion"),
        ("## 2024 in review", "", "2024 in review"),
        ("## Evasion &amp; more", "", "Evasion & more"),
        ("## Evasion\x1b[31m", "", "Evasion [31m"),
    ],
)
def test_a_heading_has_a_number_and_a_title(line: str, number: str, heading: str) -> None:
    found = only(line)
    assert (found.number, found.heading) == (number, heading)


@pytest.mark.parametrize("line", ["#### #RATE LIMIT ", "##### \\#RATE LIMIT", "#### # RATE LIMIT"])
def test_a_mark_makes_a_control(line: str) -> None:
    found = only(line)
    assert (found.is_marked, found.heading) == (True, "RATE LIMIT")


def test_a_bullet_can_be_a_control() -> None:
    found = only("- **#RATELIMIT** (runtime). Not too often.\n  Not at all.\n")
    assert (found.is_marked, found.heading, found.level) == (True, "RATELIMIT", 7)


def test_a_line_in_bold_is_a_heading_when_a_category_follows() -> None:
    first, second = sections("## 2. All\n\n**2.1. Evasion**\n\n> Category: input threat\n\n**Not this**\n\nText.\n")
    assert (second.heading, second.number, second.level, second.line) == ("Evasion", "2.1", 7, 3)
    assert first.category is None


def test_the_title_of_the_page_is_its_first_section() -> None:
    first, second = sections('---\ntitle: "4. Runtime"\nweight: 5\n---\nCategory: x\n\n## 4.1. One\n')
    assert (first.level, first.number, first.heading, first.category, first.line) == (0, "4", "Runtime", "x", 2)
    assert second.line == 7


def test_code_and_comments_hold_no_headings() -> None:
    text = "## 2.1. One\n```\n## 2.2. Two\n```\n<!--\n## 2.3. Three\n-->\n<!-- ok -->\n## 2.4. Four\n"
    assert [found.number for found in sections(text)] == ["2.1", "2.4"]
    assert not faults(text)


def test_a_block_without_an_end_hides_nothing() -> None:
    text = "## 2.1. One\n```\n## 2.2. Two\n<!--\n## 2.3. Three\n"
    assert [found.number for found in sections(text)] == ["2.1", "2.2", "2.3"]
    assert [line for line, _ in faults(text)] == [2, 4]


def test_a_permalink_without_a_heading_is_a_fault() -> None:
    assert faults("\n> Permalink: https://owaspai.org/go/evasion/\n") == [
        (2, "There is no heading before this Permalink.")
    ]


def test_a_second_category_is_a_fault_and_the_first_counts() -> None:
    text = "## 2.1. One\nCategory: input threat\nCategory: discussion\n"
    assert only(text).category == "input threat"
    assert [line for line, _ in faults(text)] == [3]


@pytest.mark.parametrize("address", ["https://example.org/go/evasion/", "https://owaspai.org/go//", "", "/go/év/"])
def test_a_permalink_that_leads_nowhere_is_a_fault(address: str) -> None:
    text = f"## 2.1. One\nPermalink: {address}\n"
    assert only(text).permalink is None
    assert [line for line, _ in faults(text)] == [2]


def test_a_line_that_is_too_long_is_a_fault() -> None:
    text = f"## 2.1. One\n{'x' * (LONGEST_LINE + 1)}\n## 2.2. Two\n"
    assert [found.number for found in sections(text)] == ["2.1", "2.2"]
    assert [line for line, _ in faults(text)] == [2]


def test_settings_without_an_end_are_a_fault() -> None:
    text = "---\ntitle: 2. Input\n\n## 2.1. One\n"
    assert [found.number for found in sections(text)] == ["2.1"]
    assert [line for line, _ in faults(text)] == [1]


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("https://owaspai.org/go/evasion/", "evasion"),
        ("/goto/evasion", "evasion"),
        ("goto/evasion/", "evasion"),
        ("http://www.owaspai.org/go/evasion/#top", "evasion"),
        ("https://example.org/go/evasion/", None),
        ("/gone/evasion/", None),
        ("#evasion", None),
    ],
)
def test_the_key_is_the_end_of_the_permanent_address(address: str, key: str | None) -> None:
    assert key_of(address) == key


def test_anchors_count_within_the_site() -> None:
    assert anchor_of("/docs/2_input/#21-zero-knowledge") == "21zeroknowledge"
    assert anchor_of("https://owaspai.org/docs/x#a") == "a"
    assert anchor_of("https://example.org/#a") is None


def test_names_are_compared_by_their_letters() -> None:
    assert fold("#PROMPT INJECTION I/O handling ") == fold("Prompt injection I/O Handling")
    assert plain("**[A](b)** \\#c <br> `d`") == "A #c d"


MARKUP = st.text(alphabet="#*_-`~<!>[]()|\\/:. \n\t\r2.1Categoryprmlink goA/é\x00\ud800", max_size=400)


@given(st.one_of(st.text(max_size=400), MARKUP))
@settings(max_examples=300, deadline=None)
def test_any_text_can_be_read(text: str) -> None:
    for section in read_page(Page("page.md", text))[0]:
        assert 1 <= section.line <= text.count("\n") + 1


@pytest.mark.parametrize(
    "piece",
    [
        "[",
        "[a](",
        "**",
        "<",
        "# ",
        "> * _",
        "- ",
        "1.",
        "Category",
        " ",
        "<!--\n",
        "```\n~~~\n",
        "[](x ",
        "_ ",
        "**controls",
    ],
)
def test_every_text_is_read_to_its_end(piece: str) -> None:
    """A reader that looks back over what it has read would take hours here, and the run would not end.

    No time is asserted: on a loaded machine a good reader takes its time too.
    """
    text = piece * (90_000 // len(piece))
    page = read_page(Page("page.md", f"{text}\n## {text}\n**{text}**\nCategory: x\n> {text}: y\n"))
    assert page is not None
