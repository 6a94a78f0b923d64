"""Acceptance through its pages and its API."""

from datetime import timedelta

from django.utils import timezone

from risks.register.models import Acceptance
from tests.make import make_proposal, make_rating, make_risk
from tests.reading import version_of
from tests.register.verbs import make_acceptance, refuse

UNTIL = (timezone.localdate() + timedelta(days=30)).isoformat()


def proposal(risk, **values):
    version = version_of(risk)
    return {"reason": "Rare.", "conditions": "", "until": UNTIL, "expected_version": version} | values


def test_a_refused_proposal_comes_back_as_it_was_typed(outside, owner, client_of):
    path = f"/risks/{outside.pk}/acceptance/"
    answer = client_of(owner).post(path, proposal(outside, until="2099-01-01", conditions="Read along."))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "90 days at most" in page
    assert "Read along." in page
    assert not Acceptance.objects.exists()


def test_a_stale_proposal_is_told_and_nothing_is_lost(outside, owner, editor, client_of):
    sent = proposal(outside)
    make_rating(outside, actor=editor, likelihood=1, impact=1)
    answer = client_of(owner).post(f"/risks/{outside.pk}/acceptance/", sent)
    assert answer.status_code == 422
    assert "Rare." in answer.content.decode()


def test_an_unrated_risk_asks_for_its_rating_first(risk, owner, client_of):
    page = client_of(owner).get(f"/risks/{risk.pk}/acceptance/").content.decode()
    assert "Rate the risk as it is now first." in page
    assert "<textarea" not in page


def test_choosing_to_accept_leads_to_the_proposal(outside, editor, client_of):
    version = version_of(outside)
    body = {"option": "accept", "plan": "Rare.", "owner": editor.pk, "due": UNTIL, "expected_version": version}
    answer = client_of(editor).post(f"/risks/{outside.pk}/treatment/", body)
    assert answer["Location"] == f"/risks/{outside.pk}/acceptance/"


def test_who_comes_second_to_a_decision_is_told_so(outside, owner, officer, client_of):
    acceptance = make_proposal(outside, actor=owner)
    refuse(acceptance, officer)
    path = f"/acceptances/{acceptance.pk}/decision/"
    answer = client_of(officer).post(path, {"decision": "approve"}, follow=True)
    assert "decided or over already" in answer.content.decode()
    assert Acceptance.objects.get().state == "refused"


def test_a_decision_needs_a_choice_and_a_refusal_its_reason(outside, owner, officer, client_of):
    path = f"/acceptances/{make_proposal(outside, actor=owner).pk}/decision/"
    assert "Approve or refuse." in client_of(officer).post(path, {"note": "So."}).content.decode()
    assert "Say why it is refused." in client_of(officer).post(path, {"decision": "refuse"}).content.decode()


def test_the_list_shows_each_person_what_they_may_decide(outside, owner, editor, officer, outsider, client_of):
    make_proposal(outside, actor=owner)
    for person, count in ((officer, 1), (editor, 0), (outsider, 0)):
        assert len(client_of(person).get("/acceptances/").context["mine"]) == count
    assert len(client_of(editor).get("/acceptances/").context["others"]) == 1
    assert client_of(outsider).get("/acceptances/").context["others"] == []


def test_a_program_walks_from_proposal_to_withdrawal(outside, owner, officer, api_of):
    asks, decides = api_of(owner), api_of(officer)
    path = f"/api/v1/risks/{outside.pk}/acceptances/"
    body = {"reason": "Rare.", "until": UNTIL}
    assert asks.send("post", path, body).status_code == 428
    etag = asks.get(f"/api/v1/risks/{outside.pk}/")["ETag"]
    made = asks.send("post", path, body, if_match=etag)
    assert (made.status_code, made.json()["state"], made.json()["holds"]) == (201, "proposed", False)

    here = f"/api/v1/acceptances/{made.json()['id']}/"
    yes = {"decision": "approve"}
    assert asks.send("post", f"{here}decision/", yes, if_match=made["ETag"]).status_code == 403
    assert decides.send("post", f"{here}decision/", yes).status_code == 428
    approved = decides.send("post", f"{here}decision/", yes, if_match=made["ETag"])
    assert (approved.status_code, approved.json()["state"], approved.json()["holds"]) == (200, "approved", True)
    assert decides.send("post", f"{here}decision/", yes, if_match=made["ETag"]).status_code == 412
    assert decides.send("post", f"{here}decision/", yes, if_match=approved["ETag"]).status_code == 412

    over = asks.send("post", f"{here}withdrawal/", {"reason": "Mended."}, if_match=approved["ETag"])
    assert (over.status_code, over.json()["state"], over.json()["ended_why"]) == (200, "withdrawn", "Mended.")
    assert [each["state"] for each in asks.get(path).json()["results"]] == ["withdrawn"]


def test_a_program_is_told_what_to_mend(outside, owner, api_of):
    etag = api_of(owner).get(f"/api/v1/risks/{outside.pk}/")["ETag"]
    path = f"/api/v1/risks/{outside.pk}/acceptances/"
    answer = api_of(owner).send("post", path, {"reason": "Rare.", "until": "2099-01-01"}, if_match=etag)
    assert answer.status_code == 400
    assert "90 days at most" in answer.json()["errors"]["until"][0]


def test_the_api_says_what_no_longer_holds_before_anything_marked_it(outside, owner, officer, api_of):
    acceptance = make_acceptance(outside, owner, officer)
    outside.system.profiles.in_force().update(number=7)
    told = api_of(owner).get(f"/api/v1/acceptances/{acceptance.pk}/").json()
    assert (told["state"], told["holds"]) == ("approved", False)
    assert told["why_not"] == "The profile of the system has changed since."


def test_a_program_pulls_every_acceptance_with_whether_it_holds(
    outside, system, editor, owner, officer, outsider, api_of
):
    other = make_rating(make_risk(system, actor=editor, threat="directpromptinjection"), actor=editor)
    refused = refuse(make_proposal(other, actor=owner), officer)
    stale = make_acceptance(outside, owner, officer)
    outside.system.profiles.in_force().update(number=7)
    waits = make_proposal(other, actor=owner)
    path, program = "/api/v1/acceptances/", api_of(owner)

    told = {each["id"]: (each["risk"], each["state"], each["holds"]) for each in program.get(path).json()["results"]}

    assert told == {
        refused.pk: (other.pk, "refused", False),
        stale.pk: (outside.pk, "approved", False),
        waits.pk: (other.pk, "proposed", False),
    }
    one = program.get(f"{path}{stale.pk}/").json()
    assert program.get(f"{path}?state=approved").json()["results"] == [one]
    assert program.get(f"{path}?state=soon").status_code == 400
    assert api_of(outsider).get(path).json()["results"] == []


def test_a_page_shows_what_stands_and_the_last_that_were_refused(outside, owner, officer, client_of):
    stands = make_acceptance(outside, owner, officer)
    for _ in range(21):
        refuse(make_proposal(outside, actor=owner), officer)
    told = client_of(owner).get(f"/risks/{outside.pk}/").context["acceptance"]
    assert [each.row for each in told.now if each.holds] == [stands]
    assert len(told.now) + len(told.earlier) == 20
    newest = Acceptance.objects.filter(state="refused").order_by("-pk")
    assert [each.row for each in told.earlier] == list(newest[:19])
