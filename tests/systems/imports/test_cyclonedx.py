"""CycloneDX: what a BOM says becomes a system, and what it does not say stays unknown."""

import json
from typing import Any

import pytest

from catalog.profile import packaged_rule_set
from risks.systems.answers import validate_answers
from risks.systems.imports.files import read_systems
from risks.systems.imports.plan import PlannedSystem, Reading
from tests.systems.imports.files import SAMPLE, a_bom, a_model

RULES = packaged_rule_set()
DATA = "“letter-sorter”, modelCard.modelParameters.datasets[0]"
CIRCLE = "The data sets of the BOM refer to each other in a circle:"
TYPES = [("platform", "infrastructure"), ("device", "infrastructure"), ("data", "data_set")]


def read(raw: bytes) -> Reading:
    return read_systems(raw, RULES)


def system(raw: bytes) -> PlannedSystem:
    found = read(raw)
    assert not found.errors
    return found.systems[0]


def problems(raw: bytes) -> list[str]:
    return [str(remark) for remark in read(raw).errors]


def test_the_sample_becomes_a_system_with_its_components() -> None:
    found = read(SAMPLE.read_bytes())
    assert found.format == "CycloneDX 1.6"
    (claims,) = found.systems
    assert (claims.name, claims.team, claims.owner) == ("Claims assistant 2", "", "")
    assert claims.purpose == "Answers customers about their claim and sorts incoming letters."
    assert [(part.kind, part.name, part.version, part.supplier, part.hosted_by) for part in claims.components] == [
        ("application", "Claims assistant 2", "2.3.0", "", ""),
        ("model", "letter-sorter", "4.1", "", ""),
        ("model", "northwind-chat-large", "2026-05", "Northwind Models", ""),
        ("data_set", "Letters of 2024", "2024-12-31", "", ""),
        ("infrastructure", "claims-assistant-image", "sha256:9f2c", "northwind models", ""),
        ("data_set", "Northwind web corpus", "", "", ""),
        ("application", "Speech to text", "v3", "Fabrikam Cloud", "supplier"),
    ]
    assert found.notes == (
        "Left out, since a register of AI systems does not list them: 2 of type library, 1 of type framework.",
    )


def test_each_answer_of_the_sample_says_what_it_follows_from() -> None:
    claims = system(SAMPLE.read_bytes())
    assert {answer.question: (answer.value, answer.source) for answer in claims.answers} == {
        "classification_task": ("yes", "“letter-sorter”, modelCard.modelParameters.task: text-classification"),
        "text_output": ("yes", "“northwind-chat-large”, modelCard.modelParameters.outputs[0].format: text"),
        "training_data_sensitive": (
            "yes",
            f"{DATA}, sensitiveData: Names, addresses and health data of cust…",
        ),
    }
    assert validate_answers(RULES, claims.profile)


def test_a_card_that_is_silent_answers_nothing() -> None:
    quiet = a_model(task="regression", outputs=[{"format": "number"}], datasets=[{"type": "dataset", "name": "Prices"}])
    assert system(a_bom(quiet)).answers == ()


@pytest.mark.parametrize("said", ["none", "No.", "", "n/a", [], ["none"], None, 7, {}])
def test_sensitive_data_is_an_answer_only_where_the_bom_says_so(said: Any) -> None:
    model = a_model(datasets=[{"type": "dataset", "name": "Letters", "sensitiveData": said}])
    assert system(a_bom(model)).answers == ()


def test_sensitive_data_that_no_model_was_made_from_is_no_training_data() -> None:
    data = {"type": "data", "name": "Letters", "data": [{"sensitiveData": ["Names"]}]}
    assert system(a_bom(data, a_model())).answers == ()


@pytest.mark.parametrize(
    ("kind", "ours"), [("platform", "infrastructure"), ("device", "infrastructure"), ("data", "data_set")]
)
def test_types_become_kinds(kind: str, ours: str) -> None:
    assert [part.kind for part in system(a_bom({"type": kind, "name": "Thing"})).components] == [ours]


@pytest.mark.parametrize("key", ["supplier", "manufacturer"])
def test_a_supplier_is_whoever_is_named_first(key: str) -> None:
    model = a_model() | {key: {"name": "Northwind"}, "publisher": "Somebody else"}
    assert system(a_bom(model)).components[0].supplier == "Northwind"


def test_components_inside_others_are_found_in_their_order() -> None:
    inner = a_model("inner")
    outer = {"type": "container", "name": "outer", "components": [inner]}
    assert [part.name for part in system(a_bom(outer, a_model("last"))).components] == ["outer", "last", "inner"]


def test_a_model_that_the_bom_is_about_is_a_component_too() -> None:
    raw = a_bom(metadata={"component": a_model("Solo") | {"description": "Alone."}})
    assert [(part.kind, part.name) for part in system(raw).components] == [("model", "Solo")]


def test_a_component_that_stands_twice_is_taken_once_with_a_warning() -> None:
    found = read(a_bom({"type": "data", "name": "Set"}, {"type": "data", "name": "Set"}))
    assert len(found.systems[0].components) == 1
    assert [str(remark) for remark in found.warnings] == [
        "components[1]: “Set” stands in the BOM before. This one is left out."
    ]


def test_a_bom_without_a_description_says_that_the_purpose_is_not_known() -> None:
    found = read(a_bom(metadata={"component": {"type": "application", "name": "Mail sorter"}}))
    assert found.systems[0].purpose == "Not described yet."
    assert [remark.place for remark in found.warnings] == ["metadata.component.description"]


def test_considerations_are_a_note_when_they_are_short() -> None:
    short = a_model() | {
        "modelCard": {"considerations": {"useCases": ["Mail"], "technicalLimitations": ["Dutch only"]}}
    }
    assert system(a_bom(short)).components[0].note == "Use cases: Mail\nLimitations: Dutch only"
    long = a_model() | {"modelCard": {"considerations": {"useCases": ["x" * 1_001], "users": ["Clerks"]}}}
    assert system(a_bom(long)).components[0].note == "Users: Clerks"


@pytest.mark.parametrize("version", ["1.5", "1.6", "1.7"])
def test_three_versions_are_read(version: str) -> None:
    assert read(a_bom(version=version)).format == f"CycloneDX {version}"


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (a_bom(version="1.4"), "The BOM has specVersion “1.4”; 1.5, 1.6, 1.7 can be read."),
        (a_bom(specVersion=1.6), "The BOM has specVersion “a number”; 1.5, 1.6, 1.7 can be read."),
        (b"{}", "This JSON is no CycloneDX BOM: bomFormat is not “CycloneDX”."),
        (b"[]", "This JSON is no CycloneDX BOM: bomFormat is not “CycloneDX”."),
        (b"{", "This is not JSON: Expecting property name enclosed in double quotes at line 1, column 2."),
        (b'{"a": NaN}', 'NaN is not a JSON value; it stands under "a".'),
        (b'{"a": 1, "a": 2}', 'A key appears twice in one object: "a".'),
        (b'{"a": "\xff"}', "The BOM is not UTF-8 text."),
        (b'{"a": "\\u0000"}', "Text contains a character that cannot be stored (NUL or half a surrogate pair)."),
        (b'{"a":' * 40 + b"1" + b"}" * 40, "The JSON is nested deeper than 32 levels."),
        (b"[" * 100_000, "The JSON is nested deeper than 32 levels."),
        (a_bom(metadata={}), "The BOM does not say what it is about: metadata.component is missing."),
        (a_bom(components={}), "components is not a list."),
        (a_bom(components=[7]), "components[0] is not an object."),
        (a_bom(a_model("a"), a_model("a")), "components[1]: the bom-ref “a” stands twice."),
        (
            a_bom(a_model("a", datasets=[{"ref": "a"}])),
            f"{CIRCLE} “a” → “a”.",
        ),
        (
            a_bom(a_model("a", datasets=[{"ref": "b"}]), a_model("b", datasets=[{"ref": "a"}])),
            f"{CIRCLE} “a” → “b” → “a”.",
        ),
        (a_bom(*[{"type": "library", "name": "x"}] * 20_001), "The BOM has more than 20,000 components."),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_bom_that_cannot_be_read_says_why(raw: bytes, sentence: str) -> None:
    assert problems(raw) == [sentence]


def test_what_is_too_long_or_too_many_is_said_at_its_place() -> None:
    assert problems(a_bom({"type": "data", "name": "x" * 121})) == [
        "components[0].name: Keep this within 120 characters; it has 121."
    ]
    many = [{"type": "data", "name": f"Set {number}"} for number in range(201)]
    assert problems(a_bom(*many)) == ["The BOM has 201 components; a system takes at most 200."]


def test_a_reference_that_leads_nowhere_is_a_warning() -> None:
    lib = {"type": "library", "name": "lib", "bom-ref": "lib"}
    found = read(a_bom(a_model(datasets=[{"ref": "gone"}, {"ref": "lib"}, {"ref": 7}]), lib))
    assert not found.errors
    assert [remark.text for remark in found.warnings] == [
        "The BOM has no component “gone”.",
        "“lib” is no component of type data.",
        "The BOM has no component “a number”.",
    ]


@pytest.mark.parametrize("value", [None, True, 7, 1.5, "text", [], {}, [[]], [None], {"name": 7}])
def test_odd_shapes_are_not_said_rather_than_an_error_of_ours(value: Any) -> None:
    model = a_model() | {"supplier": value, "publisher": value, "version": value, "data": value, "description": value}
    for key in ("task", "outputs", "inputs", "datasets", "approach"):
        read(a_bom(model | {"modelCard": {"modelParameters": {key: value}}}))
    for key in ("modelCard", "components", "bom-ref", "type", "name"):
        read(a_bom(model | {key: value}))
    for key in ("metadata", "services", "dependencies"):
        read(a_bom(model, **{key: value}))
    read(json.dumps(value).encode())
