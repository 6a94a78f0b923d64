"""The heatmap by API: the numbers of its page, and of the risks that the same filter lists."""

from datetime import timedelta

import pytest
from django.utils import timezone

from risks.register.models import Risk
from tests.make import make_rating

pytestmark = pytest.mark.django_db
PATH = "/api/v1/heatmap/"


@pytest.mark.parametrize("query", ["", "?kind=target", "?team={team}", "?unrated=true", "?outside=true&state=all"])
def test_cells_and_not_rated_are_the_risks_of_the_filter(register, officer, team, api_of, client_of, query):
    query = query.format(team=team.pk)
    answer = api_of(officer).get(f"{PATH}{query}").json()
    page = client_of(officer).get(f"/risks/heatmap/{query}").context["heatmap"]
    listed = client_of(officer).get(f"/risks/{query}").context["page"].paginator.count

    counts = {(cell["likelihood"], cell["impact"]): cell["count"] for cell in answer["cells"]}
    assert counts == {(cell.likelihood, cell.impact): cell.count for row in page.rows for cell in row.cells}
    assert (sum(counts.values()), answer["not_rated"]) == (page.rated, page.unrated)
    assert answer["rated"] + answer["not_rated"] == answer["total"] == listed


def test_a_cell_says_its_band_and_whether_it_is_outside_appetite(risk, editor, api_of):
    make_rating(risk, actor=editor, likelihood=5, impact=5)

    cells = api_of(editor).get(PATH).json()["cells"]

    assert len(cells) == 25
    assert cells[0] == {
        "likelihood": 1, "impact": 1, "level": 1, "word": "Minimal", "outside_appetite": False, "count": 0,
    }  # fmt: skip
    assert cells[-1] == {
        "likelihood": 5, "impact": 5, "level": 5, "word": "Critical", "outside_appetite": True, "count": 1,
    }  # fmt: skip


def test_a_day_in_the_past_counts_what_was_there_then(risk, editor, api_of):
    make_rating(risk, actor=editor, likelihood=5, impact=5)
    yesterday = timezone.localdate() - timedelta(days=1)
    program = api_of(editor)

    assert program.get(f"{PATH}?at={yesterday}").json()["total"] == 0

    Risk.objects.filter(pk=risk.pk).update(created_at=timezone.now() - timedelta(days=9))
    then = program.get(f"{PATH}?at={yesterday}").json()
    assert (then["at"], then["rated"], then["not_rated"]) == (yesterday.isoformat(), 0, 1)


def test_nobody_counts_what_they_may_not_see(register, outsider, api_of):
    mine = Risk.objects.visible_to(outsider).open().count()
    assert api_of(outsider).get(PATH).json()["total"] == mine < Risk.objects.open().count()


@pytest.mark.parametrize("query", ["move=inherent", "cell=4x3", "at=soon", "at=2999-01-01", "level=9", "colour=red"])
def test_what_it_does_not_know_is_refused_with_a_sentence(risk, editor, api_of, query):
    answer = api_of(editor).get(f"{PATH}?{query}")

    assert answer.status_code == 400
    assert query.partition("=")[0] in answer.content.decode()


def test_the_same_answer_again_is_not_sent_twice(risk, editor, api_of):
    program = api_of(editor)
    etag = program.get(PATH)["ETag"]
    assert program.get(PATH, headers={"If-None-Match": etag}).status_code == 304
