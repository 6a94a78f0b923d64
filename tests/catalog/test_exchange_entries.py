"""Threats, controls and their links, as the pages of several years have them."""

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.exchange.comparing import compare
from catalog.exchange.drafting import draft
from catalog.exchange.entries import read_exchange, traits_of
from catalog.exchange.linking import Linked, link
from catalog.exchange.values import Entry, Exchange, Page, Source, Unreadable
from tests.catalog.exchange_pages import GENERAL, edition, exchange
from tests.catalog.test_exchange_sections import MARKUP

THREAT = "\n> Category: input threat  \n> Permalink: https://owaspai.org/go/{}/\n"
GROUP = "\n> Category: group of input threats  \n> Permalink: https://owaspai.org/go/{}/\n"
CONTROL = "\n#### #{}\n> Category: runtime control  \n> Permalink: https://owaspai.org/go/{}/\n"


def entries(found: Exchange | Linked) -> dict[str, Entry]:
    return {entry.key: entry for entry in found.entries}


def faults(found: Exchange) -> list[tuple[int, str]]:
    return [(fault.line, fault.what) for fault in found.faults]


def via(*texts: str, **aliases: str) -> dict[tuple[str, str], tuple[str, ...]]:
    return {(each.threat, each.control): each.via for each in link(exchange(*texts), aliases).links}


def test_the_small_exchange_is_read_whole() -> None:
    found = exchange()
    assert {(each.kind, each.key, each.number, each.parent) for each in found.entries} == {
        ("group", "all", "1", None),
        ("group", "limits", "1.1", "all"),
        ("control", "oversight", "", "limits"),
        ("threat", "inputthreats", "2", None),
        ("threat", "evasion", "2.1", "inputthreats"),
        ("threat", "variant", "2.1.1", "evasion"),
    }
    assert not found.faults
    assert entries(found)["inputthreats"].title == "Inputthreats"


@pytest.mark.parametrize(
    ("category", "kind", "surface"),
    [
        ("input threat", "threat", "input"),
        ("Threat through use", "threat", "input"),
        ("development-time threat", "threat", "development-time"),
        ("runtime conventional security threat (agentic)", "threat", "runtime"),
        ("group of threats through use", "group", "input"),
        ("group of runtime threats.", "group", "runtime"),
    ],
)
def test_the_category_of_a_threat_says_where_it_begins(category: str, kind: str, surface: str) -> None:
    found, traits = traits_of(category) or pytest.fail(category)
    assert (found, "group" if traits.is_group else "threat", traits.surface) == ("threat", kind, surface)


@pytest.mark.parametrize(
    ("category", "types", "lifecycle", "qualifier"),
    [
        ("governance control", ("governance",), (), None),
        ("development-time and runtime control", (), ("development-time", "runtime"), None),
        ("runtime information security control against input threats", ("information security",), ("runtime",), None),
        ("runtime data science control for threats through use", ("AI engineer",), ("runtime",), None),
        (
            "development-time AI-engineer control - pre-training",
            ("AI engineer",),
            ("development-time",),
            "pre-training",
        ),
        ("runtime AI engineer controls against input threats", ("AI engineer",), ("runtime",), None),
        ("runtime conventional security control (agentic)", ("information security",), ("runtime",), "agentic"),
    ],
)
def test_the_category_of_a_control_says_whose_craft_it_is(
    category: str, types: tuple[str, ...], lifecycle: tuple[str, ...], qualifier: str | None
) -> None:
    kind, traits = traits_of(category) or pytest.fail(category)
    assert (kind, traits.types, traits.lifecycle, traits.qualifier) == ("control", types, lifecycle, qualifier)


def test_discussions_are_no_entries_and_may_be_linked_to() -> None:
    text = (
        f"## 2.1. One{THREAT.format('one')}**Controls**\nSee [more](/go/talk/) on controls.\n"
        "## Talk\nCategory: discussion\nPermalink: https://owaspai.org/go/talk/\n"
    )
    linked = link(exchange(text), {})
    assert list(entries(linked)) == ["one"]
    assert not linked.faults


def test_an_unknown_category_is_a_fault_and_the_number_decides() -> None:
    found = exchange(f"# 2. A{GROUP.format('a')}## 2.1. B\nCategory: riddle\nPermalink: https://owaspai.org/go/b/\n")
    assert faults(found) == [(4, "The Category “riddle” is unknown.")]
    assert entries(found)["b"].kind == "threat"


def test_two_sections_with_one_key_are_a_fault() -> None:
    found = exchange(f"## 2. A{GROUP.format('a')}### 2.1. B{THREAT.format('b')}### 2.2. C{THREAT.format('b')}")
    assert faults(found) == [(7, "The key “b” is that of 1.md, line 4 already.")]
    assert entries(found)["b"].title == "B"


def test_a_number_that_contradicts_its_place_is_a_fault_and_counts() -> None:
    found = exchange(
        f"## 2.1. A{GROUP.format('a')}### 3.1.1. B{THREAT.format('b')}## 3.1. C{GROUP.format('c')}"
        f"# 2. D{GROUP.format('d')}# 3. E{GROUP.format('e')}"
    )
    assert faults(found) == [(4, "The number 3.1.1 does not fit below “A”.")]
    assert entries(found)["b"].parent == "c"


def test_a_number_without_anything_above_it_is_a_fault() -> None:
    found = exchange(f"## 2. A{GROUP.format('a')}### 2.7.1. B{THREAT.format('b')}")
    assert faults(found) == [(4, "There is no 2.7 that 2.7.1 could belong to.")]
    assert entries(found)["b"].parent == "a"


def test_two_threats_with_one_number_are_a_fault() -> None:
    found = exchange(f"## 2. A{GROUP.format('a')}### 2.1. B{THREAT.format('b')}### 2.1. C{THREAT.format('c')}")
    assert faults(found) == [(7, "The number 2.1 is that of “B” already.")]


def test_years_without_categories_are_read_by_number_and_name() -> None:
    found = exchange(
        "# 1. GENERAL\n## 1.1 Limits\n##### OVERSIGHT\nSomebody looks.\n"
        "# 2. INPUT\n## 2.1. Evasion - by use\n- **#RATELIMIT** (runtime). Not too often.\n## Notes\n##### A note\n"
    )
    assert {(each.kind, each.key, each.parent) for each in found.entries} == {
        ("group", "general", None),
        ("group", "limits", "general"),
        ("control", "oversight", "limits"),
        ("threat", "input", None),
        ("threat", "evasion", "input"),
        ("control", "ratelimit", "evasion"),
    }
    assert all(each.is_guessed for each in found.entries)


def test_lists_with_numbers_are_no_chapters() -> None:
    text = "## 1. Look\n## 2. Think\n## 3. Act\n"
    assert list(entries(exchange(GENERAL, text))) == ["all", "limits", "oversight"]


def test_a_second_heading_of_a_control_names_it() -> None:
    text = (
        f"## 2. A{GROUP.format('a')}### 2.1. B{THREAT.format('b')}{CONTROL.format('TRAIN MORE', 'trainmore')}"
        f"### 2.2. C{THREAT.format('c')}#### #TRAINMORE\nHere too.\n"
    )
    assert via(text)["c", "trainmore"] == ("own",)
    assert not exchange(text).faults


def test_general_controls_are_for_every_threat_and_those_of_a_group_for_its_threats() -> None:
    text = f"## 2. A{GROUP.format('a')}{CONTROL.format('WATCH', 'watch')}### 2.1. B{THREAT.format('b')}"
    assert via(GENERAL, text) == {
        ("a", "watch"): ("own",),
        ("a", "oversight"): ("general",),
        ("b", "watch"): ("parent:a",),
        ("b", "oversight"): ("general",),
    }


LEAK = f"## 3. C{GROUP.format('c')}### 3.1. Leak{THREAT.format('leak')}{CONTROL.format('LOCK', 'lock')}"


@pytest.mark.parametrize(
    "words",
    [
        "**Controls**\n- See [leak](/go/leak/) for the controls.",
        "**Controls for all of it:**\n\nplus: controls against the [leak](https://owaspai.org/go/leak)",
        "Controls:\n- Depending on it:\n  - controls of the [leak](#leak)",
        "**Controls:** see the controls of [leak](/docs/3_c/#31-leak)",
        "#### Controls\n- See [controls of the leak](/go/leak/)",
    ],
)
def test_a_list_that_points_to_another_threat_means_its_controls(words: str) -> None:
    assert via(f"## 2. A{GROUP.format('a')}### 2.1. B{THREAT.format('b')}{words}\n", LEAK)["b", "lock"] == (
        "related:leak",
    )


@pytest.mark.parametrize(
    "words",
    [
        "See [leak](/go/leak/) for the controls.",
        "**Controls**\n\n**References**\n- controls of [leak](/go/leak/)",
        "**Controls**\n---\n- controls of [leak](/go/leak/)",
        "**Controls**\nIt is possible after a [leak](/go/leak/).",
        "```\n**Controls**\n- controls of [leak](/go/leak/)\n```",
    ],
)
def test_mentions_elsewhere_mean_nothing(words: str) -> None:
    assert ("b", "lock") not in via(f"## 2. A{GROUP.format('a')}### 2.1. B{THREAT.format('b')}{words}\n", LEAK)


def test_particular_controls_below_a_threat_are_meant_alone() -> None:
    leak = LEAK + CONTROL.format("HIDE", "hide")
    words = "**Controls**\n- Controls for the [leak](/go/leak/):\n  - [#LOCK](/go/lock/) it\n"
    found = via(f"## 2. A{GROUP.format('a')}### 2.1. B{THREAT.format('b')}{words}", leak)
    assert ("b", "lock") in found
    assert ("b", "hide") not in found


def test_a_control_listed_for_the_whole_group_is_the_group_s() -> None:
    text = (
        f"## 2. A{GROUP.format('a')}### 2.1. B{THREAT.format('b')}"
        "**Controls**\n- Controls for [all](/go/a/):\n  - [#WATCH](/go/watch/)\n"
        f"{CONTROL.format('WATCH', 'watch')}### 2.2. C{THREAT.format('c')}"
    )
    assert entries(link(exchange(text), {}))["watch"].parent == "a"
    assert via(text)["c", "watch"] == ("parent:a",)


def test_a_control_with_a_number_is_for_those_that_name_it() -> None:
    text = (
        f"# 4. A{GROUP.format('a')}## 4.8. B{THREAT.format('b')}**Controls**\n- [#BOX](/go/box/)\n"
        "## 4.9. Box\n> Category: runtime control\n> Permalink: https://owaspai.org/go/box/\n"
        f"## 4.7. C{THREAT.format('c')}"
    )
    assert entries(exchange(text))["box"].parent == "a"
    assert via(text) == {("b", "box"): ("own",)}


def test_old_keys_in_links_are_understood() -> None:
    text = f"## 2. A{GROUP.format('a')}### 2.1. B{THREAT.format('b')}**Controls**\n- [#BOLT](/goto/bolt/)\n"
    assert via(text, LEAK, bolt="lock")["b", "lock"] == ("own",)
    assert not link(exchange(text, LEAK), {"bolt": "lock"}).faults


def test_a_broken_link_is_a_fault_and_its_words_are_tried() -> None:
    text = f"## 2. A{GROUP.format('a')}### 2.1. B{THREAT.format('b')}**Controls**\n- [#LOCK](/go/lokc/) [x](/go/y/)\n"
    linked = link(exchange(text, LEAK), {})
    assert ("b", "lock") in {(each.threat, each.control) for each in linked.links}
    assert [(fault.file, fault.line, fault.key) for fault in linked.faults] == [("1.md", 8, "lock"), ("1.md", 8, "")]


def test_threats_that_point_at_each_other_come_to_an_end() -> None:
    text = (
        f"## 2. A{GROUP.format('a')}### 2.1. B{THREAT.format('b')}**Controls**\nControls of [c](/go/c/)\n"
        f"{CONTROL.format('ONE', 'one')}"
        f"### 2.2. C{THREAT.format('c')}**Controls**\nControls of [b](/go/b/)\n{CONTROL.format('TWO', 'two')}"
    )
    found = via(text)
    assert (found["b", "two"], found["c", "one"]) == (("related:c",), ("related:b",))


def test_redirects_in_a_circle_lead_nowhere() -> None:
    rules = [{"source": f"/go/{old}/", "destination": f"/go/{new}/"} for old, new in ("xy", "yx")]
    settings = json.dumps({"hosting": {"redirects": [*rules, 7, {}]}})
    text = f"## 2. A{GROUP.format('a')}**Controls**\n- [x](/go/x/)\n"
    assert not link(exchange(text, settings=settings), {}).links


@pytest.mark.parametrize("settings", ["{", "[]", '{"hosting": 1}', "[" * 100_000])
def test_settings_that_cannot_be_read_stop_nothing(settings: str) -> None:
    assert exchange(settings=settings).entries


def test_pages_without_threats_and_controls_are_refused() -> None:
    with pytest.raises(Unreadable, match="holds a threat or a control"):
        exchange("# Hello\n\nWorld.\n")


def test_far_too_many_entries_are_refused() -> None:
    text = "".join(f"## 2.{number}. T{THREAT.format(f't{number}')}" for number in range(400))
    with pytest.raises(Unreadable, match="more than 400"):
        exchange(GENERAL, text)


def read_whole(text: str) -> None:
    """Everything the command does with a page."""
    try:
        found = read_exchange(Source((Page("a.md", GENERAL), Page("b.md", text)), (Page("firebase.json", text),)))
    except Unreadable:
        return
    comparison = compare(found, edition())
    draft(edition(), found, comparison, at=date(2030, 1, 2))


PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "## 2.1. A\n",
                "# 2. B\n",
                "### 3.1.1 C\n",
                "#### #CONTROL\n",
                "**4.2. D**\n",
                "- **#NAME** (x)\n",
                "> Category: input threat\n",
                "> Category: group of controls\n",
                "Category: governance control\n",
                "> Permalink: https://owaspai.org/go/evasion/\n",
                "> Permalink: https://owaspai.org/go/oversight/\n",
                "> Permalink: https://owaspai.org/goto/all/\n",
                "**Controls:**\n",
                "- See controls for [x](/go/evasion/):\n",
                "  - [#X](/go/oversight/)\n",
                "---\n",
            ]
        ),
        MARKUP,
    ),
    max_size=25,
).map("".join)


@given(PIECES)
@settings(max_examples=300, deadline=None)
def test_any_page_can_be_read_compared_and_drafted(text: str) -> None:
    read_whole(text)


@pytest.mark.parametrize(
    "piece", ["[", "[a](", "**", "controls ", "*** ", "- ", "https://", "/go/", "a:", "**controls"]
)
def test_every_list_of_controls_is_read_to_its_end(piece: str) -> None:
    line = piece * (90_000 // len(piece))
    read_whole(f"## 2.1. A\n**Controls**\n{line}\n- {line}\n  - [{line}]({line})\nControls {line}\n**Controls {line}\n")
