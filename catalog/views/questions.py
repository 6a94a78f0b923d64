"""The questions of the profile as the catalog has them, and what each decides."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from catalog.facts import ThreatFacts
from catalog.profile import Question
from catalog.reading import Catalog, current
from pages.rendering import render_page


@dataclass(frozen=True)
class Asked:
    """A question and the threats whose rule reads its answer."""

    question: Question
    decides: tuple[ThreatFacts, ...]


@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """All questions under their headings."""
    catalog = current()
    groups = [
        (title, [_asked(catalog, each) for each in catalog.rule_set.questions if each.group == key])
        for key, title in catalog.question_groups.items()
    ]
    return render_page(request, "catalog/questions.html", {"catalog": catalog, "groups": groups})


def _asked(catalog: Catalog, question: Question) -> Asked:
    rules = (rule for rule in catalog.rule_set.rules if question.key in rule.reads)
    return Asked(question, tuple(catalog.threats[rule.threat] for rule in rules))
