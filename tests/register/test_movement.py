"""Movement: who moved from where to where, why, and that all risks asked for are accounted for."""

from datetime import timedelta

import pytest
from django.utils import timezone

from risks.register import movement as movements
from risks.register.arrows import arrows_of
from risks.register.models import Rating, Risk
from risks.register.reviewing import dismiss_threat
from risks.register.rules import DEFAULT_SCALE
from tests.make import make_rating
from tests.reading import text_of

pytestmark = pytest.mark.django_db

HEATMAP = "/risks/heatmap/"


def shown(client, query):
    return client.get(f"{HEATMAP}?{query}").context["movement"]


def test_from_inherent_to_current(register, officer, client_of):
    found = shown(client_of(officer), "move=inherent")
    risks = list(Risk.objects.all())
    both = [risk for risk in risks if risk.inherent_level and risk.current_level]
    moved = {risk.pk for risk in both if (risk.inherent_likelihood, risk.inherent_impact) != place(risk)}
    assert {row.risk.pk for row in found.rows} == moved
    assert (found.moved, found.still) == (len(moved), len(both) - len(moved))
    assert found.unrated_start == sum(risk.inherent_level is None and risk.current_level is not None for risk in risks)
    assert found.total == len(risks)


def place(risk):
    return risk.current_likelihood, risk.current_impact


def test_each_row_says_from_to_and_why(risk, editor, client_of):
    make_rating(risk, actor=editor, likelihood=5, impact=4, kind="inherent")
    make_rating(risk, actor=editor, likelihood=2, impact=3)
    (row,) = shown(client_of(editor), "move=inherent").rows
    assert (row.start, row.end) == ("5 × 4, Critical", "2 × 3, Low")
    assert (row.cause, row.by) == ("Two of forty test letters steered the answer.", "Editor")


def test_a_risk_rated_at_one_end_only_is_said_apart_and_not_drawn(risk, editor, client_of):
    make_rating(risk, actor=editor)
    page = client_of(editor).get(f"{HEATMAP}?move=target")
    assert page.context["movement"].unrated_end == 1
    assert page.context["movement"].arrows == ()
    assert "Not moved: 1 no target." in text_of(page)


def test_from_a_past_day_to_today(risk, editor, client_of):
    make_rating(risk, actor=editor, likelihood=5, impact=4)
    earlier = timezone.now() - timedelta(days=9)
    Risk.objects.update(created_at=earlier)
    Rating.objects.update(at=earlier)
    make_rating(risk, actor=editor, likelihood=2, impact=3)
    day = (timezone.localdate() - timedelta(days=3)).isoformat()
    (row,) = shown(client_of(editor), f"at={day}&move=today").rows
    assert (row.start, row.end) == ("5 × 4, Critical", "2 × 3, Low")

    dismiss_threat(risk.system_id, actor=editor, threat_key=risk.threat_key, reason="Not ours.")
    found = shown(client_of(editor), f"at={day}&move=today")
    assert (found.moved, found.gone, found.rows) == (0, 1, ())


def test_what_the_scale_moved_says_so(risk, editor, client_of):
    make_rating(risk, actor=editor, likelihood=5, impact=4, kind="inherent")
    make_rating(risk, actor=editor, likelihood=2, impact=3)
    Rating.objects.filter(kind="current").update(moved_from="3 × 3, Medium on default-5x5-1")
    page = client_of(editor).get(f"{HEATMAP}?move=inherent")
    assert "Moved with the scale, from 3 × 3, Medium on default-5x5-1." in text_of(page)


def test_few_are_drawn_and_many_are_listed_the_largest_change_first(register, officer, client_of):
    client = client_of(officer)
    few = shown(client, "move=inherent")
    assert 0 < few.moved <= movements.MOST_DRAWN
    assert {int(n) for arrow in few.arrows for n in arrow.label.split(", ")} == {row.number for row in few.rows}

    for risk in Risk.objects.filter(current_level=None)[: movements.MOST_LISTED + 4]:
        make_rating(risk, actor=officer, likelihood=5, impact=5, kind="inherent")
        make_rating(risk, actor=officer, likelihood=1, impact=1)
    many = shown(client, "move=inherent")
    assert many.arrows == ()
    assert len(many.rows) == min(movements.MOST_LISTED, many.moved)
    changes = [abs(row.end_level - row.start_level) for row in many.rows]
    assert changes == sorted(changes, reverse=True)
    assert "Moved most" in text_of(client.get(f"{HEATMAP}?move=inherent"))


def test_the_filter_holds_for_movement_too(register, officer, client_of):
    system = register[0]
    found = shown(client_of(officer), f"move=inherent&system={system.pk}")
    assert {row.risk.system_id for row in found.rows} == {system.pk}
    assert found.total == Risk.objects.filter(system=system).count()


def test_one_arrow_goes_each_way_and_lies_in_the_grid():
    arrows = arrows_of(
        [(1, ((5, 5), (1, 1))), (2, ((5, 5), (1, 1))), (3, ((1, 1), (5, 5))), (4, ((2, 2), (2, 2)))], DEFAULT_SCALE
    )
    assert [arrow.label for arrow in arrows] == ["1, 2", "3"]
    for arrow in arrows:
        for text in (arrow.x1, arrow.y1, arrow.x2, arrow.y2, arrow.label_x, arrow.label_y):
            assert 0 < float(text.removesuffix("%")) < 100
    assert (arrows[0].label_x, arrows[0].label_y) != (arrows[1].label_x, arrows[1].label_y)
