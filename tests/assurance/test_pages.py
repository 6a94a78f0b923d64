"""The matrix and its form, as people and programs see them."""

import pytest
from django.urls import reverse

from risks.register.models import Responsibility
from risks.register.services import confirm_threats
from tests.make import make_profile, make_risk, make_system
from tests.reading import html_of

THREAT = "devmodelpoison"


@pytest.fixture
def page(system):
    return reverse("assurance:matrix", args=[system.pk])


@pytest.fixture
def form(system):
    return reverse("assurance:set", args=[system.pk, THREAT])


@pytest.fixture
def endpoint(system):
    return f"/api/v1/systems/{system.pk}/responsibility/{THREAT}/"


def test_the_matrix_says_who_answers_for_what(page, system, editor, client_of):
    make_profile(system, actor=editor, answers={"run_by": "unknown"})
    text = html_of(client_of(editor).get(page))

    assert "Who answers for what" in text
    assert "Generic security threats" in text
    assert "by the rules" in text
    assert "Not known yet" in text


def test_who_set_a_party_and_why_is_on_the_page(page, form, editor, viewer, client_of):
    client_of(editor).post(form, {"party": "own", "reason": "We fine-tune it ourselves.", "expected_version": 0})

    text = html_of(client_of(viewer).get(page))
    assert "“We fine-tune it ourselves.”" in text
    assert "Editor," in text


def test_a_threat_added_by_hand_asks_who_answers_for_it(system, editor, client_of, page):
    make_risk(system, actor=editor, threat="evasion")
    client = client_of(editor)
    address = reverse("assurance:set", args=[system.pk, "evasion"])

    assert f'href="{address}">Nobody yet' in html_of(client.get(page))
    client.post(address, {"party": "own", "reason": "We classify on our own.", "expected_version": 0})
    assert "Nobody yet<small>" not in html_of(client.get(page))


def test_an_unnamed_supplier_is_asked_for(team, editor, viewer, client_of):
    nameless = make_system(team, actor=editor, name="Nameless")
    make_profile(nameless, actor=editor)
    address = reverse("assurance:matrix", args=[nameless.pk])

    assert "Name the supplier" in html_of(client_of(editor).get(address))
    assert "Name the supplier" not in html_of(client_of(viewer).get(address))


def test_a_system_without_a_profile_shows_what_always_applies_and_the_way_on(team, editor, client_of):
    blank = make_system(team, actor=editor, name="Blank")
    text = html_of(client_of(editor).get(reverse("assurance:matrix", args=[blank.pk])))

    assert "AI resource exhaustion" in text  # every system is exposed to this one
    assert reverse("systems:profile", args=[blank.pk]) in text


def test_the_form_saves_and_goes_back_to_the_matrix(form, page, editor, client_of):
    answer = client_of(editor).post(form, {"party": "own", "reason": "Ours.", "expected_version": 0}, follow=True)

    assert answer.redirect_chain == [(page, 302)]
    assert "Direct development-time model poisoning is own." in html_of(answer)


def test_a_party_without_a_reason_is_refused_and_keeps_the_choice(form, editor, client_of):
    answer = client_of(editor).post(form, {"party": "own", "reason": "", "expected_version": 0})

    assert answer.status_code == 422
    assert answer.context["form"].errors == {"reason": ["Say why it is not as the rules have it."]}
    assert answer.context["form"]["party"].value() == "own"
    assert not Responsibility.objects.exists()


def test_going_back_to_the_rules_by_the_form(form, editor, client_of):
    client = client_of(editor)
    client.post(form, {"party": "own", "reason": "Ours.", "expected_version": 0})
    version = Responsibility.objects.get().pk

    answer = client.post(form, {"party": "", "reason": "", "expected_version": version}, follow=True)

    assert "is supplier, as the rules have it." in html_of(answer)


def test_a_stale_form_shows_both_versions(form, editor, officer, client_of):
    client_of(officer).post(form, {"party": "own", "reason": "Officer's reason.", "expected_version": 0})
    late = client_of(editor).post(form, {"party": "shared", "reason": "My reason.", "expected_version": 0})

    text = html_of(late)
    assert late.status_code == 422
    assert "Officer&#x27;s reason." in text
    assert "My reason." in text


def test_a_threat_that_does_not_apply_has_no_form(system, editor, client_of):
    assert client_of(editor).get(reverse("assurance:set", args=[system.pk, "evasion"])).status_code == 404


def test_the_api_gives_the_same_matrix(system, editor, api_of):
    confirm_threats(system.pk, actor=editor)
    body = api_of(editor).get(f"/api/v1/systems/{system.pk}/responsibility/").json()

    row = next(row for row in body["threats"] if row["threat"] == THREAT)
    assert (row["party"], row["default"], row["set_by"], row["reason"]) == ("supplier", "supplier", None, None)
    assert row["default_reasons"]
    assert body["suppliers"] == []
    assert {row["threat"] for row in body["undetermined"]} == {"agentmessagestructuremanipulation"}


def test_the_first_departure_needs_no_if_match_and_later_ones_do(endpoint, editor, api_of):
    program = api_of(editor)

    first = program.send("put", endpoint, {"party": "own", "reason": "Ours."})
    assert (first.status_code, first.json()["set_by"]) == (200, "Editor")
    again = {"party": "shared", "reason": "Both."}
    assert program.send("put", endpoint, again).status_code == 428
    assert program.send("put", endpoint, again, if_match='"old"').status_code == 412
    assert program.send("put", endpoint, again, if_match=first["ETag"]).json()["party"] == "shared"


def test_null_goes_back_to_the_rules(endpoint, editor, api_of):
    program = api_of(editor)
    etag = program.send("put", endpoint, {"party": "own", "reason": "Ours."})["ETag"]

    back = program.send("put", endpoint, {"party": None}, if_match=etag)

    assert (back.json()["party"], back.json()["set_by"]) == ("supplier", None)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"party": "them", "reason": "x"}, "party"),
        ({"reason": "x"}, "party"),
        ({"party": "own", "reason": ""}, "reason"),
        ({"party": "own", "reason": "x", "set_by": "Me"}, "set_by"),
    ],
)
def test_bad_input_names_the_field(endpoint, editor, api_of, body, field):
    answer = api_of(editor).send("put", endpoint, body)

    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {field}
