"""What is sent to write components and suppliers, and the versions that were read of them."""

from typing import Any

from django.urls import reverse

from tests.whole.world import World


def a_supplier(world: World) -> dict[str, Any]:
    return {"name": "Stratus Cloud", "kind": "cloud", "contact": "trust@stratus.example", "link": ""}


def other_contact(world: World) -> dict[str, Any]:
    return {"name": "Corvus AI", "kind": "model", "contact": "Ada", "link": "", "expected_version": 1}


def a_component(world: World) -> dict[str, Any]:
    return {
        "name": "Policy texts",
        "kind": "data_set",
        "supplier": world.ids["supplier"],
        "hosted_by": "us",
        "note": "Renewed each week.",
        "version_label": "2026-11",
    }


def a_note(world: World) -> dict[str, Any]:
    return {
        "name": "Corvus chat",
        "kind": "model",
        "supplier": world.ids["supplier"],
        "hosted_by": "supplier",
        "delivery": "hosted",
        "note": "The small one.",
        "expected_version": 1,
    }


def a_version(world: World) -> dict[str, Any]:
    return {"label": "2", "note": "Reads letters.", "expected_version": 1}


def a_removal(world: World) -> dict[str, Any]:
    return {"reason": "The contract ended.", "expected_version": 1}


def component_etag(world: World) -> str:
    answer = world.programs["admin"].get(reverse("api:component", kwargs={"pk": world.ids["component"]}))
    return str(answer["ETag"])


def removed_etag(world: World) -> str:
    answer = world.programs["admin"].get(reverse("api:component", kwargs={"pk": world.ids["removed"]}))
    return str(answer["ETag"])


def supplier_etag(world: World) -> str:
    answer = world.programs["admin"].get(reverse("api:supplier", kwargs={"pk": world.ids["supplier"]}))
    return str(answer["ETag"])
