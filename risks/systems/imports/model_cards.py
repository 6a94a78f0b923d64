"""What a model card in a BOM says about the profile, the data sets and the limits of a model. Pure.

An answer follows only where a field says it outright; a card that is silent on something leaves it unknown.
"""

from collections.abc import Iterator, Mapping

from risks.systems.answers import shown
from risks.systems.imports.bom import Entry, object_in, objects_in, text_in, texts_in
from risks.systems.imports.plan import PlannedAnswer, Remark

LONGEST_NOTE = 1_000  # characters; considerations that are longer stay in the BOM
TEXT_FORMATS = ("text", "string", "str")
NOTHING = ("", "none", "no", "n/a", "not applicable")

CONSIDERATIONS = (
    ("users", "Users"),
    ("useCases", "Use cases"),
    ("technicalLimitations", "Limitations"),
    ("performanceTradeoffs", "Trade-offs"),
)

type Placed = tuple[str, Entry]
type Numbered = tuple[int, Entry]


def answers_of(entries: list[Placed], data: Mapping[str, list[Numbered]]) -> tuple[PlannedAnswer, ...]:
    """The answers that follow from the cards, in no particular order, each with the field that it follows from."""
    found: dict[str, PlannedAnswer] = {}
    for place, entry in entries:
        for answer in _of_card(entry, data.get(place, [])):
            found.setdefault(answer.question, answer)
    return tuple(found.values())


def data_of(entry: Entry, place: str, refs: Mapping[str, Entry], warnings: list[Remark]) -> list[Numbered]:
    """The data sets that a model's card names: those described in it, and those it refers to, each with its number."""
    found: list[Numbered] = []
    for index, each in enumerate(objects_in(object_in(object_in(entry, "modelCard"), "modelParameters"), "datasets")):
        at = f"{place}.modelCard.modelParameters.datasets[{index}]"
        if "ref" not in each:
            found.append((index, each))
            continue
        target = refs.get(each["ref"]) if isinstance(each["ref"], str) else None
        if target is None:
            warnings.append(Remark(f"The BOM has no component “{shown(each['ref'])}”.", place=at))
        elif target.get("type") == "data":
            found.append((index, {"ref": each["ref"], "data": target.get("data")}))
        else:
            warnings.append(Remark(f"“{shown(each['ref'])}” is no component of type data.", place=at))
    return found


def note_of(entry: Entry) -> str:
    """The description, the approach and the considerations, where they are short."""
    card = object_in(entry, "modelCard")
    parameters, considered = object_in(card, "modelParameters"), object_in(card, "considerations")
    lines = [text_in(entry, "description")]
    for label, text in (
        ("Task", text_in(parameters, "task")),
        ("Approach", text_in(object_in(parameters, "approach"), "type")),
        ("Architecture", text_in(parameters, "modelArchitecture")),
        *((label, "; ".join(texts_in(considered, key))) for key, label in CONSIDERATIONS),
        (
            "Ethics",
            "; ".join(filter(None, (text_in(e, "name") for e in objects_in(considered, "ethicalConsiderations")))),
        ),
        ("Sensitive data", "; ".join(_sensitive(entry))),
    ):
        lines += [f"{label}: {text}"] if text else []
    kept: list[str] = []
    for line in filter(None, lines):
        if sum(map(len, kept)) + len(line) <= LONGEST_NOTE:
            kept.append(line)
    return "\n".join(kept)


def _of_card(model: Entry, data: list[Numbered]) -> Iterator[PlannedAnswer]:
    name = f"“{shown(text_in(model, 'name'))}”, modelCard.modelParameters"
    parameters = object_in(object_in(model, "modelCard"), "modelParameters")
    task = text_in(parameters, "task")
    if "classif" in task.casefold():
        yield PlannedAnswer("classification_task", "yes", f"{name}.task: {shown(task)}")
    for index, output in enumerate(objects_in(parameters, "outputs")):
        written = text_in(output, "format")
        if written.casefold() in TEXT_FORMATS or written.casefold().startswith("text/"):
            yield PlannedAnswer("text_output", "yes", f"{name}.outputs[{index}].format: {shown(written)}")
    for index, each in data:
        if said := next(_sensitive(each), ""):
            yield PlannedAnswer(
                "training_data_sensitive", "yes", f"{name}.datasets[{index}], sensitiveData: {shown(said)}"
            )


def _sensitive(entry: Entry) -> Iterator[str]:
    """What is said to be sensitive in a data set: of the entry itself, or of the data in a component."""
    for each in (entry, *objects_in(entry, "data")):
        yield from (said for said in texts_in(each, "sensitiveData") if said.casefold().rstrip(".") not in NOTHING)
