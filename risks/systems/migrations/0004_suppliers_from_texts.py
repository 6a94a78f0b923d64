"""A system's supplier was a text. It becomes a row of its own, with a model that this supplier builds or hosts."""

from typing import Any

from django.db import migrations

ADD = """
ALTER TABLE systems_component ADD CONSTRAINT systems_component_same_team FOREIGN KEY (team_id, system_id)
    REFERENCES systems_aisystem (team_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE systems_componentversion ADD CONSTRAINT systems_componentversion_same_team
    FOREIGN KEY (team_id, component_id) REFERENCES systems_component (team_id, id) DEFERRABLE INITIALLY DEFERRED;
"""
DROP = """
ALTER TABLE systems_componentversion DROP CONSTRAINT systems_componentversion_same_team;
ALTER TABLE systems_component DROP CONSTRAINT systems_component_same_team;
"""


def to_rows(apps: Any, schema_editor: Any) -> None:
    """One supplier per name, whatever its case; what it does for us was never said, so its kind is "other"."""
    systems, supplier_rows, components = (
        apps.get_model("systems", name).objects.using(schema_editor.connection.alias)
        for name in ("AISystem", "Supplier", "Component")
    )
    suppliers: dict[str, Any] = {}
    for system in systems.exclude(supplier="").order_by("pk"):
        name = system.supplier.strip()
        supplier = suppliers.get(name.lower())
        if supplier is None:
            supplier = suppliers[name.lower()] = supplier_rows.create(name=name, kind="other")
        components.create(team_id=system.team_id, system=system, name="Model", kind="model", supplier=supplier)


def to_texts(apps: Any, schema_editor: Any) -> None:
    """The names of a system's suppliers as one text again."""
    components = apps.get_model("systems", "Component").objects.using(schema_editor.connection.alias)
    for component in components.filter(removed_at=None, supplier__isnull=False).order_by("pk"):
        system = component.system
        names = [name for name in system.supplier.split(", ") if name]
        if component.supplier.name not in names:
            system.supplier = ", ".join([*names, component.supplier.name])[:120]
            system.save(update_fields=["supplier"])


class Migration(migrations.Migration):
    dependencies = [("systems", "0003_inventory")]
    # The keys come first: a table with rows whose deferred checks still wait cannot be altered.
    operations = [migrations.RunSQL(ADD, DROP), migrations.RunPython(to_rows, to_texts)]
