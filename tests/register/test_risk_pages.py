"""The page of a risk and its forms: what people read, what a form keeps, and who gets in."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from journal.models import Event
from pages.templatetags.pages import day
from risks.register import services
from risks.register.commenting import comment_on_risk
from risks.register.models import Rating, Risk, Treatment
from tests.make import make_proposal, make_rating, make_risk, make_treatment
from tests.reading import text_of, version_of
from tests.register.verbs import SOON, treat, update

pytestmark = pytest.mark.django_db


def path(name, risk):
    return reverse(f"register:{name}", args=[risk.pk])


def rating(**values):
    wanted = {"kind": "current", "likelihood": "4", "impact": "3", "reason": "Seen in tests.", "expected_version": "1"}
    return {**wanted, **values}


def treatment(owner, **values):
    wanted = {
        "option": "mitigate",
        "plan": "Filter the letters.",
        "owner": str(owner.pk),
        "due": "2026-12-24",
        "expected_version": "1",
    }
    return {**wanted, **values}


# --- The page of a risk


def test_a_risk_says_why_it_applies_and_what_it_is(risk, editor, client_of):
    text = text_of(client_of(editor).get(path("risk", risk)))

    assert "Indirect prompt injection RSK-0001" in text
    for reason in risk.reasons:
        assert reason in text
    assert "Nobody has decided yet what is done about it." in text
    assert "Current – Not rated" in text


def test_a_risk_shows_ratings_treatment_and_history_as_sentences(risk, editor, owner, client_of):
    make_rating(risk, actor=editor, kind="inherent", likelihood=5, impact=4)
    make_rating(risk, actor=editor, likelihood=3, impact=4)
    services.rate_risk(
        risk.pk, actor=editor, kind="current", likelihood=4, impact=4, reason="Two scans.", expected_version=None
    )
    treat(risk, editor, owner_id=owner.pk)
    update(risk, owner, status="blocked", note="Waiting for the supplier.")

    text = text_of(client_of(editor).get(path("risk", risk)))

    assert "Inherent 5 Critical 5 Almost certain 4 Major" in text
    assert "Current 4 High 4 Likely 4 Major Two scans." in text
    assert "Editor rated it, current: 3 × 4, High 4 × 4, High . “Two scans.”" in text
    assert "Owner updated the treatment: status Open Blocked . “Waiting for the supplier.”" in text
    assert f"Editor decided on a treatment: option Mitigate , owner Owner , due {day(SOON)}" in text
    assert "Editor added it by hand." in text
    assert "Appetite Outside" in text


def test_a_late_treatment_says_how_late(risk, editor, client_of):
    make_treatment(risk, actor=editor, due=timezone.localdate() - timedelta(days=3))
    assert "3 days late" in text_of(client_of(editor).get(path("risk", risk)))


def test_a_risk_lists_the_controls_of_its_threat_in_order(risk, editor, client_of):
    page = client_of(editor).get(path("risk", risk))
    ranks = [line.link.strength.rank for line in page.context["detail"].controls]
    assert ranks
    assert ranks == sorted(ranks)
    assert "Prompt injection I/O handling" in text_of(page)
    assert 'href="/catalog/controls/inputsegregation/"' in page.content.decode()


def test_a_threat_that_the_edition_no_longer_knows_leaves_the_risk_readable(risk, editor, client_of):
    Risk.objects.filter(pk=risk.pk).update(threat_key="retiredthreat")
    assert "retiredthreat RSK-0001" in text_of(client_of(editor).get(path("risk", risk)))


def test_people_who_only_read_get_no_buttons(risk, editor, viewer, auditor, client_of):
    make_treatment(risk, actor=editor)
    for person in (viewer, auditor):
        body = client_of(person).get(path("risk", risk)).content.decode()
        for name in ("rate", "treat", "describe", "status"):
            assert path(name, risk) not in body


def test_the_owner_of_a_treatment_gets_its_status_form_and_no_other(risk, editor, owner, client_of):
    make_treatment(risk, actor=editor, owner=owner)
    body = client_of(owner).get(path("risk", risk)).content.decode()
    assert path("status", risk) in body
    assert f'"{path("treat", risk)}"' not in body


def test_a_risk_asks_the_same_questions_however_long_its_history(risk, editor, client_of):
    make_treatment(make_rating(risk, actor=editor), actor=editor)
    client = client_of(editor)
    client.get(path("risk", risk))
    with CaptureQueriesContext(connection) as few:
        client.get(path("risk", risk))
    for number in range(6):
        make_rating(risk, actor=editor, likelihood=1 + number % 5, kind=["inherent", "current", "target"][number % 3])
        update(risk, editor, status=["done", "blocked"][number % 2], note=f"Step {number}.")
    with CaptureQueriesContext(connection) as many:
        client.get(path("risk", risk))

    assert len(many) == len(few) <= 12  # ten of the page, and two of every signed-in request


FORMS = ["rate", "treat", "describe"]


@pytest.mark.parametrize("name", FORMS)
def test_a_form_opens_for_editors_only(risk, editor, officer, viewer, owner, auditor, outsider, client_of, name):
    statuses = {
        person.name: client_of(person).get(path(name, risk)).status_code
        for person in (editor, officer, viewer, owner, auditor, outsider)
    }
    assert statuses == {"Editor": 200, "Officer": 200, "Viewer": 403, "Owner": 403, "Auditor": 403, "Outsider": 404}


@pytest.mark.parametrize("name", ["risk", *FORMS])
def test_a_foreign_risk_reads_like_a_missing_one(risk, outsider, client_of, name):
    client = client_of(outsider)
    foreign, missing = client.get(path(name, risk)), client.get(path(name, Risk(pk=999_999)))
    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert foreign.content == missing.content


# --- Rating


def test_the_rating_form_has_no_level_and_no_earlier_rating_to_lean_on(risk, editor, client_of):
    make_rating(risk, actor=editor, likelihood=4, impact=5)
    page = client_of(editor).get(f"{path('rate', risk)}?kind=target")
    body, text = page.content.decode(), text_of(page)

    assert body.count("checked") == 1
    assert page.context["form"]["kind"].value() == "target"
    assert "Two of forty test letters" not in text
    assert "3 Possible once in 1 to 3 years Known to happen to systems like this one." in text


def test_rating_leads_back_to_the_risk(risk, editor, client_of):
    answer = client_of(editor).post(path("rate", risk), rating(), follow=True)

    assert answer.redirect_chain == [(path("risk", risk), 302)]
    assert "Rated: 4 × 3, High." in text_of(answer)
    assert Rating.objects.get().rated_by_name == "Editor"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"likelihood": ""}, "Likelihood: Choose a level."),
        ({"impact": "6"}, "Impact: Select a valid choice. 6 is not one of the available choices."),
        ({"reason": " "}, "Why: This field is required."),
        ({"reason": "x" * 4_001}, "Why: Ensure this value has at most 4000 characters (it has 4001)."),
        ({"kind": ""}, "Which rating: This field is required."),
    ],
)
def test_a_refused_rating_comes_back_as_it_was_typed(risk, editor, client_of, values, sentence):
    answer = client_of(editor).post(path("rate", risk), rating(reason="Seen in tests.") | values)

    assert answer.status_code == 422
    assert sentence in text_of(answer)
    kept = rating() | values
    assert all(answer.context["form"][name].value() == value for name, value in kept.items())
    assert not Rating.objects.exists()


def test_a_stale_rating_shows_both_versions_and_keeps_what_was_typed(risk, editor, officer, client_of):
    make_rating(risk, actor=officer, likelihood=2, impact=2)
    events = Event.objects.count()

    answer = client_of(editor).post(path("rate", risk), rating(reason="Mine."))

    text = text_of(answer)
    assert answer.status_code == 422
    assert "Someone else saved this while you were typing." in text
    assert "Saved by Officer" in text
    assert "Likelihood 2 Unlikely 4 Likely" in text
    assert "Two of forty test letters steered the answer. Mine." in text
    assert Event.objects.count() == events

    again = client_of(editor).post(path("rate", risk), rating(reason="Mine.", expected_version="2"))
    assert again.status_code == 302


# --- Treatment


def test_choosing_a_treatment_begins_without_an_option(risk, editor, client_of):
    page = client_of(editor).get(path("treat", risk))
    assert "checked" not in page.content.decode()
    assert "Transfer Let someone else carry it, by contract or insurance." in text_of(page)


def test_only_who_may_own_in_the_team_is_offered_as_owner(
    risk, editor, owner, officer, viewer, outsider, auditor, client_of
):
    choices = client_of(editor).get(path("treat", risk)).context["form"]["owner"].field.queryset
    assert set(choices) == {editor, owner, officer}


def test_changing_a_treatment_begins_with_what_holds(risk, editor, client_of):
    make_treatment(risk, actor=editor, option="avoid")
    form = client_of(editor).get(path("treat", risk)).context["form"]
    assert (form["option"].value(), form["plan"].value()) == ("avoid", "Mark every retrieved passage as data.")


def test_treating_leads_back_to_the_risk(risk, editor, owner, client_of):
    answer = client_of(editor).post(path("treat", risk), treatment(owner), follow=True)
    assert answer.redirect_chain == [(path("risk", risk), 302)]
    assert Treatment.objects.get().owner == owner


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"option": ""}, "What is done about it: Choose one of the four."),
        ({"due": "1999-12-31"}, "Due: Choose a day from 2000 to 2100."),
        ({"due": "2101-01-01"}, "Due: Choose a day from 2000 to 2100."),
        ({"due": "soon"}, "Due: Enter a valid date."),
        ({"owner": "999999"}, "Owner: Select a valid choice."),
        ({"plan": ""}, "What exactly: Say what will be done."),
    ],
)
def test_a_refused_treatment_comes_back_as_it_was_typed(risk, editor, owner, client_of, values, sentence):
    answer = client_of(editor).post(path("treat", risk), treatment(owner) | values)

    assert answer.status_code == 422
    assert sentence in text_of(answer)
    kept = treatment(owner) | values
    assert all(str(answer.context["form"][name].value()) == value for name, value in kept.items())
    assert not Treatment.objects.exists()


def test_a_stale_treatment_shows_both_versions(risk, editor, officer, owner, client_of):
    make_treatment(risk, actor=officer, option="transfer")
    answer = client_of(editor).post(path("treat", risk), treatment(owner))
    assert answer.status_code == 422
    assert "Option Transfer Mitigate" in text_of(answer)
    assert "Owner Officer Owner" in text_of(answer)


# --- Status


def status(risk, **values):
    return {"status": "done", "note": "", "expected_version": str(version_of(risk)), **values}


def test_an_owner_updates_the_status_from_my_work(risk, editor, owner, client_of):
    make_treatment(risk, actor=editor, owner=owner)
    answer = client_of(owner).post(path("status", risk), status(risk, next="/my-work/"))
    assert (answer.status_code, answer["Location"]) == (302, "/my-work/")
    assert Treatment.objects.in_force().get().status == "done"


@pytest.mark.parametrize("aim", ["", "/risks/", "//evil.example", "https://evil.example", "/my-work/?x=1"])
def test_next_leads_nowhere_but_to_my_work(risk, editor, client_of, aim):
    make_treatment(risk, actor=editor)
    answer = client_of(editor).post(path("status", risk), status(risk, next=aim))
    assert answer["Location"] == path("risk", risk)


def test_a_refused_status_keeps_the_note(risk, editor, client_of):
    make_treatment(risk, actor=editor)
    answer = client_of(editor).post(path("status", risk), status(risk, status="late", note="Half of it."))
    assert answer.status_code == 422
    assert answer.context["form"]["note"].value() == "Half of it."


def test_a_stale_status_shows_both_versions(risk, editor, client_of):
    make_treatment(risk, actor=editor)
    answer = client_of(editor).post(path("status", risk), status(risk, expected_version="1", note="Mine."))
    assert answer.status_code == 422
    assert "Status Open Done" in text_of(answer)


def test_a_status_without_a_treatment_says_what_to_do_first(risk, editor, client_of):
    answer = client_of(editor).post(path("status", risk), status(risk))
    assert answer.status_code == 422
    assert "No treatment is chosen yet. Choose one first." in text_of(answer)


def test_who_may_update_a_status(risk, editor, owner, viewer, auditor, outsider, client_of):
    make_treatment(risk, actor=editor)
    codes = {
        person.name: client_of(person).post(path("status", risk), status(risk)).status_code
        for person in (viewer, owner, auditor, outsider)
    }
    assert codes == {"Viewer": 403, "Owner": 403, "Auditor": 403, "Outsider": 404}
    assert client_of(editor).get(path("status", risk)).status_code == 405


# --- Description, adding by hand, confirming


def test_describing_keeps_both_versions_apart(risk, editor, officer, client_of):
    services.describe_risk(risk.pk, actor=officer, expected_version=1, description="Theirs.")
    answer = client_of(editor).post(path("describe", risk), {"description": "Mine.", "expected_version": "1"})
    assert answer.status_code == 422
    assert "Theirs. Mine." in text_of(answer)

    client_of(editor).post(path("describe", risk), {"description": "Both.", "expected_version": "2"})
    assert Risk.objects.get(pk=risk.pk).description == "Both."


def test_adding_by_hand_offers_what_is_not_registered_yet(system, editor, client_of):
    make_risk(system, actor=editor, threat="evasion")
    page = client_of(editor).get(reverse("register:add", args=[system.pk]))
    groups = dict(page.context["form"].fields["threat"].choices[1:])
    keys = {key for entries in groups.values() for key, _ in entries}
    assert "evasion" not in keys
    assert {"datapoison", "indirectpromptinjection", "genericsecthreats"} <= keys
    assert "inputthreats" not in keys


def test_adding_by_hand_leads_to_the_new_risk(system, editor, client_of):
    answer = client_of(editor).post(
        reverse("register:add", args=[system.pk]), {"threat": "evasion", "description": "Stickers."}
    )
    added = Risk.objects.get()
    assert answer["Location"] == path("risk", added)
    assert (added.origin, added.description) == ("hand", "Stickers.")


@pytest.mark.parametrize("threat", ["", "nonsense", "inputthreats", "indirectpromptinjection"])
def test_what_cannot_be_added_is_refused(risk, editor, client_of, threat):
    answer = client_of(editor).post(reverse("register:add", args=[risk.system_id]), {"threat": threat})
    assert answer.status_code == 422
    assert Risk.objects.count() == 1


def test_confirming_says_how_many_are_new(system, editor, client_of):
    client, address = client_of(editor), reverse("register:confirm", args=[system.pk])
    first, second = client.post(address, follow=True), client.post(address, follow=True)
    assert f"{system.risks.count()} risks are in the register now." in text_of(first)
    assert "Nothing new" in text_of(second)


def test_only_threats_that_are_not_in_the_register_are_offered_for_it(system, editor, viewer, client_of):
    address, button = reverse("systems:detail", args=[system.pk]), "Confirm: put"
    risk = make_risk(system, actor=editor)
    page = client_of(editor).get(address)
    assert "Confirm: put 13 threats into the register" in text_of(page)
    assert f'<a href="{risk.get_absolute_url()}">{risk.reference}</a>' in page.content.decode()
    assert "13 of 14 are not in the register yet" in text_of(client_of(viewer).get(address))

    services.confirm_threats(system.pk, actor=editor)
    for person in (editor, viewer):
        page = text_of(client_of(person).get(address))
        assert button not in page
        assert "All that apply are in the register" in page


@pytest.mark.parametrize("name", ["confirm", "add"])
def test_who_may_add_risks_to_a_system(system, viewer, owner, auditor, outsider, client_of, name):
    address = reverse(f"register:{name}", args=[system.pk])
    codes = {
        person.name: client_of(person).post(address, {"threat": "evasion"}).status_code
        for person in (viewer, owner, auditor, outsider)
    }
    assert codes == {"Viewer": 403, "Owner": 403, "Auditor": 403, "Outsider": 404}
    assert not Risk.objects.exists()


def test_what_a_risk_does_not_have_costs_its_page_no_query(risk, editor, client_of):
    client = client_of(editor)
    path = f"/risks/{risk.pk}/"
    client.get(path)
    with CaptureQueriesContext(connection) as bare:
        client.get(path)
    make_rating(risk, actor=editor, likelihood=1, impact=2)
    make_proposal(risk, actor=editor)
    comment_on_risk(risk.pk, actor=editor, text="Seen twice.")
    with CaptureQueriesContext(connection) as full:
        client.get(path)

    assert len(full) == len(bare) + 2
    assert "Seen twice." in text_of(client.get(path))
