"""Search: by words, by beginnings of words, by other forms, in spite of slips, and only in what is in force."""

import pytest

from accounts.models import User
from catalog.loading import load_edition, put_in_force
from catalog.searching import LONGEST_QUERY, nearest_words, search
from catalog.vocabulary import Found
from journal.recording import SYSTEM
from tests.catalog.editions import small_edition

pytestmark = pytest.mark.django_db


def first(query: str, reader: User, kind: Found | None = None) -> str:
    found = search(query, reader=reader, kind=kind).found
    return found[0].key if found else ""


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("evasion", "evasion"),
        ("Indirect prompt injection", "indirectpromptinjection"),
        ("indir prom", "indirectpromptinjection"),
        ("poisoning data", "datapoison"),
        ("rate lim", "ratelimit"),
        ("RATELIMIT", "ratelimit"),
        ("leakinput", "inputdataleak"),
        ("devdataprotect", "devsecurity"),
        ("2.2.2", "indirectpromptinjection"),
        ("oversig", "oversight"),
    ],
)
def test_words_and_their_beginnings_find(query: str, key: str, viewer: User) -> None:
    assert first(query, viewer) == key


@pytest.mark.parametrize(
    ("typed", "meant", "key"),
    [
        ("evaison", "evasion", "evasion"),
        ("promt injecton", "prompt injection", "promptinjection"),
        ("watermraking", "watermarking", "modelwatermarking"),
        ("exfiltartion", "exfiltration", "modelexfiltration"),
        ("oversihgt", "oversight", "oversight"),
    ],
)
def test_a_slip_is_forgiven_and_said(typed: str, meant: str, key: str, viewer: User) -> None:
    results = search(typed, reader=viewer)
    assert results.corrected == meant
    assert key in [result.key for result in results.found]


def test_what_is_found_as_typed_is_not_corrected(viewer: User) -> None:
    assert search("evasi", reader=viewer).corrected == ""


@pytest.mark.parametrize("query", ["", "   ", "!?&|():*'\"\\", "\x00", "zzzzqqqqxxxx"])
def test_what_says_nothing_finds_nothing(query: str, viewer: User) -> None:
    results = search(query, reader=viewer)
    assert (results.found, results.total) == ((), 0)


@pytest.mark.parametrize("query", ["evasion & !x", "evasion:*", "a' OR 1=1 --", "evasion " * 400, "\\'evasion\\'"])
def test_no_query_is_taken_for_more_than_words(query: str, viewer: User) -> None:
    search(query, reader=viewer)


def test_a_long_query_is_cut(viewer: User) -> None:
    assert first("evasion" + " " * LONGEST_QUERY + "nothing", viewer) == "evasion"


def test_results_can_be_of_one_kind_and_counts_stay_whole(viewer: User) -> None:
    every, controls = search("model", reader=viewer), search("model", reader=viewer, kind=Found.CONTROL)
    assert {result.kind for result in controls.found} == {Found.CONTROL}
    assert controls.counts == every.counts
    assert every.counts[Found.CONTROL] >= len(controls.found)


def test_only_the_edition_in_force_is_searched(viewer: User) -> None:
    load_edition(small_edition(), actor=SYSTEM)
    assert first("L1:2030 Erring", viewer) == ""
    put_in_force("2030-01-01", actor=SYSTEM, expected=None)
    assert first("L1:2030 Erring", viewer) == "list-2030/L1:2030"
    assert first("watermarking", viewer) == ""


def test_near_words_are_taken_from_the_edition_in_force(viewer: User) -> None:
    assert nearest_words(["evaison", "model"], viewer) == ["evasion", "model"]
    assert nearest_words(["xyzzyxyzzy"], viewer) == ["xyzzyxyzzy"]


def test_a_search_costs_two_queries_and_a_slip_a_few_more(viewer: User, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(2):
        search("evasion", reader=viewer)
    with django_assert_max_num_queries(5):
        search("promt injecton evaison", reader=viewer)
