"""After an upgrade nothing is lost: ratings stay, what means something else is shown, a step back undoes it."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from catalog.content import read_content
from catalog.loading import load_edition, put_in_force
from catalog.profile import PACKAGED_EDITION
from catalog.reading import current
from journal.errors import Conflict, NotAllowed
from journal.models import Event
from journal.recording import SYSTEM
from risks.register.models import Rating, Risk
from risks.register.services import add_risk, confirm_threats, look_again, rate_risk, registered_threats
from risks.systems.models import AISystem
from tests.make import make_rating
from tests.reading import text_of

pytestmark = pytest.mark.django_db

OLD, NEW = "2026-08-22", "2027-01-01"
PACKAGED = read_content(PACKAGED_EDITION)


def next_edition(change: Callable[[dict[str, Any]], None]) -> str:
    """Load the packaged edition with a change as the next one; its key."""
    content = copy.deepcopy(PACKAGED) | {"edition": NEW}
    change(content)
    return load_edition(content, actor=SYSTEM).edition.key


def entry(content: dict[str, Any], key: str) -> dict[str, Any]:
    return next(threat for threat in content["threats"] if threat["key"] == key)


def reworded(content: dict[str, Any]) -> None:
    entry(content, "evasion")["summary"] = "Something else than before."


def renamed(content: dict[str, Any]) -> None:
    """Evasion is called “adversarialinput” from now on, everywhere."""
    text = json.dumps(content).replace('"evasion"', '"adversarialinput"').replace(":evasion", ":adversarialinput")
    content |= json.loads(text)
    entry(content, "adversarialinput")["aliases"] = ["evasion"]


def upgrade() -> None:
    put_in_force(NEW, actor=SYSTEM, expected=OLD)


def step_back() -> None:
    put_in_force(OLD, actor=SYSTEM, expected=NEW)


@pytest.fixture
def evasion(system: AISystem, editor: User) -> Risk:
    risk = add_risk(system.pk, actor=editor, threat_key="evasion")
    make_rating(risk, actor=editor)
    return Risk.objects.get(pk=risk.pk)


def wanting_look(client: Client) -> list[str]:
    rows = client.get("/risks/?look=true").context["rows"]
    return [row.risk.threat_key for row in rows]


def test_a_risk_remembers_the_edition_it_was_judged_by(evasion: Risk) -> None:
    assert evasion.edition == OLD
    assert Rating.objects.get(risk=evasion).edition == OLD


def test_a_changed_meaning_asks_for_another_look_and_says_why(
    evasion: Risk, editor: User, client_of: Callable[[User], Client]
) -> None:
    client = client_of(editor)
    next_edition(reworded)
    assert wanting_look(client) == []
    upgrade()
    assert wanting_look(client) == ["evasion"]
    page = text_of(client.get(evasion.get_absolute_url()))
    assert "take another look" in page
    assert "Changed: summary." in page
    assert Rating.objects.get(risk=evasion).superseded_at is None


def test_the_home_page_counts_them_and_leads_to_them(
    evasion: Risk, editor: User, client_of: Callable[[User], Client]
) -> None:
    client = client_of(editor)
    next_edition(reworded)
    assert "Need another look" not in text_of(client.get("/"))
    upgrade()
    figure = client.get("/").context["standing"].look
    assert (figure.count, figure.query) == (1, "?look=true")
    assert "Need another look" in text_of(client.get("/"))
    assert client.get(f"/risks/{figure.query}").context["page"].paginator.count == 1


def test_one_step_back_takes_it_back(evasion: Risk, editor: User, client_of: Callable[[User], Client]) -> None:
    next_edition(reworded)
    upgrade()
    step_back()
    assert wanting_look(client_of(editor)) == []


def test_saying_that_it_stands_ends_it_with_one_event(
    evasion: Risk, editor: User, client_of: Callable[[User], Client]
) -> None:
    client = client_of(editor)
    next_edition(reworded)
    upgrade()
    page = client.get(evasion.get_absolute_url()).content.decode()
    assert f'name="edition" value="{NEW}"' in page
    typed = {"expected_version": evasion.version, "edition": NEW}
    answer = client.post(reverse("register:look", args=[evasion.pk]), typed)
    assert answer.status_code == 302
    event = Event.objects.latest("sequence")
    assert (event.verb, event.changes) == ("risk.looked_at", {"edition": [OLD, NEW]})
    assert wanting_look(client) == []


def test_a_new_rating_ends_it_too(evasion: Risk, editor: User, client_of: Callable[[User], Client]) -> None:
    next_edition(reworded)
    upgrade()
    make_rating(evasion, actor=editor, likelihood=5, impact=5)
    assert wanting_look(client_of(editor)) == []
    assert list(Rating.objects.filter(risk=evasion).values_list("edition", flat=True)) == [NEW, OLD]


def test_the_same_rating_again_confirms_it_by_the_edition_in_force(
    evasion: Risk, editor: User, client_of: Callable[[User], Client]
) -> None:
    rating = Rating.objects.get(risk=evasion)
    next_edition(reworded)
    upgrade()
    rate_risk(
        evasion.pk,
        actor=editor,
        kind="current",
        likelihood=rating.likelihood,
        impact=rating.impact,
        reason=rating.reason,
        expected_version=None,
    )
    assert wanting_look(client_of(editor)) == []
    assert Event.objects.latest("sequence").changes["edition"] == [OLD, NEW]


def test_a_rating_of_the_target_leaves_the_question_open(
    evasion: Risk, editor: User, client_of: Callable[[User], Client]
) -> None:
    next_edition(reworded)
    upgrade()
    make_rating(evasion, actor=editor, kind="target", likelihood=1, impact=1)
    assert len(wanting_look(client_of(editor))) == 1


def test_a_look_at_another_edition_than_was_seen_is_refused(evasion: Risk, editor: User) -> None:
    next_edition(reworded)
    upgrade()
    with pytest.raises(Conflict):
        look_again(evasion.pk, actor=editor, expected_version=None, expected_edition=OLD)
    evasion.refresh_from_db()
    assert evasion.edition == OLD


def test_a_look_at_a_stale_version_or_by_a_viewer_is_refused(evasion: Risk, editor: User, viewer: User) -> None:
    with pytest.raises(Conflict):
        look_again(evasion.pk, actor=editor, expected_version=99)
    with pytest.raises(NotAllowed):
        look_again(evasion.pk, actor=viewer, expected_version=None)


def test_a_renamed_threat_is_the_same_risk(system: AISystem, editor: User, client_of: Callable[[User], Client]) -> None:
    confirm_threats(system.pk, actor=editor)
    evasion = add_risk(system.pk, actor=editor, threat_key="evasion")
    next_edition(renamed)
    upgrade()
    assert "adversarialinput" in registered_threats(system, current())
    assert confirm_threats(system.pk, actor=editor) == []
    client = client_of(editor)
    assert [row.risk.pk for row in client.get("/risks/?threat=adversarialinput").context["rows"]] == [evasion.pk]
    assert [row.risk.pk for row in client.get("/risks/?threat=evasion").context["rows"]] == [evasion.pk]
    assert client.get(evasion.get_absolute_url()).status_code == 200


def test_a_risk_under_a_key_that_only_the_newer_edition_has_survives_the_step_back(
    system: AISystem, editor: User, client_of: Callable[[User], Client]
) -> None:
    next_edition(renamed)
    upgrade()
    risk = add_risk(system.pk, actor=editor, threat_key="adversarialinput")
    step_back()
    assert registered_threats(system, current()) == {"evasion"}
    assert "Evasion" in text_of(client_of(editor).get(risk.get_absolute_url()))


def test_a_retired_threat_keeps_its_risk_with_all_that_was_said_of_it(
    evasion: Risk, editor: User, client_of: Callable[[User], Client]
) -> None:
    def retire(content: dict[str, Any]) -> None:
        gone = {"evasion", *(t["key"] for t in content["threats"] if t["parent"] == "evasion")}
        content["threats"] = [t for t in content["threats"] if t["key"] not in gone]
        content["links"] = [link for link in content["links"] if link["threat"] not in gone]
        for link in content["links"]:
            link["via"] = [via for via in link["via"] if via.partition(":")[2] not in gone] or ["general"]
        content["rules"] = [rule for rule in content["rules"] if rule["threat"] not in gone]
        content["not_derived"] = []
        for entry in (*content["modifiers"], *content["attention"]):
            if "threats" in entry:
                entry["threats"] = [key for key in entry["threats"] if key not in gone]
        for group in content["control_groups"]:
            group["is_threat_group"] = group["is_threat_group"] and group["key"] not in gone
        for section in ("matrix", "periodic"):
            content[section] = [row for row in content[section] if row["threat"] not in gone]
        for row in (*content["ready_made"], *content["contexts"], *content["concerns"]):
            row["threats"] = [key for key in row["threats"] if key not in gone]
        for section in ("standards", "opencre"):
            content[section] = [row for row in content[section] if row["threat"] not in gone]
        content["item_links"] = [
            link for link in content["item_links"] if link["key"] not in gone or link["target"] != "threat"
        ]

    next_edition(retire)
    upgrade()
    client = client_of(editor)
    assert wanting_look(client) == ["evasion"]
    page = text_of(client.get(evasion.get_absolute_url()))
    assert "Evasion" in page
    assert f"It is not in edition {NEW}." in page
    assert [row.risk.pk for row in client.get("/risks/?threat=evasion").context["rows"]] == [evasion.pk]
    assert Rating.objects.get(risk=evasion).superseded_at is None


def test_the_api_says_why_and_filters_alike(evasion: Risk, editor: User, api_of: Callable[..., Any]) -> None:
    next_edition(reworded)
    upgrade()
    program = api_of(editor)
    [risk] = program.get("/api/v1/risks/?look=true").json()["results"]
    assert (risk["threat"], risk["another_look"]) == ("evasion", ["Changed: summary."])
    assert program.get("/api/v1/risks/?look=false").json()["results"] == []


def test_the_upgrade_page_shows_what_is_touched_and_changes_nothing_by_itself(
    evasion: Risk, system: AISystem, editor: User, officer: User, client_of: Callable[[User], Client]
) -> None:

    def change(content: dict[str, Any]) -> None:
        reworded(content)
        next(rule for rule in content["rules"] if rule["threat"] == "evasion")["applicable_when"] = "always"

    next_edition(change)
    client, address = client_of(officer), reverse("register:upgrade", args=[NEW])
    page = client.get(address)
    said = text_of(page)
    assert "1 risk and 1 system would be touched" in said
    assert evasion.reference in said
    assert "Newly applies: Evasion" in said
    assert current().edition == OLD
    answer = client.post(address, {"expected": OLD, "reason": "Agreed in the board."})
    assert answer.status_code == 302
    assert current().edition == NEW
    assert Event.objects.latest("sequence").reason == "Agreed in the board."


def test_the_upgrade_page_shows_only_what_the_reader_may_see(
    evasion: Risk, outsider: User, client_of: Callable[[User], Client]
) -> None:
    next_edition(reworded)
    page = client_of(outsider).get(reverse("register:upgrade", args=[NEW]))
    assert "0 risks and 0 systems would be touched" in text_of(page)
    assert evasion.reference not in text_of(page)
    assert "Put edition" not in text_of(page)


def test_whoever_saw_another_edition_in_force_is_shown_both_and_loses_nothing(
    officer: User, client_of: Callable[[User], Client]
) -> None:
    next_edition(reworded)
    answer = client_of(officer).post(
        reverse("register:upgrade", args=[NEW]), {"expected": "2020-01-01", "reason": "Typed."}
    )
    assert answer.status_code == 422
    assert f"Meanwhile edition {OLD} is in force." in text_of(answer)
    assert "Typed." in answer.content.decode()
    assert current().edition == OLD


def test_the_pages_of_editions_tell_what_was_in_force_when(
    officer: User, viewer: User, client_of: Callable[[User], Client]
) -> None:
    next_edition(reworded)
    put_in_force(NEW, actor=officer, expected=OLD)
    page = client_of(officer).get("/catalog/editions/")
    assert f"Edition {NEW} is in force" in text_of(page)
    assert f"{officer.name} put edition {NEW} in force" in text_of(page)
    assert f"Go back to {OLD}" in text_of(page)
    assert "Go back" not in text_of(client_of(viewer).get("/catalog/editions/"))
    detail = text_of(client_of(viewer).get(f"/catalog/editions/{OLD}/"))
    assert f"What is different from {NEW}" in detail
    assert "Evasion" in detail
