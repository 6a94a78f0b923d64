"""The writers of components: what they save, what they leave behind, whom and what they refuse."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from journal.errors import Conflict, NotAllowed
from journal.models import Event
from risks.systems.models import AISystem, Component, ComponentVersion, Supplier
from risks.systems.services import (
    add_component,
    change_component,
    put_back_component,
    remove_component,
    set_component_version,
)
from tests.make import make_component, make_supplier, make_system


def change(component: Component, *, actor: User, **values: Any) -> Component:
    names = ("name", "kind", "supplier_id", "hosted_by", "delivery", "note")
    said = {name: getattr(component, name) for name in names}
    return change_component(component.pk, actor=actor, expected_version=component.version, **{**said, **values})


def last_event(system: AISystem) -> Event:
    event: Event = Event.objects.of(system).first()
    return event


def refused(write: Callable[[], Any]) -> dict[str, list[str]]:
    """The complaints by field; nothing may have been written."""
    before = (Event.objects.count(), Component.objects.count(), Supplier.objects.count())
    with pytest.raises(ValidationError) as refusal:
        write()
    assert (Event.objects.count(), Component.objects.count(), Supplier.objects.count()) == before
    return refusal.value.message_dict


# Adding


def test_an_editor_adds_a_component_and_the_system_history_says_so(system: AISystem, editor: User) -> None:
    supplier = make_supplier()
    component = add_component(
        system.pk,
        actor=editor,
        name=" Corvus chat ",
        kind="model",
        supplier_id=supplier.pk,
        hosted_by="supplier",
        delivery="hosted",
        version_label="2026-05",
        note="Answers in six languages.",
    )
    component.refresh_from_db()
    assert (component.name, component.team_id, component.supplier) == ("Corvus chat", system.team_id, supplier)
    assert [(v.label, v.set_by_name, v.superseded_at) for v in component.versions.all()] == [
        ("2026-05", "Editor", None)
    ]
    event = last_event(system)
    assert (event.verb, event.object_label, event.team_id) == ("component.added", str(system), system.team_id)
    assert event.changes == {
        "component": [None, "Corvus chat"],
        "kind": [None, "model"],
        "supplier": [None, "Corvus AI"],
        "hosted_by": [None, "supplier"],
        "delivery": [None, "hosted"],
        "version": [None, "2026-05"],
        "note": [None, "Answers in six languages."],
    }


def test_a_name_and_a_kind_are_enough(system: AISystem, editor: User) -> None:
    component = make_component(system, actor=editor)
    assert (component.supplier, component.hosted_by, component.delivery) == (None, "", "")
    assert not component.versions.exists()


def test_a_new_supplier_is_named_on_the_spot(system: AISystem, editor: User) -> None:
    component = make_component(system, actor=editor, new_supplier="Corvus AI", new_supplier_kind="model")
    assert component.supplier == Supplier.objects.get(name="Corvus AI")
    verbs = [event.verb for event in Event.objects.order_by("-sequence")[:2]]
    assert verbs == ["component.added", "supplier.added"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": "C"}, "name"),
        ({"name": "C" * 121}, "name"),
        ({"name": "Cor\x00vus"}, "name"),
        ({"kind": "brain"}, "kind"),
        ({"hosted_by": "them"}, "hosted_by"),
        ({"hosted_by": "supplier"}, "supplier"),
        ({"supplier_id": 999_999}, "supplier"),
        ({"kind": "tool", "delivery": "hosted"}, "delivery"),
        ({"kind": "data_set", "delivery": "trained"}, "delivery"),
        ({"delivery": "post"}, "delivery"),
        ({"note": "n" * 2_001}, "note"),
        ({"note": "bell\x07"}, "note"),
        ({"version_label": "v" * 121}, "version_label"),
        ({"new_supplier": "Corvus AI"}, "new_supplier_kind"),
        ({"new_supplier": "C", "new_supplier_kind": "model"}, "new_supplier"),
        ({"new_supplier": "Listed", "new_supplier_kind": "model"}, "new_supplier"),
        ({"new_supplier": "Corvus AI", "new_supplier_kind": "friend"}, "new_supplier_kind"),
    ],
)
def test_what_a_component_may_not_be(system: AISystem, editor: User, values: dict[str, Any], field: str) -> None:
    make_supplier(name="Listed")
    assert list(refused(lambda: make_component(system, actor=editor, **values))) == [field]


def test_a_supplier_of_the_list_and_a_new_one_are_one_too_many(system: AISystem, editor: User) -> None:
    listed = make_supplier()
    new = {"new_supplier": "Lumen", "new_supplier_kind": "model"}
    complaints = refused(lambda: make_component(system, actor=editor, supplier=listed, **new))
    assert complaints == {"new_supplier": ["Choose a supplier from the list or name a new one, not both."]}


def test_one_name_per_kind_and_system(system: AISystem, editor: User) -> None:
    make_component(system, actor=editor)
    assert "has a component of this kind and name" in str(refused(lambda: make_component(system, actor=editor)))
    make_component(system, actor=editor, kind="data_set")
    make_component(make_system(system.team, actor=editor, name="Other"), actor=editor)


# Changing


def test_a_change_steps_the_version_and_names_the_component(system: AISystem, editor: User) -> None:
    component = make_component(system, actor=editor)
    assert change(component, actor=editor, name="Corvus chat 2", hosted_by="us").version == 2
    assert last_event(system).changes == {
        "component": ["Corvus chat", "Corvus chat 2"],
        "name": ["Corvus chat", "Corvus chat 2"],
        "hosted_by": ["", "us"],
    }


def test_a_change_that_changes_nothing_leaves_no_event(system: AISystem, editor: User) -> None:
    component = make_component(system, actor=editor)
    before = Event.objects.count()
    assert change(component, actor=editor).version == 1
    assert Event.objects.count() == before


def test_a_stale_change_is_refused_with_the_row_as_it_is_now(system: AISystem, editor: User, officer: User) -> None:
    component = make_component(system, actor=editor)
    change(component, actor=officer, note="Theirs.")
    for write in (
        lambda: change(component, actor=editor, note="Mine."),
        lambda: set_component_version(component.pk, actor=editor, expected_version=1, label="2"),
        lambda: remove_component(component.pk, actor=editor, expected_version=1, reason="Gone."),
        lambda: put_back_component(component.pk, actor=editor, expected_version=1),
    ):
        with pytest.raises(Conflict) as conflict:
            write()
        assert conflict.value.current.note == "Theirs."


# Versions


def test_a_new_version_supersedes_the_one_before_at_the_same_moment(system: AISystem, editor: User) -> None:
    component = make_component(system, actor=editor, version_label="1")
    set_component_version(component.pk, actor=editor, expected_version=1, label="2", note="Knows letters.")
    new, old = component.versions.all()
    assert (new.label, new.note, new.superseded_at) == ("2", "Knows letters.", None)
    assert (old.label, old.superseded_at) == ("1", new.at)
    component.refresh_from_db()
    assert component.version == 2
    event = last_event(system)
    assert (event.verb, event.reason) == ("componentversion.set", "Knows letters.")
    assert event.changes == {"component": ["Corvus chat", "Corvus chat"], "version": ["1", "2"]}


def test_the_same_version_again_changes_nothing(system: AISystem, editor: User) -> None:
    component = make_component(system, actor=editor, version_label="1")
    before = Event.objects.count()
    set_component_version(component.pk, actor=editor, expected_version=1, label=" 1 ")
    assert (Event.objects.count(), ComponentVersion.objects.count()) == (before, 1)


@pytest.mark.parametrize("label", ["", "  ", "v" * 121, "a\x00b"])
def test_a_version_needs_a_label_that_can_be_read(system: AISystem, editor: User, label: str) -> None:
    component = make_component(system, actor=editor, version_label="1")
    complaints = refused(lambda: set_component_version(component.pk, actor=editor, expected_version=None, label=label))
    assert list(complaints) == ["label"]
    assert component.versions.in_force().get().label == "1"


# Removing


def test_a_removed_component_keeps_its_row_with_the_reason(system: AISystem, editor: User) -> None:
    component = make_component(system, actor=editor)
    remove_component(component.pk, actor=editor, expected_version=1, reason=" Contract ended. ")
    component.refresh_from_db()
    assert component.removed_at is not None
    assert (component.removed_reason, component.version) == ("Contract ended.", 2)
    assert not system.components.present().exists()
    event = last_event(system)
    assert (event.verb, event.reason) == ("component.removed", "Contract ended.")
    assert event.changes["component"] == ["Corvus chat", None]


def test_removing_asks_why(system: AISystem, editor: User) -> None:
    component = make_component(system, actor=editor)
    complaints = refused(lambda: remove_component(component.pk, actor=editor, expected_version=1, reason=" "))
    assert complaints == {"reason": ["Say why the system no longer has it."]}


def test_a_removed_component_is_put_back_and_asks_to_be_before_it_changes(system: AISystem, editor: User) -> None:
    component = remove_component(
        make_component(system, actor=editor).pk, actor=editor, expected_version=1, reason="Gone."
    )
    with pytest.raises(ValidationError, match="Put it back first"):
        change(component, actor=editor, note="x")
    back = put_back_component(component.pk, actor=editor, expected_version=2)
    assert (back.removed_at, back.removed_reason, back.version) == (None, "", 3)
    assert last_event(system).verb == "component.put_back"


def test_one_that_was_replaced_cannot_be_put_back_beside_its_namesake(system: AISystem, editor: User) -> None:
    old = make_component(system, actor=editor)
    remove_component(old.pk, actor=editor, expected_version=1, reason="Gone.")
    make_component(system, actor=editor)
    with pytest.raises(ValidationError, match="has a component of this kind and name already"):
        put_back_component(old.pk, actor=editor, expected_version=None)


def test_removing_twice_is_removing_once(system: AISystem, editor: User) -> None:
    component = make_component(system, actor=editor)
    for _ in range(2):
        remove_component(component.pk, actor=editor, expected_version=None, reason="Gone.")
    assert [event.verb for event in Event.objects.of(system)].count("component.removed") == 1


# Rights


@pytest.mark.parametrize("who", ["viewer", "owner", "auditor", "outsider"])
def test_only_editors_of_the_team_write_components(
    system: AISystem, editor: User, who: str, request: pytest.FixtureRequest
) -> None:
    person: User = request.getfixturevalue(who)
    component = make_component(system, actor=editor)
    before = Event.objects.count()
    for write in (
        lambda: make_component(system, actor=person, name="Other"),
        lambda: change(component, actor=person, note="x"),
        lambda: set_component_version(component.pk, actor=person, expected_version=None, label="2"),
        lambda: remove_component(component.pk, actor=person, expected_version=None, reason="Gone."),
        lambda: put_back_component(component.pk, actor=person, expected_version=None),
    ):
        with pytest.raises(NotAllowed):
            write()
    assert Event.objects.count() == before
