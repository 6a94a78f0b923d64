"""The pages of components and suppliers as people get them."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Team, User
from journal.models import Event
from journal.recording import SYSTEM
from risks.systems.models import AISystem, Component, Supplier
from risks.systems.services import change_component, change_supplier, remove_component, set_component_version
from tests.make import make_component, make_supplier, make_system
from tests.reading import queries_of, text_of
from tests.systems.test_pages import ClientOf

MOST_QUERIES = 12


def components_of(system: AISystem) -> str:
    return reverse("systems:components", args=[system.pk])


def adding_to(system: AISystem) -> str:
    return reverse("systems:add_component", args=[system.pk])


def typed(**values: Any) -> dict[str, Any]:
    return {"kind": "model", "name": "Corvus chat", **values}


# Reading


def test_the_tab_tells_what_a_system_is_made_of(client_of: ClientOf, system: AISystem, viewer: User) -> None:
    supplier = make_supplier()
    component = make_component(
        system, supplier=supplier, hosted_by="supplier", delivery="hosted", version_label="1", note="The small one."
    )
    set_component_version(component.pk, actor=SYSTEM, expected_version=None, label="2", note="Faster.")
    page = text_of(client_of(viewer).get(components_of(system)))
    assert "Corvus chat The small one. Model 2 since" in page
    assert "Faster. 1 version before 1 " in page
    assert "Corvus AI Corvus AI Hosted service" in page
    assert "Add a component" not in page
    assert "Remove" not in page


def test_an_empty_tab_says_why_components_matter(client_of: ClientOf, system: AISystem, editor: User) -> None:
    page = text_of(client_of(editor).get(components_of(system)))
    assert "Nobody has said yet what this system is made of." in page
    assert "which threats are yours" in page


def test_a_removed_component_is_folded_away_with_when_and_why(
    client_of: ClientOf, system: AISystem, editor: User
) -> None:
    component = make_component(system, actor=editor)
    remove_component(component.pk, actor=editor, expected_version=None, reason="The contract ended.")
    answer = client_of(editor).get(components_of(system))
    assert answer.context["rows"] == []
    assert "Removed 1" in text_of(answer)
    assert "The contract ended." in text_of(answer)


def test_the_tab_costs_the_same_for_many(client_of: ClientOf, system: AISystem, editor: User) -> None:
    make_component(system, actor=editor, supplier=make_supplier(), version_label="1")
    gone = make_component(system, actor=editor, name="Gone")
    remove_component(gone.pk, actor=editor, expected_version=None, reason="Gone.")
    few = queries_of(client_of(editor), components_of(system))
    for number in range(5):
        make_component(system, actor=editor, name=f"M{number}", supplier=make_supplier(name=f"S{number}"))
    assert queries_of(client_of(editor), components_of(system)) == few <= MOST_QUERIES


def test_the_history_says_what_happened_to_components(client_of: ClientOf, system: AISystem, editor: User) -> None:
    component = make_component(system, actor=editor, delivery="self_run", version_label="1")
    set_component_version(component.pk, actor=editor, expected_version=None, label="2", note="Faster.")
    remove_component(component.pk, actor=editor, expected_version=None, reason="Replaced.")
    page = text_of(client_of(editor).get(reverse("systems:history", args=[system.pk])))
    assert "Editor added the component Corvus chat . kind: Model ;" in page
    assert "delivery: Externally sourced, run by us" in page
    assert "Editor set the version of Corvus chat . version: 1 2 “Faster.”" in page
    assert "Editor removed the component Corvus chat . “Replaced.”" in page


# Writing


def test_registering_leads_to_the_components_and_on_to_the_profile(
    client_of: ClientOf, team: Team, editor: User
) -> None:
    body = {"name": "Mail sorter", "purpose": "Sorts mail.", "team": team.pk, "owner": ""}
    answer = client_of(editor).post(reverse("systems:register"), body)
    system = AISystem.objects.get()
    assert answer["Location"] == components_of(system)
    page = client_of(editor).get(components_of(system))
    assert reverse("systems:profile", args=[system.pk]) in page.content.decode()
    assert "Go on to the profile" in text_of(page)


def test_one_form_adds_a_component_and_its_new_supplier(client_of: ClientOf, system: AISystem, editor: User) -> None:
    body = typed(new_supplier="Corvus AI", new_supplier_kind="model", hosted_by="supplier", version_label="1")
    assert client_of(editor).post(adding_to(system), body)["Location"] == components_of(system)
    component = Component.objects.get()
    assert (component.supplier, component.versions.get().label) == (Supplier.objects.get(name="Corvus AI"), "1")


def test_a_refused_form_saves_no_supplier_and_keeps_what_was_typed(
    client_of: ClientOf, system: AISystem, editor: User
) -> None:
    make_component(system, actor=editor)
    before = Event.objects.count()
    body = typed(new_supplier="Lumen", new_supplier_kind="model", note="Typed with care.")
    answer = client_of(editor).post(adding_to(system), body)
    assert answer.status_code == 422
    assert "This system has a component of this kind and name already." in text_of(answer)
    assert "Typed with care." in text_of(answer)
    assert answer.context["form"]["new_supplier"].value() == "Lumen"
    assert answer.context["form"].names_new_supplier
    assert (Event.objects.count(), Supplier.objects.count()) == (before, 0)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"hosted_by": "supplier"}, "supplier"),
        ({"kind": "tool", "delivery": "hosted"}, "delivery"),
        ({"new_supplier": "Lumen"}, "new_supplier_kind"),
        ({"kind": ""}, "kind"),
        ({"supplier": "999999"}, "supplier"),
    ],
)
def test_bad_input_is_told_at_its_field(
    client_of: ClientOf, system: AISystem, editor: User, values: dict[str, Any], field: str
) -> None:
    answer = client_of(editor).post(adding_to(system), typed(**values))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not Component.objects.exists()


def test_a_stale_change_shows_both_versions_and_then_saves_over(
    client_of: ClientOf, system: AISystem, editor: User, officer: User
) -> None:
    component = make_component(system, actor=editor)
    path = reverse("systems:edit_component", args=[component.pk])
    change_component(
        component.pk,
        actor=officer,
        expected_version=1,
        name="Corvus chat",
        kind="model",
        hosted_by="us",
        note="Theirs.",
    )
    body = typed(note="Mine.", expected_version=1)
    late = client_of(editor).post(path, body)
    assert late.status_code == 409
    assert "Hosted by Us –" in text_of(late)
    assert "Note Theirs. Mine." in text_of(late)
    assert client_of(editor).post(path, body | {"expected_version": 2}).status_code == 302
    component.refresh_from_db()
    assert (component.note, component.hosted_by) == ("Mine.", "")


def test_a_version_is_set_and_a_removal_taken_back_by_forms(
    client_of: ClientOf, system: AISystem, editor: User
) -> None:
    component, browser = make_component(system, actor=editor, version_label="1"), client_of(editor)
    paths = {name: reverse(f"systems:{name}", args=[component.pk]) for name in ("set_version", "remove_component")}
    assert "In use now: 1 , since" in text_of(browser.get(paths["set_version"]))
    assert browser.post(paths["set_version"], {"label": "2", "expected_version": 1}).status_code == 302
    assert component.versions.in_force().get().label == "2"
    refused = browser.post(paths["remove_component"], {"reason": "", "expected_version": 2})
    assert refused.status_code == 422
    assert browser.post(paths["remove_component"], {"reason": "Gone.", "expected_version": 2}).status_code == 302
    assert not system.components.present().exists()
    back = reverse("systems:put_back_component", args=[component.pk])
    assert "is not put back" in text_of(browser.post(back, {"expected_version": 1}, follow=True))
    assert "Corvus chat is back." in text_of(browser.post(back, {"expected_version": 3}, follow=True))
    assert system.components.present().exists()


# Suppliers


def test_counts_of_suppliers_hold_what_the_reader_may_see(
    client_of: ClientOf, system: AISystem, other_team: Team, editor: User, outsider: User, officer: User
) -> None:
    supplier = make_supplier()
    make_component(system, actor=editor, supplier=supplier)
    make_component(system, actor=editor, supplier=supplier, name="Corvus embed")
    gone = make_component(system, actor=editor, supplier=supplier, name="Gone")
    remove_component(gone.pk, actor=editor, expected_version=None, reason="Gone.")
    theirs = make_system(other_team, actor=outsider, name="Payout check")
    make_component(theirs, actor=outsider, supplier=supplier, name="Secret model")
    for person, expected in ((editor, (2, 1)), (outsider, (1, 1)), (officer, (3, 2))):
        listed = client_of(person).get(reverse("suppliers:list")).context["page"].object_list[0]
        assert (listed.components_seen, listed.systems_seen) == expected
    page = text_of(client_of(editor).get(supplier.get_absolute_url()))
    assert "Corvus embed" in page
    assert "Secret model" not in page
    assert "Payout check" not in page
    assert "Gone" not in page


def test_the_list_is_found_through_by_words_and_kind(client_of: ClientOf, editor: User) -> None:
    make_supplier(name="Corvus AI", contact="ada@corvus.example")
    make_supplier(name="Stratus Cloud", kind="cloud")
    for query, names in (("q=ADA", ["Corvus AI"]), ("kind=cloud", ["Stratus Cloud"]), ("q=zzz", [])):
        page = client_of(editor).get(f"{reverse('suppliers:list')}?{query}").context["page"]
        assert [supplier.name for supplier in page] == names


def test_a_stale_supplier_shows_both_versions(client_of: ClientOf, editor: User, officer: User) -> None:
    supplier = make_supplier()
    change_supplier(supplier.pk, actor=officer, expected_version=1, name="Corvus AI", kind="cloud", contact="Theirs")
    body = {"name": "Corvus AI", "kind": "model", "contact": "Mine", "link": "", "expected_version": 1}
    late = client_of(editor).post(reverse("suppliers:edit", args=[supplier.pk]), body)
    assert late.status_code == 409
    assert "What they do for us Cloud or hosting Model provider" in text_of(late)
    assert "Contact Theirs Mine" in text_of(late)
    supplier.refresh_from_db()
    assert supplier.contact == "Theirs"


def test_only_who_reads_all_teams_sees_what_happened_to_a_supplier(
    client_of: ClientOf, editor: User, officer: User
) -> None:
    supplier = make_supplier(actor=officer)
    pages = [text_of(client_of(person).get(supplier.get_absolute_url())) for person in (editor, officer)]
    assert ["What happened" in page for page in pages] == [False, True]


def test_a_viewer_is_offered_no_change(client_of: ClientOf, viewer: User) -> None:
    supplier = make_supplier()
    assert "Add a supplier" not in text_of(client_of(viewer).get(reverse("suppliers:list")))
    assert "Edit" not in text_of(client_of(viewer).get(supplier.get_absolute_url()))
