"""Systems in the rows of a sheet: one column per field and per question of the profile. Pure."""

import csv
import difflib
import io
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import TextChoices

from catalog.profile import Question, RuleSet
from journal.texts import LINE_ENDS, is_readable
from risks.systems.about import CHOICES, LONGEST_TITLE, Link, checked_about
from risks.systems.about import FIELDS as FURTHER
from risks.systems.answers import InvalidAnswersError, asked_questions, shown, validate_answers
from risks.systems.choices import DataCategory
from risks.systems.imports.cells import Cells
from risks.systems.imports.plan import PlannedAnswer, PlannedSystem, Reading, Remark
from risks.systems.wording import one_of

LONGEST = {"name": 120, "team": 120, "purpose": 2_000, "owner_email": 254, "ai_act_reason": 2_000}
ALIASES = {"owner": "owner_email", "owner_e_mail": "owner_email", "ai_act": "ai_act_class", "data": "data_categories"}
FIELDS = ("name", "team", "purpose", "owner_email", *FURTHER)
NEEDED = ("name", "purpose")

EXAMPLE = {
    "name": "Claims assistant",
    "team": "Claims",
    "purpose": "Answers customers about their claim.",
    "owner_email": "kim@example.org",
    "stage": "production",
    "criticality": "high",
    "ai_act_class": "transparency",
    "ai_act_reason": "People talk to it, Art. 50.",
    "data_categories": "personal; financial",
    "tags": "chatbot; claims",
    "links": "Design https://wiki.example.org/claims-assistant",
    "model_types": "genai",
    "trained_by": "supplier",
    "run_by": "supplier",
    "text_output": "yes",
    "augmentation": "rag; system_prompt",
}


class _CellError(ValueError):
    """What is wrong with one cell, as a sentence."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of cells by column, and the problems found in it."""

    number: int
    cells: Mapping[str, str]
    errors: list[Remark]

    def read(self, column: str, reader: Callable[[str], Any], otherwise: Any) -> Any:
        """What the cell says; `otherwise` when it is empty, or wrong, which is noted."""
        cell = self.cells.get(column, "")
        if not cell:
            return otherwise
        try:
            return reader(cell)
        except _CellError as error:
            self.errors.append(Remark(str(error), self.number, column))
            return otherwise


def columns(rule_set: RuleSet) -> tuple[str, ...]:
    """Every column there is, in the order of the template."""
    return (*FIELDS, *(question.key for question in rule_set.questions))


def template(rule_set: RuleSet) -> str:
    """A CSV with all columns and an example in one row."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    names = columns(rule_set)
    writer.writerows([names, [EXAMPLE.get(name, "") for name in names]])
    return buffer.getvalue()


def systems_of(cells: Cells, rule_set: RuleSet, *, format: str) -> Reading:
    """The systems in the rows below the header, and what is wrong with header and rows."""
    if not cells.rows:
        return Reading(format, errors=(Remark("The file is empty. Begin with a row of column names."),))
    header_row, header = cells.rows[0]
    names, errors = _header(header, header_row, columns(rule_set))
    if errors:
        return Reading(format, errors=tuple(errors), notes=cells.notes)
    systems, warnings = [], []
    unread: dict[int | None, set[str]] = {}
    for remark in _named(cells.errors, names):
        errors.append(remark)
        unread.setdefault(remark.row, set()).add(remark.place)
    for number, texts in cells.rows[1:]:
        row = _Row(number, dict(zip(names, texts, strict=False)), errors)
        if len(texts) > len(names):
            errors.append(Remark(f"The row has {len(texts)} cells, the header {len(names)}.", number))
        systems.append(_system(row, rule_set, unread.get(number, set())))
        warnings.extend(_unasked(systems[-1], rule_set))
    if not systems:
        errors.append(Remark("The file has column names, and no row below them."))
    return Reading(format, tuple(systems), tuple(errors), tuple(warnings), cells.notes)


def _header(cells: tuple[str, ...], row: int, known: tuple[str, ...]) -> tuple[list[str], list[Remark]]:
    """The columns by our names, and what is wrong with them."""
    names, errors = [], []
    for place, cell in enumerate(cells, 1):
        plain = re.sub(r"[^a-z0-9]+", "_", cell.casefold()).strip("_")
        name = ALIASES.get(plain, plain)
        where = f"column {place}"
        if not cell:
            errors.append(Remark("This column has no name.", row, where))
        elif name not in known:
            near = difflib.get_close_matches(name, known, 1, 0.6)
            hint = f" Did you mean “{near[0]}”?" if near else " The template has all columns."
            errors.append(Remark(f"There is no column “{shown(cell)}”.{hint}", row, where))
        elif name in names:
            errors.append(Remark(f"The column “{name}” stands twice.", row, where))
        names.append(name)
    for name in NEEDED:
        if name not in names and not errors:
            errors.append(Remark(f"The column “{name}” is missing.", row))
    return names, errors


def _named(errors: Iterable[Remark], names: list[str]) -> list[Remark]:
    """The problems of a workbook's cells, with the column called by its name instead of its letter."""
    found = []
    for remark in errors:
        place = _number(remark.place.removeprefix("column ")) - 1
        found.append(Remark(remark.text, remark.row, names[place] if place < len(names) else remark.place))
    return found


def _number(letters: str) -> int:
    """A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _system(row: _Row, rule_set: RuleSet, unread: set[str]) -> PlannedSystem:
    for name in NEEDED:
        if not row.cells.get(name) and name not in unread:
            row.errors.append(Remark("This is empty. Every system needs it.", row.number, name))
    texts = {name: row.read(name, _text(name), "") for name in LONGEST}
    if 0 < len(texts["name"]) < 2:
        row.errors.append(Remark("A name has at least two letters.", row.number, "name"))
    if texts["owner_email"]:
        row.read("owner_email", _email, "")
    fields: dict[str, Any] = {name: row.read(name, _choice(choices), "") for name, choices in CHOICES.items()}
    fields["ai_act_reason"] = texts["ai_act_reason"]
    fields["data_categories"] = row.read("data_categories", _choices(DataCategory), ())
    fields["tags"] = row.read("tags", _parts, ())
    fields["links"] = row.read("links", _links, ())
    return PlannedSystem(
        name=texts["name"],
        team=texts["team"],
        purpose=texts["purpose"],
        owner=texts["owner_email"],
        row=row.number,
        fields=_checked(fields, row),
        answers=_answers(row, rule_set),
    )


def _checked(fields: Any, row: _Row) -> tuple[tuple[str, Any], ...]:
    """What is said of the further fields, as it will be kept."""
    try:
        kept = checked_about(fields)
    except ValidationError as error:
        for name, sentences in error.message_dict.items():
            row.errors.extend(Remark(sentence, row.number, name) for sentence in sentences)
        return ()
    return tuple((name, kept[name]) for name in FURTHER if kept[name])


def _answers(row: _Row, rule_set: RuleSet) -> tuple[PlannedAnswer, ...]:
    found = {q.key: row.read(q.key, _answer(q), None) for q in rule_set.questions}
    given = {key: answer for key, answer in found.items() if answer is not None}
    try:
        valid = validate_answers(rule_set, given)
    except InvalidAnswersError as error:
        row.errors.extend(Remark(sentence, row.number, key) for key, sentence in error.errors.items())
        return ()
    return tuple(PlannedAnswer(key, tuple(v) if isinstance(v, list) else v) for key, v in valid.items())


def _unasked(system: PlannedSystem, rule_set: RuleSet) -> list[Remark]:
    asked = {question.key for question in asked_questions(rule_set, system.profile)}
    text = "The other answers make this question pointless. The answer is kept and counts for nothing."
    return [Remark(text, system.row, a.question) for a in system.answers if a.question not in asked]


def _text(name: str) -> Callable[[str], str]:
    def read(cell: str) -> str:
        if len(cell) > LONGEST[name]:
            raise _CellError(f"Keep this within {LONGEST[name]:,} characters; it has {len(cell):,}.")
        if not is_readable(cell, kept=LINE_ENDS if name in ("purpose", "ai_act_reason") else frozenset()):
            raise _CellError("This holds a line break or another sign that cannot be kept here.")
        return cell

    return read


def _email(cell: str) -> str:
    try:
        validate_email(cell)
    except ValidationError:
        raise _CellError(f"“{shown(cell)}” is no e-mail address.") from None
    return cell


def _choice(choices: Any) -> Callable[[str], str]:
    words = {str(word).casefold(): value for value, label in choices.choices for word in (value, label)}

    def read(cell: str) -> str:
        if cell.casefold() not in words:
            raise _CellError(f"“{shown(cell)}” is none of {one_of(choices.values)}.")
        return str(words[cell.casefold()])

    return read


def _choices(choices: type[TextChoices]) -> Callable[[str], tuple[str, ...]]:
    def read(cell: str) -> tuple[str, ...]:
        found = {_choice(choices)(part) for part in _parts(cell)}
        return tuple(value for value in choices.values if value in found)

    return read


def _answer(question: Question) -> Callable[[str], Any]:
    """Values by their key or by their words, several parted by semicolons."""
    values = {*question.values, *question.labels}
    words = {value.casefold(): value for value in values}
    words |= {question.labels[value].casefold(): value for value in question.labels}

    def one(word: str) -> str:
        if word.casefold() not in words:
            raise _CellError(f"“{shown(word)}” is none of {one_of(question.values)}.")
        return words[word.casefold()]

    def read(cell: str) -> Any:
        if question.kind != "many":
            return one(cell)
        return [] if cell.casefold() == "unknown" else [one(part) for part in _parts(cell)]

    return read


def _links(cell: str) -> list[Link]:
    """ "Title https://…", several parted by semicolons. A link without a title is called by its address."""
    links: list[Link] = []
    for part in _parts(cell):
        title, _, url = part.rpartition(" ")
        links.append({"title": title.strip() or url[:LONGEST_TITLE], "url": url})
    return links


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]
