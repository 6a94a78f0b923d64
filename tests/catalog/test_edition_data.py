"""The packaged edition as a file: its counts, its references and its links. No database."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tests.catalog.packaged_edition import EDITION, keys

QUESTIONS: dict[str, dict[str, Any]] = {question["key"]: question for question in EDITION["questions"]}


def conditions() -> Iterator[tuple[str, object]]:
    """Every condition of the edition with the rule or modifier it belongs to."""
    for rule in EDITION["rules"]:
        yield rule["threat"], rule["applicable_when"]
        for entry in rule["responsibility"]:
            yield rule["threat"], entry.get("if", "always")
        for remark in rule.get("remarks", []):
            yield rule["threat"], remark.get("when", "always")
    for modifier in EDITION["modifiers"]:
        yield modifier["id"], modifier["when"]
    for point in EDITION["attention"]:
        yield point["id"], point["when"]
        yield point["id"], point.get("settled_by", "always")


def named(condition: Any) -> Iterator[tuple[str, str, str]]:
    """The (question, operator, value) triples that a condition names."""
    if condition == "always":
        return
    for operator in ("all", "any"):
        for part in condition.get(operator, []):
            yield from named(part)
    for operator in ("is", "has"):
        if operator in condition:
            yield condition["question"], operator, condition[operator]


@pytest.mark.parametrize(
    ("collection", "count"),
    [
        ("threats", 34),
        ("controls", 55),
        ("control_groups", 22),
        ("links", 866),
        ("questions", 21),
        ("rules", 22),
        ("modifiers", 3),
        ("attention", 19),
        ("not_derived", 5),
        ("impacts", 7),
    ],
)
def test_edition_is_complete(collection: str, count: int) -> None:
    assert len(EDITION[collection]) == count


def test_edition_names_its_date_and_source() -> None:
    assert EDITION["edition"] == EDITION["source"]["date"] == "2026-08-22"
    assert set(EDITION["source"]) == {"name", "url", "licence", "commit", "date"}
    assert all(EDITION["source"].values())


def test_threats_are_25_and_groups_9() -> None:
    assert Counter(keys("threats", "kind")) == {"threat": 25, "group": 9}


def test_seven_impact_codes_cover_six_numbers() -> None:
    assert set(keys("impacts", "number")) == {1, 2, 3, 4, 5, 6}
    assert Counter(keys("impacts", "number"))[3] == 2


@pytest.mark.parametrize(
    ("collection", "name"),
    [
        ("threats", "key"),
        ("threats", "number"),
        ("controls", "key"),
        ("controls", "name"),
        ("control_groups", "key"),
        ("control_groups", "title"),
        ("impacts", "code"),
        ("questions", "key"),
        ("question_groups", "key"),
        ("rules", "threat"),
        ("modifiers", "id"),
        ("attention", "id"),
    ],
)
def test_keys_are_unique(collection: str, name: str) -> None:
    assert [key for key, count in Counter(keys(collection, name)).items() if count > 1] == []


def test_aliases_point_to_one_item_and_shadow_none() -> None:
    for collection in ("threats", "controls"):
        aliases = [alias for item in EDITION[collection] for alias in item["aliases"]]
        assert len(aliases) == len(set(aliases))
        assert not set(aliases) & set(keys(collection))


def test_threats_stand_in_the_order_of_their_numbers() -> None:
    numbers = [[int(part) for part in number.split(".")] for number in keys("threats", "number")]
    assert numbers == sorted(numbers)


def test_parents_of_threats_are_groups_one_number_up() -> None:
    threats = {threat["key"]: threat for threat in EDITION["threats"]}
    for threat in EDITION["threats"]:
        above = threat["number"].rpartition(".")[0]
        parent = threats[threat["parent"]] if threat["parent"] else {"number": "", "kind": "group"}
        assert (parent["number"], parent["kind"]) == (above, "group"), threat["key"]


def test_impacts_of_threats_exist_and_only_agent_escape_has_none() -> None:
    known = set(keys("impacts", "code"))
    assert {code for threat in EDITION["threats"] for code in threat["impacts"]} <= known
    assert [threat["key"] for threat in EDITION["threats"] if not threat["impacts"]] == ["agentescape"]


def test_parents_of_controls_and_control_groups_exist() -> None:
    groups = set(keys("control_groups"))
    assert {control["parent_key"] for control in EDITION["controls"]} <= groups
    assert {group["parent"] for group in EDITION["control_groups"]} - {None} <= groups
    threat_groups = {group["key"] for group in EDITION["control_groups"] if group["is_threat_group"]}
    assert threat_groups <= set(keys("threats"))


def test_links_join_what_exists_and_each_pair_once() -> None:
    pairs = Counter((link["threat"], link["control"]) for link in EDITION["links"])
    assert {threat for threat, _ in pairs} == set(keys("threats"))
    assert {control for _, control in pairs} == set(keys("controls"))
    assert set(pairs.values()) == {1}


def test_links_say_where_they_come_from() -> None:
    threats = set(keys("threats"))
    for link in EDITION["links"]:
        assert link["via"], link
        kinds = {via.partition(":")[0] for via in link["via"]}
        assert kinds <= {
            "own",
            "parent",
            "child",
            "general",
            "matrix",
            "related",
            "control-text",
        }
        assert {via.partition(":")[2] for via in link["via"]} - {""} <= threats
        assert set(link["party"]) <= {"own", "supplier"}
        assert link["excluded"] == (link["strength"] == "excluded")


def test_rules_and_not_derived_cover_every_threat_a_risk_can_come_from() -> None:
    derived = set(keys("rules", "threat"))
    left_out = set(EDITION["not_derived"])
    leaves = set(keys("threats")) - set(keys("threats", "parent"))
    assert not derived & left_out
    assert derived | left_out == leaves | {"evasion"}


def test_conditions_name_questions_and_values_that_exist() -> None:
    for owner, condition in conditions():
        for key, operator, value in named(condition):
            assert value in set(QUESTIONS[key]["values"]) - {"unknown"}, (
                owner,
                key,
                value,
            )
            assert (operator == "has") == (QUESTIONS[key]["kind"] == "many"), (
                owner,
                key,
            )


def test_party_of_a_rule_always_has_a_last_word() -> None:
    for rule in EDITION["rules"]:
        assert {entry["party"] for entry in rule["responsibility"]} <= {
            "own",
            "supplier",
            "shared",
        }
        if rule["threat"] != "datapoison":  # its two entries mirror what makes the threat apply
            assert "if" not in rule["responsibility"][-1], rule["threat"]


# The source's own table: the threats and controls that each of its questions about retrieval is about.
RETRIEVAL = {
    "R01": ({"indirectpromptinjection", "augmentationdatamanipulation"}, set()),
    "R02": ({"datapoison"}, set()),
    "R03": ({"disclosureinoutput"}, set()),
    "R04": (set(), {"supplychainmanage"}),
    "R05": ({"outputcontainsconventionalinjection"}, set()),
    "R06": ({"augmentationdatamanipulation"}, set()),
    "R07": ({"datapoison"}, {"monitoruse"}),
    "R08": ({"augmentationdatamanipulation"}, set()),
    "R09": ({"augmentationdataleak"}, set()),
}
SETTLED = {
    "R01": "augmentation",
    "R02": "corpus_influenced_by_others",
    "A01": "triggers_actions",
    "A04": "untrusted_data_in_prompt",
    "A05": "augmentation",
    "A06": "actions_can_send_data",
}


def test_points_to_look_into_follow_the_questions_of_the_source() -> None:
    points = {point["id"]: point for point in EDITION["attention"]}
    named = {key: (set(each.get("threats", [])), set(each.get("controls", []))) for key, each in points.items()}
    assert {key: named[key] for key in RETRIEVAL} == RETRIEVAL
    assert {key: points[key]["settled_by"]["question"] for key in points if "settled_by" in points[key]} == SETTLED
    assert {key for key, each in points.items() if each["context"] == "rag"} == set(RETRIEVAL)
    assert [key for key in points if key[0] in "AL"] == [*(f"A0{n}" for n in range(1, 7)), "L1", "L2", "L3", "L4"]
    for key, point in points.items():
        assert named[key][0] | named[key][1], key
        assert named[key][0] <= set(keys("rules", "threat")), key
        assert named[key][1] <= set(keys("controls")), key
        page = "ragoverview" if point["context"] == "rag" else "agenticaioverview"
        assert point["url"] == f"https://owaspai.org/go/{page}/"


def test_every_level_of_autonomy_that_decides_something_is_looked_into() -> None:
    levels = [point["when"].get("is") for point in EDITION["attention"] if point["id"].startswith("L")]
    assert levels == [value for value in QUESTIONS["autonomy"]["values"] if value not in ("none", "unknown")]


def test_modifiers_name_rules_and_controls_that_exist() -> None:
    for modifier in EDITION["modifiers"]:
        assert modifier.get("threats") or modifier.get("controls")
        assert set(modifier.get("threats", [])) <= set(keys("rules", "threat"))
        assert set(modifier.get("controls", [])) <= set(keys("controls"))


def test_questions_depend_on_earlier_questions_and_their_values() -> None:
    order = keys("questions")
    for place, question in enumerate(EDITION["questions"]):
        for key, values in (question["asked_if"] or {}).items():
            assert key in order[:place]
            assert set(values) <= set(QUESTIONS[key]["values"])


def test_questions_stand_in_the_order_of_their_groups() -> None:
    places = [keys("question_groups").index(group) for group in keys("questions", "group")]
    assert places == sorted(places)
    assert set(places) == set(range(len(EDITION["question_groups"])))


@pytest.mark.parametrize("key", QUESTIONS)
def test_question_has_a_label_for_every_value(key: str) -> None:
    question = QUESTIONS[key]
    assert list(question["labels"]) == question["values"]
    assert len(set(question["labels"].values())) == len(question["values"])
    if question["kind"] != "many":
        assert question["labels"]["unknown"] == "I don't know yet"


@pytest.mark.parametrize("key", QUESTIONS)
def test_question_has_sentences_for_every_value_that_says_something(key: str) -> None:
    question = QUESTIONS[key]
    expected = {
        "yes_no": {"yes"},
        "one": set(question["values"]) - {"unknown"},
        "many": set(question["values"]) - {"none"},
    }[question["kind"]]
    assert set(question["sentences"]) == expected
    for sentences in question["sentences"].values():
        assert list(sentences) == ["true", "false", "unknown"]
        assert sentences["unknown"].startswith("It is not known yet wh")


def test_addresses_are_those_of_the_source() -> None:
    for collection in ("threats", "controls", "control_groups"):
        for item in EDITION[collection]:
            assert item["url"] == f"https://owaspai.org/go/{item['key']}/"


# The facts hold 823 links of other frameworks (19 of them rejected by the second reader) and 574 pairs of an entry of
# the source's own mappings with a key. Each is a link, a standard, an OpenCRE entry, or listed as left out.
EXTERNAL = {"shipped": 804, "rejected": 19}
MAPPINGS_LEFT_OUT = 56


def test_every_link_of_the_facts_is_there_or_listed_with_a_reason() -> None:
    rejected = [each for each in EDITION["left_out"] if each["why"].startswith("Rejected by the second reader")]
    assert len(rejected) == EXTERNAL["rejected"]
    assert len(EDITION["left_out"]) - len(rejected) == MAPPINGS_LEFT_OUT
    assert all(each["why"].endswith(".") for each in EDITION["left_out"])
    readings = Counter((link["basis"], link["reading"]) for link in EDITION["item_links"])
    assert readings == {
        ("editorial", "agree"): 630,
        ("editorial", "weak"): 77,
        ("exchange", None): 385,
        ("framework", None): 2,
    }
    assert sum(readings[each] for each in readings if each[0] == "editorial") == 726 - EXTERNAL["rejected"]


def test_standards_and_opencre_are_as_many_as_the_facts_have() -> None:
    assert sum(each["control"] is not None for each in EDITION["standards"]) == 129
    assert sum(each["threat"] is not None for each in EDITION["standards"]) == 7
    assert sum(each["control"] is not None for each in EDITION["opencre"]) == 37


@pytest.mark.parametrize(
    ("family", "items"),
    [
        ("owasp-llm", 30),
        ("owasp-asi", 10),
        ("owasp-ml", 10),
        ("owasp-aisvs", 56),
        ("mitre-atlas", 181),
        ("mitre-atlas-mitigations", 37),
        ("nist-ai-rmf", 72 + 4),
        ("nist-ai-100-2", 20),
        ("iso-42001", 38 + 9),
        ("iso-27002", 24),
        ("eu-ai-act", 26),
        ("ncsc-guidelines", 21),
        ("enisa-sml", 19),
        ("finos-aigf", 46),
        ("csa-aicm", 18),
        ("exchange-genai", 19),
    ],
)
def test_frameworks_are_whole(family: str, items: int) -> None:
    members = {each["key"] for each in EDITION["frameworks"] if each["family"] == family}
    assert sum(item["framework"] in members for item in EDITION["items"]) == items


def test_a_rejected_link_is_never_shipped() -> None:
    shipped = {(link["framework"], link["item"], link["key"]) for link in EDITION["item_links"]}
    rejected = [each for each in EDITION["left_out"] if each["why"].startswith("Rejected")]
    assert not shipped & {(each["framework"], each["item"], each["key"]) for each in rejected}


def test_weak_links_say_why() -> None:
    weak = [link for link in EDITION["item_links"] if link["reading"] == "weak"]
    assert [link for link in weak if not link["note"]] == []


def test_the_dates_of_the_law_are_data() -> None:
    [act] = [each for each in EDITION["frameworks"] if each["key"] == "eu-ai-act"]
    assert [each["date"] for each in act["dates"]] == [
        "2025-02-02",
        "2025-08-02",
        "2026-08-02",
        "2027-12-02",
        "2028-08-02",
    ]
