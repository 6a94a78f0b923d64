"""The questions of the profile as the catalog has them, and what each decides."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from catalog.facts import ControlFacts, ThreatFacts
from catalog.profile import Point, Question
from catalog.reading import Catalog, current
from catalog.vocabulary import PointContext
from pages.rendering import render_page


@dataclass(frozen=True)
class Asked:
    """A question and the threats whose rule reads its answer."""

    question: Question
    decides: tuple[ThreatFacts, ...]


@dataclass(frozen=True)
class Looked:
    """A point to look into, and the threats and controls it concerns."""

    point: Point
    threats: tuple[ThreatFacts, ...]
    controls: tuple[ControlFacts, ...]


@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """All questions under their headings, and what to look into after the answers."""
    catalog = current()
    groups = [
        (title, [_asked(catalog, each) for each in catalog.rule_set.questions if each.group == key])
        for key, title in catalog.question_groups.items()
    ]
    points = [_looked(catalog, each) for each in catalog.rule_set.attention]
    look_groups = [(each.label, [row for row in points if row.point.context == each]) for each in PointContext]
    context = {"catalog": catalog, "groups": groups, "look_groups": [group for group in look_groups if group[1]]}
    return render_page(request, "catalog/questions.html", context)


def _asked(catalog: Catalog, question: Question) -> Asked:
    rules = (rule for rule in catalog.rule_set.rules if question.key in rule.reads)
    return Asked(question, tuple(catalog.threats[rule.threat] for rule in rules))


def _looked(catalog: Catalog, point: Point) -> Looked:
    return Looked(
        point,
        tuple(catalog.threats[key] for key in point.threats),
        tuple(catalog.controls[key] for key in point.controls),
    )
