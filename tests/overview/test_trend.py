"""The trend: the counts of each moment are those of the heatmap of that moment; nothing is kept that could drift."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from risks.overview.trend import counts_at, month_ends, trend_of
from risks.overview.trend_chart import BASE, TOP, chart_of
from risks.register.filters import RiskFilter
from risks.register.models import Rating, Risk
from risks.register.past import narrow_then, past_at
from risks.register.reviewing import dismiss_threat, take_back_dismissal
from risks.register.rules import DEFAULT_SCALE
from risks.register.services import confirm_threats
from risks.systems.life_cycle import archive_system
from tests.make import make_profile, make_rating, make_system
from tests.reading import text_of

pytestmark = pytest.mark.django_db


def test_the_months_are_the_twelve_before_this_one():
    assert month_ends(date(2026, 3, 31))[-2:] == [date(2026, 1, 31), date(2026, 2, 28)]
    assert month_ends(date(2026, 3, 31))[0] == date(2025, 3, 31)
    assert len(month_ends(date(2024, 2, 29))) == 12


def of_the_heatmap(reader, moment):
    """All risks that counted, and by level, as a past day of the heatmap counts them."""
    past = past_at(moment, day=timezone.localdate())
    risks = narrow_then(Risk.objects.visible_to(reader), RiskFilter(), past)
    found: dict[int | None, int] = {}
    for level in risks.values_list("rated_level", flat=True):
        found[None] = found.get(None, 0) + 1
        if level:
            found[level] = found.get(level, 0) + 1
    return found


def test_every_moment_counts_as_the_heatmap_of_that_moment(team, editor, officer, outsider):
    moments = [timezone.now()]
    system, other = (make_system(team, actor=editor, name=name) for name in ("Claims assistant", "Second"))
    for each in (system, other):
        make_profile(each, actor=editor)
        confirm_threats(each.pk, actor=editor)
    first, second, third = Risk.objects.filter(system=system)[:3]
    in_other = Risk.objects.filter(system=other).first()

    def dismiss(risk):
        dismiss_threat(risk.system_id, actor=editor, threat_key=risk.threat_key, reason="Not ours.")

    steps = [
        lambda: [make_rating(risk, actor=editor) for risk in (first, second, in_other)],
        lambda: make_rating(first, actor=editor, likelihood=1, impact=1),
        lambda: [dismiss(risk) for risk in (second, third, in_other)],
        lambda: archive_system(other.pk, actor=officer, reason="Sold.", expected_version=None),
        lambda: take_back_dismissal(system.pk, actor=editor, threat_key=second.threat_key, reason="It is ours."),
        lambda: make_rating(second, actor=editor, likelihood=5, impact=5),
    ]
    for step in steps:
        moments.append(timezone.now())
        step()
    moments.append(timezone.now())

    for reader in (officer, editor, outsider):
        counted = [{level: n for level, n in count.items() if n} for count in counts_at(reader, moments)]
        assert counted == [of_the_heatmap(reader, moment) for moment in moments]
    assert len({tuple(sorted(map(str, count.items()))) for count in counts_at(officer, moments)}) == len(moments)


@pytest.fixture
def long_rated(risk, editor):
    """Registered 75 days ago, rated Critical 40 days ago: a month ends in between, whichever day it is."""
    make_rating(risk, actor=editor, likelihood=5, impact=5)
    Risk.objects.update(created_at=timezone.now() - timedelta(days=75))
    Rating.objects.update(at=timezone.now() - timedelta(days=40))
    return risk


def test_a_risk_is_unrated_until_it_was_rated(long_rated, editor):
    months = trend_of(editor, at=timezone.localdate(), scale=DEFAULT_SCALE).months
    assert len(months) == 13
    assert months[0].total == 0
    assert (months[-1].worst_first[0], months[-1].unrated) == (1, 0)
    assert 1 in {month.unrated for month in months}
    assert all(month.total in (0, 1) for month in months)


def test_each_month_opens_the_heatmap_of_its_end(long_rated, editor, client_of):
    client = client_of(editor)
    for month in client.get("/trend/").context["trend"].months:
        query = "" if month.is_today else f"?at={month.day}"
        drawn = client.get(f"/risks/heatmap/{query}").context["heatmap"]
        assert (drawn.total, drawn.unrated) == (month.total, month.unrated)


def test_the_page_has_the_numbers_as_a_table_and_says_what_counts(long_rated, editor, client_of):
    text = text_of(client_of(editor).get("/trend/"))
    assert "End of 5 Critical 4 High 3 Medium 2 Low 1 Minimal Not rated Together" in text
    assert "Today 1 0 0 0 0 0 1" in text
    assert "without dismissed risks and archived systems" in text
    assert text.count("Not rated 1 Minimal 2 Low 3 Medium 4 High 5 Critical") == 1  # the key of the drawing


def test_home_links_to_the_trend_and_fetches_its_part(long_rated, editor, client_of):
    client = client_of(editor)
    page = client.get("/").content.decode()
    assert 'hx-get="/trend/"' in page
    assert '<a href="/trend/">' in page
    part = client.get("/trend/", headers={"HX-Request": "true", "HX-Target": "trend"}).content.decode()
    assert part.strip().startswith('<section id="trend"')


def test_the_trend_is_one_query_of_ratings_and_one_of_scales(long_rated, editor):
    with CaptureQueriesContext(connection) as captured:
        trend_of(editor, at=timezone.localdate(), scale=DEFAULT_SCALE)
    assert len(captured) <= 3  # the reader's teams are looked up once


def test_columns_stand_on_the_base_and_stay_in_the_drawing(long_rated, editor):
    chart = chart_of(trend_of(editor, at=timezone.localdate(), scale=DEFAULT_SCALE).months)
    for column in chart.columns:
        for block in column.blocks:
            assert TOP - 1 <= block.y <= block.y + block.height <= BASE
    assert [block.level for block in chart.columns[-1].blocks] == [5]


def test_a_register_without_risks_has_no_trend_and_says_so(officer, client_of):
    text = text_of(client_of(officer).get("/trend/"))
    assert "No risk was in the register in these twelve months." in text
    assert "End of" not in text
