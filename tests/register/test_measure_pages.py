"""The pages of measures: on the risk, and each form by itself."""

from datetime import timedelta

import pytest
from django.utils import timezone

from risks.register.measuring import drop_measure
from risks.register.models import Measure
from tests.make import make_measure, make_treatment
from tests.reading import html_of, text_of

TODAY = timezone.localdate()


def sent(person, **values):
    wanted = {"control": "oversight", "text": "Read along.", "owner": person.pk, "due": TODAY.isoformat()}
    return {**wanted, **values}


def test_a_measure_is_added_from_the_risk_and_stands_at_its_control(mitigated, editor, owner, client_of):
    client = client_of(editor)
    text = text_of(client.get(f"/risks/{mitigated.pk}/"))
    assert "No measure yet: nobody has said which control this puts in place" in text
    page = client.get(f"/risks/{mitigated.pk}/measures/new/?control=inputsegregation")
    assert 'value="inputsegregation" selected' in page.content.decode()

    answer = client.post(f"/risks/{mitigated.pk}/measures/new/", sent(owner, control="inputsegregation"), follow=True)

    text = text_of(answer)
    assert "Measures 0 of 1 done" in text
    assert "Read along. Input segregation" in text
    assert "Put in place by Read along. Open" in text
    assert "Editor added the measure “Read along.”: control Input segregation" in text


def test_a_late_measure_says_so_and_what_it_waits_for(mitigated, editor, owner, viewer, client_of):
    measure = make_measure(mitigated, actor=editor, owner=owner, due=TODAY - timedelta(days=3))
    blocked = {"status": "blocked", "note": "Waits for Legal.", "expected_version": 1}
    answer = client_of(owner).post(f"/risks/{mitigated.pk}/measures/{measure.pk}/status/", blocked)
    assert answer["Location"] == f"/risks/{mitigated.pk}/#measures"

    text = text_of(client_of(viewer).get(f"/risks/{mitigated.pk}/"))
    assert ", late" in text
    assert "“Waits for Legal.”" in text
    assert "Owner updated the measure “Have a person look at it.”: status Open Blocked" in text


def test_each_reader_gets_the_actions_that_are_theirs(mitigated, editor, owner, viewer, client_of):
    measure = make_measure(mitigated, actor=editor, owner=owner)
    base = f"/risks/{mitigated.pk}/measures/"
    links = {"new/": base + "new/", "change": f'{base}{measure.pk}/"', "status": f"{base}{measure.pk}/status/"}
    for person, wanted in ((editor, {*links}), (owner, {"status"}), (viewer, set())):
        page = client_of(person).get(f"/risks/{mitigated.pk}/").content.decode()
        assert {name for name, path in links.items() if path in page} == wanted


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"control": "magic"}, "Control it puts in place: Select a valid choice."),
        ({"control": ""}, "Control it puts in place: Choose a control."),
        ({"text": ""}, "What is done: Say what is done."),
        ({"due": "2101-01-01"}, "Due: Choose a day from 2000 to 2100."),
        ({"owner": "999999"}, "Owner: Select a valid choice."),
    ],
)
def test_a_refused_measure_comes_back_as_it_was_typed(mitigated, editor, owner, client_of, values, sentence):
    answer = client_of(editor).post(f"/risks/{mitigated.pk}/measures/new/", sent(owner, **values))
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    kept = sent(owner, **values)
    assert all(str(answer.context["form"][name].value()) == str(value) for name, value in kept.items())
    assert not Measure.objects.exists()


def test_a_stale_change_shows_both_versions_and_saving_again_wins(mitigated, editor, owner, client_of):
    measure = make_measure(mitigated, actor=editor)
    path, client = f"/risks/{mitigated.pk}/measures/{measure.pk}/", client_of(editor)
    client.post(path, sent(owner, text="Theirs.", expected_version=1))

    late = client.post(path, sent(owner, text="Mine.", expected_version=1))
    assert late.status_code == 422
    assert "What is done Theirs. Mine." in text_of(late)
    assert client.post(path, sent(owner, text="Mine.", expected_version=2)).status_code == 302
    assert Measure.objects.get().text == "Mine."


def test_a_dropped_measure_leads_back_to_the_risk(mitigated, editor, client_of):
    measure = make_measure(mitigated, actor=editor)
    drop_measure(mitigated.pk, measure.pk, actor=editor, reason="No.", expected_version=None)
    for path in ("", "status/", "drop/"):
        answer = client_of(editor).get(f"/risks/{mitigated.pk}/measures/{measure.pk}/{path}", follow=True)
        assert "This measure is dropped already." in text_of(answer)


def test_the_page_of_a_treatment_says_beforehand_which_measures_another_option_drops(mitigated, editor, client_of):
    client = client_of(editor)
    assert "not finished" not in html_of(client.get(f"/risks/{mitigated.pk}/treatment/"))
    make_measure(mitigated, actor=editor)
    text = text_of(client.get(f"/risks/{mitigated.pk}/treatment/"))
    assert "1 measure is not finished. With another option than mitigate it is dropped:" in text
    assert "Have a person look at it." in text


def test_adding_to_what_is_not_mitigated_says_what_to_choose_first(risk, editor, client_of):
    make_treatment(risk, actor=editor, option="avoid")
    answer = client_of(editor).get(f"/risks/{risk.pk}/measures/new/", follow=True)
    assert "Choose mitigate first." in text_of(answer)
