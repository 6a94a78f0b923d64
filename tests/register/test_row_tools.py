"""What a person can do with the rows of the register: who is offered a box to tick, and a way to change it."""

import re

import pytest

from risks.register.reviewing import dismiss_threat
from tests.make import make_risk, make_treatment

pytestmark = pytest.mark.django_db
RISKS = "/risks/"


def offered(page):
    """Which risks can be ticked, and where the way to change each leads, by reference."""
    body = page.content.decode()
    ticks = re.findall(r'aria-label="Tick (RSK-\d{4})"', body)
    ways = re.findall(r'<a href="([^"]+)"[^>]* data-change>(\w+)<span class="unseen"> (RSK-\d{4})', body)
    return ticks, {reference: (word, address) for address, word, reference in ways}


@pytest.fixture
def risks(system, editor, owner):
    """One treated by its owner, one by the editor, one that nobody treats yet."""
    keys = ("indirectpromptinjection", "directpromptinjection", "inputdataleak")
    first, second, third = (make_risk(system, actor=editor, threat=key) for key in keys)
    return [make_treatment(first, actor=editor, owner=owner), make_treatment(second, actor=editor), third]


def test_an_editor_can_tick_and_change_each(risks, editor, client_of):
    ticks, ways = offered(client_of(editor).get(RISKS))
    assert sorted(ticks) == ["RSK-0001", "RSK-0002", "RSK-0003"]
    assert ways == {
        "RSK-0001": ("Edit", f"/risks/{risks[0].pk}/change/"),
        "RSK-0002": ("Edit", f"/risks/{risks[1].pk}/change/"),
        "RSK-0003": ("Treat", f"/risks/{risks[2].pk}/treatment/"),
    }


def test_the_way_to_change_a_risk_leads_back_to_the_list_one_came_from(risks, editor, client_of):
    _, ways = offered(client_of(editor).get(f"{RISKS}?option=mitigate&sort=due"))
    assert ways["RSK-0001"][1] == f"/risks/{risks[0].pk}/change/?back=option%3Dmitigate%26sort%3Ddue"


def test_an_owner_is_offered_their_own(risks, owner, client_of):
    ticks, ways = offered(client_of(owner).get(RISKS))
    assert (ticks, set(ways)) == (["RSK-0001"], {"RSK-0001"})


def test_who_only_reads_sees_no_control(risks, viewer, auditor, client_of):
    for person in (viewer, auditor):
        page = client_of(person).get(RISKS)
        assert offered(page) == ([], {})
        assert "Change ticked" not in page.content.decode()
        assert "check" not in re.search(r"(?s)<tbody.*?</tbody>", page.content.decode())[0]


def test_a_dismissed_risk_is_not_offered(risks, system, editor, client_of):
    dismiss_threat(system.pk, actor=editor, threat_key=risks[0].threat_key, reason="Not here.")
    ticks, ways = offered(client_of(editor).get(f"{RISKS}?state=dismissed"))
    assert (ticks, ways) == ([], {})


def test_a_row_keeps_the_columns_that_were_chosen(risks, editor, client_of):
    path = f"/risks/{risks[0].pk}/row/?back=columns%3Dthreat%2Cowner"
    row = client_of(editor).get(path).content.decode()
    assert "Owner" in row
    assert 'class="level"' not in row
    assert "columns%3Dthreat%2Cowner" in row  # and so does the next change


def test_all_can_be_changed_at_once_as_long_as_they_are_few(risks, editor, client_of, monkeypatch):
    page = client_of(editor).get(f"{RISKS}?option=mitigate").content.decode()
    assert '<button class="btn" type="submit" name="all" value="true">Change all 2</button>' in page
    assert '<input type="hidden" name="back" value="?option=mitigate">' in page
    monkeypatch.setattr("risks.register.views.MOST_AT_ONCE", 1)
    page = client_of(editor).get(RISKS).content.decode()
    assert "Change all" not in page
    assert "Narrow the filter." in page
