"""What people read first: links that lead somewhere, addresses that exist."""

import re
from pathlib import Path

import pytest
from django.urls import Resolver404, resolve

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = [ROOT / "README.md", ROOT / "SECURITY.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8"))
    targets += re.findall(r"\b(docs/[a-z0-9/-]+\.md)\b", page.read_text(encoding="utf-8"))
    here = [target for target in targets if "://" not in target]
    missing = [target for target in here if not (page.parent / target).exists() and not (ROOT / target).exists()]
    assert missing == []


def test_the_addresses_in_the_guide_to_the_api_exist() -> None:
    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    named = re.findall(r"`(?:POST |PATCH |PUT )?((?:threats|controls|teams|systems|risks)/[a-z/{}]*)`", text)
    assert len(named) > 15
    for address in named:
        path = "/api/v1/" + re.sub(r"{(id)}", "1", re.sub(r"{(key|threat)}", "evasion", address))
        try:
            resolve(path)
        except Resolver404:
            pytest.fail(f"{address} is not an address of the API")
