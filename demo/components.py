"""What the systems of the demo organisation are made of, by the key of the system, and who supplies it."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class DemoComponent:
    """A component: `versions` from the first to the one in use, `news` what is different in the last.

    `supplier` is a name in SUPPLIERS, `removed` the reason why the system no longer has it.
    """

    kind: str
    name: str
    supplier: str = ""
    hosted_by: str = ""
    delivery: str = ""
    versions: tuple[str, ...] = ()
    news: str = ""
    note: str = ""
    removed: str = ""


SUPPLIERS: tuple[dict[str, str], ...] = (
    {
        "name": "Corvus AI",
        "kind": "model",
        "contact": "Ada Lindqvist, trust@corvus.example",
        "link": "https://corvus.example/trust",
    },
    {"name": "Lumen Vision", "kind": "model", "contact": "security@lumen.example", "link": "https://lumen.example"},
    {"name": "Halden Open Models", "kind": "model", "link": "https://halden.example/models"},
    {"name": "Stratus Cloud", "kind": "cloud", "contact": "Account team", "link": "https://stratus.example/security"},
    {"name": "Folio Systems", "kind": "software", "contact": "Pim de Graaf, pim@folio.example"},
    {"name": "Parla Speech", "kind": "software", "contact": "support@parla.example", "link": "https://parla.example"},
    {"name": "Babelfield", "kind": "software", "link": "https://babelfield.example/security"},
    {"name": "Meridian Talent", "kind": "software", "contact": "privacy@meridian.example"},
    {"name": "Quill Notes", "kind": "software"},
    {"name": "Nordwind Data", "kind": "data", "contact": "data@nordwind.example", "link": "https://nordwind.example"},
)

SERVICE: dict[str, Any] = {"hosted_by": "supplier", "delivery": "hosted"}
OURS: dict[str, Any] = {"hosted_by": "us", "delivery": "trained"}

COMPONENTS: dict[str, tuple[DemoComponent, ...]] = {
    "assistant": (
        DemoComponent(
            "model",
            "Corvus chat",
            "Corvus AI",
            versions=("3.1", "3.2"),
            news="Follows long instructions better. Refuses less.",
            **SERVICE,
        ),
        DemoComponent("application", "Claims desk", hosted_by="us", versions=("24.9",)),
        DemoComponent("infrastructure", "Container platform", "Stratus Cloud", hosted_by="supplier"),
        DemoComponent(
            "data_store",
            "Retrieval store",
            "Stratus Cloud",
            hosted_by="supplier",
            note="Claim files and policy texts, renewed each night.",
        ),
        DemoComponent("tool", "Letters and bookings", hosted_by="us", versions=("2.0",)),
        DemoComponent(
            "data_store",
            "Test corpus",
            hosted_by="us",
            removed="Replaced by the retrieval store when the trial ended.",
        ),
    ),
    "damage": (
        DemoComponent(
            "model",
            "Damage estimator",
            "Lumen Vision",
            versions=("2026-03", "2026-09"),
            news="Tuned again on the claims of the summer.",
            note="Lumen's base model, tuned by us on 210 000 photos of claims.",
            **OURS,
        ),
        DemoComponent("data_set", "Photos of claims", hosted_by="us", versions=("2026-08",)),
        DemoComponent("infrastructure", "GPU pool", "Stratus Cloud", hosted_by="supplier"),
    ),
    "extraction": (
        DemoComponent("model", "Folio Reader", "Folio Systems", versions=("7",), **SERVICE),
        DemoComponent("application", "Claim file", hosted_by="us"),
    ),
    "calls": (DemoComponent("model", "Parla Transcribe", "Parla Speech", versions=("2026-05",), **SERVICE),),
    "translation": (DemoComponent("model", "Babelfield Letters", "Babelfield", **SERVICE),),
    "search": (
        DemoComponent(
            "model", "Halden 12B", "Halden Open Models", hosted_by="us", delivery="self_run", versions=("1.4",)
        ),
        DemoComponent("data_store", "Document store", hosted_by="us", note="Policy texts and work instructions."),
    ),
    "fraud": (
        DemoComponent(
            "model",
            "Fraud classifier",
            versions=("41", "42"),
            news="Trained with the payouts of October.",
            **OURS,
        ),
        DemoComponent("data_set", "Labelled payouts", hosted_by="us", versions=("2026-10",)),
        DemoComponent("application", "Payment gate", hosted_by="us"),
    ),
    "score": (
        DemoComponent("model", "Life score", versions=("8",), **OURS),
        DemoComponent("data_set", "Applications since 2015", hosted_by="us"),
    ),
    "forecast": (
        DemoComponent("model", "Storm model", versions=("2026.2",), **OURS),
        DemoComponent("data_set", "Weather by region", "Nordwind Data", hosted_by="us", versions=("2026-Q3",)),
    ),
    "cvs": (DemoComponent("model", "Meridian Match", "Meridian Talent", **SERVICE),),
    "notes": (DemoComponent("model", "Quill", "Quill Notes", note="On trial until the end of the year.", **SERVICE),),
    "code": (
        DemoComponent("model", "Corvus code", "Corvus AI", versions=("3.2",), **SERVICE),
        DemoComponent("tool", "Build sandbox", hosted_by="us"),
        DemoComponent("tool", "Repository access", hosted_by="us", note="Opens merge requests, never merges."),
    ),
}
