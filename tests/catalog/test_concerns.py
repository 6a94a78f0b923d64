"""What stands beside security: pages for reference, marked as outside the scope."""

import pytest
from django.test import Client

from catalog.reading import packaged
from tests.reading import html_of, queries_of, text_of

CONCERNS = "/catalog/beside-security/"
OUTSIDE = "Outside the scope of this register."


def test_all_concerns_are_listed_with_what_they_are_about(reader: Client) -> None:
    response = reader.get(CONCERNS)
    assert OUTSIDE in text_of(response)
    for concern in packaged().concerns.values():
        assert f"{concern.title} {concern.lead}" in text_of(response)
        assert f'href="{CONCERNS}{concern.key}/"' in html_of(response)


@pytest.mark.parametrize("key", packaged().concerns)
def test_a_concern_says_first_that_it_is_out_of_scope_then_what_to_check(key: str, reader: Client) -> None:
    concern, response = packaged().concerns[key], reader.get(f"{CONCERNS}{key}/")
    page, html = text_of(response), html_of(response)
    assert page.index(OUTSIDE) < page.index(concern.parts[0].text)
    assert concern.lead in page
    for part in concern.parts:
        assert part.title in page
        assert part.text in page
        assert all(check in page for check in part.checklist)
    assert f'href="{concern.url}"' in html
    assert all(f'href="/catalog/threats/{each}/"' in html for each in concern.threats)
    assert all(f'href="/catalog/controls/{each}/"' in html for each in concern.controls)


@pytest.mark.parametrize("path", [f"{CONCERNS}nosuch/", f"{CONCERNS}evasion/"])
def test_an_unknown_concern_is_not_found(path: str, reader: Client) -> None:
    assert reader.get(path).status_code == 404


@pytest.mark.parametrize("path", [CONCERNS, f"{CONCERNS}copyright/"])
def test_a_page_costs_at_most_eight_queries(path: str, reader: Client) -> None:
    assert queries_of(reader, path) <= 8
    assert reader.post(path).status_code == 405
