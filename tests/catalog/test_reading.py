"""The catalog as other subjects read it."""

import dataclasses

import pytest

from catalog.explaining import duties_of, rule_for, statement_of
from catalog.loading import load_edition, put_in_force
from catalog.models import Edition
from catalog.profile import Always
from catalog.reading import Catalog, NoEdition, current, packaged
from catalog.vocabulary import Strength
from journal.recording import SYSTEM
from tests.catalog.editions import small_edition


def test_packaged_needs_no_database() -> None:
    catalog = packaged()
    assert (catalog.edition, len(catalog.threats), len(catalog.controls)) == ("2026-08-22", 34, 55)
    assert packaged() is catalog


@pytest.mark.django_db
def test_current_is_one_query_and_the_same_object_each_time(django_assert_num_queries) -> None:
    first = current()
    with django_assert_num_queries(1):
        assert current() is first


@pytest.mark.django_db
def test_current_says_the_same_as_the_packaged_file() -> None:
    loaded, file = current(), packaged()
    for field in dataclasses.fields(Catalog):
        if field.name not in ("rule_set",):
            assert getattr(loaded, field.name) == getattr(file, field.name), field.name
    assert [question.key for question in loaded.rule_set.questions] == [
        question.key for question in file.rule_set.questions
    ]
    assert [question.asked_if for question in loaded.rule_set.questions] == [
        question.asked_if for question in file.rule_set.questions
    ]
    assert [rule.applicable_when for rule in loaded.rule_set.rules] == [
        rule.applicable_when for rule in file.rule_set.rules
    ]


@pytest.mark.django_db
def test_current_follows_the_edition_in_force() -> None:
    before = current()
    load_edition(small_edition(), actor=SYSTEM)
    put_in_force("2030-01-01", actor=SYSTEM, expected=None)
    assert current().edition == "2030-01-01"
    assert before.edition == "2026-08-22"


@pytest.mark.django_db
def test_without_an_edition_the_error_says_what_to_run() -> None:
    Edition.objects.all().delete()
    with pytest.raises(NoEdition, match="load_catalog"):
        current()


def test_an_old_key_finds_its_entry() -> None:
    assert packaged().threat("leakinput").key == "inputdataleak"
    assert packaged().threat("inputdataleak").key == "inputdataleak"
    assert packaged().control("devdataprotect").key == "devsecurity"
    with pytest.raises(KeyError):
        packaged().threat("nosuchthreat")


@pytest.mark.parametrize("key", packaged().threats)
def test_controls_come_own_before_inherited_before_general(key: str) -> None:
    ranks = [link.strength.rank for link in packaged().controls_for(key)]
    assert ranks == sorted(ranks)


def test_the_nearest_group_comes_first_among_equals() -> None:
    names = [link.control.name for link in packaged().controls_for("indirectpromptinjection")]
    assert names[:4] == ["Input segregation", "Prompt injection I/O handling", "Monitor use", "Rate limit"]
    assert names.index("Rate limit") < names.index("Oversight") < names.index("AI transparency")


def test_controls_that_the_source_excludes_are_left_out() -> None:
    keys = {link.control.key for link in packaged().controls_for("transferattack")}
    assert keys.isdisjoint({"ratelimit", "unwantedinputserieshandling", "obscureconfidence"})
    assert not any(link.strength is Strength.EXCLUDED for link in packaged().threats_for("ratelimit"))


@pytest.mark.parametrize(
    ("threat", "control", "origin"),
    [
        ("indirectpromptinjection", "inputsegregation", "Own to this threat"),
        ("indirectpromptinjection", "promptinjectioniohandling", "From Prompt injection, named here"),
        ("indirectpromptinjection", "obscureconfidence", "From Input threats"),
        ("indirectpromptinjection", "oversight", "General, named here"),
        ("indirectpromptinjection", "explainability", "General, stressed here"),
        ("indirectpromptinjection", "aiprogram", "General"),
        ("datapoison", "ratelimit", "Named by the control itself"),
        ("supplymodelpoison", "moretraindata", "From Broad model poisoning development-time"),
    ],
)
def test_origin_says_where_a_link_comes_from(threat: str, control: str, origin: str) -> None:
    links = {link.control.key: link for link in packaged().controls_for(threat)}
    assert links[control].origin == origin


def test_groups_above_and_below() -> None:
    catalog = packaged()
    assert [group.key for group in catalog.above("directpromptinjection")] == ["inputthreats", "promptinjection"]
    assert [child.number for child in catalog.children_of("evasion")] == ["2.1.1", "2.1.2", "2.1.3", "2.1.4", "2.1.5"]
    assert all(child.is_variant for child in catalog.children_of("evasion"))


def test_impacts_have_a_sign_even_without_a_letter() -> None:
    assert [impact.sign for impact in packaged().impacts.values()] == ["T", "P", "I", "A", "B", "E", "6"]


def test_rules_read_as_plain_sentences() -> None:
    rules = packaged().rule_set
    rule = rule_for("indirectpromptinjection", rules)
    assert rule is not None
    statement = statement_of(rule.applicable_when, rules)
    assert statement.word == "all"
    assert [part.text for part in statement.parts] == [
        "It uses generative AI.",
        "Data that others can write ends up in its prompt.",
    ]
    assert statement_of(Always(), rules).word == "always"
    assert [duty.party for duty in duties_of(rule, rules)] == ["Us"]
    assert rule_for("transferattack", rules) is None
