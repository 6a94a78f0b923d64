"""Changing many risks on pages: the preview, the change, and what is refused with all that was typed kept."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from journal.models import Event
from risks.register import changing_parts
from risks.register.models import Risk, Treatment
from tests.make import make_risk, make_system, make_treatment
from tests.reading import text_of
from tests.register.verbs import statuses, update

pytestmark = pytest.mark.django_db
PREVIEW, CHANGE = "/risks/changes/preview/", "/risks/changes/"


def ids(risks):
    return [str(risk.pk) for risk in risks]


def hidden(page, form):
    """What the browser would send with the form that goes to an address."""
    (found,) = re.findall(rf'(?s)<form[^>]*action="{form}".*?</form>', page.content.decode())
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', found))


def test_ticked_risks_are_shown_as_they_are_before_anything_is_said(risks, editor, client_of):
    page = client_of(editor).post(PREVIEW, {"risk": ids(risks[:2])})
    text = text_of(page)
    assert page.status_code == 200
    assert "Change 2 risks" in text
    assert "RSK-0001" in text
    assert "RSK-0003" not in text
    assert "will change" not in text


def test_from_ticks_by_a_preview_to_the_change_and_back_to_the_list(risks, editor, client_of):
    client = client_of(editor)
    update(risks[0], editor, status="in_progress")
    ticked = client.post(PREVIEW, {"risk": ids(risks), "back": "?owner=&sort=due", "page": "2"})
    said = hidden(ticked, PREVIEW) | {"status": "in_progress", "note": "Waits for the supplier.", "preview": "true"}
    preview = client.post(PREVIEW, said)

    assert "3 risks will change" in text_of(preview)  # the first one by its note alone
    assert "Open → becomes In progress" in text_of(preview)
    assert statuses(risks) == ["in_progress", "open", "open"]

    done = client.post(CHANGE, hidden(preview, CHANGE))

    assert statuses(risks) == ["in_progress"] * 3
    assert done["Location"] == "/risks/?sort=due&page=2"
    assert "RSK-0001, RSK-0002, RSK-0003 are changed." in text_of(client.get(done["Location"]))
    assert {event.reason for event in Event.objects.order_by("-sequence")[:3]} == {"Waits for the supplier."}


def test_all_that_the_filter_lets_through_can_be_chosen_at_once(risks, editor, client_of):
    update(risks[1], editor, status="in_progress")
    client = client_of(editor)
    page = client.post(PREVIEW, {"all": "true", "back": "?status=open"})
    assert hidden(page, PREVIEW)["risks"].split() == ids([risks[0], risks[2]])


def test_more_than_fit_into_one_go_are_refused(risks, editor, client_of, monkeypatch):
    monkeypatch.setattr(changing_parts, "MOST_AT_ONCE", 2)
    for asked in ({"all": "true"}, {"risk": ids(risks)}):
        page = client_of(editor).post(PREVIEW, asked)
        assert page.status_code == 422
        assert "At most 500 risks are changed in one go." in text_of(page)


def test_what_cannot_be_changed_is_named_and_left_out(risks, system, editor, client_of):
    untreated = make_risk(system, actor=editor, threat="outputcontainsconventionalinjection")
    client = client_of(editor)
    preview = client.post(PREVIEW, {"risk": ids([*risks, untreated]), "status": "done", "preview": "true"})
    assert "3 risks will change, 1 cannot" in text_of(preview)
    assert "RSK-0004" in text_of(preview).partition("1 cannot be changed")[2]
    assert "No treatment is chosen yet." in text_of(preview)

    client.post(CHANGE, hidden(preview, CHANGE))

    assert statuses(risks) == ["done"] * 3


def test_one_that_cannot_be_changed_is_refused_and_nothing_half_done(risks, system, editor, client_of):
    untreated = make_risk(system, actor=editor, threat="outputcontainsconventionalinjection")
    said = {"risks": " ".join(f"{risk.pk}.{risk.version}" for risk in [*risks, untreated])}
    page = client_of(editor).post(CHANGE, said | {"status": "done", "note": "All filtered."})
    assert page.status_code == 422
    assert "Nothing was changed. RSK-0004: No treatment is chosen yet." in text_of(page)
    assert 'value="All filtered."' in page.content.decode()
    assert statuses(risks) == ["open"] * 3


def test_a_foreign_risk_among_mine_is_refused_and_what_was_typed_kept(risks, editor, outsider, other_team, client_of):
    theirs = make_treatment(make_risk(make_system(other_team, actor=outsider), actor=outsider), actor=outsider)
    events = Event.objects.count()
    for pk in (theirs.pk, 987_654):
        for path, said in ((PREVIEW, {"preview": "true"}), (CHANGE, {})):
            sent = said | {"risks": f"{' '.join(ids(risks))} {pk}", "status": "in_progress", "note": "Waits for it."}
            page = client_of(editor).post(path, sent)
            assert page.status_code == 422
            assert "not in the register, or not yours to see" in text_of(page)
            assert 'value="Waits for it."' in page.content.decode()
            assert theirs.reference not in text_of(page)
    assert statuses(risks) == ["open"] * 3
    assert Event.objects.count() == events


def test_who_may_not_change_them_is_told_so_and_the_refusal_is_on_record(risks, editor, viewer, client_of):
    preview = client_of(viewer).post(PREVIEW, {"risk": ids(risks), "status": "done", "preview": "true"})
    assert "3 cannot be changed" in text_of(preview)
    assert f'action="{CHANGE}"' not in preview.content.decode()

    page = client_of(viewer).post(CHANGE, {"risk": ids(risks), "status": "done"})

    assert page.status_code == 403
    assert "Only the owner of a treatment and editors" in text_of(page)
    assert Event.objects.latest("sequence").verb == "access.refused"
    assert statuses(risks) == ["open"] * 3


def test_a_risk_that_moved_since_the_preview_is_named_and_the_preview_shown_anew(risks, editor, officer, client_of):
    client = client_of(editor)
    preview = client.post(PREVIEW, {"risk": ids(risks), "status": "done", "note": "Done.", "preview": "true"})
    update(risks[1], officer, status="in_progress")

    late = client.post(CHANGE, hidden(preview, CHANGE))

    assert late.status_code == 409
    assert "RSK-0002 has been changed meanwhile." in text_of(late)
    assert "In progress → becomes Done" in text_of(late)
    assert statuses(risks) == ["open", "in_progress", "open"]
    client.post(CHANGE, hidden(late, CHANGE))
    assert statuses(risks) == ["done"] * 3


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"due": "9999-01-01"}, "Choose a day from 2000 to 2100."),
        ({"due": "0000-00-00"}, "Enter a valid date."),
        ({"status": "finished"}, "Select a valid choice."),
        ({"owner": "999999"}, "Select a valid choice."),
        ({}, "Say what is to change: owner, due date or status."),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence_and_kept(risks, editor, client_of, said, sentence):
    page = client_of(editor).post(PREVIEW, {"risk": ids(risks), "note": "", "preview": "true"} | said)
    assert page.status_code == 422
    assert sentence in text_of(page)
    if "due" in said:
        assert f'value="{said["due"]}"' in page.content.decode()


@pytest.mark.parametrize("said", [{}, {"risks": "x"}, {"risk": "1.x"}, {"risk": "-1"}, {"risk": "9" * 30}])
def test_without_risks_there_is_nothing_to_change(risks, editor, client_of, said):
    for path in (PREVIEW, CHANGE):
        page = client_of(editor).post(path, said | {"status": "done"})
        assert page.status_code == 422
        assert "Nothing to change" in text_of(page)


def test_only_people_who_may_own_in_one_of_the_teams_are_offered(risks, editor, owner, officer, viewer, client_of):
    page = client_of(editor).post(PREVIEW, {"risk": ids(risks)})
    assert {person.name for person in page.context["form"].fields["owner"].queryset} == {"Editor", "Owner", "Officer"}


def test_a_change_that_changes_nothing_says_so(risks, editor, client_of):
    preview = client_of(editor).post(PREVIEW, {"risk": ids(risks), "status": "open", "preview": "true"})
    assert "Nothing would change, 3 are so already" in text_of(preview)


# One risk, in its row


def change_of(risk, **said):
    due = timezone.localdate() + timedelta(days=30)
    wanted = {"status": "open", "owner": "", "due": due.isoformat(), "note": "", "expected_version": risk.version}
    return wanted | said


def test_a_row_is_changed_by_a_small_page_and_leads_back_to_the_list(risks, editor, owner, client_of):
    client, risk = client_of(editor), risks[0]
    path = reverse("register:change", args=[risk.pk])
    assert 'value="?status=open&amp;sort=due"' in client.get(f"{path}?back=status%3Dopen%26sort%3Ddue").content.decode()

    answer = client.post(path, change_of(risk, owner=editor.pk, status="in_progress", back="?status=open&sort=due"))

    assert answer["Location"] == "/risks/?status=open&sort=due"
    treatment = Treatment.objects.in_force().get(risk=risk)
    assert (treatment.owner, treatment.status) == (editor, "in_progress")


def test_with_htmx_the_row_comes_back_as_it_is_now(risks, editor, owner, client_of):
    risk, htmx = risks[0], {"HX-Request": "true"}
    client = client_of(editor)
    path = reverse("register:change", args=[risk.pk])
    form = client.get(path, headers=htmx).content.decode()
    assert form.strip().startswith(f'<tr data-risk="{risk.pk}" data-changing>')

    saved = client.post(path, change_of(risk, owner=owner.pk, status="in_progress"), headers=htmx)

    assert saved.content.decode().startswith(f'<tr data-risk="{risk.pk}" data-version="{risk.version + 1}"')
    assert "In progress" in saved.content.decode()
    left = client.get(reverse("register:row", args=[risk.pk])).content.decode()
    assert "In progress" in left


def test_a_refused_row_says_why_and_keeps_what_was_typed(risks, editor, owner, client_of):
    risk = risks[0]
    said = change_of(risk, owner=owner.pk, due="9999-01-01", note="Later.")
    page = client_of(editor).post(reverse("register:change", args=[risk.pk]), said, headers={"HX-Request": "true"})
    assert page.status_code == 422
    assert "Choose a day from 2000 to 2100." in text_of(page)
    assert 'value="9999-01-01"' in page.content.decode()
    assert 'value="Later."' in page.content.decode()


def test_a_stale_row_shows_both_versions_and_asks_again(risks, editor, officer, owner, client_of):
    risk, client = risks[0], client_of(editor)
    path = reverse("register:change", args=[risk.pk])
    update(risk, officer, status="in_progress", note="No budget.")

    late = client.post(path, change_of(risk, owner=owner.pk, status="done"), headers={"HX-Request": "true"})

    assert late.status_code == 422
    assert "Saved by Officer" in text_of(late)
    assert "No budget." in text_of(late)
    assert statuses([risk]) == ["in_progress"]
    again = client.post(path, change_of(Risk.objects.get(pk=risk.pk), owner=owner.pk, status="done"))
    assert again.status_code == 302
    assert statuses([risk]) == ["done"]


def test_its_owner_says_the_status_and_is_offered_no_more(risks, owner, client_of):
    risk, client = risks[0], client_of(owner)
    path = reverse("register:change", args=[risk.pk])
    assert set(client.get(path).context["form"].fields) == {"status", "note", "expected_version", "back"}
    client.post(path, {"status": "done", "expected_version": risk.version})
    assert statuses([risk]) == ["done"]


def test_an_owner_who_left_stays_until_another_is_chosen(risks, editor, owner, client_of):
    owner.memberships.all().delete()
    risk, client = risks[0], client_of(editor)
    path = reverse("register:change", args=[risk.pk])
    assert "Owner, who may not own it any more" in text_of(client.get(path))
    assert client.post(path, change_of(risk, status="in_progress")).status_code == 302
    assert Treatment.objects.in_force().get(risk=risk).owner == owner


def test_a_risk_without_treatment_leads_to_choosing_one(risk, editor, client_of):
    answer = client_of(editor).get(reverse("register:change", args=[risk.pk]))
    assert answer["Location"] == reverse("register:treat", args=[risk.pk])
