"""The layout of the register: its order, its columns, its density, as they stand in the address."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone

from risks.register.choices import RatingKind
from risks.register.columns import COLUMNS
from risks.register.filters import RiskFilter
from risks.register.layout import Layout, read_layout
from risks.register.listing import risks_for_list
from risks.register.orders import SORTS, typical_loss
from risks.register.priorities import ByPriority
from risks.register.rules import DEFAULT_SCALE
from tests.make import make_rating
from tests.reading import queries_of, text_of
from tests.register.register_of_many import fill

RISKS = "/risks/"


def heads_of(response):
    head = re.search(r"(?s)<thead>.*?</thead>", response.content.decode())[0]
    return [" ".join(re.sub(r"<[^>]+>", " ", each).split()) for each in re.findall(r"(?s)<th .*?</th>", head)]


def read(query):
    return read_layout(QueryDict(query))


def test_columns_may_be_given_in_one_value_or_in_many_and_come_in_our_order():
    assert read("columns=due,level&columns=team&columns=threat").columns == ("level", "threat", "team", "due")


def test_the_column_that_names_the_risk_cannot_be_left_out():
    assert read("columns=due").columns == ("threat", "due")


def test_all_columns_have_a_word_of_their_own():
    assert read("columns=all").columns == tuple(COLUMNS)


@pytest.mark.parametrize("query", ["columns=colour", "columns=level,", "sort=colour", "sort=--due", "density=loose"])
def test_what_is_not_known_is_said(query):
    with pytest.raises(ValidationError):
        read(query)


def test_a_layout_as_it_comes_says_nothing_in_the_address():
    assert read("sort=level&density=tight") == Layout()
    assert Layout().added_to("?level=5") == "?level=5"
    changed = read("sort=-due&columns=threat,due&density=comfortable&page=3")
    assert changed.added_to("?") == "?sort=-due&columns=threat,due&density=comfortable"
    assert read(changed.added_to("?")[1:]) == changed


@pytest.mark.django_db
def test_the_page_shows_the_columns_that_the_address_names(register, viewer, client_of):
    client = client_of(viewer)  # who changes nothing, so that there is nothing to tick
    assert heads_of(client.get(RISKS)) == [
        "Current", "Ref", "Threat", "System", "Inh → now → tgt", "Treatment", "Status", "Owner", "Due"
    ]  # fmt: skip
    chosen = client.get(f"{RISKS}?columns=updated,team,expected_loss&density=comfortable")
    assert heads_of(chosen) == ["Expected loss", "Threat", "Team", "Changed"]
    assert "table--tight" not in chosen.content.decode()


@pytest.mark.django_db
def test_a_page_with_all_columns_stays_within_its_queries(team, editor, owner, client_of):
    fill(team, editor, owner, rated=4, treated=2)
    client, path = client_of(editor), f"{RISKS}?columns=all&sort=priority"
    client.get(path)
    few = queries_of(client, path)
    fill(team, editor, owner, name="One more", rated=8, treated=4)
    assert queries_of(client, path) == few <= 10


@pytest.mark.django_db
def test_every_link_of_the_list_keeps_the_layout(register, officer, client_of):
    query = "sort=-due&columns=threat,due"
    page = client_of(officer).get(f"{RISKS}?level=4&q=model&{query}")
    bar = page.context["bar"]
    assert all(chip.query.endswith(f"&{query}") for chip in bar.chips)
    assert all(tab.query.endswith(query) for tab in page.context["tabs"])
    assert set(bar.hidden) == {("sort", "-due"), ("columns", "threat,due")}
    assert f'href="{RISKS}?{query}">Clear'.replace("&", "&amp;") in page.content.decode()


@pytest.mark.django_db
def test_the_menu_carries_the_filter_and_marks_what_is_shown(register, officer, client_of):
    page = client_of(officer).get(f"{RISKS}?level=4&columns=threat,team")
    menu = re.search(r'(?s)<form class="pick__menu chooser.*?</form>', page.content.decode())[0]
    assert '<input type="hidden" name="level" value="4">' in menu
    assert re.findall(r'value="(\w+)" checked> <span>\w', menu) == ["team", "tight"]


@pytest.mark.django_db
@pytest.mark.parametrize("sort", SORTS)
def test_each_order_is_kept_and_what_has_no_value_comes_last(register, officer, client_of, sort):
    for risk, likelihood in zip(register[0].risks.order_by("number"), (1, 3, 5), strict=False):
        for kind in (RatingKind.INHERENT, RatingKind.TARGET):
            make_rating(risk, actor=officer, likelihood=likelihood, impact=3, kind=kind)
    rows = client_of(officer).get(f"{RISKS}?sort={sort}").context["rows"]
    values = [VALUE[sort.removeprefix("-")](row) for row in rows]
    known = [each for each in values if each is not None]
    assert len(set(known)) > 1
    assert values == known + [None] * (len(values) - len(known))
    descends = (sort.removeprefix("-") in DESCENDING) != sort.startswith("-")
    assert known == sorted(known, reverse=descends)


DESCENDING = {"priority", "level", "inherent", "target", "updated"}
VALUE = {
    "priority": lambda row: row.level and (row.level, row.expected_loss),
    "level": lambda row: row.level,
    "reference": lambda row: row.risk.number,
    "inherent": lambda row: row.risk.inherent_level,
    "target": lambda row: row.risk.target_level,
    "due": lambda row: row.due,
    "reviewed": lambda row: row.risk.reviewed_at,
    "updated": lambda row: row.risk.updated_at,
}


@pytest.mark.django_db
def test_the_heading_turns_its_order_around_and_says_which_way_it_goes(register, officer, client_of):
    client = client_of(officer)
    for query, direction, other in (("sort=due", "ascending", "?sort=-due"), ("sort=-due", "descending", "?sort=due")):
        body = client.get(f"{RISKS}?{query}").content.decode()
        assert f'aria-sort="{direction}"><a href="{other}">Due' in body


@pytest.mark.django_db
def test_the_database_knows_the_same_loss_as_the_rules(register, officer):
    for kind in RatingKind:
        for risk in risks_for_list(officer, kind).annotate(loss=typical_loss(DEFAULT_SCALE)):
            rated = risk.rated_likelihood
            assert risk.loss == (DEFAULT_SCALE.expected_loss(rated, risk.rated_impact) if rated else None)


@pytest.mark.django_db
def test_priority_goes_by_band_and_then_by_loss_and_says_where_no_order_is_meant(team, editor, owner, client_of):
    system = fill(team, editor, owner, rated=0, treated=0)
    risks = list(system.risks.order_by("number")[:5])
    for risk, place in zip(risks, [(5, 4), (5, 5), (5, 4), (4, 4)], strict=False):
        make_rating(risk, actor=editor, likelihood=place[0], impact=place[1])

    page = client_of(editor).get(f"{RISKS}?sort=priority")
    rows = page.context["rows"]

    assert [row.risk.number for row in rows[:4]] == [risks[n].number for n in (1, 0, 2, 3)]
    assert [row.is_tied for row in rows] == [False, False, True, False, *[False] * (len(rows) - 4)]
    assert text_of(page).count("same band ") == 1
    assert "no order is meant" in text_of(page)
    assert "same band" not in text_of(client_of(editor).get(RISKS)).replace("“same band”", "")


@pytest.mark.django_db
@pytest.mark.parametrize("sort", ["priority", "-priority"])
def test_a_long_register_has_the_same_order_by_priority_as_a_short_one(register, officer, sort):
    risks = RiskFilter().narrow(risks_for_list(officer, RatingKind.CURRENT), at=timezone.localdate())
    sorted_, of_cells = (ByPriority(risks, DEFAULT_SCALE, sort, is_long=is_long) for is_long in (False, True))
    assert len(sorted_[0:500]) == risks.count()
    for start, stop in ((0, 500), (0, 4), (3, 9), (7, 500), (499, 510)):
        assert of_cells[start:stop] == sorted_[start:stop]
        assert of_cells.above == sorted_.above


@pytest.mark.django_db
def test_a_risk_at_the_top_of_a_page_is_compared_with_the_last_of_the_page_before(team, editor, owner, client_of):
    for number in range(6):
        system = fill(team, editor, owner, name=f"Assistant {number}", rated=0, treated=0)
        for risk in system.risks.all():
            make_rating(risk, actor=editor, likelihood=2, impact=2)

    page = client_of(editor).get(f"{RISKS}?sort=priority&page=2")

    assert page.context["rows"][0].is_tied


@pytest.mark.django_db
def test_search_goes_with_columns_order_and_pages(team, editor, owner, viewer, client_of):
    for number in range(8):
        fill(team, editor, owner, name=f"Assistant {number}", rated=3, treated=2)
    client, query = client_of(viewer), "q=assistant&sort=-due&columns=threat,due"
    first = client.get(f"{RISKS}?{query}")
    second = client.get(f"{RISKS}?{query}&page=2")
    assert 'value="assistant"' in second.content.decode()
    assert heads_of(second) == ["Threat", "Due"]
    shown = [row.risk.pk for page in (first, second) for row in page.context["rows"]]
    assert len(set(shown)) == len(shown) == min(100, first.context["page"].paginator.count)
    assert f"?{query}&page=1".replace("&", "&amp;").replace(",", "%2C") in second.content.decode()
