"""What the page of a dry run shows: the plan in words."""

from collections.abc import Mapping
from dataclasses import dataclass

from catalog.profile import Question, RuleSet
from risks.systems.choices import AiActClass, ComponentKind, Criticality, DataCategory, Stage, SupplierKind
from risks.systems.imports.plan import MOST_REMARKS, Plan, PlannedComponent, Remark, SettledSystem
from risks.systems.results import answer_in_words


@dataclass(frozen=True)
class Told:
    """A list that may be long, as far as it is told."""

    remarks: tuple[Remark, ...]
    more: int
    by_row: bool


@dataclass(frozen=True)
class Shown:
    """A planned system in words: what it says of itself, its answers with their sources, and its components."""

    system: SettledSystem
    facts: list[tuple[str, str]]
    links: list[Mapping[str, str]]
    answers: list[tuple[Question, str, str]]
    components: list[tuple[str, PlannedComponent]]


def told(remarks: tuple[Remark, ...]) -> Told:
    return Told(remarks[:MOST_REMARKS], max(0, len(remarks) - MOST_REMARKS), any(remark.row for remark in remarks))


def shown_system(system: SettledSystem, rule_set: RuleSet) -> Shown:
    said = dict(system.said.fields)
    facts = [
        ("Lifecycle stage", _word(Stage, said.get("stage"))),
        ("Business criticality", _word(Criticality, said.get("criticality"))),
        ("Class by the EU AI Act", _word(AiActClass, said.get("ai_act_class"))),
        ("Why this class", said.get("ai_act_reason", "")),
        ("Data", ", ".join(DataCategory(each).label for each in said.get("data_categories", ()))),
        ("Tags", ", ".join(said.get("tags", ()))),
    ]
    return Shown(
        system=system,
        facts=[(name, value) for name, value in facts if value],
        links=list(said.get("links", ())),
        answers=[
            (question, answer_in_words(question, answer.plain), answer.source)
            for question in rule_set.questions
            for answer in system.said.answers
            if answer.question == question.key
        ],
        components=[(ComponentKind(part.kind).label, part) for part in system.said.components],
    )


def suppliers_in_words(plan: Plan) -> list[tuple[str, str]]:
    return [(supplier.name, SupplierKind(supplier.kind).label) for supplier in plan.new_suppliers]


def counts_in_words(plan: Plan) -> str:
    """ "12 systems, 31 components, 2 new suppliers"."""
    parts = [
        _counted(len(plan.systems), "system"),
        _counted(plan.components, "component"),
        _counted(plan.answers, "answer"),
        _counted(len(plan.new_suppliers), "new supplier"),
    ]
    return ", ".join(parts[:1] + [part for part in parts[1:] if not part.startswith("0 ")])


def errors_in_words(plan: Plan) -> str:
    """ "3 rows have errors", or what else stands in the way; empty when nothing does."""
    if plan.wrong_rows:
        return f"{_counted(plan.wrong_rows, 'row')} {'has' if plan.wrong_rows == 1 else 'have'} errors"
    return f"{_counted(len(plan.errors), 'error')}" if plan.errors else ""


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _word(choices: type[Stage] | type[Criticality] | type[AiActClass], value: str | None) -> str:
    return str(choices(value).label) if value else ""
