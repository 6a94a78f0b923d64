"""Suppliers: one list for the organisation, kept by everyone who edits a team."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from journal.errors import Conflict, NotAllowed
from journal.models import Event
from risks.systems.models import Supplier
from risks.systems.services import add_supplier, change_supplier
from tests.make import make_supplier, make_user


def change(supplier: Supplier, *, actor: User, **values: Any) -> Supplier:
    said = {name: getattr(supplier, name) for name in ("name", "kind", "contact", "link")}
    return change_supplier(supplier.pk, actor=actor, expected_version=supplier.version, **{**said, **values})


def refused(**values: Any) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as refusal:
        make_supplier(**values)
    return refusal.value.message_dict


def test_an_editor_adds_a_supplier_and_one_event_says_so(editor: User) -> None:
    supplier = add_supplier(
        actor=editor, name=" Corvus   AI ", kind="model", contact="trust@corvus.example", link="https://corvus.example"
    )
    supplier.refresh_from_db()
    assert (supplier.name, supplier.contact, supplier.version) == ("Corvus AI", "trust@corvus.example", 1)
    event = Event.objects.of(supplier).get()
    assert (event.verb, event.actor_name, event.team_id) == ("supplier.added", "Editor", None)
    assert event.changes == {
        "name": [None, "Corvus AI"],
        "kind": [None, "model"],
        "contact": [None, "trust@corvus.example"],
        "link": [None, "https://corvus.example"],
    }


def test_a_change_steps_the_version_and_records_what_differs(editor: User) -> None:
    supplier = make_supplier()
    assert change(supplier, actor=editor, contact="Ada").version == 2
    event = Event.objects.of(supplier).first()
    assert (event.verb, event.changes) == ("supplier.changed", {"contact": ["", "Ada"]})


def test_a_change_that_changes_nothing_leaves_no_event(editor: User) -> None:
    supplier = make_supplier()
    assert change(supplier, actor=editor).version == 1
    assert Event.objects.of(supplier).count() == 1


def test_a_stale_change_is_refused_with_the_row_as_it_is_now(editor: User, officer: User) -> None:
    supplier = make_supplier()
    change(supplier, actor=officer, contact="Ada")
    with pytest.raises(Conflict) as conflict:
        change(supplier, actor=editor, contact="Bo")
    assert conflict.value.current.contact == "Ada"


@pytest.mark.parametrize("who", ["viewer", "owner", "auditor"])
def test_who_edits_no_team_may_neither_add_nor_change(who: str, request: pytest.FixtureRequest) -> None:
    person: User = request.getfixturevalue(who)
    supplier = make_supplier()
    with pytest.raises(NotAllowed):
        make_supplier(actor=person, name="Other")
    with pytest.raises(NotAllowed):
        change(supplier, actor=person, contact="Ada")
    supplier.refresh_from_db()
    assert (supplier.contact, Supplier.objects.count()) == ("", 1)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": "C"}, "name"),
        ({"name": ""}, "name"),
        ({"name": "C" * 121}, "name"),
        ({"name": "Cor\x00vus"}, "name"),
        ({"kind": "friend"}, "kind"),
        ({"contact": "A" * 201}, "contact"),
        ({"contact": "Ada\x07"}, "contact"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"link": "ftp://corvus.example"}, "link"),
        ({"link": "corvus"}, "link"),
    ],
)
def test_what_a_supplier_may_not_be(db: None, values: dict[str, Any], field: str) -> None:
    assert list(refused(**values)) == [field]
    assert not Supplier.objects.exists()
    assert not Event.objects.filter(verb="supplier.added").exists()


def test_a_supplier_stands_on_the_list_once_whatever_the_case(db: None) -> None:
    make_supplier(name="Corvus AI")
    assert "There is a supplier of this name already." in str(refused(name="corvus ai"))


def test_everyone_in_a_team_sees_the_list_and_nobody_else(viewer: User, outsider: User, auditor: User) -> None:
    make_supplier()
    stranger = make_user("stranger")
    seen = [Supplier.objects.visible_to(person).count() for person in (viewer, outsider, auditor, stranger)]
    assert seen == [1, 1, 1, 0]
