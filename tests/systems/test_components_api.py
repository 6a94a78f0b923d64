"""The API of suppliers and components: lists, writes with preconditions, versions, removal."""

from typing import Any

import pytest

from accounts.models import Team, User
from journal.models import Event
from risks.systems.models import AISystem, Component, Supplier
from risks.systems.services import remove_component
from tests.make import make_component, make_supplier, make_system
from tests.reading import queries_of
from tests.systems.test_systems_api import ApiOf

SUPPLIERS = "/api/v1/suppliers/"


def of(system: AISystem) -> str:
    return f"/api/v1/systems/{system.pk}/components/"


def at(component: Component, rest: str = "") -> str:
    return f"/api/v1/components/{component.pk}/{rest}"


@pytest.fixture
def component(system: AISystem, editor: User) -> Component:
    supplier = make_supplier(contact="Ada")
    return make_component(system, actor=editor, supplier=supplier, hosted_by="supplier", version_label="1")


def test_a_component_reads_as_it_is_written(api_of: ApiOf, system: AISystem, editor: User) -> None:
    supplier = make_supplier()
    body = {
        "name": "Corvus chat",
        "kind": "model",
        "supplier": supplier.pk,
        "hosted_by": "supplier",
        "delivery": "hosted",
        "version_label": "1",
    }
    created = api_of(editor).send("post", of(system), body)
    assert created.status_code == 201
    data = api_of(editor).get(created["Location"]).json()
    assert data == created.json()
    assert data | {"created_at": "", "updated_at": ""} == {
        **body,
        "id": Component.objects.get().pk,
        "system": system.pk,
        "team": system.team_id,
        "supplier_name": "Corvus AI",
        "note": "",
        "removed_at": None,
        "removed_reason": "",
        "version": 1,
        "created_at": "",
        "updated_at": "",
    }


def test_lists_hold_what_the_system_has_or_what_it_has_no_longer(
    api_of: ApiOf, system: AISystem, component: Component, editor: User
) -> None:
    gone = make_component(system, actor=editor, name="Gone")
    remove_component(gone.pk, actor=editor, expected_version=None, reason="Replaced.")
    program = api_of(editor)
    assert [each["name"] for each in program.get(of(system)).json()["results"]] == ["Corvus chat"]
    removed = program.get(f"{of(system)}?removed=yes").json()["results"]
    assert [(each["name"], each["removed_reason"]) for each in removed] == [("Gone", "Replaced.")]
    assert program.get(f"{of(system)}?removed=maybe").status_code == 400


def test_a_patch_changes_what_was_sent_and_nothing_else(api_of: ApiOf, component: Component, editor: User) -> None:
    program = api_of(editor)
    etag = program.get(at(component))["ETag"]
    changed = program.send("patch", at(component), {"note": "The small one."}, if_match=etag)
    assert changed.status_code == 200
    assert (changed.json()["note"], changed.json()["hosted_by"], changed.json()["version"]) == (
        "The small one.",
        "supplier",
        2,
    )
    assert program.send("patch", at(component), {"note": "Late."}, if_match=etag).status_code == 412


def test_every_write_asks_which_version_was_read(api_of: ApiOf, component: Component, editor: User) -> None:
    program, before = api_of(editor), Event.objects.count()
    supplier = f"{SUPPLIERS}{component.supplier_id}/"
    for method, path, body in (
        ("patch", at(component), {"note": "x"}),
        ("post", at(component, "versions/"), {"label": "2"}),
        ("put", at(component, "removal/"), {"reason": "Gone."}),
        ("delete", at(component, "removal/"), None),
        ("patch", supplier, {"contact": "Bo"}),
    ):
        answers = [program.send(method, path, body), program.send(method, path, body, if_match='"v.0"')]
        assert [answer.status_code for answer in answers] == [428, 412], path
    assert Event.objects.count() == before


def test_versions_stand_one_after_the_other(api_of: ApiOf, component: Component, editor: User) -> None:
    program = api_of(editor)
    first = program.get(at(component, "versions/"))
    made = program.send("post", at(component, "versions/"), {"label": "2"}, if_match=first["ETag"])
    assert (made.status_code, made.json()["label"]) == (201, "2")
    found = program.get(at(component, "versions/"))
    assert [(each["label"], each["superseded_at"] is None) for each in found.json()["results"]] == [
        ("1", False),
        ("2", True),
    ]
    assert found["ETag"] == made["ETag"] == program.get(at(component))["ETag"] != first["ETag"]


def test_a_removal_needs_a_reason_and_can_be_taken_back(api_of: ApiOf, component: Component, editor: User) -> None:
    program, path = api_of(editor), at(component, "removal/")
    etag = program.get(at(component))["ETag"]
    assert program.send("put", path, {"reason": " "}, if_match=etag).status_code == 400
    removed = program.send("put", path, {"reason": "Gone."}, if_match=etag)
    assert (removed.status_code, removed.json()["removed_reason"]) == (200, "Gone.")
    back = program.send("delete", path, if_match=removed["ETag"])
    assert (back.status_code, back.json()["removed_at"], back.json()["version"]) == (200, None, 3)
    assert program.delete(at(component)).status_code == 405


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"hosted_by": "supplier"}, "supplier"),
        ({"supplier": 999_999}, "supplier"),
        ({"kind": "tool", "delivery": "hosted"}, "delivery"),
        ({"kind": "brain"}, "kind"),
        ({"name": "C"}, "name"),
        ({"version_label": "v" * 121}, "version_label"),
        ({"removed_reason": "x"}, "removed_reason"),
        ({"new_supplier": "Lumen"}, "new_supplier"),
    ],
)
def test_bad_input_is_told_by_field(
    api_of: ApiOf, system: AISystem, editor: User, values: dict[str, Any], field: str
) -> None:
    answer = api_of(editor).send("post", of(system), {"name": "Corvus chat", "kind": "model", **values})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert not Component.objects.exists()


def test_a_foreign_component_is_as_missing_as_a_made_up_one(
    api_of: ApiOf, component: Component, outsider: User
) -> None:
    program = api_of(outsider)
    for path in (at(component), at(component, "versions/"), "/api/v1/components/999999/"):
        assert program.get(path).status_code == 404


def test_suppliers_are_listed_filtered_and_changed(
    api_of: ApiOf, component: Component, editor: User, outsider: User
) -> None:
    make_supplier(name="Stratus Cloud", kind="cloud")
    program = api_of(outsider)
    assert [each["name"] for each in program.get(SUPPLIERS).json()["results"]] == ["Corvus AI", "Stratus Cloud"]
    assert [each["name"] for each in program.get(f"{SUPPLIERS}?kind=cloud").json()["results"]] == ["Stratus Cloud"]
    assert program.get(f"{SUPPLIERS}?kind=friend").status_code == 400
    path = f"{SUPPLIERS}{component.supplier_id}/"
    changed = program.send("patch", path, {"link": "https://corvus.example"}, if_match=program.get(path)["ETag"])
    assert (changed.status_code, changed.json()["contact"]) == (200, "Ada")
    refused = program.send("patch", path, {"link": "javascript:1"}, if_match=changed["ETag"])
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["link"])
    assert Supplier.objects.get(name="Corvus AI").link == "https://corvus.example"


def test_a_list_of_components_costs_the_same_for_many(
    api_of: ApiOf, system: AISystem, component: Component, team: Team, editor: User
) -> None:
    program = api_of(editor)
    program.get(of(system))  # notes the first use of the token
    few = queries_of(program, of(system))
    for number in range(5):
        make_component(system, actor=editor, name=f"M{number}", version_label="1")
    make_component(make_system(team, actor=editor, name="Other"), actor=editor)
    assert queries_of(program, of(system)) == few
