"""Filters of threats and controls: each facet, how they combine, and what is refused."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict

from catalog.filters import EntryFilter, Facet, control_facets, read_filter, threat_facets
from catalog.reading import Catalog, catalog_of, packaged
from tests.catalog.editions import small_edition, threat


def read(query: str, facets: tuple[Facet[Any], ...]) -> EntryFilter[Any]:
    return read_filter(QueryDict(query), facets)


def threats(query: str, catalog: Catalog | None = None) -> list[str]:
    catalog = catalog or packaged()
    return [each.key for each in read(query, threat_facets(catalog)).narrow(catalog.threats.values())]


def controls(query: str, catalog: Catalog | None = None) -> list[str]:
    catalog = catalog or packaged()
    return [each.key for each in read(query, control_facets(catalog)).narrow(catalog.controls.values())]


@pytest.mark.parametrize(
    ("query", "inside", "outside"),
    [
        ("surface=input", "evasion", "datapoison"),
        ("lifecycle=development-time", "datapoison", "evasion"),
        ("impact=model_availability", "airesourceexhaustion", "evasion"),
        ("asset=agent_boundary", "agentescape", "evasion"),
        ("asset=model_input", "indirectpromptinjection", "datapoison"),
        ("model=genai", "promptinjection", "evasionafterdatapoisoning"),
        ("framework=iso-42001-2023", "developmenttime", "evasion"),
        ("kind=group", "evasion", "datapoison"),
        ("parent=promptinjection", "directpromptinjection", "promptinjection"),
        ("origin=exchange", "evasion", None),
    ],
)
def test_threats_are_narrowed_by(query: str, inside: str, outside: str | None) -> None:
    found = threats(query)
    assert inside in found
    assert outside not in found


@pytest.mark.parametrize(
    ("query", "inside", "outside"),
    [
        ("type=governance", "aiprogram", "ratelimit"),
        ("lifecycle=runtime", "ratelimit", "trainadversarial"),
        ("effort=low", "ratelimit", "oversight"),
        ("done_by=deployer", "oversight", "trainadversarial"),
        ("group=agentic_runtime", "agentsandboxing", "oversight"),
        ("framework=eu-ai-act", "oversight", "smallmodel"),
        ("standard=ISO/IEC 27002", "ratelimit", "oversight"),
        ("origin=exchange", "oversight", None),
    ],
)
def test_controls_are_narrowed_by(query: str, inside: str, outside: str | None) -> None:
    found = controls(query)
    assert inside in found
    assert outside not in found


def test_every_value_that_is_offered_is_taken() -> None:
    for facets in (threat_facets(packaged()), control_facets(packaged())):
        for facet in facets:
            for value in facet.values:
                query = QueryDict(mutable=True)
                query.update({facet.name: value})
                assert read_filter(query, facets).chosen == {facet.name: (value,)}


def test_a_category_holds_what_its_subcategories_hold() -> None:
    edition = catalog_of(small_edition())
    assert controls("essential=limiting", edition) == controls("essential=limit", edition) == ["oversight"]


def test_a_model_type_that_the_source_is_silent_on_may_be_concerned_unless_the_threat_is_tied_to_others() -> None:
    content = small_edition()
    content["threats"].append(threat("tied", "2.2", "threat", "inputthreats") | {"is_restricted": True})
    edition = catalog_of(content)
    assert "tied" not in threats("model=rag", edition)  # silent, and tied to others
    assert "evasion" in threats("model=rag", edition)  # silent
    assert "tied" in threats("model=agentic", edition)  # less so
    assert threats("model=heuristic", edition) == []  # said not to


def test_values_of_one_facet_are_joined_by_or_and_facets_by_and() -> None:
    assert set(threats("surface=input&surface=runtime")) == {*threats("surface=input"), *threats("surface=runtime")}
    assert set(threats("surface=input&framework=owasp-llm-2025")) == {*threats("surface=input")} & {
        *threats("framework=owasp-llm-2025")
    }


def test_without_a_filter_every_entry_passes() -> None:
    assert threats("") == threats("surface=&kind=") == list(packaged().threats)
    assert controls("") == list(packaged().controls)


@pytest.mark.parametrize(
    "query", ["surface=input&surface=runtime&kind=group", "framework=owasp-llm-2025&asset=model_input", ""]
)
def test_a_filter_goes_into_an_address_and_comes_back(query: str) -> None:
    wanted = read(query, threat_facets(packaged()))
    assert read(wanted.query().removeprefix("?"), wanted.facets).chosen == wanted.chosen


def test_a_standard_with_a_slash_comes_back_too() -> None:
    wanted = read("standard=ISO/IEC 27002&effort=low", control_facets(packaged()))
    assert read(wanted.query().removeprefix("?"), wanted.facets).chosen == wanted.chosen
    assert wanted.query(without=("effort", "low")) == "?standard=ISO%2FIEC+27002"


def test_each_thing_that_is_not_known_gets_a_sentence() -> None:
    with pytest.raises(ValidationError) as refusal:
        read("colour=red&surface=sky&surface=sea&surface=input", threat_facets(packaged()))
    sentences = refusal.value.message_dict
    assert sentences["colour"][0].startswith("There is no filter “colour”. Known are: asset, framework,")
    assert sentences["surface"] == ["“sky” is not a value of “surface”.", "“sea” is not a value of “surface”."]


def test_a_framework_without_a_link_to_a_threat_is_no_value_for_threats() -> None:
    linked = {link.framework.key for link in packaged().item_links if link.target == "threat"}
    framework = next(key for key in packaged().frameworks if key not in linked)
    with pytest.raises(ValidationError, match=framework):
        read(f"framework={framework}", threat_facets(packaged()))
