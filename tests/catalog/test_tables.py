"""The tables of the Exchange: how rows are joined, and their pages as a signed-in person gets them."""

import re
from typing import Any

import pytest
from django.test import Client

from catalog.loading import load_edition, put_in_force
from catalog.reading import catalog_of, packaged
from catalog.tables import bands, categories_of, contexts_of, controls_under, surface_in_words, tiles_of
from journal.recording import SYSTEM
from tests.catalog.editions import PLACE, small_edition
from tests.reading import html_of, queries_of, text_of

MATRIX, PERIODIC = "/catalog/matrix/", "/catalog/periodic-table/"
ESSENTIALS, AREAS = "/catalog/essentials/", "/catalog/risk-areas/"
PAGES = [MATRIX, PERIODIC, ESSENTIALS, AREAS]


def spans(*places: dict[str, str]) -> list[tuple[str, list[int]]]:
    row = small_edition()["matrix"][0]
    content = small_edition() | {"matrix": [row | place | {"id": str(number)} for number, place in enumerate(places)]}
    return [(band.asset, [line.span for line in band.lines]) for band in bands(catalog_of(content).matrix)]


def test_neighbours_with_one_asset_and_one_surface_are_joined() -> None:
    assert spans(PLACE, PLACE, PLACE) == [("Model", [3, 0, 0])]
    assert spans(PLACE, PLACE | {"surface": "Break in"}, PLACE) == [("Model", [1, 1, 1])]
    assert spans(PLACE, PLACE | {"lifecycle": "development-time"}) == [("Model", [1, 1])]
    assert spans(PLACE, PLACE | {"property": "availability"}) == [("Model", [1]), ("Model", [1])]
    assert spans(PLACE, PLACE | {"asset": "Data"}, PLACE) == [("Model", [1]), ("Data", [1]), ("Model", [1])]


@pytest.mark.parametrize("table", [packaged().matrix, packaged().periodic])
def test_every_row_has_its_place_and_every_surface_spans_its_rows(table: Any) -> None:
    found = bands(table)
    assert [line.row for band in found for line in band.lines] == list(table)
    for band in found:
        assert sum(line.span for line in band.lines) == len(band.lines)


def test_a_surface_is_said_without_its_lifecycle() -> None:
    assert surface_in_words("Runtime - All IT") == "All IT"
    use = "Runtime - Model use (provide input/ read output)"
    assert surface_in_words(use) == "Model use (provide input, read output)"
    assert surface_in_words("Model use") == "Model use"


def test_a_group_in_the_periodic_table_holds_what_the_source_names_of_it() -> None:
    catalog = catalog_of(small_edition())
    group, control = tiles_of(catalog, catalog.periodic[0])
    assert (group.title, [each.key for each in group.members]) == ("Limits", ["oversight"])
    assert (control.title, control.party) == ("Oversight", "own")
    assert [each.key for each in controls_under(catalog, "all")] == ["oversight"]
    links = [small_edition()["links"][0] | {"via": ["general"]}]
    group, control = tiles_of(catalog_of(small_edition() | {"links": links}), catalog.periodic[0])
    assert group.members == ()


def test_a_category_counts_what_stands_below_it_once() -> None:
    top = categories_of(packaged())
    assert [category.essential.key for category in top] == ["manage", "have_resilient_models", "watch", "limit"]
    filed = {control.key for control in packaged().controls.values() if control.essentials}
    assert {key for category in top for key in category.all_controls} == filed


def test_contexts_keep_their_aspects_together() -> None:
    (rag, general), (agents, aspects) = contexts_of(packaged())
    assert (rag, [aspect.title for aspect in general]) == ("Retrieval (RAG)", [""])
    assert (agents, len(aspects)) == ("Agents", 5)


def test_the_matrix_has_every_row_and_joins_assets(reader: Client) -> None:
    response = reader.get(MATRIX)
    html, page = html_of(response), text_of(response)
    assert "18 rows over 5 assets" in page
    for row in packaged().matrix:
        assert row.title in page
        assert row.threat is None or f'href="/catalog/threats/{row.threat}/"' in html
    assert '<th scope="rowgroup" class="asset" rowspan="7">Model behaviour' in html
    assert html.count('scope="row"') == 18


def test_the_matrix_counts_the_controls_of_a_threat_beside_the_general_ones(reader: Client) -> None:
    html = html_of(reader.get(MATRIX))
    number = sum(not link.is_general for link in packaged().controls_for("evasion"))
    assert f'href="/catalog/threats/evasion/#controls" aria-label="{number} controls for Evasion">{number}</a>' in html
    assert "supply-chain threats no entry" in text_of(reader.get(MATRIX))


def test_the_periodic_table_links_threats_with_their_controls(reader: Client) -> None:
    html = html_of(reader.get(PERIODIC))
    for row in packaged().periodic:
        assert row.threat is None or f'href="/catalog/threats/{row.threat}/"' in html
        for cell in row.cells:
            assert f'href="/catalog/{cell.target}s/{cell.key}/"' in html


def test_the_periodic_table_says_whose_a_control_is_and_names_what_has_no_entry(reader: Client) -> None:
    page = text_of(reader.get(PERIODIC))
    start, end = page.index("Supply-chain model poisoning"), page.index("Disclosure in output")
    assert "Dev security Supplier’s" in page[start:end]
    assert "Model ensemble Ours" in page[start:end]
    assert "Conventional runtime security controls" in page


def test_a_group_unfolds_without_a_script(reader: Client) -> None:
    html = html_of(reader.get(PERIODIC))
    first = re.search(r"<details class=\"unfold\">(.*?)</details>", html)
    assert first is not None
    members = tiles_of(packaged(), packaged().periodic[0])[0].members
    assert f"Group: {len(members)} controls" in first[1]
    assert all(f'href="/catalog/controls/{control.key}/"' in first[1] for control in members)


def test_every_control_stands_in_its_categories_or_in_none(reader: Client) -> None:
    html = html_of(reader.get(ESSENTIALS))
    assert "4 essential categories of controls" in html
    assert "These 3 controls are in none of the categories." in html
    for control in packaged().controls.values():
        assert html.count(f'href="/catalog/controls/{control.key}/"') == max(len(control.essentials), 1)


def test_risk_areas_and_contexts_lead_to_their_entries(reader: Client) -> None:
    response = reader.get(AREAS)
    html, page = html_of(response), text_of(response)
    assert "7 general risk areas" in page
    for area in packaged().risk_areas:
        assert area.title in page
        assert all(f'href="/catalog/controls/{key}/"' in html for key in area.controls)
    for context in packaged().contexts:
        assert all(f'href="/catalog/threats/{key}/"' in html for key in context.threats)
    assert "Blast radius control none named" in page


@pytest.mark.parametrize("path", PAGES)
def test_a_page_reads_an_edition_that_has_almost_nothing(path: str, reader: Client) -> None:
    empty: dict[str, Any] = {name: [] for name in ("matrix", "periodic", "risk_areas", "contexts")}
    load_edition(small_edition() | empty, actor=SYSTEM)
    put_in_force("2030-01-01", actor=SYSTEM, expected=None)
    assert reader.get(path).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_a_page_costs_at_most_eight_queries(path: str, reader: Client) -> None:
    assert queries_of(reader, path) <= 8
    assert reader.post(path).status_code == 405
