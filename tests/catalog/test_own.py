"""An organisation's own threats and controls: beside the catalog, by hand or by a rule, through every edition."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import OrganisationRole
from catalog.drawing import Place
from catalog.loading import load_edition, put_in_force
from catalog.models import OwnControl, OwnLink, OwnThreat
from catalog.reading import current
from catalog.searching import search
from catalog.services import add_threat, change_control, change_threat, links_of, retire
from catalog.threat_map import place_of
from catalog.vocabulary import LONGEST_TEXT, ModelType
from journal.errors import Conflict, NotAllowed
from journal.models import Event
from journal.recording import SYSTEM
from risks.register.services import add_risk, confirm_threats
from risks.systems.models import AISystem
from tests.catalog.editions import small_edition
from tests.make import make_own_control, make_own_threat, make_profile, make_user
from tests.reading import text_of

pytestmark = pytest.mark.django_db

RUN_BY_SUPPLIER = {"all": [{"question": "run_by", "is": "supplier"}]}


def values_of(row: OwnThreat, **changes: Any) -> dict[str, Any]:
    names = ("title", "parent_key", "summary", "how", "hurts", "applies", "likelihood", "impact", "impacts", "url")
    return {name: getattr(row, name) for name in names} | {"applicable_when": row.applicable_when} | changes


def posted(form: Any) -> dict[str, Any]:
    """What a browser sends when it sends a form as it stands: of lists, only what they offer."""
    sent = {field.html_name: field.value() for field in form if field.value() is not None}
    for field in form:
        if isinstance(field.value(), list):
            sent[field.html_name] = [box.data["value"] for box in field.subwidgets if box.data.get("selected")]
    return sent


def test_an_own_threat_stands_in_the_catalog_and_is_marked() -> None:
    before = current()
    row = make_own_threat(title="Rogue plugins", controls=["leastmodelprivilege"])
    threat = current().threat("own-rogue-plugins")
    assert (row.key, threat.is_ours, threat.title) == ("own-rogue-plugins", True, "Rogue plugins")
    assert (threat.parent, threat.surface.value) == ("inputthreats", "input")
    assert threat in current().children_of("inputthreats")
    assert "own-rogue-plugins" not in before.threats
    links = current().controls_for(threat.key)
    assert (links[0].control.key, links[0].origin) == ("leastmodelprivilege", "Linked by us")
    assert {link.control.key for link in links if link.is_general} >= {"aiprogram", "oversight"}
    keys = [link.control.key for link in links]
    assert len(keys) == len(set(keys))


def test_an_own_control_works_against_the_catalogs_threats() -> None:
    make_own_control(name="Plugin review", threats=["indirectpromptinjection"])
    names = [link.control.name for link in current().controls_for("indirectpromptinjection")]
    assert "Plugin review" in names
    assert current().control("own-plugin-review").is_ours


def test_two_of_one_name_get_keys_of_their_own() -> None:
    assert [make_own_threat(title="Rogue").key for _ in range(3)] == ["own-rogue", "own-rogue-2", "own-rogue-3"]


@pytest.mark.parametrize("title", ["Ünïcode ✓", "模型", "x" * 200])
def test_any_title_makes_a_key(title: str) -> None:
    assert make_own_threat(title=title).key.startswith("own-")


def test_a_rule_decides_over_profiles_and_its_risk_is_registered(system: AISystem, editor: User) -> None:
    make_own_threat(title="Hosted away", applicable_when=RUN_BY_SUPPLIER)
    make_profile(system, actor=editor)
    keys = {risk.threat_key for risk in confirm_threats(system.pk, actor=editor)}
    assert "own-hosted-away" in keys


def test_without_a_rule_it_applies_by_hand_only(system: AISystem, editor: User) -> None:
    make_own_threat()
    make_profile(system, actor=editor)
    assert "own-rogue-plugins" not in {risk.threat_key for risk in confirm_threats(system.pk, actor=editor)}
    assert add_risk(system.pk, actor=editor, threat_key="own-rogue-plugins").threat_key == "own-rogue-plugins"


def test_own_entries_survive_an_edition_that_knows_neither_their_group_nor_their_questions(
    viewer: User, client_of: Callable[[User], Client]
) -> None:
    make_own_threat(
        title="Hosted away", parent_key="modelpoison", applicable_when=RUN_BY_SUPPLIER, controls=["oversight"]
    )
    load_edition(small_edition(), actor=SYSTEM)
    put_in_force("2030-01-01", actor=SYSTEM, expected=None)
    threat = current().threat("own-hosted-away")
    assert threat.title == "Hosted away"
    assert threat.parent is None
    assert "Its rule waits" in text_of(client_of(viewer).get(reverse("catalog:own")))
    assert [link.control.key for link in current().controls_for(threat.key)] == ["oversight"]
    assert "own-hosted-away" not in {rule.threat for rule in current().rule_set.rules}
    put_in_force("2026-08-22", actor=SYSTEM, expected=None)
    assert current().threat("own-hosted-away").parent == "modelpoison"
    assert "own-hosted-away" in {rule.threat for rule in current().rule_set.rules}


def test_what_an_edition_renames_stays_linked_and_saving_keeps_the_rest(
    officer: User, client_of: Callable[[User], Client]
) -> None:
    row = make_own_threat(parent_key="promptinjection", controls=["leastmodelprivilege", "ratelimit"])
    renaming = small_edition()
    renaming["controls"][0]["aliases"] = ["leastmodelprivilege"]
    next(each for each in renaming["threats"] if each["key"] == "evasion")["aliases"] = ["promptinjection"]
    load_edition(renaming, actor=SYSTEM)
    put_in_force("2030-01-01", actor=SYSTEM, expected=None)
    assert current().threat(row.key).parent == "evasion"
    links = current().controls_for(row.key)
    assert [(link.control.key, link.origin) for link in links] == [("oversight", "Linked by us")]
    client = client_of(officer)
    form = client.get(reverse("catalog:own_threat", args=[row.key])).context["form"]
    assert (form["parent_key"].value(), form["controls"].value()) == ("evasion", ["oversight"])
    typed = {
        "title": row.title,
        "parent_key": "evasion",
        "summary": row.summary,
        "how": "By mail.",
        "controls": ["oversight"],
        "rule": "hand",
        "expected_version": 1,
    }
    assert client.post(reverse("catalog:own_threat", args=[row.key]), typed).status_code == 302
    put_in_force("2026-08-22", actor=SYSTEM, expected=None)
    ours = [link.control.key for link in current().controls_for(row.key) if link.origin == "Linked by us"]
    assert sorted(ours) == ["leastmodelprivilege", "ratelimit"]


def test_saving_never_drops_a_part_of_a_rule_that_the_edition_cannot_read(
    officer: User, client_of: Callable[[User], Client]
) -> None:
    row = make_own_threat(applicable_when=RUN_BY_SUPPLIER)
    load_edition(small_edition(), actor=SYSTEM)
    put_in_force("2030-01-01", actor=SYSTEM, expected=None)
    client = client_of(officer)
    form = client.get(reverse("catalog:own_threat", args=[row.key])).context["form"]
    assert 'value="run_by=supplier" selected' in str(form["answer_1"])
    typed = {
        "title": row.title,
        "parent_key": "evasion",
        "summary": row.summary,
        "rule": "all",
        "answer_1": "run_by=supplier",
        "expected_version": 1,
    }
    answer = client.post(reverse("catalog:own_threat", args=[row.key]), typed)
    assert answer.status_code == 422
    assert "Edition 2030-01-01 does not ask this." in text_of(answer)
    row.refresh_from_db()
    assert row.applicable_when == RUN_BY_SUPPLIER


def test_a_retired_control_still_has_its_page(officer: User, client_of: Callable[[User], Client]) -> None:
    row = make_own_control(name="Plugin review")
    retire(row, actor=officer, expected_version=1, is_retired=True)
    page = client_of(officer).get(row.get_absolute_url())
    assert page.status_code == 200
    assert "Retired: it is offered no more." in text_of(page)


def test_nobody_without_a_role_keeps_the_catalog() -> None:
    with pytest.raises(NotAllowed):
        make_own_threat(AnonymousUser())
    with pytest.raises(NotAllowed):
        put_in_force("2026-08-22", actor=AnonymousUser(), expected=None)


def test_no_edition_can_take_the_key_space_of_own_entries() -> None:
    edition = small_edition()
    edition["threats"][0]["key"] = "own-variant"
    with pytest.raises(ValidationError) as refusal:
        load_edition(edition, actor=SYSTEM)
    assert (
        "threats[0].key: begins with “own-”, which is kept for an organisation's own entries" in refusal.value.messages
    )


def test_a_retired_threat_is_offered_no_more_and_a_risk_keeps_it(
    system: AISystem, editor: User, officer: User, client_of: Callable[[User], Client]
) -> None:
    row = make_own_threat()
    risk = add_risk(system.pk, actor=editor, threat_key=row.key)
    retire(row, actor=officer, expected_version=1, is_retired=True)
    assert row.key not in current().threats
    page = client_of(editor).get(risk.get_absolute_url())
    assert "Rogue plugins" in text_of(page)
    with pytest.raises(ValidationError):
        add_risk(system.pk, actor=editor, threat_key=row.key)
    chips = client_of(editor).get(f"/risks/?threat={row.key}").context["bar"].chips
    assert [(chip.label, chip.query) for chip in chips] == [("Threat: Rogue plugins", "?")]
    retire(row, actor=officer, expected_version=2, is_retired=False)
    assert row.key in current().threats


def test_search_finds_own_entries_and_forgets_retired_ones(viewer: User, officer: User) -> None:
    row = make_own_threat(title="Rogue plugins")
    found = search("rogue plug", reader=viewer).found
    assert [(result.key, result.is_ours) for result in found] == [("own-rogue-plugins", True)]
    retire(row, actor=officer, expected_version=1, is_retired=True)
    assert search("rogue plug", reader=viewer).found == ()


def test_a_change_leaves_one_event_with_before_and_after(officer: User) -> None:
    row = make_own_threat(controls=["oversight"])
    change_threat(row.pk, actor=officer, expected_version=1, controls=["ratelimit"], **values_of(row, how="By mail."))
    event = Event.objects.latest("sequence")
    assert (event.verb, event.actor_name) == ("ownthreat.changed", officer.name)
    assert event.changes == {"how": ["", "By mail."], "controls": [["oversight"], ["ratelimit"]]}
    assert links_of(row, current()) == ["ratelimit"]


def test_the_same_again_changes_nothing(officer: User) -> None:
    row = make_own_threat(controls=["oversight"])
    events, before = Event.objects.count(), current()
    change_threat(row.pk, actor=officer, expected_version=1, controls=["oversight"], **values_of(row))
    assert Event.objects.count() == events
    assert current() is before


def test_a_stale_change_is_refused(officer: User) -> None:
    row = make_own_threat()
    change_threat(row.pk, actor=officer, expected_version=1, controls=[], **values_of(row, how="First."))
    with pytest.raises(Conflict):
        change_threat(row.pk, actor=officer, expected_version=1, controls=[], **values_of(row, how="Second."))
    assert OwnThreat.objects.get().how == "First."


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"summary": ""}, "summary"),
        ({"how": "x" * (LONGEST_TEXT + 1)}, "how"),
        ({"parent_key": "datapoison"}, "parent_key"),
        ({"parent_key": "nowhere"}, "parent_key"),
        ({"impacts": ["nothing"]}, "impacts"),
        ({"assets_attacked": ["nothing"]}, "assets_attacked"),
        ({"variants": [{"title": "Sleeper", "text": " "}]}, "variants"),
        ({"variants": [{"title": "", "text": "It waits."}]}, "variants"),
        ({"other_names": ["x"] * 21}, "other_names"),
        ({"fits": {"steam": "yes"}}, "fits"),
        ({"fits": {"rag": "low"}}, "fits"),
        ({"applicable_when": {"all": []}}, "applicable_when"),
        ({"applicable_when": {"question": "colour", "is": "red"}}, "applicable_when"),
        ({"url": "javascript:alert(1)"}, "url"),
    ],
)
def test_bad_values_are_refused_at_their_field_and_change_nothing(changes: dict[str, Any], field: str) -> None:
    events = Event.objects.count()
    values = {"title": "Rogue", "parent_key": "inputthreats", "summary": "It acts."} | changes
    with pytest.raises(ValidationError) as refusal, transaction.atomic():
        add_threat(actor=SYSTEM, controls=(), **values)
    assert field in refusal.value.message_dict
    assert (OwnThreat.objects.count(), Event.objects.count()) == (0, events)


def test_a_link_to_nothing_is_refused(officer: User) -> None:
    control = make_own_control()
    values = {"name": "Plugin review", "parent_key": "limitunwanted", "purpose": "Look.", "effort": "low"}
    with pytest.raises(ValidationError) as refusal, transaction.atomic():
        change_control(control.pk, actor=officer, expected_version=1, threats=["nosuchthreat"], **values)
    assert "threats" in refusal.value.message_dict


def test_the_database_refuses_a_link_between_two_entries_of_the_catalog() -> None:
    with pytest.raises(IntegrityError, match="own_link_of_own"), transaction.atomic():
        OwnLink.objects.create(threat_key="evasion", control_key="oversight")


@pytest.mark.parametrize("role", [OrganisationRole.MEMBER, OrganisationRole.AUDITOR])
def test_only_those_who_keep_the_catalog_write(role: OrganisationRole) -> None:
    with pytest.raises(NotAllowed):
        make_own_threat(make_user("somebody", role))


def test_the_form_makes_a_rule_and_shows_it_again(officer: User, client_of: Callable[[User], Client]) -> None:
    client = client_of(officer)
    typed = {
        "title": "Hosted away",
        "parent_key": "inputthreats",
        "summary": "Somebody else runs it.",
        "rule": "any",
        "answer_1": "run_by=supplier",
        "answer_3": "trained_by=supplier",
        "expected_version": 0,
    }
    answer = client.post(reverse("catalog:add_threat"), typed)
    assert answer.status_code == 302
    row = OwnThreat.objects.get()
    assert row.applicable_when == {
        "any": [{"question": "run_by", "is": "supplier"}, {"question": "trained_by", "has": "supplier"}]
    }
    form = client.get(reverse("catalog:own_threat", args=[row.key])).context["form"]
    assert (form["rule"].value(), form["answer_2"].value()) == ("any", "trained_by=supplier")


def test_a_refused_form_keeps_what_was_typed(officer: User, client_of: Callable[[User], Client]) -> None:
    answer = client_of(officer).post(
        reverse("catalog:add_threat"), {"title": "Kept title", "summary": "Kept summary.", "rule": "all"}
    )
    assert answer.status_code == 422
    assert "Choose at least one answer" in text_of(answer)
    assert "Kept title" in answer.content.decode()
    assert "Kept summary." in answer.content.decode()


def test_a_stale_form_shows_both_versions(officer: User, client_of: Callable[[User], Client]) -> None:
    row = make_own_control()
    typed = {
        "name": "Mine",
        "parent_key": "limitunwanted",
        "purpose": "Look at plugins.",
        "effort": "low",
        "threats": ["evasion"],
        "expected_version": 1,
    }
    values = {"parent_key": "limitunwanted", "purpose": "Look at plugins.", "effort": "low"}
    change_control(row.pk, actor=SYSTEM, expected_version=1, threats=[], name="Theirs", **values)
    answer = client_of(officer).post(reverse("catalog:own_control", args=[row.key]), typed)
    assert answer.status_code == 422
    assert answer.context["lines"] == [("Name", "Theirs", "Mine"), ("Threats it works against", "", "2.1 Evasion")]
    assert "Save over theirs" in text_of(answer)
    assert 'value="Mine"' in answer.content.decode()


def test_the_form_of_a_threat_loses_nothing_that_a_threat_can_have(
    officer: User, client_of: Callable[[User], Client]
) -> None:
    row = make_own_threat(
        how="By mail.",
        hurts="Trust.",
        impacts=["model_behaviour_integrity"],
        other_names=["Plugin abuse", "Tool abuse"],
        variants=[{"title": "Sleeper", "text": "It waits: for months."}],
        in_rag="In the store.",
        in_agents="In the tools.",
        fits=dict.fromkeys(ModelType.values, "no") | {"agentic": "yes"},
        assets_hurt=["training_data"],
        assets_attacked=["model"],
        controls=["oversight"],
    )
    client, address = client_of(officer), reverse("catalog:own_threat", args=[row.key])
    typed = posted(client.get(address).context["form"])
    assert client.post(address, typed).status_code == 302
    row.refresh_from_db()
    assert row.version == 1
    assert place_of(current().threat(row.key)) is Place.MODEL
    assert client.post(address, typed | {"title": "Rogue tools"}).status_code == 302
    row.refresh_from_db()
    threat = current().threat(row.key)
    assert (row.version, threat.title, threat.variants[0].text) == (2, "Rogue tools", "It waits: for months.")
    page = text_of(client.get(row.get_absolute_url()))
    assert all(words in page for words in ("Plugin abuse", "Sleeper", "In the store.", "In the tools."))


def test_the_form_of_a_control_loses_nothing_that_a_control_can_have(
    officer: User, client_of: Callable[[User], Client]
) -> None:
    row = make_own_control(
        practice="Read them.",
        types=["governance"],
        lifecycle=["runtime"],
        essentials=["limit"],
        effort_reason="It takes a day.",
        evidence=["A list.", "A log."],
        done_by=["own"],
        threats=["evasion"],
    )
    client, address = client_of(officer), reverse("catalog:own_control", args=[row.key])
    typed = posted(client.get(address).context["form"])
    assert client.post(address, typed).status_code == 302
    assert OwnControl.objects.get().version == 1
    assert client.post(address, typed | {"name": "Tool review"}).status_code == 302
    assert current().control(row.key).essentials == ("limit",)


def test_codes_that_the_edition_does_not_have_wait_through_a_save(
    officer: User, client_of: Callable[[User], Client]
) -> None:
    row = make_own_threat(assets_attacked=["model"], impacts=["model_behaviour_integrity"])
    load_edition(small_edition(), actor=SYSTEM)
    put_in_force("2030-01-01", actor=SYSTEM, expected=None)
    client, address = client_of(officer), reverse("catalog:own_threat", args=[row.key])
    assert client.get(row.get_absolute_url()).status_code == 200
    typed = posted(client.get(address).context["form"]) | {"parent_key": "evasion", "how": "By mail."}
    assert client.post(address, typed).status_code == 302
    row.refresh_from_db()
    assert (row.how, row.assets_attacked, row.impacts) == ("By mail.", ["model"], ["model_behaviour_integrity"])


def test_a_link_between_two_own_entries_is_a_change_of_both(officer: User) -> None:
    threat, control = make_own_threat(), make_own_control()
    change_threat(threat.pk, actor=officer, expected_version=1, controls=[control.key], **values_of(threat))
    control.refresh_from_db()
    event = Event.objects.of(control).latest("sequence")
    assert (control.version, event.changes) == (2, {"threats": [[], [threat.key]]})
    values = {"name": "Plugin review", "parent_key": "limitunwanted", "purpose": "Look.", "effort": "low"}
    with pytest.raises(Conflict):
        change_control(control.pk, actor=officer, expected_version=1, threats=[], **values)
    assert links_of(threat, current()) == [control.key]
