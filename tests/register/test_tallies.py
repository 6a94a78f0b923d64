"""Counts that stop at a thousand, menus that stop at sixty: what is shown as exact is exact, the rest says so."""

import pytest

from risks.register.menus import MOST_CHOICES
from risks.register.models import Risk
from risks.register.tallies import MOST, Tally, tallies_of
from risks.systems.models import AISystem
from tests.make import make_system, make_treatment
from tests.reading import text_of

pytestmark = pytest.mark.django_db
RISKS = "/risks/"
MANY = "1 000+"  # as text_of gives any space


def make_risks(system, count):
    """So many risks of one system, past the services: only their number matters."""
    first = Risk.objects.count() + 1
    Risk.objects.bulk_create(
        Risk(number=number, team=system.team, system=system, threat_key=f"made-{number}", edition="none")
        for number in range(first, first + count)
    )


def test_a_count_is_exact_up_to_a_thousand_and_says_when_there_is_more(system):
    make_risks(system, MOST)
    assert tallies_of({"all": Risk.objects.all(), "none": Risk.objects.none()}) == {
        "all": Tally(MOST),
        "none": Tally(0),
    }

    make_risks(system, 1)
    assert tallies_of({"all": Risk.objects.all()}) == {"all": Tally(MOST, is_more=True)}


def test_many_counts_are_one_query(risk, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = tallies_of({"all": Risk.objects.all(), "same": Risk.objects.all(), "other": Risk.objects.filter(pk=0)})
    assert [str(tally) for tally in found.values()] == ["1", "1", "0"]


def test_a_register_of_exactly_a_thousand_shows_all_its_numbers(system, editor, client_of):
    make_risks(system, MOST)
    client = client_of(editor)

    page = client.get(f"{RISKS}?page=20")

    assert "951 to 1000 of 1000 Previous Page 20 of 20" in text_of(page)
    assert "All 1000" in text_of(page)
    assert MANY not in text_of(page)
    assert not page.context["page"].has_next()


def test_beyond_a_thousand_the_register_says_more_than_a_thousand_and_pages_go_on(system, editor, client_of):
    make_risks(system, MOST + 51)
    client = client_of(editor)

    first, twentieth, last = (client.get(f"{RISKS}?sort=reference&page={page}") for page in (1, 20, 22))

    assert f"All {MANY} more than 1000" in text_of(first)
    assert "More than 1000 risks, in the order of their registration." in text_of(first)
    assert 'rel="next">Next' in twentieth.content.decode()
    assert [row.risk.number for row in last.context["rows"]] == [MOST + 51]
    assert f"1051 to 1051 of {MANY}" in text_of(last)
    assert 'rel="next"' not in last.content.decode()


@pytest.mark.parametrize(("asked", "shown"), [("23", 22), ("99999", 22), ("9" * 400, 1), ("0", 1), ("-1", 1), ("x", 1)])
def test_a_page_that_a_long_register_has_not_is_another_that_it_has(system, editor, client_of, asked, shown):
    make_risks(system, MOST + 51)

    page = client_of(editor).get(f"{RISKS}?page={asked}").context["page"]

    assert (page.number, len(page.object_list) > 0) == (shown, True)


def test_a_menu_offers_the_first_systems_by_name_and_what_is_chosen(team, editor, client_of):
    AISystem.objects.bulk_create(
        AISystem(number=number, team=team, name=f"System {number:03}", purpose="Stands in.") for number in range(1, 62)
    )
    last = AISystem.objects.get(number=61)

    plain, chosen = (client_of(editor).get(f"{RISKS}{query}").context["bar"] for query in ("", f"?system={last.pk}"))

    menu = {pick.label: pick for pick in plain.picks}["System"]
    assert [choice.label for choice in menu.choices] == [f"System {number:03}" for number in range(1, 61)]
    assert "type the name into the search" in menu.hint
    menu = {pick.label: pick for pick in chosen.picks}["System"]
    assert len(menu.choices) == MOST_CHOICES + 1
    assert [choice.label for choice in menu.choices if choice.is_chosen] == ["System 061"]
    assert [chip.label for chip in chosen.chips] == ["System: System 061"]


def test_a_menu_with_room_for_all_gives_no_hint(team, editor, client_of):
    make_system(team, actor=editor)
    assert all(not pick.hint for pick in client_of(editor).get(RISKS).context["bar"].picks)


def test_owners_are_those_of_treatments_that_the_reader_may_see(register, editor, owner, outsider, client_of):
    def owners(reader):
        picks = client_of(reader).get(RISKS).context["bar"].picks
        return {choice.label for pick in picks if pick.label == "Owner" for choice in pick.choices}

    assert owner.name in owners(editor)
    assert outsider.name not in owners(editor)
    assert owner.name not in owners(outsider)


def test_the_search_finds_owners_and_teams_that_no_menu_has_room_for(risk, editor, owner, client_of):
    make_treatment(risk, actor=editor, owner=owner)
    for name in (owner.name, risk.team.name):
        page = client_of(editor).get(RISKS, {"q": name})
        assert [row.risk for row in page.context["rows"]] == [risk]
