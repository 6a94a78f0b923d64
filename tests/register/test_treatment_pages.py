"""The page of a treatment: each option asks for what it needs, and nothing that was typed is lost."""

import pytest
from playwright.sync_api import Page, expect

from accounts.roles import OrganisationRole
from risks.register.models import Risk, Treatment
from tests.make import PASSWORD, make_risk, make_system, make_team, make_treatment, make_user
from tests.reading import text_of, version_of

TYPED = {"to_whom": "Corvus AI", "by_what": "Service contract", "remains": "Telling the customers.", "decided_by": ""}


@pytest.fixture
def risk_of_chief(committed_db: None) -> Risk:
    """A risk in a real database, and a security officer who may treat it."""
    chief = make_user("chief", OrganisationRole.OFFICER)
    return make_risk(make_system(make_team("Claims"), actor=chief), actor=chief)


def sent(risk, owner, **values):
    version = version_of(risk)
    wanted = {"option": "transfer", "plan": "Sign it.", "owner": owner.pk, "due": "2026-12-24", **TYPED}
    return {**wanted, "expected_version": version, **values}


def path(risk):
    return f"/risks/{risk.pk}/treatment/"


def test_a_transfer_says_to_whom_by_what_and_what_remains(risk, editor, owner, client_of):
    answer = client_of(editor).post(path(risk), sent(risk, owner), follow=True)

    text = text_of(answer)
    assert "To whom Corvus AI By what contract or insurance Service contract" in text
    assert "What remains with us Telling the customers." in text
    assert "to whom Corvus AI" in text  # the history


def test_everything_that_is_missing_is_said_at_once(risk, editor, owner, client_of):
    missing = {"to_whom": "", "by_what": " ", "remains": "", "plan": ""}
    answer = client_of(editor).post(path(risk), sent(risk, owner, **missing))

    assert answer.status_code == 422
    for sentence in (
        "What exactly: Say what will be done.",
        "To whom: Say who carries it.",
        "By what contract or insurance: Name the contract or the insurance.",
        "What remains with us: Say what remains with us.",
    ):
        assert sentence in text_of(answer)
    assert "Who decided:" not in text_of(answer)


def test_what_was_typed_for_another_option_counts_for_nothing_and_stays_in_the_form(risk, editor, owner, client_of):
    client = client_of(editor)
    refused = client.post(path(risk), sent(risk, owner, option="avoid", to_whom="x" * 300))
    assert (refused.status_code, refused.context["form"]["to_whom"].value()) == (422, "x" * 300)
    assert "To whom:" not in text_of(refused)

    saved = client.post(path(risk), sent(risk, owner, option="avoid", decided_by="Ada"))
    assert saved.status_code == 302
    treatment = Treatment.objects.get()
    assert (treatment.option, treatment.decided_by, treatment.to_whom) == ("avoid", "Ada", "")


def test_a_stale_treatment_shows_what_both_options_ask_for(risk, editor, officer, owner, client_of):
    late = sent(risk, owner)
    make_treatment(risk, actor=officer, option="avoid")

    answer = client_of(editor).post(path(risk), late)

    assert answer.status_code == 422
    assert "To whom nothing Corvus AI" in text_of(answer)
    assert "Who decided Head of Claims nothing" in text_of(answer)
    assert Treatment.objects.get().option == "avoid"


def test_accepting_leads_on_to_the_acceptance(risk, editor, owner, client_of):
    answer = client_of(editor).post(path(risk), sent(risk, owner, option="accept", plan="It is rare."))
    assert answer["Location"] == f"/risks/{risk.pk}/acceptance/"


def test_the_risk_lists_the_treatments_before_the_one_in_force(risk, editor, owner, viewer, client_of):
    client = client_of(editor)
    assert "Earlier treatments" not in text_of(client.get(f"/risks/{risk.pk}/"))
    client.post(path(risk), sent(risk, owner))
    client.post(path(risk), sent(risk, owner, option="mitigate", plan="Filter it."))

    text = text_of(client_of(viewer).get(f"/risks/{risk.pk}/"))

    assert "Earlier treatments (1)" in text
    assert "Transfer Sign it. To whom: Corvus AI" in text


@pytest.mark.parametrize(
    ("method", "values", "errors"),
    [
        ("put", {"option": "transfer"}, {"to_whom": ["Say who carries it."]}),
        ("put", {"option": "avoid"}, {"decided_by": ["Say who decided."]}),
        (
            "put",
            {"option": "mitigate", "decided_by": "Ada"},
            {"decided_by": ["Only avoid takes this. Leave it out, or choose avoid."]},
        ),
    ],
)
def test_the_api_refuses_what_the_page_refuses(risk, editor, api_of, method, values, errors):
    api = api_of(editor)
    body = {"plan": "Do it.", "owner": editor.pk, "due": "2026-12-24", **values}
    answer = api.send(method, f"/api/v1/risks/{risk.pk}/treatment/", body, if_match="*")
    assert (answer.status_code, answer.json()["errors"]) == (400, errors)


def test_the_api_takes_and_gives_what_an_option_asks_for(risk, editor, api_of):
    api = api_of(editor)
    body = {"option": "transfer", "plan": "Sign it.", "owner": editor.pk, "due": "2026-12-24"}
    said = {name: text for name, text in TYPED.items() if text}
    first = api.send("put", f"/api/v1/risks/{risk.pk}/treatment/", body | said, if_match="*")
    again = api.send("put", f"/api/v1/risks/{risk.pk}/treatment/", body | {"remains": "Nothing."}, if_match="*")

    assert {name: first.json()[name] for name in TYPED} == TYPED
    assert {name: again.json()[name] for name in TYPED} == TYPED | {"remains": "Nothing."}


def test_the_page_shows_what_the_chosen_option_asks_for_without_a_script(
    page_without_scripts: Page, risk_of_chief
) -> None:
    page, risk = page_without_scripts, risk_of_chief
    page.goto("/sign-in/")
    page.get_by_label("E-mail").fill("chief@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto(path(risk))

    expect(page.get_by_label("To whom")).to_be_hidden()
    page.get_by_label("Transfer").check()
    expect(page.get_by_label("To whom")).to_be_visible()
    expect(page.get_by_label("Who decided")).to_be_hidden()
    page.get_by_label("To whom").fill("Corvus AI")
    page.get_by_label("Avoid").check()
    expect(page.get_by_label("To whom")).to_be_hidden()
    expect(page.get_by_label("Who decided")).to_be_visible()
    page.get_by_label("Transfer").check()
    expect(page.get_by_label("To whom")).to_have_value("Corvus AI")
