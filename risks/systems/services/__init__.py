"""The verbs of the inventory: the only writers of suppliers, systems, components and profiles."""

from risks.systems.services.components import (
    COMPONENT_ADDED,
    COMPONENT_CHANGED,
    COMPONENT_PUT_BACK,
    COMPONENT_REMOVED,
    LONGEST_LABEL,
    LONGEST_NOTE,
    LONGEST_REASON,
    NO_SUCH_SUPPLIER,
    VERSION_SET,
    add_component,
    change_component,
    put_back_component,
    remove_component,
    set_component_version,
)
from risks.systems.services.profiles import ANSWERED, answer_profile
from risks.systems.services.suppliers import SUPPLIER_ADDED, SUPPLIER_CHANGED, add_supplier, change_supplier
from risks.systems.services.systems import (
    CHANGED,
    LONGEST_PURPOSE,
    NO_SUCH_TEAM,
    REGISTERED,
    change_system,
    register_system,
)

__all__ = [
    "ANSWERED",
    "CHANGED",
    "COMPONENT_ADDED",
    "COMPONENT_CHANGED",
    "COMPONENT_PUT_BACK",
    "COMPONENT_REMOVED",
    "LONGEST_LABEL",
    "LONGEST_NOTE",
    "LONGEST_PURPOSE",
    "LONGEST_REASON",
    "NO_SUCH_SUPPLIER",
    "NO_SUCH_TEAM",
    "REGISTERED",
    "SUPPLIER_ADDED",
    "SUPPLIER_CHANGED",
    "VERSION_SET",
    "add_component",
    "add_supplier",
    "answer_profile",
    "change_component",
    "change_supplier",
    "change_system",
    "put_back_component",
    "register_system",
    "remove_component",
    "set_component_version",
]
