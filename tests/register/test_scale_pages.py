"""The pages of the scale: read by all, set by few, and nothing put in force that nobody has seen the effect of."""

import json

import pytest

from journal.models import Event
from risks.register.models import Risk, ScaleVersion, TeamAppetite
from risks.register.rules import DEFAULT_SCALE
from risks.register.scale_content import content_of
from risks.register.scale_forms import ScaleForm, Size
from risks.register.scales import current_scale
from tests.make import make_rating
from tests.reading import html_of
from tests.register.test_scale_in_force import draw, put, smaller, stricter
from tests.whole.scale import a_line, as_form, other_content, to_put


def previewed(**values):
    """As the button that counts again sends it."""
    return {name: value for name, value in (to_put() | values).items() if name != "put"}


@pytest.mark.parametrize("person", ["viewer", "outsider", "auditor", "officer"])
def test_everyone_reads_the_scale_and_few_are_shown_the_way_to_change_it(request, client_of, person):
    page = html_of(client_of(request.getfixturevalue(person)).get("/scale/"))

    assert "once in 1 to 3 years" in page
    assert "Harms some people or a service; needs explaining." in page
    assert ("/scale/new/" in page) == (person == "officer")


def test_the_versions_before_are_listed_with_who_and_why_and_can_be_read(client_of, officer, viewer):
    put(officer, stricter())
    put(officer, smaller(), reason="Five were too many.")
    browser = client_of(viewer)

    page = html_of(browser.get("/scale/"))
    assert "The board decided." in page
    assert "Five were too many." in page
    old = browser.get("/scale/?version=default-5x5-1")
    assert "Almost certain" in html_of(old)
    assert "No longer in force" in html_of(old)
    assert browser.get("/scale/?version=scale-9").status_code == 404


def test_the_line_of_a_team_is_shown_to_those_who_see_the_team(client_of, officer, viewer, outsider, team):
    draw(officer, team, [1, 1, 1, 0, 0])

    assert "Payments are strict." in html_of(client_of(viewer).get("/scale/"))
    assert "Payments are strict." not in html_of(client_of(outsider).get("/scale/"))


def test_the_form_begins_with_the_scale_in_force_and_says_nothing_new(client_of, officer):
    answer = client_of(officer).post("/scale/new/", as_form())

    assert answer.status_code == 200
    assert "There is nothing to put in force." in html_of(answer)


@pytest.mark.parametrize(("likelihood", "impact", "bands"), [(3, 3, 3), (7, 7, 5), (4, 6, 4)])
def test_the_size_is_chosen_first_and_the_form_follows(client_of, officer, likelihood, impact, bands):
    answer = client_of(officer).get(f"/scale/new/?likelihood={likelihood}&impact={impact}&bands={bands}")

    names = set(answer.context["form"].fields)
    assert {f"likelihood-{likelihood}-word", f"impact-{impact}-safety", f"band-{bands}-days"} <= names
    assert f"cell-{likelihood}-{impact}" in names
    assert not {f"likelihood-{likelihood + 1}-word", f"impact-{impact + 1}-word", f"band-{bands + 1}-word"} & names


@pytest.mark.parametrize("size", ["likelihood=2&impact=5&bands=5", "likelihood=x&impact=5&bands=5", "bands=99"])
def test_a_size_that_cannot_be_leaves_the_form_as_it_is(client_of, officer, size):
    answer = client_of(officer).get(f"/scale/new/?{size}")

    assert answer.status_code == 200
    assert answer.context["form"].size == Size.of(DEFAULT_SCALE)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("currency", "euro", "at most 3 characters"),
        ("likelihood-2-word", "", "required"),
        ("likelihood-2-low", "50", "must lie between its ends"),
        ("impact-2-word", "Severe", "Two levels of impact have the same word."),
        ("impact-4-safety", "x" * 301, "at most 300 characters"),
        ("band-1-days", "0", "greater than or equal to 1"),
        ("cell-5-5", "", "required"),
        ("cell-5-5", "1", "A cell cannot have a lower band"),
        ("appetite-5", "4", "cannot grow with likelihood"),
    ],
)
def test_a_fault_is_shown_at_its_place_and_nothing_typed_is_lost(client_of, officer, name, value, said):
    typed = as_form() | {"impact-1-meaning": "Nobody notices.", name: value}
    answer = client_of(officer).post("/scale/new/", typed)

    assert answer.status_code == 422
    form = answer.context["form"]
    assert said in html_of(answer)
    place = "impact-1-word" if said.startswith("Two levels") else name
    assert place in form.errors
    assert {field.name: field.value() for field in form} == {key: str(value) for key, value in typed.items()}
    assert not ScaleVersion.objects.exists()


def test_the_preview_counts_what_would_move_and_links_who_changes_band(client_of, officer, editor, risk):
    make_rating(risk, actor=editor, likelihood=5, impact=3)
    make_rating(risk, actor=editor, likelihood=5, impact=3, kind="inherent")

    answer = client_of(officer).post("/scale/new/", as_form() | {"cell-5-3": "5"})

    page = html_of(answer)
    assert "1 risk would change band" in page
    assert "2 ratings would move" in page
    assert f'href="/risks/{risk.pk}/"' in page
    found = answer.context["preview"]
    assert [(cell.before, cell.after, cell.ratings) for cell in found.cells] == [("5 × 3, High", "5 × 3, Critical", 2)]
    assert [(each.old_word, each.new_word) for each in found.risks] == [("High", "Critical")]
    assert not ScaleVersion.objects.exists()


def test_what_the_preview_says_is_what_happens(client_of, officer, editor, risk):
    make_rating(risk, actor=editor, likelihood=5, impact=3)
    browser = client_of(officer)
    found = browser.post("/scale/preview/", previewed()).context["preview"]

    assert browser.post("/scale/preview/", to_put()).status_code == 302

    moved = Event.objects.filter(verb="risk.moved")
    assert [int(event.object_id) for event in moved] == [each.risk.pk for each in found.risks]
    assert Risk.objects.get().current_level == found.risks[0].new_level
    assert ScaleVersion.objects.get().reason == "The board decided."


def test_a_previewed_level_shows_by_the_bands_of_its_own_scale(client_of, officer, editor, risk):
    make_rating(risk, actor=editor, likelihood=5, impact=5)
    to_three = {f"{axis}-{step}": str(min(step, 3)) for axis in ("likelihood", "impact") for step in range(1, 6)}
    page = html_of(client_of(officer).post("/scale/preview/", previewed(content=json.dumps(smaller()), **to_three)))
    assert '<html lang="en" data-bands="5">' in page
    assert '<td data-label="Then" data-bands="3"><span class="level" data-level="3">' in page


def test_another_map_is_counted_again_and_then_holds(client_of, officer, editor, risk):
    make_rating(risk, actor=editor, likelihood=2, impact=2)
    browser, higher = client_of(officer), {"likelihood-2": "3", "likelihood-3": "3", "impact-2": "4", "impact-3": "4"}

    found = browser.post("/scale/preview/", previewed(**higher)).context["preview"]
    assert [(each.old_word, each.new_word) for each in found.risks] == [("Low", "High")]
    browser.post("/scale/preview/", to_put() | higher)

    risk.refresh_from_db()
    assert (risk.current_likelihood, risk.current_impact, risk.current_level) == (3, 4, 4)


@pytest.mark.parametrize(
    ("values", "said"),
    [({"reason": ""}, "required"), ({"likelihood-1": "4"}, "A higher old level of likelihood cannot go below")],
)
def test_what_is_wrong_on_the_preview_keeps_what_was_typed(client_of, officer, values, said):
    answer = client_of(officer).post("/scale/preview/", to_put() | values)

    assert answer.status_code == 422
    assert said in html_of(answer)
    assert json.loads(answer.context["form"]["content"].value()) == other_content()
    assert not ScaleVersion.objects.exists()


def test_who_saw_another_scale_sees_what_it_would_move_now(client_of, officer):
    put(officer, smaller())
    answer = client_of(officer).post("/scale/preview/", to_put())

    assert answer.status_code == 422
    assert "Meanwhile scale-1 is in force." in html_of(answer)
    assert "The board decided." in html_of(answer)
    assert answer.context["form"]["expected_key"].value() == "scale-1"
    assert ScaleVersion.objects.count() == 1


def test_the_way_back_from_the_preview_keeps_the_whole_form(client_of, officer):
    answer = client_of(officer).post("/scale/new/", previewed())

    form = answer.context["form"]
    assert answer.status_code == 200
    assert form["cell-5-3"].value() == 5
    assert not form.is_bound


@pytest.mark.parametrize("content", ["", "{}", "[]", "null", "{", '"' + "x" * 200_000 + '"', "[" * 50_000])
@pytest.mark.parametrize("path", ["/scale/preview/", "/scale/new/"])
def test_a_content_that_no_form_has_sent_is_refused(client_of, officer, path, content):
    answer = client_of(officer).post(path, previewed(content=content))

    assert answer.status_code == (422 if not content and path == "/scale/new/" else 400)
    assert current_scale() == DEFAULT_SCALE


def test_a_team_is_given_a_line_and_the_heatmap_and_the_risk_draw_it(client_of, officer, editor, risk, team):
    make_rating(risk, actor=editor, likelihood=1, impact=2)
    browser = client_of(officer)

    assert browser.post(f"/scale/appetite/{team.pk}/", a_line()).status_code == 302

    assert current_scale().team_appetite == {team.pk: (1, 1, 1, 1, 1)}
    edges = {(1, 2): "start"}
    rows = browser.get(f"/risks/heatmap/?team={team.pk}").context["heatmap"].rows
    assert {(c.likelihood, c.impact): c.edge for row in rows for c in row.cells}.items() >= edges.items()
    place = browser.get(f"/risks/{risk.pk}/").context["detail"].place
    assert {(c.likelihood, c.impact): c.edge for row in place for c in row.cells}.items() >= edges.items()
    rows = browser.get("/risks/heatmap/").context["heatmap"].rows
    assert {(c.likelihood, c.impact): c.edge for row in rows for c in row.cells}[1, 2] == ""


def test_the_line_of_the_organisation_holds_again(client_of, officer, team):
    draw(officer, team, [1, 1, 1, 0, 0])
    sent = {"remove": "1", "reason": "They have grown.", "expected_key": DEFAULT_SCALE.key}

    assert client_of(officer).post(f"/scale/appetite/{team.pk}/", sent).status_code == 302
    assert current_scale().team_appetite == {}


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"reason": " "}, "required"),
        ({"appetite-3": "4"}, "cannot grow with likelihood"),
        ({"appetite-3": "9"}, "Select a valid choice"),
        ({"expected_key": "scale-3"}, "Someone else saved this"),
    ],
)
def test_a_line_that_cannot_be_is_refused_with_a_sentence(client_of, officer, team, values, said):
    answer = client_of(officer).post(f"/scale/appetite/{team.pk}/", a_line() | values)

    assert answer.status_code == 422
    assert said in html_of(answer)
    assert not TeamAppetite.objects.exists()


def test_the_largest_scale_goes_through_the_form(client_of, officer, db):
    """Seven levels each with every definition, as the browser sends it."""
    form = ScaleForm(DEFAULT_SCALE, Size(7, 7, 5))
    sent = {field.name: "" if field.value() is None else field.value() for field in form}
    for axis in ("likelihood", "impact"):
        for number in range(1, 8):
            figures = {"low": number - 1, "high": number, "typical": number - 0.5}
            sent |= {f"{axis}-{number}-{end}": figure for end, figure in figures.items()}
            sent |= {f"{axis}-{number}-word": f"Level {number}", f"{axis}-{number}-meaning": "Said."}
    sent |= {name: "x" * 300 for name in form.fields if name.startswith("impact") and sent[name] == ""}
    sent |= {f"cell-{row}-{across}": min(5, max(row, across)) for row in range(1, 8) for across in range(1, 8)}
    sent |= {f"appetite-{row}": 7 - row for row in range(1, 8)}

    answer = client_of(officer).post("/scale/new/?likelihood=7&impact=7&bands=5", sent)
    assert answer.status_code == 200, answer.context["form"].errors
    carried = {field.name: field.value() for field in answer.context["form"]} | {"reason": "Finer.", "put": "1"}
    assert client_of(officer).post("/scale/preview/", carried).status_code == 302

    assert len(current_scale().impact) == 7
    assert len(content_of(current_scale())["impact"][6]["areas"]) == 10
