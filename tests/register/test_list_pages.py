"""The register, the heatmap and a system's risks as people see them."""

import re

import pytest
from django.urls import reverse

from risks.register import services
from risks.register.models import Risk
from tests.make import make_rating, make_treatment
from tests.reading import queries_of, text_of
from tests.register.register_of_many import fill

pytestmark = pytest.mark.django_db
RISKS = "/risks/"
HEATMAP = "/risks/heatmap/"


def references(response):
    return re.findall(r'<span class="ref">(RSK-\d{4})</span>', response.content.decode())


def tab_counts(response):
    return {tab.key: tab.count for tab in response.context["tabs"]}


def test_the_register_shows_what_matters_of_each_risk(risk, editor, owner, client_of):
    make_treatment(make_rating(risk, actor=editor), actor=editor, owner=owner)

    text = text_of(client_of(editor).get(RISKS))

    assert "4 High RSK-0001 Indirect prompt injection Claims assistant" in text
    assert "Mitigate Open Owner" in text


def test_the_register_shows_only_what_its_reader_may_see(register, client_of, editor, outsider):
    for reader in (editor, outsider):
        page = client_of(reader).get(RISKS)
        assert tab_counts(page)["all"] == Risk.objects.visible_to(reader).count()
    assert "Claims assistant" not in text_of(client_of(outsider).get(RISKS))


def test_the_worst_come_first_and_those_not_rated_last(register, officer, client_of):
    levels = [row.level for row in client_of(officer).get(RISKS).context["rows"]]
    rated = [level for level in levels if level]
    assert rated == sorted(rated, reverse=True)
    assert levels == rated + [None] * (len(levels) - len(rated))


def test_the_order_stands_in_the_address(register, officer, client_of):
    client = client_of(officer)
    due = [row.due for row in client.get(f"{RISKS}?sort=due").context["rows"]]
    numbers = [row.risk.number for row in client.get(f"{RISKS}?sort=reference").context["rows"]]
    assert [each for each in due if each] == sorted(each for each in due if each)
    assert numbers == sorted(numbers)


def test_every_tab_counts_what_it_opens(register, officer, owner, client_of, subtests):
    for reader, query in ((officer, ""), (owner, ""), (officer, f"?system={register[0].pk}&q=model")):
        client = client_of(reader)
        for tab in client.get(f"{RISKS}{query}").context["tabs"]:
            with subtests.test(tab=tab.key, reader=reader):
                opened = client.get(f"{RISKS}{tab.query}")
                assert opened.context["page"].paginator.count == tab.count == len(references(opened))
                assert [each.key for each in opened.context["tabs"] if each.is_open] == [tab.key]


def test_what_is_filtered_by_can_be_taken_away_piece_by_piece(register, officer, client_of):
    page = client_of(officer).get(f"{RISKS}?level=4&level=5&unrated=true&option=none&q=model&likelihood=4")
    chips = {chip.label: chip.query for chip in page.context["bar"].chips}
    assert set(chips) == {
        "“model”", "Likelihood: 4 Likely", "Level: Critical", "Level: High", "Level: Not rated", "Treatment: None yet"
    }  # fmt: skip
    assert chips["Level: High"] == "?level=5&likelihood=4&unrated=true&option=none&q=model"


def test_the_form_carries_along_what_no_menu_offers(register, officer, client_of):
    query = "kind=inherent&likelihood=5&impact=4&unrated=false&overdue=true&level=5&q=model&sort=due"
    bar = client_of(officer).get(f"{RISKS}?{query}").context["bar"]
    assert dict(bar.hidden) == {
        "kind": "inherent", "likelihood": "5", "impact": "4", "unrated": "false", "sort": "due"
    }  # fmt: skip
    assert {(choice.name, choice.value) for pick in bar.picks for choice in pick.choices if choice.is_chosen} == {
        ("level", "5"),
        ("overdue", "true"),
    }


@pytest.mark.parametrize("page", [RISKS, HEATMAP])
@pytest.mark.parametrize("query", ["colour=red", "level=9", "system=999999999", "sort=colour", "kind=residual"])
def test_an_unknown_filter_is_said_and_nothing_is_filtered(risk, editor, client_of, page, query):
    answer = client_of(editor).get(f"{page}?{query}&q=nothing+fits")

    assert answer.status_code == 400
    assert "This filter cannot be used." in text_of(answer)
    assert "RSK-0001" in text_of(answer) if page == RISKS else answer.context["heatmap"].total == 1


def test_under_an_unknown_filter_the_tabs_count_what_they_say(register, officer, client_of):
    client = client_of(officer)
    assert tab_counts(client.get(f"{RISKS}?level=9")) == tab_counts(client.get(RISKS))


def test_a_foreign_system_in_the_filter_reads_like_a_missing_one(register, editor, client_of):
    client = client_of(editor)
    foreign, missing = (text_of(client.get(f"{RISKS}?system={pk}")) for pk in (register[2].pk, 999_999_999))
    assert foreign == missing


def test_a_long_register_comes_in_pages_of_fifty(team, editor, owner, client_of):
    for number in range(4):
        fill(team, editor, owner, name=f"Assistant {number}", rated=0, treated=0)
    total = Risk.objects.count()
    assert 50 < total <= 100

    first, second = (client_of(editor).get(f"{RISKS}?sort=reference&page={page}") for page in (1, 2))

    assert (len(references(first)), len(references(second))) == (50, total - 50)
    assert f"1 to 50 of {total}" in text_of(first)
    assert 'href="?sort=reference&amp;page=2"' in first.content.decode()


@pytest.mark.parametrize("page", ["0", "-1", "99999", "abc", "9" * 400])
def test_a_page_that_is_not_there_is_another_that_is(risk, editor, client_of, page):
    assert references(client_of(editor).get(f"{RISKS}?page={page}")) == ["RSK-0001"]


def test_an_empty_register_says_what_to_do(editor, client_of):
    assert "No risks yet Empty is not safe." in text_of(client_of(editor).get(RISKS))


def test_a_filter_without_a_match_offers_the_way_out(risk, editor, client_of):
    page = client_of(editor).get(f"{RISKS}?q=nothing+fits")
    assert "No risk matches this filter" in text_of(page)
    assert page.status_code == 200


def test_htmx_gets_the_part_that_changed(risk, editor, client_of):
    headers = {"HX-Request": "true", "HX-Target": "register"}
    body = client_of(editor).get(f"{RISKS}?level=4", headers=headers).content.decode()
    assert "<html" not in body
    assert '<div id="register">' in body


def test_the_export_takes_the_filter_along(register, officer, client_of):
    body = client_of(officer).get(f"{RISKS}?level=4&level=5&q=model").content.decode()
    form = re.search(r'(?s)<form id="export".*?</form>', body)[0]
    assert f'action="{reverse("reports:start")}"' in form
    assert set(re.findall(r'name="(\w+)" value="(\w+)"', form)) >= {("level", "4"), ("level", "5"), ("q", "model")}


def test_the_heatmap_links_each_count_and_shows_its_sum(register, officer, client_of):
    client = client_of(officer)
    page = client.get(HEATMAP)
    body = page.content.decode()

    for row in page.context["heatmap"].rows:
        for cell in row.cells:
            if cell.count:
                assert f'href="{RISKS}{cell.query}"'.replace("&", "&amp;") in body
                assert len(references(client.get(f"{RISKS}{cell.query}"))) == cell.count
    total = page.context["heatmap"].total
    assert f"Together {total}" in text_of(page)


def test_the_heatmap_has_a_page_per_kind_of_rating(register, officer, client_of):
    page = client_of(officer).get(f"{HEATMAP}?kind=inherent&option=none")
    assert page.context["heatmap"].kind == "inherent"
    assert f'href="{HEATMAP}?kind=target&amp;option=none"' in page.content.decode()


def test_a_system_has_a_tab_with_its_risks(register, editor, client_of):
    page = client_of(editor).get(reverse("register:system_risks", args=[register[0].pk]))
    assert len(references(page)) == register[0].risks.count()
    assert "Add a risk" in text_of(page)


def test_a_viewer_sees_a_systems_risks_without_buttons(risk, viewer, client_of):
    page = client_of(viewer).get(reverse("register:system_risks", args=[risk.system_id]))
    assert "RSK-0001" in text_of(page)
    assert "Add a risk" not in text_of(page)


@pytest.mark.parametrize("path", [RISKS, f"{RISKS}?unrated=true&option=none&q=model", f"{RISKS}?sort=due", HEATMAP])
def test_a_page_asks_the_same_questions_however_long_the_register(team, editor, owner, client_of, path):
    fill(team, editor, owner, rated=4, treated=2)
    client = client_of(editor)
    client.get(path)
    few = queries_of(client, path)
    fill(team, editor, owner, name="One more", rated=8, treated=4)

    assert queries_of(client, path) == few <= 10


def test_a_systems_tab_asks_the_same_questions_however_many_risks(system, risk, editor, client_of):
    client, path = client_of(editor), reverse("register:system_risks", args=[system.pk])
    client.get(path)
    few = queries_of(client, path)
    services.confirm_threats(system.pk, actor=editor)

    assert queries_of(client, path) == few <= 10


def test_filters_of_every_sort_stay_within_ten_queries(register, editor, client_of, django_assert_max_num_queries):
    claims = register[0]
    query = f"?system={claims.pk}&team={claims.team_id}&owner={editor.pk}&level=4&status=open&overdue=true&q=model"
    client = client_of(editor)
    client.get(RISKS)
    with django_assert_max_num_queries(10):
        assert client.get(f"{RISKS}{query}").status_code == 200


@pytest.mark.parametrize(
    ("path", "room"), [(RISKS, "Register"), ("/acceptances/", "Register"), ("/scale/", "Register"), ("/trend/", "Home")]
)
def test_the_navigation_says_which_room_a_page_is_in(path, room, register, officer, client_of):
    rooms = client_of(officer).get(path).content.decode().partition('aria-label="Main"')[2].partition("</ul>")[0]
    assert re.findall(r'aria-current="page">([^<]+)<', rooms) == [room]
