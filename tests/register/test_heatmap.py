"""The heatmap: cells and not rated together are the register, for every filter; each count opens its own rows."""

from itertools import product

import pytest
from django.http import QueryDict
from django.utils import timezone

from catalog import reading
from risks.register.choices import RatingKind
from risks.register.filter_values import MEANINGS
from risks.register.filters import read_filter
from risks.register.heatmap import heatmap, place_of
from risks.register.models import Rating, Risk
from risks.register.rules import DEFAULT_SCALE
from risks.systems.models import Supplier

pytestmark = pytest.mark.django_db

FILTERS = [
    "", "kind=inherent", "kind=target", "level=4&level=5", "unrated=true", "unrated=false", "level=5&unrated=true",
    "likelihood=4", "likelihood=4&impact=3", "option=none", "option=mitigate&status=open", "overdue=true", "q=claims",
    "threat=indirectpromptinjection", "kind=inherent&level=5&overdue=false", "q=nothing+at+all", "state=all",
    "state=dismissed", "owner={owner}", "system={system}", "team={team}", "look=true", "look=false", "outside=true",
    "outside=false&kind=inherent", "review=overdue", "tag=money", "tag=money&tag=front+office", "supplier={supplier}",
    "acceptance=none", "acceptance=in_force", "acceptance=proposed&acceptance=expiring",
    "tag=front+office&acceptance=in_force&kind=target", "supplier={supplier}&unrated=true&option=none",
]  # fmt: skip


def read(query, reader):
    return read_filter(
        QueryDict(query.removeprefix("?")), reader=reader, catalog=reading.current(), scale=DEFAULT_SCALE
    )


@pytest.fixture
def filters(full_register, owner):
    """The filters with the ids of what is there; every name that the register knows is among them."""
    claims = full_register[0]
    ids = {"system": claims.pk, "team": claims.team_id, "owner": owner.pk, "supplier": Supplier.objects.get().pk}
    filled = [query.format(**ids) for query in FILTERS]
    assert {name for query in filled for name in QueryDict(query)} == set(MEANINGS)
    return filled


def risks_of(query, reader):
    return read(query, reader).narrow(Risk.objects.visible_to(reader), at=timezone.localdate())


def heatmap_of(query, reader):
    wanted = read(query, reader)
    return heatmap(risks_of(query, reader), wanted.kind, DEFAULT_SCALE, wanted=wanted)


def cells_of(heatmap):
    return [cell for row in heatmap.rows for cell in row.cells]


def test_cells_and_not_rated_are_all_risks_of_the_filter(filters, officer, editor, subtests):
    for query, reader in product(filters, (officer, editor)):
        with subtests.test(query=query, reader=reader):
            result = heatmap_of(query, reader)

            assert sum(cell.count for cell in cells_of(result)) == result.rated
            assert result.rated + result.unrated == result.total == risks_of(query, reader).count()


def test_every_count_opens_exactly_its_own_rows(filters, officer, subtests):
    for query in filters:
        with subtests.test(query=query):
            result = heatmap_of(query, officer)
            counts = {cell.query: cell.count for cell in cells_of(result) if cell.count}
            counts |= {result.unrated_query: result.unrated} if result.unrated else {}
            counts[result.total_query] = result.total

            assert {query: risks_of(query, officer).count() for query in counts} == counts


def test_a_heatmap_is_one_query(register, officer, django_assert_num_queries):
    wanted = read("", officer)
    with django_assert_num_queries(1):
        heatmap(Risk.objects.visible_to(officer), wanted.kind, DEFAULT_SCALE, wanted=wanted)


def test_a_heatmap_counts_only_what_its_reader_may_see(register, editor, outsider):
    seen = [heatmap_of("", reader).total for reader in (editor, outsider)]
    assert sum(seen) == Risk.objects.count()
    assert all(seen)


def test_counts_lie_where_the_risks_were_rated(register, officer):
    ratings = Rating.objects.in_force().filter(kind="current")
    for cell in cells_of(heatmap_of("", officer)):
        assert cell.count == ratings.filter(likelihood=cell.likelihood, impact=cell.impact).count()


def test_the_likeliest_row_is_on_top_and_levels_have_words(officer):
    result = heatmap_of("", officer)
    assert [row.step.number for row in result.rows] == [5, 4, 3, 2, 1]
    top_right = result.rows[0].cells[-1]
    assert (top_right.likelihood, top_right.impact, top_right.level, top_right.word) == (5, 5, 5, "Critical")
    assert result.kind is RatingKind.CURRENT


def test_the_appetite_line_parts_inside_from_outside(officer):
    """Wherever a cell outside has a neighbour inside to its left or below, and nowhere else, the line runs between."""
    edges = {(cell.likelihood, cell.impact): cell.edge for cell in cells_of(heatmap_of("", officer))}
    assert {place: edge for place, edge in edges.items() if edge} == {
        (5, 3): "start",
        (4, 3): "both",
        (3, 4): "both",
        (2, 5): "both",
    }


def test_a_single_risk_is_marked_where_its_ratings_lie():
    ratings = {
        "inherent": Rating(kind="inherent", likelihood=5, impact=4),
        "current": Rating(kind="current", likelihood=5, impact=4),
        "target": Rating(kind="target", likelihood=2, impact=3),
    }
    marks = {
        (cell.likelihood, cell.impact): cell.marks for row in place_of(ratings, DEFAULT_SCALE) for cell in row.cells
    }
    assert {place: mark for place, mark in marks.items() if mark} == {
        (5, 4): ("inherent", "current"),
        (2, 3): ("target",),
    }
