"""The columns of the list: each cell as it is drawn."""

from dataclasses import replace
from html import unescape

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from catalog import reading
from risks.register import cells
from risks.register.choices import RatingKind, TreatmentStatus
from risks.register.columns import COLUMNS, DEFAULT, drawn, table_of
from risks.register.listing import risks_for_list, rows_of
from risks.register.orders import ORDERS
from risks.register.rules import DEFAULT_SCALE
from risks.register.treating import update_treatment
from tests.make import make_rating, make_treatment

pytestmark = pytest.mark.django_db


def row_of(risk, reader, needs=()):
    found = risks_for_list(reader, RatingKind.CURRENT, needs).filter(pk=risk.pk)
    return rows_of(found, reading.current(), DEFAULT_SCALE, at=timezone.localdate())[0]


def test_a_level_is_drawn_like_the_component(risk, editor):
    assert cells.level(row_of(risk, editor)) == component("level", level=None)
    row = row_of(make_rating(risk, actor=editor, likelihood=5, impact=5), editor)
    assert cells.level(row) == component("level", level=5, word="Critical")


@pytest.mark.parametrize("status", TreatmentStatus)
def test_a_status_is_drawn_like_the_component(risk, editor, owner, status):
    assert cells.status(row_of(risk, editor)) == component("status", status="")
    make_treatment(risk, actor=editor, owner=owner)
    update_treatment(risk.pk, actor=editor, status=status, note="Said.", expected_version=None)
    assert cells.status(row_of(risk, editor)) == component("status", status=status.value, word=status.label)


def test_what_somebody_typed_is_text_in_a_cell(risk, editor, owner):
    typed = "<b>&\"'"
    type(risk.system).objects.filter(pk=risk.system_id).update(name=typed)
    type(owner).objects.filter(pk=owner.pk).update(name=typed)
    (line,) = drawn([row_of(make_treatment(risk, actor=editor, owner=owner), editor)], DEFAULT)
    assert "<b>&" not in line
    assert unescape(line).count(typed) == 2


def test_each_row_says_which_risk_it_is_and_in_which_version(risk, editor):
    rated = make_rating(risk, actor=editor)
    table = table_of([row_of(rated, editor)], kind=RatingKind.CURRENT, caption="One", sort="level")
    assert table.rows[0].startswith(f'<tr data-risk="{rated.pk}" data-version="{rated.version}">')


def test_a_heading_sorts_and_says_so():
    table = table_of([], kind=RatingKind.TARGET, caption="", sort="due", query=lambda sort: f"?level=5&sort={sort}")
    heads = {head.column.key: head for head in table.heads}
    assert (heads["level"].label, heads["level"].query, heads["level"].direction) == (
        "Target",
        "?level=5&sort=level",
        "",
    )
    assert (heads["due"].query, heads["due"].direction) == ("?level=5&sort=-due", "ascending")
    assert heads["owner"].query == ""


def test_every_column_has_a_name_and_an_order_that_there_is():
    for column in COLUMNS.values():
        assert column.full_name or column.key == "level"
        assert not column.sort or column.sort in ORDERS


def test_a_file_says_what_the_page_shows(risk, editor, owner):
    make_rating(risk, actor=editor, likelihood=5, impact=4)
    treated = make_treatment(risk, actor=editor, owner=owner)
    row = row_of(treated, editor, needs={"team", "acceptance", "party"})
    said = {key: column.text(row) for key, column in COLUMNS.items()}
    assert (
        said
        | {
            "level": "5 Critical",
            "expected_loss": 32_000_000,
            "place": "5 × 4",
            "team": risk.team.name,
            "moves": "– → 5 → –",
            "inherent": "Not rated",
            "due": row.due.isoformat(),
            "next_review": row.next_review.isoformat(),
            "accepted": None,
            "state": "Open",
        }
        == said
    )


def test_the_loss_is_said_as_an_estimate_and_not_at_all_without_an_anchor(risk, editor):
    assert cells.expected_loss(row_of(risk, editor)) == ""
    row = row_of(make_rating(risk, actor=editor, likelihood=5, impact=4), editor)
    assert cells.expected_loss(row) == "about €32 m a year"
    bare = replace(DEFAULT_SCALE.impact[3], low=0, high=None)
    without = replace(DEFAULT_SCALE, impact=(*DEFAULT_SCALE.impact[:3], bare, DEFAULT_SCALE.impact[4]))
    assert cells.expected_loss(replace(row, scale=without)) == ""


def component(name, **values):
    return render_to_string(f"components/{name}.html", values).strip()
