"""Reviewing a system's threats: all decisions or none, by whoever may, against what they had before them."""

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.reading import current
from journal.errors import Conflict, NotAllowed
from journal.models import Event
from risks.assurance.services import set_responsibility
from risks.register import reviewing, services
from risks.register.models import Dismissal, Review, Risk
from risks.register.reviewing import Decision
from risks.register.reviews import review_state
from risks.systems.services import answer_profile
from tests.make import CHATBOT, make_profile, make_rating, make_risk, make_system
from tests.reading import html_of, text_of
from tests.register.test_another_look import NEW, next_edition, renamed, upgrade
from tests.register.verbs import refusal
from tests.systems.profiles import valid_answers

KEY, UNKNOWN, OTHER = "indirectpromptinjection", "agentmessagestructuremanipulation", "directpromptinjection"
WHY = "A clerk reads every letter first."
OFF = CHATBOT | {"untrusted_data_in_prompt": "no"}  # indirect prompt injection does not apply


def review(system, actor, decisions, **expected):
    return reviewing.review_threats(system.pk, actor=actor, decisions=decisions, **expected)


def waits(system):
    return review_state(system, current()).difference


def everything():
    return [list(model.objects.order_by("pk").values()) for model in (Risk, Dismissal, Review, Event)]


@pytest.fixture
def reviewed(system, editor):
    """The system with all its threats in the register, after which an answer changed."""
    services.confirm_threats(system.pk, actor=editor)
    answer_profile(system.pk, actor=editor, answers=OFF)
    return system


def test_a_review_registers_dismisses_and_leaves_in_one_go(system, editor):
    row = review(
        system,
        editor,
        {KEY: Decision("register"), OTHER: Decision("dismiss", WHY), UNKNOWN: Decision("register")},
        expected_profile=1,
        expected_edition="2026-08-22",
    )

    risks = {risk.threat_key: risk for risk in Risk.objects.filter(system=system)}
    assert set(risks) == {KEY, UNKNOWN}
    assert (risks[KEY].origin, risks[UNKNOWN].origin) == ("rule", "hand")
    assert risks[UNKNOWN].reasons[0] == services.NOT_KNOWN_YET
    assert Dismissal.objects.get().threat_key == OTHER
    assert (row.profile.number, row.edition, row.reviewed_by_name) == (1, "2026-08-22", "Editor")
    event = Event.objects.latest("sequence")
    assert (event.verb, event.object_type) == ("system.reviewed", "aisystem")
    assert event.changes["registered"] == [None, [KEY, UNKNOWN]]
    assert event.changes["dismissed"] == [None, [OTHER]]
    assert not waits(system).is_behind
    assert {row.threat for row in waits(system).of("waiting")}


def test_what_no_longer_applies_must_be_judged_and_nothing_is_dropped_by_itself(reviewed, editor):
    risk = Risk.objects.get(system=reviewed, threat_key=KEY)
    make_rating(risk, actor=editor)
    before = everything()

    errors = refusal(lambda: review(reviewed, editor, {}))
    assert errors == {KEY: ["Say whether it stays in the register or is dismissed."]}
    assert refusal(lambda: review(reviewed, editor, {KEY: Decision("wait")})) == errors
    assert everything() == before

    review(reviewed, editor, {KEY: Decision("keep", "Letters come back next month.")})
    assert Event.objects.filter(verb="risk.kept", reason="Letters come back next month.").count() == 1
    assert Risk.objects.get(pk=risk.pk).dismissed_at is None
    assert not waits(reviewed).is_behind


def test_what_no_longer_applies_is_dismissed_with_its_reason(reviewed, editor):
    review(reviewed, editor, {KEY: Decision("dismiss", "The mailbox is closed.")})

    assert Risk.objects.get(system=reviewed, threat_key=KEY).dismissed_at is not None
    assert Dismissal.objects.get().reason == "The mailbox is closed."


@pytest.mark.parametrize(
    ("key", "decision", "sentence"),
    [
        (KEY, Decision("dismiss"), "Say why it needs no risk here."),
        (KEY, Decision("dismiss", "x" * 2_001), "Keep this within 2,000 characters; it has 2,001."),
        (KEY, Decision("keep", "So."), "It is not in the register, so there is nothing to keep."),
        (KEY, Decision("drop"), "Choose register, dismiss, wait or keep."),
        (
            KEY,
            Decision("register", WHY),
            "A reason is kept only with a dismissal. Choose to dismiss it, or clear the reason.",
        ),
        ("evasion", Decision("register"), "The rules do not hold this threat. Add it by hand."),
        ("nonsense", Decision("wait"), "This is not a threat of the catalog."),
    ],
)
def test_one_bad_decision_undoes_all_of_them(system, editor, key, decision, sentence):
    before = everything()

    assert refusal(lambda: review(system, editor, {OTHER: Decision("register"), key: decision})) == {key: [sentence]}
    assert everything() == before


def test_a_dismissed_threat_is_not_registered_by_a_review(system, editor):
    reviewing.dismiss_threat(system.pk, actor=editor, threat_key=KEY, reason=WHY)

    assert refusal(lambda: review(system, editor, {KEY: Decision("register")})) == {KEY: [services.DISMISSED_HERE]}


def test_a_review_of_what_is_no_longer_so_is_refused_with_the_state_of_now(reviewed, editor):
    before = everything()

    for expected in ({"expected_profile": 1}, {"expected_edition": "2020-01-01"}):
        with pytest.raises(Conflict) as refused:
            review(reviewed, editor, {KEY: Decision("keep", WHY)}, **expected)
        assert refused.value.current.number == 2
    assert everything() == before


def test_only_editors_review(system, viewer, owner, auditor):
    for person in (viewer, owner, auditor):
        with pytest.raises(NotAllowed):
            review(system, person, {})


def test_the_same_review_again_changes_nothing(system, editor):
    review(system, editor, {KEY: Decision("register")})
    before = everything()

    review(system, editor, {})
    assert everything() == before
    review(system, editor, {KEY: Decision("register")})  # it is in the register already
    assert everything() == before


@pytest.mark.django_db
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(valid_answers, st.sets(st.sampled_from([KEY, UNKNOWN, OTHER, "evasion", "datapoison"])))
def test_confirming_after_confirming_adds_nothing(team, editor, answers, dismissed):
    system = make_system(team, actor=editor, name=f"System {Risk.objects.count()} {Review.objects.count()}")
    make_profile(system, actor=editor, answers=answers)
    state = review_state(system, current())
    for key in dismissed & {row.threat for row in state.difference.rows}:
        reviewing.dismiss_threat(system.pk, actor=editor, threat_key=key, reason=WHY)
    services.confirm_threats(system.pk, actor=editor)
    before = everything()

    assert services.confirm_threats(system.pk, actor=editor) == []
    assert everything() == before
    assert not waits(system).is_behind
    Review.objects.filter(system=system).update(superseded_at=None)


def test_confirming_is_a_review_unless_more_waits_than_new_threats(reviewed, editor):
    review_before = Review.objects.in_force().get(system=reviewed)
    answer_profile(reviewed.pk, actor=editor, answers=OFF | {"classification_task": "yes"})

    assert [risk.threat_key for risk in services.confirm_threats(reviewed.pk, actor=editor)] == ["evasion"]

    assert Review.objects.in_force().get(system=reviewed) == review_before
    assert [row.threat for row in waits(reviewed).of("dropped")] == [KEY]


def test_a_new_edition_under_another_name_is_no_difference(system, editor):
    make_risk(system, actor=editor, threat="evasion")
    services.confirm_threats(system.pk, actor=editor)
    next_edition(renamed)
    upgrade()

    assert not waits(system).is_behind
    assert services.confirm_threats(system.pk, actor=editor) == []
    assert Review.objects.in_force().get(system=system).edition == NEW


def test_a_party_that_a_person_set_is_told_beside_the_rules(system, editor):
    services.confirm_threats(system.pk, actor=editor)
    set_responsibility(
        system.pk, actor=editor, threat_key="inputdataleak", party="supplier", reason="Agreed in the contract."
    )
    answer_profile(system.pk, actor=editor, answers=CHATBOT | {"run_by": "own"})

    changed = {row.threat: row for row in waits(system).of("changed")}
    assert "A person set it to supplier; that still holds." in changed["inputdataleak"].what


def test_confirming_leads_on_to_what_it_does_not_settle(reviewed, editor, client_of):
    client = client_of(editor)
    answer = client.post(reverse("register:confirm", args=[reviewed.pk]), follow=True)

    assert answer.redirect_chain[-1][0] == page_of(reviewed)
    assert "This is still to be reviewed: 1 threat no longer applies." in text_of(answer)


def test_a_choice_nobody_was_asked_for_cannot_break_the_page(reviewed, editor, client_of):
    typed = {f"choice_{OTHER}": "dismiss", f"reason_{OTHER}": "a\x00b", "choice_nonsense": "dismiss", "choice_": "keep"}
    kept = {f"choice_{KEY}": "keep", f"reason_{KEY}": WHY}

    assert client_of(editor).post(page_of(reviewed), form_of(reviewed, **kept, **typed)).status_code == 302
    assert Dismissal.objects.get().reason == "ab"


# The page


def page_of(system):
    return reverse("register:review", args=[system.pk])


def form_of(system, **values):
    state = review_state(system, current())
    seen = {f"seen_{row.threat}": state.version_of(row.threat) for row in state.difference.rows}
    return {"expected_profile": state.number, "expected_edition": state.edition} | seen | values


def test_the_page_presets_what_is_new_and_nothing_that_drops_a_risk(reviewed, editor, client_of):
    answer_profile(reviewed.pk, actor=editor, answers=OFF | {"classification_task": "yes"})
    page = client_of(editor).get(page_of(reviewed))

    assert "1 threat is new, 1 no longer applies" in text_of(page)
    form = page.context["form"]
    assert form["choice_evasion"].value() == "register"
    assert form[f"choice_{KEY}"].value() is None
    assert "At the last review:" in text_of(page)


def test_the_page_saves_the_review(reviewed, editor, client_of):
    client = client_of(editor)
    typed = form_of(reviewed, **{f"choice_{KEY}": "dismiss", f"reason_{KEY}": WHY})

    assert client.post(page_of(reviewed), typed).url == f"/systems/{reviewed.pk}/"
    assert Dismissal.objects.get().reason == WHY
    assert "Nothing waits" in text_of(client.get(page_of(reviewed)))


@pytest.mark.parametrize("reason", ["", "x" * 2_001])
def test_a_refused_page_says_where_and_keeps_what_was_typed(reviewed, editor, client_of, reason):
    before = everything()
    typed = form_of(reviewed, **{f"choice_{KEY}": "dismiss", f"reason_{KEY}": reason})

    answer = client_of(editor).post(page_of(reviewed), typed)

    assert answer.status_code == 422
    form = answer.context["form"]
    assert set(form.errors) == {f"reason_{KEY}"}
    assert (form[f"choice_{KEY}"].value(), form[f"reason_{KEY}"].value()) == ("dismiss", reason)
    assert f'href="#id_reason_{KEY}"' in html_of(answer)
    assert everything() == before


def test_a_missing_choice_stands_at_its_row(reviewed, editor, client_of):
    answer = client_of(editor).post(page_of(reviewed), form_of(reviewed))

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {f"choice_{KEY}"}


def test_a_stale_page_shows_what_holds_now_and_keeps_every_choice_and_reason(reviewed, editor, client_of):
    client = client_of(editor)
    typed = form_of(reviewed, **{f"choice_{KEY}": "dismiss", f"reason_{KEY}": WHY})
    answer_profile(reviewed.pk, actor=editor, answers=OFF | {"classification_task": "yes"})

    answer = client.post(page_of(reviewed), typed)

    assert answer.status_code == 409
    form = answer.context["form"]
    assert (form[f"choice_{KEY}"].value(), form[f"reason_{KEY}"].value()) == ("dismiss", WHY)
    assert form["choice_evasion"].value() == "register"  # new on the page, with its preset
    assert not Dismissal.objects.exists()
    again = {name: form[name].value() for name in form.fields if form[name].value()}
    assert client.post(page_of(reviewed), again).status_code == 302
    assert Risk.objects.filter(system=reviewed, threat_key="evasion").exists()


def test_what_is_not_asked_any_more_is_shown_as_it_was_typed(reviewed, editor, client_of):
    typed = form_of(reviewed, **{f"choice_{KEY}": "dismiss", f"reason_{KEY}": WHY})
    answer_profile(reviewed.pk, actor=editor, answers=CHATBOT)

    answer = client_of(editor).post(page_of(reviewed), typed)

    assert answer.status_code == 409
    assert "Nothing waits" in text_of(answer)
    assert WHY in text_of(answer)


def test_what_someone_else_dismissed_meanwhile_is_said_with_the_reason_kept(system, editor, officer, client_of):
    typed = form_of(system, **{f"choice_{KEY}": "dismiss", f"reason_{KEY}": WHY})
    reviewing.dismiss_threat(system.pk, actor=officer, threat_key=KEY, reason="Mine.")

    answer = client_of(editor).post(page_of(system), typed)

    assert answer.status_code == 422
    assert "Indirect prompt injection: This threat is dismissed already." in text_of(answer)
    assert WHY in text_of(answer)
    assert not Review.objects.exists()


def test_a_risk_that_was_rated_meanwhile_is_not_dismissed_by_a_page_that_never_showed_it(reviewed, editor, client_of):
    client = client_of(editor)
    typed = form_of(reviewed, **{f"choice_{KEY}": "dismiss", f"reason_{KEY}": WHY})
    risk = Risk.objects.get(system=reviewed, threat_key=KEY)
    make_rating(risk, actor=editor, likelihood=5, impact=5)
    before = everything()

    answer = client.post(page_of(reviewed), typed)

    assert answer.status_code == 409
    assert everything() == before
    form = answer.context["form"]
    assert form.errors[f"choice_{KEY}"] == [
        f"{risk.reference} came into the register or changed meanwhile. Look at it before you dismiss it."
    ]
    assert (form[f"choice_{KEY}"].value(), form[f"reason_{KEY}"].value()) == ("dismiss", WHY)

    again = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    assert client.post(page_of(reviewed), again).status_code == 302
    assert Dismissal.objects.get().risk == risk


def test_a_threat_that_came_into_the_register_meanwhile_is_not_dismissed_unseen(system, editor, officer, client_of):
    typed = form_of(system, **{f"choice_{KEY}": "dismiss", f"reason_{KEY}": WHY})
    risk = make_risk(system, actor=officer, threat=KEY)
    before = everything()

    answer = client_of(editor).post(page_of(system), typed)

    assert answer.status_code == 409
    assert everything() == before
    assert f"{risk.reference} came into the register or changed meanwhile." in text_of(answer)
    assert WHY in text_of(answer)


def test_the_dismiss_page_names_a_risk_that_changed_meanwhile(system, risk, editor, client_of):
    client, address = client_of(editor), reverse("register:dismiss", args=[system.pk, risk.threat_key])
    typed = {"reason": WHY, "expected_version": client.get(address).context["form"]["expected_version"].value()}
    make_rating(risk, actor=editor)

    answer = client.post(address, typed)

    assert answer.status_code == 422
    assert f"{risk.reference} came into the register or changed meanwhile." in text_of(answer)
    form = answer.context["form"]
    assert form["reason"].value() == WHY
    assert not Dismissal.objects.exists()
    assert client.post(address, {name: form[name].value() for name in form.fields}).status_code == 302
    assert Dismissal.objects.get().risk == risk


def test_the_version_of_what_was_read_covers_the_risks_of_a_review(reviewed, editor, api_of):
    program, address = api_of(editor), f"/api/v1/systems/{reviewed.pk}/review/"
    read = program.get(address)
    risk = Risk.objects.get(system=reviewed, threat_key=KEY)
    assert [row["version"] for row in read.json()["threats"] if row["threat"] == KEY] == [risk.version]
    make_rating(risk, actor=editor)

    body = {"decisions": {KEY: {"choice": "dismiss", "reason": WHY}}}
    assert program.send("post", address, body, if_match=read["ETag"]).status_code == 412
    assert not Dismissal.objects.exists()


def test_a_viewer_reads_the_page_without_a_form(reviewed, viewer, client_of):
    page = client_of(viewer).get(page_of(reviewed))

    assert "1 no longer applies" in text_of(page).replace("1 threat no longer applies", "1 no longer applies")
    assert "<fieldset" not in html_of(page)
    assert "Save the review" not in text_of(page)


def test_a_system_without_answers_is_led_to_its_questions(team, editor, client_of):
    page = client_of(editor).get(page_of(make_system(team, actor=editor)))

    assert "Nothing is known about this system yet" in text_of(page)
    assert "Answer the questions" in text_of(page)


def test_a_system_whose_review_is_behind_says_so_on_its_threats_and_at_home(reviewed, editor, client_of):
    client = client_of(editor)
    link = f'href="{page_of(reviewed)}"'

    page = client.get(f"/systems/{reviewed.pk}/")
    assert "1 threat no longer applies." in text_of(page)
    assert link in html_of(page)
    home = client.get("/")
    assert [row.waits for row in home.context["unknowns"].behind] == ["1 threat no longer applies"]
    assert link in html_of(home)

    review(reviewed, editor, {KEY: Decision("keep", WHY)})
    assert link not in html_of(client.get(f"/systems/{reviewed.pk}/"))
    assert client.get("/").context["unknowns"].behind == []


def test_a_dismissed_threat_is_not_counted_as_missing_from_the_register(system, editor, client_of):
    make_risk(system, actor=editor)
    before = client_of(editor).get("/").context["unknowns"].unregistered_count
    reviewing.dismiss_threat(system.pk, actor=editor, threat_key=OTHER, reason=WHY)

    assert client_of(editor).get("/").context["unknowns"].unregistered_count == before - 1


# The API


def test_page_and_api_tell_the_same_difference(reviewed, editor, client_of, api_of):
    rows = client_of(editor).get(page_of(reviewed)).context["state"].difference.rows
    data = api_of(editor).get(f"/api/v1/systems/{reviewed.pk}/review/").json()

    assert [(row["threat"], row["group"], tuple(row["reasons"])) for row in data["threats"]] == [
        (row.threat, row.group, row.after) for row in rows
    ]
    assert (data["profile"], data["edition"], data["is_behind"]) == (2, "2026-08-22", True)
    assert data["reviewed"]["profile"] == 1


def test_the_api_takes_decisions_with_the_version_that_was_read(reviewed, editor, api_of):
    program, address = api_of(editor), f"/api/v1/systems/{reviewed.pk}/review/"
    etag = program.get(address)["ETag"]
    body = {"decisions": {KEY: {"choice": "dismiss", "reason": WHY}}}

    assert program.send("post", address, body).status_code == 428
    assert program.send("post", address, body, if_match='"v.0"').status_code == 412
    bad = program.send("post", address, {"decisions": {KEY: {"choice": "dismiss"}}}, if_match=etag)
    assert (bad.status_code, bad.json()["errors"]) == (400, {KEY: ["Say why it needs no risk here."]})
    done = program.send("post", address, body, if_match=etag)
    assert (done.status_code, done.json()["is_behind"]) == (200, False)
    assert program.send("post", address, body, if_match=etag).status_code == 412
    assert Dismissal.objects.count() == 1
