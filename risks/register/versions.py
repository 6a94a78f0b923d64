"""A stale save: what is saved now beside what was typed, line by line, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from catalog.reading import Catalog
from pages.templatetags.pages import day
from risks.register.choices import TreatmentOption, TreatmentStatus
from risks.register.measures import control_name
from risks.register.models import Measure, Rating, RiskReview, Treatment
from risks.register.rules import Scale, Step
from risks.register.treatment_rules import DETAILS

NOTHING = "nothing"


@dataclass(frozen=True)
class Line:
    """One field in both versions."""

    label: str
    saved: str
    typed: str


@dataclass(frozen=True)
class Versions:
    """Both versions; `by` and `at` say who saved the other one, where that is known."""

    lines: tuple[Line, ...]
    by: str = ""
    at: datetime | None = None


def versions_of_rating(saved: Rating | None, typed: Mapping[str, Any], scale: Scale) -> Versions:
    def line(label: str, name: str, steps: tuple[Step, ...]) -> Line:
        worst = max(typed["areas"].values(), default=None) if name == "impact" else None
        numbers = (getattr(saved, name, None), typed[name] or worst)
        return Line(label, *(_step(steps, number) for number in numbers))

    lines = (
        line("Likelihood", "likelihood", scale.likelihood),
        line("Impact", "impact", scale.impact),
        Line("Why", saved.reason if saved else NOTHING, typed["reason"]),
    )
    return Versions(lines, saved.rated_by_name, saved.at) if saved else Versions(lines)


def versions_of_treatment(saved: Treatment | None, typed: Mapping[str, Any]) -> Versions:
    if saved is None:
        saved_words = dict.fromkeys(("option", "plan", "owner", "due"), NOTHING)
    else:
        saved_words = {"option": saved.get_option_display(), "plan": saved.plan, "owner": str(saved.owner)}
        saved_words["due"] = day(saved.due)
    lines: tuple[Line, ...] = (
        Line("Option", saved_words["option"], TreatmentOption(typed["option"]).label),
        Line("What exactly", saved_words["plan"], typed["plan"]),
        Line("Owner", saved_words["owner"], str(typed["owner"])),
        Line("Due", saved_words["due"], day(typed["due"])),
    )
    for name, detail in DETAILS.items():
        before, after = getattr(saved, name, ""), typed["details"].get(name, "")
        if before or after:
            lines += (Line(detail.label, before or NOTHING, after or NOTHING),)
    return Versions(lines, saved.set_by_name, saved.at) if saved else Versions(lines)


def versions_of_measure(saved: Measure, typed: Mapping[str, Any], catalog: Catalog) -> Versions:
    return Versions(
        (
            Line("Control", control_name(catalog, saved.control_key), control_name(catalog, typed["control"])),
            Line("What is done", saved.text, typed["text"]),
            Line("Owner", str(saved.owner), str(typed["owner"])),
            Line("Due", day(saved.due), day(typed["due"])),
        )
    )


def versions_of_status(saved: Treatment | Measure | None, typed: Mapping[str, Any]) -> Versions:
    lines = (
        Line("Status", saved.get_status_display() if saved else NOTHING, TreatmentStatus(typed["status"]).label),
        Line("Note", (saved.note if saved else "") or NOTHING, typed["note"] or NOTHING),
    )
    return Versions(lines, saved.set_by_name, saved.at) if isinstance(saved, Treatment) else Versions(lines)


def versions_of_change(saved: Treatment | None, typed: Mapping[str, Any]) -> Versions:
    """Of what one could change: whoever only says how far it is typed neither owner nor due date."""
    owner = saved.owner if saved else None
    lines = [Line("Status", saved.get_status_display() if saved else NOTHING, TreatmentStatus(typed["status"]).label)]
    if "due" in typed:
        lines.append(Line("Owner", str(owner or NOTHING), str(typed["owner"] or owner)))
        lines.append(Line("Due", day(saved.due) if saved else NOTHING, day(typed["due"])))
    lines.append(Line("Note", (saved.note if saved else "") or NOTHING, typed["note"] or NOTHING))
    return Versions(tuple(lines), saved.set_by_name, saved.at) if saved else Versions(tuple(lines))


def versions_of_review(saved: RiskReview | None, typed: Mapping[str, Any]) -> Versions:
    lines = (Line("Why it stands", (saved.reason if saved else "") or NOTHING, typed["reason"]),)
    return Versions(lines, saved.reviewed_by_name, saved.at) if saved else Versions(lines)


def versions_of_description(saved: str, typed: Mapping[str, Any]) -> Versions:
    return Versions((Line("What it means here", saved or NOTHING, typed["description"] or NOTHING),))


def _step(steps: tuple[Step, ...], number: int | None) -> str:
    return f"{number} {steps[number - 1].word}" if number else NOTHING
