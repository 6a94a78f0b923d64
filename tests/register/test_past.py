"""The register as a day in the past ended: what is read of a moment later is what was seen at that moment."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog import reading
from risks.register.filters import read_filter
from risks.register.heatmap import heatmap
from risks.register.models import Rating, Risk
from risks.register.past import NOT_OF_THE_PAST, day_in_the_past, narrow_then, past_at
from risks.register.reviewing import dismiss_threat, take_back_dismissal
from risks.register.scale_services import set_team_appetite
from risks.register.scales import current_scale, scale_at
from risks.register.services import confirm_threats
from risks.systems.life_cycle import archive_system, restore_system
from tests.make import make_profile, make_rating, make_system, make_treatment
from tests.reading import text_of
from tests.register.verbs import update

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 26)
HEATMAP = "/risks/heatmap/"
QUERIES = [
    "", "kind=inherent", "kind=target", "level=4&level=5", "unrated=true", "unrated=false", "option=none",
    "option=mitigate&status=open", "overdue=true", "overdue=false", "state=all", "state=dismissed", "state=archived",
    "outside=true", "outside=false", "q=claims", "likelihood=4&impact=3", "threat=indirectpromptinjection",
    "owner={owner}", "status=done&owner={owner}", "team={team}&outside=true",
]  # fmt: skip
WRONG = ["at=2999-01-01", "at=soon", "move=today", "move=sideways", "cell=4x3", "at={day}&cell=9x9"]
DRAWN = ["at={day}", "at={day}&cell=none", "at={day}&move=today", "move=inherent", "at={day}&move=target"]


def read(query, reader, scale):
    return read_filter(QueryDict(query), reader=reader, catalog=reading.current(), scale=scale)


def seen_now(query, reader):
    wanted = read(query, reader, current_scale())
    return set(wanted.narrow(Risk.objects.visible_to(reader), at=timezone.localdate()).values_list("pk", flat=True))


def seen_later(query, reader, moment):
    past = past_at(moment, day=timezone.localdate())
    wanted = read(query, reader, past.scale)
    return set(narrow_then(Risk.objects.visible_to(reader), wanted, past).values_list("pk", flat=True))


def test_a_moment_is_read_later_as_it_was_seen(register, officer, editor, owner, team, subtests):
    """Between two looks everything changes that a filter can ask about."""
    claims, _, payments = register
    queries = [query.format(owner=owner.pk, team=team.pk) for query in QUERIES]
    first = Risk.objects.filter(system=claims, current_level__isnull=False, treatment_option="mitigate").first()
    looks = []

    def look():
        looks.append((timezone.now(), {query: seen_now(query, officer) for query in queries}))

    def first_changes():
        make_rating(first, actor=editor, likelihood=1, impact=1)
        make_rating(first, actor=editor, likelihood=1, impact=1, kind="target")
        update(first, editor, status="done")
        unrated = Risk.objects.filter(system=claims, current_level=None)[0]
        make_rating(unrated, actor=editor, likelihood=4, impact=3)
        make_treatment(unrated, actor=editor, owner=owner)
        dismiss_threat(claims.pk, actor=editor, threat_key=unrated.threat_key, reason="Not ours.")

    def second_changes():
        archive()
        system = make_system(team, actor=editor, name="Later")
        make_profile(system, actor=editor)
        confirm_threats(system.pk, actor=editor)
        key = current_scale().key
        set_team_appetite(team.pk, actor=officer, steps=[1, 1, 1, 1, 1], reason="Careful.", expected_key=key)
        gone = Risk.objects.filter(system=claims).exclude(dismissed_at=None).get()
        take_back_dismissal(claims.pk, actor=editor, threat_key=gone.threat_key, reason="It is ours.")

    def restore():
        restore_system(payments.pk, actor=officer, expected_version=None)

    def archive():
        archive_system(payments.pk, actor=officer, reason="Sold.", expected_version=None)

    look()
    first_changes()
    look()
    second_changes()
    look()
    for change in (restore, archive, restore):
        change()
        look()

    changed = {query for query in queries if looks[0][1][query] != looks[2][1][query] or looks[0][1] != looks[1][1]}
    assert len(changed) > len(queries) / 2
    for moment, seen in looks:
        for query in queries:
            with subtests.test(query=query, moment=moment):
                assert seen_later(query, officer, moment) == seen[query]


def test_the_scale_and_the_lines_are_those_of_then(team, officer):
    before, moment = current_scale(), timezone.now()
    set_team_appetite(team.pk, actor=officer, steps=[1, 1, 1, 1, 1], reason="Careful.", expected_key=before.key)
    assert scale_at(moment) == before
    assert scale_at(timezone.now()) == current_scale() != before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("yesterday", "“yesterday” is not a day."),
        ("2026-13-01", "“2026-13-01” is not a day."),
        ("2026-11-27", "2026-11-27 is still to come."),
        ("9999-12-31", "9999-12-31 is still to come."),
        ("0001-01-01", "The register does not go back to 0001-01-01."),
        ("20261101", "“20261101” is not a day."),
    ],
)
def test_a_day_that_cannot_be_asked_for_says_why(text, said):
    with pytest.raises(ValidationError) as refused:
        day_in_the_past(text, today=TODAY)
    assert said in refused.value.message_dict["at"][0]


def test_today_is_no_day_in_the_past():
    assert day_in_the_past("2026-11-26", today=TODAY) is None
    assert day_in_the_past("2026-11-25", today=TODAY) == date(2026, 11, 25)


def backdate(days):
    """Let everything have happened so many days earlier, as far as rows can be changed."""
    for rows in (Rating.objects.all(), Rating.objects.model.risk.field.related_model.objects.all()):
        name = "at" if rows.model is Rating else "created_at"
        rows.update(**{name: timezone.now() - timedelta(days=days)})


@pytest.fixture
def moved(register, editor):
    """A register of ten days ago, of which two risks were rated anew today."""
    backdate(10)
    risks = list(Risk.objects.filter(team__name="Claims", current_level__isnull=False).order_by("number")[:2])
    make_rating(risks[0], actor=editor, likelihood=1, impact=1)
    make_rating(risks[1], actor=editor, likelihood=5, impact=2)
    return risks


@pytest.fixture
def day():
    return (timezone.localdate() - timedelta(days=5)).isoformat()


def test_the_page_of_a_past_day_shows_the_counts_of_then_and_lists_each_cell(moved, day, editor, client_of):
    client = client_of(editor)
    page = client.get(f"{HEATMAP}?at={day}")
    drawn = page.context["heatmap"]
    assert drawn.total == Risk.objects.visible_to(editor).count()
    cells = [cell for row in drawn.rows for cell in row.cells if cell.count]
    assert sum(cell.count for cell in cells) == drawn.rated > 0
    for cell in cells:
        assert len(client.get(f"{HEATMAP}{cell.query.split('#')[0]}").context["listed"].rows) == cell.count
    assert len(client.get(f"{HEATMAP}{drawn.unrated_query.split('#')[0]}").context["listed"].rows) == drawn.unrated


def test_the_list_of_a_cell_says_the_rating_of_then_and_of_today(moved, day, editor, client_of):
    rating = Rating.objects.filter(risk=moved[0], kind="current").exclude(superseded_at=None).get()
    text = text_of(client_of(editor).get(f"{HEATMAP}?at={day}&cell={rating.likelihood}x{rating.impact}"))
    assert f"{rating.likelihood} × {rating.impact}, " in text
    assert "today 1 × 1, Minimal" in text


def test_before_the_first_risk_the_map_says_so(moved, editor, client_of):
    page = client_of(editor).get(f"{HEATMAP}?at=2020-01-01")
    assert page.context["heatmap"].total == 0
    assert "No risk was in the register yet." in text_of(page)


@pytest.mark.parametrize("name", NOT_OF_THE_PAST)
def test_what_is_not_kept_is_refused_and_never_ignored(moved, day, editor, client_of, name):
    values = {"look": "true", "review": "overdue", "tag": "money", "supplier": "1", "acceptance": "none"}
    supplier = {"supplier": "There is no such supplier."}
    page = client_of(editor).get(f"{HEATMAP}?at={day}&{name}={values[name]}")
    assert page.status_code == 400
    assert supplier.get(name, NOT_OF_THE_PAST[name]) in text_of(page)


def test_the_register_does_not_take_a_day(risk, editor, client_of, day):
    page = client_of(editor).get(f"/risks/?at={day}")
    assert page.status_code == 400


@pytest.mark.parametrize("query", WRONG)
def test_a_heatmap_that_cannot_be_drawn_says_why_and_shows_today(moved, day, editor, client_of, query):
    page = client_of(editor).get(f"{HEATMAP}?{query.format(day=day)}")
    assert page.status_code == 400
    assert page.context["heatmap"].total == Risk.objects.visible_to(editor).count()


def test_nobody_sees_more_of_the_past_than_of_today(moved, day, outsider, client_of):
    drawn = client_of(outsider).get(f"{HEATMAP}?at={day}").context["heatmap"]
    assert drawn.total == Risk.objects.visible_to(outsider).count() < Risk.objects.count()


@pytest.mark.parametrize("query", DRAWN)
def test_a_past_day_and_a_movement_cost_few_queries(moved, day, editor, client_of, query):
    client = client_of(editor)
    path = f"{HEATMAP}?{query.format(day=day)}"
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    assert len(captured) <= 12


def test_the_counts_of_a_past_moment_are_one_query(moved, editor, django_assert_num_queries):
    past = past_at(timezone.now(), day=timezone.localdate())
    wanted = read("", editor, past.scale)
    assert heatmap(Risk.objects.visible_to(editor).open(), "current", past.scale, wanted=wanted).total > 0
    with django_assert_num_queries(1):
        narrow_then(Risk.objects.visible_to(editor), wanted, past).count()
