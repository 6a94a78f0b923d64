"""Dismissing a threat and taking it back: with and without a risk, by people who may, and under other keys."""

import pytest
from django.urls import reverse

from journal.errors import Conflict, NotAllowed
from journal.models import Event
from risks.register import reviewing, services
from risks.register.models import Dismissal, Rating, Risk
from tests.make import make_rating, make_risk, make_treatment
from tests.reading import html_of, text_of
from tests.register.test_another_look import next_edition, renamed, step_back, upgrade
from tests.register.verbs import rate, refusal, treat, update

KEY, UNKNOWN, OFF = "indirectpromptinjection", "agentmessagestructuremanipulation", "evasion"
WHY = "A clerk reads every letter first."


def dismiss(system, actor, key=KEY, reason=WHY):
    return reviewing.dismiss_threat(system.pk, actor=actor, threat_key=key, reason=reason)


def take_back(system, actor, key=KEY, reason="Clerks no longer read them.", **values):
    return reviewing.take_back_dismissal(system.pk, actor=actor, threat_key=key, reason=reason, **values)


def last_events(number):
    newest = Event.objects.order_by("-sequence")[:number]
    return [(event.verb, event.object_type, event.reason) for event in reversed(newest)]


@pytest.mark.parametrize("key", [KEY, UNKNOWN])
def test_a_threat_that_applies_or_may_apply_is_dismissed_without_a_risk(system, editor, key):
    row = dismiss(system, editor, key)

    assert (row.threat_key, row.risk, row.reason, row.dismissed_by_name) == (key, None, WHY, "Editor")
    assert last_events(1) == [("threat.dismissed", "aisystem", WHY)]
    assert key not in {risk.threat_key for risk in services.confirm_threats(system.pk, actor=editor)}


def test_a_risk_is_dismissed_with_its_threat_and_keeps_what_was_said_of_it(system, risk, editor):
    make_rating(risk, actor=editor)
    before = Risk.objects.get(pk=risk.pk)

    row = dismiss(system, editor)

    after = Risk.objects.get(pk=risk.pk)
    assert row.risk == risk
    assert after.dismissed_at == row.at
    assert after.version == before.version + 1
    assert Rating.objects.in_force().filter(risk=risk).count() == 1
    assert last_events(2) == [("risk.dismissed", "risk", WHY), ("threat.dismissed", "aisystem", WHY)]


def test_taking_it_back_opens_the_risk_again(system, risk, editor):
    dismiss(system, editor)
    take_back(system, editor)

    assert Risk.objects.get(pk=risk.pk).dismissed_at is None
    assert not Dismissal.objects.in_force().exists()
    assert Dismissal.objects.get().superseded_at is not None
    assert [verb for verb, *_ in last_events(2)] == ["risk.reopened", "dismissal.ended"]
    dismiss(system, editor)  # and it can be dismissed once more
    assert Dismissal.objects.count() == 2


def test_a_threat_that_only_a_person_registered_can_be_dismissed(system, editor):
    risk = make_risk(system, actor=editor, threat=OFF)

    assert dismiss(system, editor, OFF).risk == risk


@pytest.mark.parametrize(
    ("key", "reason", "errors"),
    [
        (OFF, WHY, {"threat": ["This threat does not apply to the system, so there is nothing to dismiss."]}),
        ("nonsense", WHY, {"threat": ["This threat does not apply to the system, so there is nothing to dismiss."]}),
        (KEY, "  ", {"reason": ["Say why it needs no risk here."]}),
        (KEY, "x" * 2_001, {"reason": ["Keep this within 2,000 characters; it has 2,001."]}),
    ],
)
def test_what_cannot_be_dismissed_is_refused_and_changes_nothing(system, editor, key, reason, errors):
    events = Event.objects.count()

    assert refusal(lambda: dismiss(system, editor, key, reason)) == errors
    assert (Dismissal.objects.count(), Event.objects.count()) == (0, events)


def test_a_threat_is_dismissed_once_and_taken_back_once(system, editor):
    assert refusal(lambda: take_back(system, editor)) == {"threat": ["This threat is not dismissed."]}
    row = dismiss(system, editor)
    assert refusal(lambda: dismiss(system, editor)) == {"threat": ["This threat is dismissed already."]}
    assert refusal(lambda: take_back(system, editor, reason="")) == {"reason": ["Say why it counts again."]}
    with pytest.raises(Conflict):
        take_back(system, editor, expected=row.pk + 1)
    take_back(system, editor, expected=row.pk)


def test_only_editors_dismiss_and_take_back(system, editor, viewer, owner):
    for person in (viewer, owner):
        with pytest.raises(NotAllowed):
            dismiss(system, person)
    dismiss(system, editor)
    with pytest.raises(NotAllowed):
        take_back(system, viewer)


def test_a_dismissed_threat_is_not_added_by_hand(system, risk, editor):
    sentence = {"threat": ["This threat is dismissed for this system. Take the dismissal back first."]}
    dismiss(system, editor)
    dismiss(system, editor, UNKNOWN)

    assert refusal(lambda: make_risk(system, actor=editor)) == sentence
    assert refusal(lambda: make_risk(system, actor=editor, threat=UNKNOWN)) == sentence


def test_a_dismissed_risk_is_neither_rated_nor_treated(system, risk, editor):
    make_treatment(risk, actor=editor)
    dismiss(system, editor)

    for call in (rate, treat, update):
        assert (
            refusal_text(lambda call=call: call(risk, editor))
            == "This risk is dismissed. Take the dismissal back first."
        )


def refusal_text(call):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError) as refused:
        call()
    return " ".join(refused.value.messages)


def test_an_undetermined_threat_taken_over_keeps_what_is_not_known(system, editor):
    risk = make_risk(system, actor=editor, threat=UNKNOWN)

    assert risk.origin == "hand"
    assert risk.reasons[0] == services.NOT_KNOWN_YET
    assert len(risk.reasons) > 1


@pytest.mark.django_db
def test_a_renamed_threat_stays_dismissed_and_is_taken_back_under_its_new_name(system, editor):
    risk = make_risk(system, actor=editor, threat=OFF)
    dismiss(system, editor, OFF)
    next_edition(renamed)
    upgrade()

    assert refusal(lambda: dismiss(system, editor, "adversarialinput")) == {
        "threat": ["This threat is dismissed already."]
    }
    take_back(system, editor, "adversarialinput")
    assert Risk.objects.get(pk=risk.pk).dismissed_at is None
    dismiss(system, editor, "adversarialinput")
    step_back()
    take_back(system, editor, OFF)
    assert Risk.objects.get(pk=risk.pk).dismissed_at is None


def test_the_pages_dismiss_and_take_back(system, risk, editor, client_of):
    client = client_of(editor)
    page = client.get(risk.get_absolute_url())
    address = reverse("register:dismiss", args=[system.pk, KEY])
    assert f'href="{address}"' in html_of(page)
    assert client.get(address).status_code == 200

    assert client.post(address, {"reason": WHY}).url == risk.get_absolute_url()
    page = client.get(risk.get_absolute_url())
    assert "This risk is dismissed and does not count" in text_of(page)
    assert WHY in text_of(page)
    assert f'href="/risks/{risk.pk}/rating/?kind=current">Rate<' not in html_of(page)

    back = reverse("register:take_back", args=[system.pk, KEY])
    assert f'href="{back}"' in html_of(page)
    shown = client.get(back)
    assert WHY in text_of(shown)
    expected = shown.context["form"]["expected"].value()
    assert client.post(back, {"reason": "It counts.", "expected": expected}).url == risk.get_absolute_url()
    assert "This risk is dismissed" not in text_of(client.get(risk.get_absolute_url()))
    assert client.get(back).status_code == 404


@pytest.mark.parametrize("reason", ["", "x" * 2_001])
def test_a_bad_reason_comes_back_as_it_was_typed(system, editor, client_of, reason):
    answer = client_of(editor).post(reverse("register:dismiss", args=[system.pk, KEY]), {"reason": reason})

    assert answer.status_code == 422
    assert answer.context["form"]["reason"].value() == reason
    assert not Dismissal.objects.exists()


def test_a_stale_taking_back_keeps_what_was_typed_and_works_the_second_time(system, editor, client_of):
    old = dismiss(system, editor)
    take_back(system, editor)
    new = dismiss(system, editor, reason="Another reason.")
    client, address = client_of(editor), reverse("register:take_back", args=[system.pk, KEY])

    answer = client.post(address, {"reason": "It counts.", "expected": old.pk})

    assert answer.status_code == 422
    assert "Another reason." in text_of(answer)
    form = answer.context["form"]
    assert (form["reason"].value(), form["expected"].value()) == ("It counts.", str(new.pk))
    assert client.post(address, {"reason": "It counts.", "expected": new.pk}).status_code == 302


def test_the_threats_tab_tells_who_dismissed_what_and_why(system, editor, viewer, client_of):
    dismiss(system, editor)
    address = f"/systems/{system.pk}/"

    page = client_of(editor).get(address)
    assert "Dismissed by Editor" in text_of(page)
    assert WHY in text_of(page)
    assert reverse("register:take_back", args=[system.pk, KEY]) in html_of(page)
    assert reverse("register:dismiss", args=[system.pk, "directpromptinjection"]) in html_of(page)
    assert f"/systems/{system.pk}/risks/new/?threat={UNKNOWN}" in html_of(page)

    page = client_of(viewer).get(address)
    assert WHY in text_of(page)
    assert "/dismissal/" not in html_of(page)
    assert "risks/new" not in html_of(page)


def test_the_history_says_it_in_words(system, risk, editor, client_of):
    dismiss(system, editor)
    take_back(system, editor)

    said = text_of(client_of(editor).get(f"/systems/{system.pk}/history/"))
    assert "Editor dismissed a threat" in said
    assert "Editor ended the dismissal of a threat" in said
    said = text_of(client_of(editor).get(risk.get_absolute_url()))
    assert "Editor dismissed it." in said
    assert "Editor took the dismissal back." in said


def test_the_api_dismisses_lists_and_takes_back(system, risk, editor, api_of):
    program, base = api_of(editor), f"/api/v1/systems/{system.pk}/dismissals/"

    made = program.send("post", base, {"threat": KEY, "reason": WHY})
    assert made.status_code == 201
    data = made.json()
    assert (data["threat"], data["risk"], data["reason"]) == (KEY, risk.pk, WHY)
    one = made["Location"].removeprefix("http://testserver")
    read = program.get(one)
    assert (read.json(), read["ETag"]) == (data, made["ETag"])
    assert program.get(f"/api/v1/risks/{risk.pk}/").json()["state"] == "dismissed"

    taking = {"reason": "It counts."}
    assert program.send("post", f"{one}withdrawal/", taking).status_code == 428
    assert program.send("post", f"{one}withdrawal/", taking, if_match='"v.0"').status_code == 412
    ended = program.send("post", f"{one}withdrawal/", taking, if_match=read["ETag"])
    assert ended.status_code == 200
    assert ended.json()["superseded_at"] is not None
    assert program.get(one).status_code == 404
    assert [row["superseded_at"] for row in program.get(base).json()["results"]] == [ended.json()["superseded_at"]]


@pytest.mark.parametrize("body", [{"threat": OFF, "reason": WHY}, {"threat": KEY, "reason": ""}, {"threat": KEY}])
def test_the_api_refuses_what_cannot_be_dismissed(system, editor, api_of, body):
    answer = api_of(editor).send("post", f"/api/v1/systems/{system.pk}/dismissals/", body)

    assert answer.status_code == 400
    assert set(answer.json()["errors"]) <= {"threat", "reason"}
    assert not Dismissal.objects.exists()
